//! Image references against the grammar as regular expressions.
//!
//! The expressions are those that the comment at the head of `distribution/reference` stands for,
//! put together as its `ParseNormalizedNamed` does: a second way to the same answer.

#![allow(clippy::unwrap_used)]

mod generate;

use generate::Dice;
use naming::image;
use regex::{Captures, Regex};

struct Grammar {
    reference: Regex,
    registry: Regex,
}

impl Grammar {
    fn new() -> Self {
        let label = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
        let host = format!(r"(?:{label}(?:\.{label})*|\[[a-fA-F0-9:]+\])");
        let component = "[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*";
        let tag = "[0-9A-Za-z_][0-9A-Za-z_.-]{0,127}";
        let digest = "sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}";
        let whole = |pattern: String| Regex::new(&format!(r"\A(?:{pattern})\z")).unwrap();
        Self {
            registry: whole(format!("{host}(?::[0-9]+)?")),
            reference: whole(format!(
                "(?P<path>{component}(?:/{component})*)(?::(?P<tag>{tag}))?(?:@(?P<digest>{digest}))?"
            )),
        }
    }

    /// Registry, repository, tag and digest; nothing if it is no reference.
    fn parse(&self, reference: &str) -> Option<[String; 4]> {
        let id = reference.strip_prefix("sha256:").unwrap_or(reference);
        if id.len() == 64 && id.bytes().all(|b| b"0123456789abcdef".contains(&b)) {
            return None;
        }
        let (registry, rest) = match reference.split_once('/') {
            Some((first, rest))
                if first == "localhost"
                    || first.contains(['.', ':'])
                    || first.to_lowercase() != first =>
            {
                (first, rest)
            }
            _ => ("docker.io", reference),
        };
        let registry = if registry == "index.docker.io" { "docker.io" } else { registry };
        let parts = self.reference.captures(rest)?;
        let part = |parts: &Captures, name| {
            parts.name(name).map(|found| found.as_str().to_owned()).unwrap_or_default()
        };
        let mut path = part(&parts, "path");
        if registry == "docker.io" && !path.contains('/') {
            path = format!("library/{path}");
        }
        let fits = path.len() <= 255 && self.registry.is_match(registry);
        fits.then(|| [registry.to_owned(), path, part(&parts, "tag"), part(&parts, "digest")])
    }
}

#[test]
fn references_are_read_as_the_grammar_s_expressions_read_them() {
    let (grammar, mut dice) = (Grammar::new(), Dice::new(4));
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..200_000 {
        let reference = dice.reference();
        let expected = grammar.parse(&reference);
        let found = image::parse(&reference);
        match (&expected, &found) {
            (Some(expected), Ok(image)) => {
                accepted += 1;
                let found = [
                    image.registry,
                    &image.repository,
                    image.tag.unwrap_or_default(),
                    image.digest.unwrap_or_default(),
                ];
                assert_eq!(found, expected.each_ref().map(String::as_str), "{reference}");
            }
            (None, Err(_)) => refused += 1,
            _ => panic!("{reference:?}: expected {expected:?}, found {found:?}"),
        }
    }
    assert!(accepted > 20_000 && refused > 20_000, "{accepted} accepted, {refused} refused");
}
