//! From the safe name back to the name.

use std::ops::RangeInclusive;

use contract::names::Rule;

use super::{DEVICE_MARK, HEX, MAX_BYTES, TOKEN, encode};
use crate::Refusal;

/// How long names with a hash are: they are cut before the first character that does not fit, and a
/// character is written in at most four tokens.
const HASHED: RangeInclusive<usize> = MAX_BYTES - (4 * TOKEN - 1)..=MAX_BYTES;

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
            (b'_', [b'h', hash @ ..]) if is_hash(hash) && HASHED.contains(&safe.len()) => {
                return Err(Refusal::new(
                    Rule::Hashed,
                    "ends in a hash: the name was too long to be kept in it; \
                     look it up in the records it came from",
                ));
            }
            (b'_', _) => return Err(foreign("`_` is followed by nothing it stands for")),
            (b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-', next) => (*first, next),
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
