//! Image references, as `docker pull` takes them.
//!
//! The grammar is that of the `distribution/reference` package (v0.6), with its rules for short
//! names: what has no registry is on Docker Hub (`docker.io`), and there, what has no namespace is
//! in `library`. Two forms that it takes are refused here, because they name no image that can be
//! pulled: an image's id with its algorithm (`sha256:…`), and a first component that is a registry
//! by its dot, colon or upper case and yet no host name (`foo_bar.com/app`).

use std::borrow::Cow;

use contract::names::Rule;

use crate::Refusal;
use crate::rule::code_point;

/// Where a name without a registry is looked for.
const HUB: &str = "docker.io";
/// The Hub's old name.
const OLD_HUB: &str = "index.docker.io";
const MAX_REPOSITORY: usize = 255;
const MAX_TAG: usize = 128;

/// The parts of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image<'a> {
    /// Host and port.
    pub registry: &'a str,
    /// The path, with `library/` where a short name leaves it out.
    pub repository: Cow<'a, str>,
    /// The tag, if there is one. `latest` is not assumed.
    pub tag: Option<&'a str>,
    /// `algorithm:digits`, if there is one.
    pub digest: Option<&'a str>,
}

/// Parses a reference.
///
/// # Errors
/// The first rule it breaks, from left to right.
pub fn parse(reference: &str) -> Result<Image<'_>, Refusal> {
    if reference.is_empty() {
        return Err(Refusal::new(Rule::Empty, "is empty: an image reference is expected"));
    }
    if is_id(reference) {
        return Err(Refusal::new(
            Rule::Identifier,
            "is an image's id, which names no repository: use REPOSITORY@sha256:DIGEST",
        ));
    }
    let (registry, rest) = split_registry(reference);
    let (rest, digest) = cut(rest, b'@');
    let (path, tag) = cut(rest, b':');
    if let Some(registry) = registry {
        check_registry(registry)?;
    }
    let registry = registry.filter(|registry| *registry != OLD_HUB).unwrap_or(HUB);
    check_path(path)?;
    let repository = if registry == HUB && !path.contains('/') {
        Cow::Owned(format!("library/{path}"))
    } else {
        Cow::Borrowed(path)
    };
    check_length(&repository)?;
    tag.map_or(Ok(()), check_tag)?;
    digest.map_or(Ok(()), check_digest)?;
    Ok(Image { registry, repository, tag, digest })
}

/// What stands before the first `mark`, which is ASCII, and what stands behind it.
///
/// References are short: looking at each byte beats setting up a search.
fn cut(text: &str, mark: u8) -> (&str, Option<&str>) {
    match text.bytes().position(|byte| byte == mark) {
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    }
}

/// Whether this is what `docker images --no-trunc` shows as an id, with its algorithm or without.
fn is_id(reference: &str) -> bool {
    let digits = reference.strip_prefix("sha256:").unwrap_or(reference);
    digits.len() == 64 && digits.bytes().all(is_lower_hex)
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// The first component, if it is a registry, and what follows it.
fn split_registry(reference: &str) -> (Option<&str>, &str) {
    match cut(reference, b'/') {
        (first, Some(rest))
            if first == "localhost"
                || first.bytes().any(|b| matches!(b, b'.' | b':' | b'A'..=b'Z')) =>
        {
            (Some(first), rest)
        }
        _ => (None, reference),
    }
}

fn check_registry(registry: &str) -> Result<(), Refusal> {
    let bad = |why: String| Err(Refusal::new(Rule::Registry, format!("its registry {why}")));
    if registry == "http:" || registry == "https:" {
        return bad(format!("is missing: write the reference without {registry}//"));
    }
    let (host, port) = match registry.strip_prefix('[') {
        Some(rest) => {
            let Some((address, after)) = rest.split_once(']') else {
                return bad("has a `[` without a `]`".to_owned());
            };
            if address.is_empty() || !address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':') {
                return bad(format!(
                    "holds {address:?}, which is no IPv6 address (a zone is not allowed)"
                ));
            }
            match after {
                "" => return Ok(()),
                _ => match after.strip_prefix(':') {
                    Some(port) => (None, Some(port)),
                    None => return bad("goes on after `]`: a port is expected there".to_owned()),
                },
            }
        }
        None => {
            let (host, port) = cut(registry, b':');
            (Some(host), port)
        }
    };
    if let Some(label) = host.and_then(bad_label) {
        return bad(format!(
            "holds the label {label:?}: letters, digits and inner dashes are expected"
        ));
    }
    match port {
        Some(port) if port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) => {
            bad(format!("has the port {port:?}: digits are expected"))
        }
        _ => Ok(()),
    }
}

fn bad_label(host: &str) -> Option<&str> {
    let mut rest = Some(host);
    while let Some(host) = rest {
        let (label, after) = cut(host, b'.');
        if !is_label(label) {
            return Some(label);
        }
        rest = after;
    }
    None
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn check_path(path: &str) -> Result<(), Refusal> {
    let mut rest = Some(path);
    while let Some(path) = rest {
        let (component, after) = cut(path, b'/');
        check_component(component)?;
        rest = after;
    }
    Ok(())
}

/// Letters and digits, joined by one `.`, one or two `_`, or any number of `-`.
fn check_component(component: &str) -> Result<(), Refusal> {
    let bad = |rule, why: String| Err(Refusal::new(rule, format!("its repository {why}")));
    let mut separator = "";
    let mut rest = component;
    loop {
        let word = rest.bytes().take_while(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9')).count();
        let (before, after) = rest.split_at(word);
        if before.is_empty() {
            return match after.chars().next() {
                None if component.is_empty() => {
                    bad(Rule::Repository, "has an empty component".to_owned())
                }
                None => {
                    bad(Rule::Repository, format!("has a component that ends in {separator:?}"))
                }
                Some(c) => bad_character(c, separator),
            };
        }
        if after.is_empty() {
            return Ok(());
        }
        let length = separator_length(after);
        if length == 0 {
            return bad_character(after.chars().next().unwrap_or_default(), "");
        }
        (separator, rest) = after.split_at(length);
    }
}

/// How many bytes of one separator `text` starts with.
fn separator_length(text: &str) -> usize {
    match text.as_bytes() {
        [b'_', b'_', ..] => 2,
        [b'.' | b'_', ..] => 1,
        bytes => bytes.iter().take_while(|b| **b == b'-').count(),
    }
}

fn bad_character(c: char, separator: &str) -> Result<(), Refusal> {
    let (rule, why) = match c {
        'A'..='Z' => {
            (Rule::RepositoryCase, format!("holds the capital {c:?}: lower case is expected"))
        }
        '.' | '_' | '-' if separator.is_empty() => {
            (Rule::Repository, format!("has a component that starts with {c:?}"))
        }
        '.' | '_' | '-' => (Rule::Repository, format!("has {c:?} right after {separator:?}")),
        _ => (
            Rule::Repository,
            format!(
                "holds {c:?} ({}): a-z, 0-9, `.`, `_`, `-` and `/` are expected",
                code_point(c)
            ),
        ),
    };
    Err(Refusal::new(rule, format!("its repository {why}")))
}

fn check_length(repository: &str) -> Result<(), Refusal> {
    match repository.len() {
        0..=MAX_REPOSITORY => Ok(()),
        length => Err(Refusal::new(
            Rule::RepositoryLength,
            format!("its repository has {length} bytes; at most {MAX_REPOSITORY} are allowed"),
        )),
    }
}

fn check_tag(tag: &str) -> Result<(), Refusal> {
    let bad = |why: String| Err(Refusal::new(Rule::Tag, format!("its tag {why}")));
    if tag.len() > MAX_TAG {
        return bad(format!("has {} bytes; at most {MAX_TAG} are allowed", tag.len()));
    }
    match tag.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))) {
        Some('/') => bad("holds a `/`: a port is expected before the first `/` only".to_owned()),
        Some(c) => bad(format!("holds {c:?}: letters, digits, `_`, `.` and `-` are expected")),
        None if tag.is_empty() => bad("is empty".to_owned()),
        None if tag.starts_with(['.', '-']) => bad("starts with a dot or a dash".to_owned()),
        None => Ok(()),
    }
}

fn check_digest(digest: &str) -> Result<(), Refusal> {
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
    if let Some(c) = digits.chars().find(|c| !matches!(c, '0'..='9' | 'a'..='f')) {
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
