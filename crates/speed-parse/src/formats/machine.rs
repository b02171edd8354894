//! `-mr`: lines of fields joined by colons, and what the parent of `-multi` echoes of them.

use contract::speed::Kind;

use super::progress::operation;
use super::{Begin, Done, Event, Work};
use crate::number;
use crate::text::{leading_number, split_at, split_at_last};

pub(super) fn read(line: &[u8]) -> Option<Event<'_>> {
    match line[0] {
        b'+' => plus(&line[1..]),
        b'G' => {
            let (line, child) = split_at_last(line.strip_prefix(b"Got: ")?, b" from ")?;
            Some(Event::Got { line, child: number::whole(child.trim_ascii_end())? })
        }
        b'F' => {
            let rest = line.strip_prefix(b"Forked child ")?;
            number::whole(rest.trim_ascii_end()).map(|_| Event::Forked)
        }
        _ => None,
    }
}

fn plus(text: &[u8]) -> Option<Event<'_>> {
    let text = text.trim_ascii_end();
    let (code, fields) = split_at(text, b":")?;
    match code {
        b"DT" | b"DN" => {
            let (rest, size) = split_at_last(fields, b":")?;
            let (name, _) = split_at_last(rest, b":")?;
            let work = Work::Blocks(number::whole(size)?);
            Some(Event::Begin(Begin { name, work, rest: b"" }))
        }
        b"DTP" => key(fields).map(Event::Begin),
        b"H" => Some(Event::MachineSizes(fields)),
        b"F" => {
            let (number, rest) = split_at(fields, b":")?;
            let (name, values) = split_at(rest, b":")?;
            Some(Event::MachineRow { number: number::whole(number)?, name, values })
        }
        _ => match code.split_first()? {
            (b'R', code) => result(code, fields).map(Event::Done),
            (b'F', code) => Some(Event::MachineKeys { code: number::whole(code)?, fields }),
            _ => None,
        },
    }
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
fn result(code: &[u8], fields: &[u8]) -> Option<Done> {
    let kind = match number::whole(code) {
        Some(15..=17) => Some(Kind::Kem),
        Some(18..=20) => Some(Kind::Signature),
        Some(_) => None,
        None if code.is_empty() => None,
        None => return None,
    };
    let (count, rest) = split_at(fields, b":")?;
    let (_, seconds) = split_at_last(rest, b":")?;
    let seconds = number::fixed(seconds, 6).or_else(|| number::fixed(seconds, 2))?;
    let count = match count.strip_prefix(b"-") {
        Some(digits) => number::whole(digits).map(|_| None)?,
        None => Some(number::whole(count)?),
    };
    Some(Done { count, seconds, kind })
}
