//! What is told while it measures: `Doing …` and the results behind it.

use contract::speed::{Kind, Operation};

use crate::number;
use crate::text::{leading_number, split_at, split_at_last};

/// Something is being measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begin<'a> {
    /// The algorithm (`sha256`), or for a public key its size, operation and algorithm
    /// (`2048 bits private rsa`, `2048:private:rsa`).
    pub name: &'a [u8],
    pub work: Work,
    /// What stands behind it on the same line.
    pub rest: &'a [u8],
}

/// What is done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Blocks of so many bytes.
    Blocks(u64),
    /// What the name says.
    Key,
    /// An operation of the KEM or signature table.
    Named(Operation),
}

/// The end of a measurement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Done<'a> {
    /// Operations; `None` if that is no count (a counter overflowed).
    pub count: Option<u64>,
    pub seconds: f64,
    pub(super) kind: KindOf<'a>,
}

/// What tells the table that a measurement belongs to: few need to know.
#[derive(Clone, Copy, Debug)]
pub(super) enum KindOf<'a> {
    Known(Option<Kind>),
    /// The words between count and seconds.
    Words(&'a [u8]),
}

/// `Doing sha256 for 3s on 16 size blocks: `, `Doing 2048 bits private rsa's for 10s: `,
/// `Doing ML-KEM-768 keygen ops for 10s: `.
pub(super) fn begin(line: &[u8]) -> Option<Begin<'_>> {
    let text = line.strip_prefix(b"Doing ")?;
    let Some((name, rest)) = split_at(text, b" for ") else { return counted(text) };
    let (_, rest) = leading_number(rest)?;
    let rest = rest.strip_prefix(b"s")?;
    if let Some(rest) = rest.strip_prefix(b" on ") {
        let (size, rest) = leading_number(rest)?;
        let rest = rest.strip_prefix(b" size blocks:")?;
        let name = name.strip_suffix(b" ops").unwrap_or(name);
        return Some(Begin { name, work: Work::Blocks(size), rest });
    }
    let rest = rest.strip_prefix(b":")?;
    let name = name.strip_suffix(b" ops").or(name.strip_suffix(b"'s"))?;
    if name.first().is_some_and(u8::is_ascii_digit) && split_at(name, b" bit").is_some() {
        return Some(Begin { name, work: Work::Key, rest });
    }
    let (name, word) = split_at_last(name, b" ")?;
    Some(Begin { name, work: Work::Named(operation(word)?), rest })
}

/// Without a timer: `sha256 12345 times on 16 size blocks: `.
fn counted(text: &[u8]) -> Option<Begin<'_>> {
    let (name, rest) = split_at(text, b" times on ")?;
    let (name, _) = split_at_last(name, b" ")?;
    let (size, rest) = leading_number(rest)?;
    let rest = rest.strip_prefix(b" size blocks:")?;
    Some(Begin { name, work: Work::Blocks(size), rest })
}

/// An operation of the KEM and signature tables, as progress lines spell it.
pub(super) fn operation(word: &[u8]) -> Option<Operation> {
    Some(match word {
        b"keygen" => Operation::Keygen,
        b"encaps" => Operation::Encaps,
        b"decaps" => Operation::Decaps,
        b"sign" | b"signs" => Operation::Sign,
        b"verify" => Operation::Verify,
        _ => return None,
    })
}

/// `12345 sha256's in 3.00s`, `57792 2048 bits public RSA's in 1.00s`.
pub(super) fn done(line: &[u8]) -> Option<Done<'_>> {
    let text = line.trim_ascii_end().strip_suffix(b"s")?;
    let blank = memchr::memrchr(b' ', text)?;
    let seconds = number::fixed(&text[blank + 1..], 2)?;
    let text = text[..blank].strip_suffix(b" in")?;
    let (negative, digits) = match text.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let (count, what) = leading_number(digits)?;
    let kind = KindOf::Words(what.strip_prefix(b" ")?);
    Some(Done { count: (!negative).then_some(count), seconds, kind })
}

impl Done<'_> {
    /// The table it belongs to, where the line says.
    pub fn kind(&self) -> Option<Kind> {
        match self.kind {
            KindOf::Known(kind) => kind,
            KindOf::Words(what) if split_at(what, b" KEM ").is_some() => Some(Kind::Kem),
            KindOf::Words(what) => split_at(what, b" signature ").map(|_| Kind::Signature),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(line: &str) -> (String, Work, String) {
        match begin(line.as_bytes()) {
            Some(begin) => (
                String::from_utf8_lossy(begin.name).into_owned(),
                begin.work,
                String::from_utf8_lossy(begin.rest.trim_ascii()).into_owned(),
            ),
            None => panic!("{line}"),
        }
    }

    #[test]
    fn every_version_s_progress_lines_are_read() {
        let lines = [
            ("Doing aes-128 cbc for 3s on 16 size blocks: 1 x", "aes-128 cbc", Work::Blocks(16)),
            ("Doing SHA256 ops for 1s on 64 size blocks: 1 x", "SHA256", Work::Blocks(64)),
            ("Doing md5 77 times on 16 size blocks: 1 x", "md5", Work::Blocks(16)),
            ("Doing 2048 bit private rsa's for 10s: 1 x", "2048 bit private rsa", Work::Key),
            ("Doing 256 bits  ecdh ops for 10s: 1 x", "256 bits  ecdh", Work::Key),
            ("Doing rsa2048 keygen ops for 1s: 1 x", "rsa2048", Work::Named(Operation::Keygen)),
            ("Doing ML-DSA-65 signs ops for 1s: 1 x", "ML-DSA-65", Work::Named(Operation::Sign)),
        ];
        for (line, name, work) in lines {
            assert_eq!(begun(line), (name.to_owned(), work, "1 x".to_owned()));
        }
    }

    #[test]
    fn a_result_has_a_count_and_seconds() {
        let read = |line: &str| done(line.as_bytes()).map(|done| (done.count, done.seconds));
        assert_eq!(read("12345 aes-128 cbc's in 3.00s"), Some((Some(12345), 3.0)));
        assert_eq!(read("77 253 bits Ed25519 signs in 9.99s "), Some((Some(77), 9.99)));
        assert_eq!(read("-1 md5's in 3.00s"), Some((None, 3.0)));
        assert_eq!(read("12345 md5's in 3.0"), None);
        assert_eq!(read("12345 md5's in"), None);
    }

    #[test]
    fn a_name_that_is_not_there_is_no_measurement() {
        assert!(begin(b"Doing 's for 3s: ").is_none());
        assert!(begin(b"Doing  ops for 3s: ").is_none());
    }
}
