//! A line on a terminal.

use alloc::borrow::Cow;
use alloc::string::String;

use crate::{acts, push_visible};

/// One line, whatever `text` holds: newlines, tabs and carriage returns as `\n`, `\t`, `\r`, other
/// acting characters as `\u{1b}`.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\r' => out.extend(c.escape_default()),
            c if acts(c) => push_visible(&mut out, c),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_bidi_controls_are_shown() {
        assert_eq!(line("\u{1b}[2Jx\n\u{202e}y"), "\\u{1b}[2Jx\\n\\u{202e}y");
    }

    #[test]
    fn ordinary_text_is_borrowed() {
        assert!(matches!(line("größer, 漢字 🙂"), Cow::Borrowed(_)));
    }
}
