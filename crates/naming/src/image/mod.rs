//! Image references, as `docker pull` takes them.
//!
//! The grammar is that of the `distribution/reference` package (v0.6), with its rules for short
//! names: what has no registry is on Docker Hub (`docker.io`), and there, what has no namespace is
//! in `library`. Two forms that it takes are refused here, because they name no image that can be
//! pulled: an image's id with its algorithm (`sha256:…`), and a first component that is a registry
//! by its dot, colon or upper case and yet no host name (`foo_bar.com/app`).

mod registry;
mod repository;
mod suffix;

use std::borrow::Cow;

use contract::names::Rule;

use crate::Refusal;

/// Where a name without a registry is looked for.
const HUB: &str = "docker.io";
/// The Hub's old name.
const OLD_HUB: &str = "index.docker.io";

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
    let (registry, rest) = registry::split(reference);
    if let Some(registry) = registry {
        registry::check(registry)?;
    }
    let registry = registry.filter(|registry| *registry != OLD_HUB).unwrap_or(HUB);
    let (path, rest) = rest.split_at(repository::length(rest)?);
    let repository = if registry == HUB && !path.contains('/') {
        Cow::Owned(format!("library/{path}"))
    } else {
        Cow::Borrowed(path)
    };
    repository::fits(&repository)?;
    let (tag, digest) = match rest.strip_prefix(':') {
        Some(rest) => {
            let (tag, digest) = cut(rest, b'@');
            suffix::tag(tag)?;
            (Some(tag), digest)
        }
        None => (None, rest.strip_prefix('@')),
    };
    digest.map_or(Ok(()), suffix::digest)?;
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
