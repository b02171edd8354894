//! Upper and lower case, and what text consists of.

use super::text::is_space;
use crate::unicode;

/// First letter as that of a word, the rest lower case.
#[must_use]
pub fn capitalize(text: &str) -> String {
    let mut first = true;
    mapped(text, |c, lower, out| {
        if first {
            out.push_str(&unicode::title(c));
        } else {
            out.push_str(lower);
        }
        first = false;
    })
}

/// `str.title`: a word begins after anything that has no case.
#[must_use]
pub fn title(text: &str) -> String {
    let mut inside = false;
    mapped(text, |c, lower, out| {
        if inside {
            out.push_str(lower);
        } else {
            out.push_str(&unicode::title(c));
        }
        inside = is_cased(c);
    })
}

/// The filter `title`: words begin after white space and opening brackets and dashes.
#[must_use]
pub fn headline(text: &str) -> String {
    let mut start = true;
    let mut word = String::new();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if start && !word.is_empty() {
            out.push_str(&raised(&word));
            word.clear();
        }
        word.push(c);
        start = is_space(c) || "-({[<".contains(c);
    }
    out + &raised(&word)
}

/// First letter upper case, the rest lower.
fn raised(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().collect::<String>() + &chars.as_str().to_lowercase(),
        None => String::new(),
    }
}

/// Each letter in the other case.
#[must_use]
pub fn swapped(text: &str) -> String {
    mapped(text, |c, lower, out| {
        if c.is_uppercase() {
            out.push_str(lower);
        } else {
            out.extend(c.to_uppercase());
        }
    })
}

/// Walks over `text` with the lower case of each letter in its place: a sigma at the end of a word
/// has one of its own.
fn mapped(text: &str, mut each: impl FnMut(char, &str, &mut String)) -> String {
    let lower = text.to_lowercase();
    let mut rest = lower.as_str();
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let len: usize = rest.chars().take(c.to_lowercase().count()).map(char::len_utf8).sum();
        each(c, &rest[..len], &mut out);
        rest = &rest[len..];
    }
    out
}

fn is_cased(c: char) -> bool {
    c.is_uppercase() || c.is_lowercase() || is_titlecase(c)
}

/// The letters that are two, of which only the first is upper case.
fn is_titlecase(c: char) -> bool {
    matches!(c, '\u{1c5}' | '\u{1c8}' | '\u{1cb}' | '\u{1f2}'
        | '\u{1f88}'..='\u{1f8f}' | '\u{1f98}'..='\u{1f9f}' | '\u{1fa8}'..='\u{1faf}'
        | '\u{1fbc}' | '\u{1fcc}' | '\u{1ffc}')
}

/// The methods that begin with `is`.
#[must_use]
pub fn asks(text: &str, name: &str) -> bool {
    let all = |test: fn(char) -> bool| !text.is_empty() && text.chars().all(test);
    match name {
        "isdigit" => all(unicode::is_digit),
        "isdecimal" => all(|c| unicode::decimal(c).is_some()),
        "isnumeric" => all(unicode::is_numeric),
        "isalpha" => all(unicode::is_letter),
        "isalnum" => all(|c| unicode::is_letter(c) || unicode::is_numeric(c)),
        "isspace" => all(is_space),
        "isascii" => text.is_ascii(),
        "isprintable" => text.chars().all(unicode::is_printable),
        "istitle" => is_title(text),
        "isupper" => {
            text.chars().any(char::is_uppercase)
                && !text.chars().any(|c| c.is_lowercase() || is_titlecase(c))
        }
        _ => {
            text.chars().any(char::is_lowercase)
                && !text.chars().any(|c| c.is_uppercase() || is_titlecase(c))
        }
    }
}

/// Whether upper case follows only what has no case, and lower case only what has.
fn is_title(text: &str) -> bool {
    let (mut inside, mut any) = (false, false);
    for c in text.chars() {
        let raised = c.is_uppercase() || is_titlecase(c);
        if (raised && inside) || (c.is_lowercase() && !inside) {
            return false;
        }
        inside = is_cased(c);
        any |= inside;
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: CPython 3.
    #[test]
    fn case_is_as_in_python() {
        assert_eq!(capitalize("ßÄ ΟΔΟΣ"), "Ssä οδος");
        assert_eq!(title("they're 漢bill's ΟΔΟΣ"), "They'Re 漢Bill'S Οδος");
        assert_eq!(swapped("aΣßÉ"), "AσSSé");
        assert_eq!(headline("it's a-b (c) ÉCOLE"), "It's A-B (C) École");
        assert!(!asks("Abc D1e", "istitle") && asks("Abc Def", "istitle"));
        assert!(asks("²", "isdigit") && !asks("²", "isdecimal") && asks("ab1", "isalnum"));
    }
}
