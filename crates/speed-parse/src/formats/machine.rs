//! `-mr`: lines of fields joined by colons, and what the parent of `-multi` echoes of them.

use contract::speed::Kind;

use super::progress::{KindOf, operation};
use super::{Begin, Done, Event, Work};
use crate::number;
use crate::text::{leading_number, split_at, split_at_last};

pub(super) fn read(line: &[u8]) -> Option<Event<'_>> {
    match line.trim_ascii_end() {
        [b'+', b'H', b':', fields @ ..] => Some(Event::MachineSizes(fields)),
        [b'+', b'F', b':', fields @ ..] => {
            let (number, rest) = leading_number(fields)?;
            let (name, values) = split_at(rest.strip_prefix(b":")?, b":")?;
            Some(Event::MachineRow { number, name, values })
        }
        [b'+', b'F', rest @ ..] => {
            let (code, fields) = leading_number(rest)?;
            Some(Event::MachineKeys { code, fields: fields.strip_prefix(b":")? })
        }
        [b'G', b'o', b't', b':', b' ', rest @ ..] => {
            let (line, child) = split_at_last(rest, b" from ")?;
            Some(Event::Got { line, child: number::whole(child)? })
        }
        [b'F', b'o', rest @ ..] => {
            number::whole(rest.strip_prefix(b"rked child ")?).map(|_| Event::Forked)
        }
        _ => None,
    }
}

/// `+DT:sha256:3:16`, `+DTP:2048:private:rsa:10`.
pub(super) fn begin(line: &[u8]) -> Option<Begin<'_>> {
    match line.trim_ascii_end() {
        [b'+', b'D', b'T' | b'N', b':', fields @ ..] => {
            let (rest, size) = last_whole(fields)?;
            let (name, _) = split_at_last(rest, b":")?;
            Some(Begin { name, work: Work::Blocks(size), rest: b"" })
        }
        [b'+', b'D', b'T', b'P', b':', fields @ ..] => key(fields),
        _ => None,
    }
}

/// `+R:61930482:sha256:2.930000`, `+R1:5243:2048:9.98`.
pub(super) fn done(line: &[u8]) -> Option<Done<'_>> {
    match line.trim_ascii_end() {
        [b'+', b'R', b':', fields @ ..] => result(None, fields),
        [b'+', b'R', rest @ ..] => {
            let (code, fields) = leading_number(rest)?;
            result(Some(code), fields.strip_prefix(b":")?)
        }
        _ => None,
    }
}

/// Splits off the number behind the last colon.
fn last_whole(text: &[u8]) -> Option<(&[u8], u64)> {
    let colon = text.iter().rposition(|byte| *byte == b':')?;
    Some((&text[..colon], number::whole(&text[colon + 1..])?))
}

/// `2048:private:rsa:10` or `ML-KEM-768:keygen:10`.
fn key(fields: &[u8]) -> Option<Begin<'_>> {
    let (name, seconds) = split_at_last(fields, b":")?;
    number::whole(seconds)?;
    if leading_number(name).is_some_and(|(_, rest)| rest.starts_with(b":")) {
        return Some(Begin { name, work: Work::Key, rest: b"" });
    }
    let (name, word) = split_at_last(name, b":")?;
    Some(Begin { name, work: Work::Named(operation(word)?), rest: b"" })
}

/// `COUNT:…:SECONDS`. The codes from 15 on mean the same in all versions that have them.
fn result(code: Option<u64>, fields: &[u8]) -> Option<Done<'_>> {
    let kind = match code {
        Some(15..=17) => Some(Kind::Kem),
        Some(18..=20) => Some(Kind::Signature),
        _ => None,
    };
    let (negative, digits) = match fields.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, fields),
    };
    let (count, rest) = leading_number(digits)?;
    let colon = rest.iter().rposition(|byte| *byte == b':')?;
    let seconds = &rest[colon + 1..];
    let seconds = number::fixed(seconds, 6).or_else(|| number::fixed(seconds, 2))?;
    let is_field = colon > 0 && rest[0] == b':';
    is_field.then_some(Done {
        count: (!negative).then_some(count),
        seconds,
        kind: KindOf::Known(kind),
    })
}
