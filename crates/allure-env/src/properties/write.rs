//! The form that every reader takes alike.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The text of a properties file: pure ASCII, a line each, in the order of the keys' bytes.
#[must_use]
pub fn write(properties: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    for (key, value) in properties {
        escape(&mut text, key, Blanks::All);
        text.push('=');
        escape(&mut text, value, Blanks::Outer);
        text.push('\n');
    }
    text
}

/// Why a key cannot be written so that both generators show it; `None` if it can.
#[must_use]
pub fn unwritable(key: &str) -> Option<&'static str> {
    match key {
        "" => Some("a property needs a name"),
        "__proto__" => Some("Allure 3 drops a property of this name"),
        _ => None,
    }
}

/// Which blanks a reader would take for something else than part of the text.
#[derive(Clone, Copy, PartialEq)]
enum Blanks {
    /// In a key, each one: a blank ends the key.
    All,
    /// In a value, the leading ones, which readers cut, and the trailing ones, which editors cut.
    Outer,
}

fn escape(out: &mut String, text: &str, blanks: Blanks) {
    let inner = text.trim_matches(' ');
    // Of blanks alone, all are outer ones.
    let lead = text.len() - text.trim_start_matches(' ').len();
    let inner_end = lead + inner.len();
    for (at, c) in text.char_indices() {
        match c {
            ' ' if blanks == Blanks::All || at < lead || at >= inner_end => out.push_str("\\ "),
            '\\' | ':' | '=' | '#' | '!' => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    // Writing to a String cannot fail.
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(key: &str, value: &str) -> String {
        write(&BTreeMap::from([(key.to_owned(), value.to_owned())]))
    }

    #[test]
    fn what_a_reader_would_act_on_is_escaped() {
        assert_eq!(line("a b", "C:\\users\\me"), "a\\ b=C\\:\\\\users\\\\me\n");
        assert_eq!(line("#k", "!v=1"), "\\#k=\\!v\\=1\n");
    }

    #[test]
    fn blanks_at_either_end_are_kept() {
        assert_eq!(line("k", "  a b "), "k=\\ \\ a b\\ \n");
        assert_eq!(line("k", "  "), "k=\\ \\ \n");
        assert_eq!(line("k", ""), "k=\n");
    }

    #[test]
    fn what_is_not_ascii_is_written_in_utf16_units() {
        assert_eq!(
            line("ключ", "🔒\n\t"),
            "\\u043a\\u043b\\u044e\\u0447=\\ud83d\\udd12\\u000a\\u0009\n"
        );
    }
}
