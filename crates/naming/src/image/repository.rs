//! The repository: what is named within a registry.

use contract::names::Rule;

use crate::Refusal;
use crate::rule::code_point;

const MAX_BYTES: usize = 255;

/// How long the repository is that `text` starts with: components joined by `/`, each of letters
/// and digits joined by one `.`, one or two `_`, or any number of `-`. It ends where the text does,
/// or before a `:` or `@`.
pub(super) fn length(text: &str) -> Result<usize, Refusal> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        let word = at;
        while matches!(bytes.get(at), Some(b'a'..=b'z' | b'0'..=b'9')) {
            at += 1;
        }
        if at == word {
            return Err(no_word(text, at));
        }
        match bytes.get(at) {
            None | Some(b':' | b'@') => return Ok(at),
            Some(b'/' | b'.') => at += 1,
            Some(b'_') => at += if bytes.get(at + 1) == Some(&b'_') { 2 } else { 1 },
            Some(b'-') => {
                while bytes.get(at) == Some(&b'-') {
                    at += 1;
                }
            }
            Some(_) => return Err(no_word(text, at)),
        }
    }
}

/// What is wrong where a letter or digit is expected.
fn no_word(text: &str, at: usize) -> Refusal {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let word = before.trim_end_matches(['.', '_', '-']);
    let separator = before.get(word.len()..).unwrap_or_default();
    let component = word.is_empty() || word.ends_with('/');
    let (rule, why) = match after.chars().next() {
        None | Some('/' | ':' | '@') if separator.is_empty() => {
            (Rule::Repository, "has an empty component".to_owned())
        }
        None | Some('/' | ':' | '@') => {
            (Rule::Repository, format!("has a component that ends in {separator:?}"))
        }
        Some(c @ 'A'..='Z') => {
            (Rule::RepositoryCase, format!("holds the capital {c:?}: lower case is expected"))
        }
        Some(c @ ('.' | '_' | '-')) if component && separator.is_empty() => {
            (Rule::Repository, format!("has a component that starts with {c:?}"))
        }
        Some(c @ ('.' | '_' | '-')) => {
            (Rule::Repository, format!("has {c:?} right after {separator:?}"))
        }
        Some(c) => (
            Rule::Repository,
            format!(
                "holds {c:?} ({}): a-z, 0-9, `.`, `_`, `-` and `/` are expected",
                code_point(c)
            ),
        ),
    };
    Refusal::new(rule, format!("its repository {why}"))
}

/// Whether it is short enough, with all its components.
pub(super) fn fits(repository: &str) -> Result<(), Refusal> {
    match repository.len() {
        0..=MAX_BYTES => Ok(()),
        length => Err(Refusal::new(
            Rule::RepositoryLength,
            format!("its repository has {length} bytes; at most {MAX_BYTES} are allowed"),
        )),
    }
}
