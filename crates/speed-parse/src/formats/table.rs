//! The printed tables.

use contract::speed::{Kind, Operation};

use super::Event;
use crate::number::looks_numeric;
use crate::text::{word, words};

/// The header of a table of operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Columns {
    /// sign, verify.
    Two,
    /// sign, verify, encrypt, decrypt.
    Four,
    /// The one operation of a key agreement.
    One,
    /// keygen, encaps, decaps.
    Kem,
    /// keygen, sign, verify.
    Signature,
}

impl Columns {
    /// What the columns measure, in order.
    pub fn operations(self) -> &'static [Operation] {
        use Operation::{Decaps, Decrypt, Derive, Encaps, Encrypt, Keygen, Sign, Verify};
        match self {
            Self::Two => &[Sign, Verify],
            Self::Four => &[Sign, Verify, Encrypt, Decrypt],
            Self::One => &[Derive],
            Self::Kem => &[Keygen, Encaps, Decaps],
            Self::Signature => &[Keygen, Sign, Verify],
        }
    }

    /// Whether the rows below begin with a name and nothing else.
    pub fn is_named(self) -> bool {
        matches!(self, Self::Kem | Self::Signature)
    }

    /// The table that the header belongs to.
    pub fn kind(self) -> Kind {
        match self {
            Self::Kem => Kind::Kem,
            Self::Signature => Kind::Signature,
            _ => Kind::Asymmetric,
        }
    }
}

/// A row of seconds and rates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeyRow<'a> {
    /// As printed: `rsa  2048 bits`, ` 256 bits ecdsa (nistp256)`, `ML-KEM-768`.
    pub label: &'a [u8],
    /// Whether the label is a name of the KEM or signature table.
    pub named: bool,
    /// Seconds per operation, then operations per second.
    pub cells: &'a [u8],
}

pub(super) fn read(line: &[u8]) -> Option<Event<'_>> {
    if let Some(columns) = header(line) {
        return Some(Event::Columns(columns));
    }
    if let Some(sizes) = line.strip_prefix(b"type ")
        && words(sizes).nth(1) == Some(b"bytes")
    {
        return Some(Event::Sizes(sizes));
    }
    key_row(line).map(Event::KeyRow).or_else(|| row(line))
}

fn header(line: &[u8]) -> Option<Columns> {
    if !matches!(line[0], b's' | b'o' | b'k') {
        return None;
    }
    const HEADERS: [(&[&[u8]], Columns); 5] = [
        (&[b"sign", b"verify", b"sign/s", b"verify/s"], Columns::Two),
        (
            &[
                b"sign",
                b"verify",
                b"encrypt",
                b"decrypt",
                b"sign/s",
                b"verify/s",
                b"encr./s",
                b"decr./s",
            ],
            Columns::Four,
        ),
        (&[b"op", b"op/s"], Columns::One),
        (&[b"keygen", b"encaps", b"decaps", b"keygens/s", b"encaps/s", b"decaps/s"], Columns::Kem),
        (
            &[b"keygen", b"signs", b"verify", b"keygens/s", b"sign/s", b"verify/s"],
            Columns::Signature,
        ),
    ];
    let found = HEADERS.iter().find(|(header, _)| words(line).eq(header.iter().copied()));
    found.map(|(_, columns)| *columns)
}

/// `rsa 2048 bits 0.0001s …`, `256 bits ecdsa (nistp256) 0.0001s …`, `NAME 0.0001s …`.
fn key_row(line: &[u8]) -> Option<KeyRow<'_>> {
    let (first, rest) = word(line);
    let (second, after) = word(rest);
    let is_bits = |word: &[u8]| matches!(word, b"bits" | b"bit");
    let (named, cells) = match first {
        b"rsa" | b"dsa" => {
            let (bits, cells) = word(after);
            if !is_bits(bits) || !second.iter().all(u8::is_ascii_digit) {
                return None;
            }
            (false, cells)
        }
        _ if is_bits(second) && first.iter().all(u8::is_ascii_digit) => {
            let (family, cells) = word(after);
            let (curve, behind) = word(cells);
            match curve.first() {
                Some(b'(') if curve.ends_with(b")") => (false, behind),
                _ if family == b"ffdh" => (false, cells),
                _ => return None,
            }
        }
        _ if is_seconds(second) && is_seconds(word(after).0) => (true, rest),
        _ => return None,
    };
    let label = &line[..line.len() - cells.len()];
    Some(KeyRow { label: label.trim_ascii_end(), named, cells })
}

/// `0.000103s`, `infs`: what no other kind of line has behind a name.
fn is_seconds(word: &[u8]) -> bool {
    match word.strip_suffix(b"s") {
        Some(digits) => {
            looks_numeric(digits)
                && (digits.contains(&b'.') || digits.ends_with(b"inf") || digits.ends_with(b"nan"))
        }
        None => false,
    }
}

/// A name and at least one number behind blanks, and nothing else.
fn row(line: &[u8]) -> Option<Event<'_>> {
    if looks_numeric(line) {
        return None;
    }
    let mut words = words(line);
    words.next();
    // No name has more than three words.
    for _ in 0..3 {
        let cells = words.rest();
        if looks_numeric(words.next()?) {
            if !words.all(looks_numeric) {
                return None;
            }
            return Some(Event::Row { name: &line[..line.len() - cells.len()], cells });
        }
    }
    None
}
