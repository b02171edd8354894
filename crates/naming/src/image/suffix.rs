//! Tag and digest.

use contract::names::Rule;

use super::is_lower_hex;
use crate::Refusal;

const MAX_TAG: usize = 128;

/// Whether it is a tag.
pub(super) fn tag(tag: &str) -> Result<(), Refusal> {
    let bad = |why: String| Err(Refusal::new(Rule::Tag, format!("its tag {why}")));
    if tag.len() > MAX_TAG {
        return bad(format!("has {} bytes; at most {MAX_TAG} are allowed", tag.len()));
    }
    let fits = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
    let odd = tag.bytes().position(|b| !fits(&b)).and_then(|at| tag.get(at..)?.chars().next());
    match odd {
        Some('/') => bad("holds a `/`: a port is expected before the first `/` only".to_owned()),
        Some(c) => bad(format!("holds {c:?}: letters, digits, `_`, `.` and `-` are expected")),
        None if tag.is_empty() => bad("is empty".to_owned()),
        None if tag.starts_with(['.', '-']) => bad("starts with a dot or a dash".to_owned()),
        None => Ok(()),
    }
}

/// Whether it is a digest of an algorithm that images have.
pub(super) fn digest(digest: &str) -> Result<(), Refusal> {
    let Some((algorithm, digits)) = digest.split_once(':') else {
        return Err(Refusal::new(
            Rule::Digest,
            format!("its digest {digest:?} has no colon: ALGORITHM:DIGITS is expected"),
        ));
    };
    let expected = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => {
            return Err(Refusal::new(
                Rule::DigestAlgorithm,
                format!("its digest is of {algorithm:?}: sha256, sha384 or sha512 is expected"),
            ));
        }
    };
    let odd = digits.bytes().position(|b| !is_lower_hex(b));
    if let Some(c) = odd.and_then(|at| digits.get(at..)?.chars().next()) {
        return Err(Refusal::new(
            Rule::Digest,
            format!("its digest holds {c:?}: lower-case hexadecimal digits are expected"),
        ));
    }
    if digits.len() != expected {
        let found = digits.len();
        return Err(Refusal::new(
            Rule::DigestLength,
            format!("its digest has {found} digits; {algorithm} has {expected}"),
        ));
    }
    Ok(())
}
