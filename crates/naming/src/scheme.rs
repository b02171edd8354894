//! The injective scheme.
//!
//! The letters `a`-`z`, the digits, `.` and `-` stand for themselves. Every other byte of the name
//! (as UTF-8) is written with `_`:
//!
//! | byte | written |
//! |---|---|
//! | `_` | `__` |
//! | `/` | `_s` |
//! | `:` | `_c` |
//! | `@` | `_a` |
//! | `A`-`Z` | `_u` and the small letter |
//! | any other | `_x` and two small hexadecimal digits |
//!
//! A `.` or `-` at the start and a `.` at the end are "any other": no name is hidden, looks like an
//! option or loses its end on Windows. A name whose part before the first dot is a device on Windows
//! begins with `_r`. What would be longer than [`MAX_BYTES`] is cut between two characters so that
//! it has at most [`CUT_BYTES`], and ends with `_h` and the SHA-256 of the whole name in
//! hexadecimal; that alone cannot be decoded.
//!
//! The result is lower-case ASCII: neither case folding nor Unicode normalisation changes it or
//! makes two of them one. The scheme never changes: folders made with it must be found again.

use contract::names::Rule;
use sha2::{Digest, Sha256};

use crate::Refusal;
use crate::device::is_device;

/// The longest safe name. 55 bytes of the 255 that file systems take are left for what is put
/// around it.
pub const MAX_BYTES: usize = 200;

/// The longest readable part of a name that ends in a hash.
pub const CUT_BYTES: usize = MAX_BYTES - HASH_MARK.len() - 64;

const HASH_MARK: &str = "_h";
const DEVICE_MARK: &str = "_r";
const HEX: &[u8; 16] = b"0123456789abcdef";

/// The safe name of `name`.
///
/// Every text has one, `""` among them (`""`); whether a name is fit to be used at all is for
/// [`crate::image`] and [`crate::asset`] to say.
#[must_use]
pub fn encode(name: &str) -> String {
    let mut safe = String::with_capacity(name.len() + 16);
    encode_into(name, &mut safe);
    safe
}

/// Puts the safe name of `name` in the place of what `safe` held.
pub fn encode_into(name: &str, safe: &mut String) {
    safe.clear();
    mark_device(name, safe);
    let mut plain = 0;
    for (at, byte) in name.bytes().enumerate() {
        if is_plain(byte) && !is_edge(name, at, byte) {
            continue;
        }
        safe.push_str(name.get(plain..at).unwrap_or_default());
        push_escaped(byte, safe);
        plain = at + 1;
    }
    safe.push_str(name.get(plain..).unwrap_or_default());
    if safe.len() > MAX_BYTES {
        shorten(name, safe);
    }
}

fn mark_device(name: &str, safe: &mut String) {
    // No device has a longer name.
    let stem = name.bytes().take(8).position(|byte| byte == b'.').unwrap_or(name.len());
    if is_device(name.get(..stem).unwrap_or_default()) {
        safe.push_str(DEVICE_MARK);
    }
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-')
}

/// Whether a byte that stands for itself elsewhere must not do so here.
fn is_edge(name: &str, at: usize, byte: u8) -> bool {
    match byte {
        b'.' => at == 0 || at + 1 == name.len(),
        b'-' => at == 0,
        _ => false,
    }
}

fn push_escaped(byte: u8, safe: &mut String) {
    safe.push('_');
    match byte {
        b'_' => safe.push('_'),
        b'/' => safe.push('s'),
        b':' => safe.push('c'),
        b'@' => safe.push('a'),
        b'A'..=b'Z' => {
            safe.push('u');
            safe.push(char::from(byte.to_ascii_lowercase()));
        }
        _ => {
            safe.push('x');
            push_hex(byte, safe);
        }
    }
}

fn push_hex(byte: u8, safe: &mut String) {
    for digit in [byte >> 4, byte & 15] {
        safe.push(char::from(HEX[usize::from(digit)]));
    }
}

/// The readable start and the hash.
fn shorten(name: &str, safe: &mut String) {
    safe.clear();
    mark_device(name, safe);
    for (at, c) in name.char_indices() {
        let before = safe.len();
        for (offset, byte) in c.encode_utf8(&mut [0; 4]).bytes().enumerate() {
            if is_plain(byte) && !is_edge(name, at + offset, byte) {
                safe.push(char::from(byte));
            } else {
                push_escaped(byte, safe);
            }
        }
        if safe.len() > CUT_BYTES {
            safe.truncate(before);
            break;
        }
    }
    safe.push_str(HASH_MARK);
    for byte in Sha256::digest(name.as_bytes()) {
        push_hex(byte, safe);
    }
}

/// The name that `safe` was made of.
///
/// # Errors
/// [`Rule::Hashed`] if `safe` ends in a hash; [`Rule::NotASafeName`] if no name is written so.
pub fn decode(safe: &str) -> Result<String, Refusal> {
    let name = unescape(safe)?;
    match String::from_utf8(name) {
        Ok(name) if encode(&name) == safe => Ok(name),
        Ok(name) => {
            let right = encode(&name);
            Err(foreign(format!("expected the form the scheme gives that name, {right:?}")))
        }
        Err(_) => Err(foreign("what it stands for is not UTF-8")),
    }
}

fn unescape(safe: &str) -> Result<Vec<u8>, Refusal> {
    let mut name = Vec::with_capacity(safe.len());
    let mut rest = safe.strip_prefix(DEVICE_MARK).unwrap_or(safe).as_bytes();
    while let [first, after @ ..] = rest {
        let (byte, next) = match (first, after) {
            (b'_', [b'_', next @ ..]) => (b'_', next),
            (b'_', [b's', next @ ..]) => (b'/', next),
            (b'_', [b'c', next @ ..]) => (b':', next),
            (b'_', [b'a', next @ ..]) => (b'@', next),
            (b'_', [b'u', small @ b'a'..=b'z', next @ ..]) => (small.to_ascii_uppercase(), next),
            (b'_', [b'x', high, low, next @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, next),
                _ => return Err(foreign("`_x` is not followed by two hexadecimal digits")),
            },
            (b'_', [b'h', hash @ ..]) if is_hash(hash) => {
                return Err(Refusal::new(
                    Rule::Hashed,
                    "ends in a hash: the name was too long to be kept in it; \
                     look it up in the records it came from",
                ));
            }
            (b'_', _) => return Err(foreign("`_` is followed by nothing it stands for")),
            (byte, next) if is_plain(*byte) => (*byte, next),
            _ => {
                return Err(foreign(
                    "holds another character than `a`-`z`, `0`-`9`, `.`, `_`, `-`",
                ));
            }
        };
        name.push(byte);
        rest = next;
    }
    Ok(name)
}

fn is_hash(text: &[u8]) -> bool {
    text.len() == 64 && text.iter().all(|byte| digit(*byte).is_some())
}

fn digit(byte: u8) -> Option<u8> {
    let value = HEX.iter().position(|digit| *digit == byte)?;
    u8::try_from(value).ok()
}

fn foreign(why: impl AsRef<str>) -> Refusal {
    Refusal::new(Rule::NotASafeName, format!("is no name of this scheme: {}", why.as_ref()))
}
