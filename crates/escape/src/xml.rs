//! XML 1.0 text and quoted attribute values.

use alloc::string::String;

use crate::{acts, push_visible};

/// Text between tags. Characters that XML 1.0 has no way to write (most control characters,
/// U+FFFE, U+FFFF; its production 2, `Char`) are shown like those that act.
#[must_use]
pub fn text(text: &str) -> String {
    escaped(text, false)
}

/// An attribute value in either kind of quotes. Line ends and tabs are written as references: as
/// they stand, a reader turns them into blanks (XML 1.0, 3.3.3).
#[must_use]
pub fn attribute(text: &str) -> String {
    escaped(text, true)
}

fn escaped(text: &str, attribute: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' if attribute => out.push_str("&#10;"),
            '\t' if attribute => out.push_str("&#9;"),
            '\n' | '\t' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => push_visible(&mut out, c),
            c if acts(c) => push_visible(&mut out, c),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{attribute, text};

    #[test]
    fn what_xml_cannot_hold_is_shown() {
        assert_eq!(text("a\0b\u{1b}[1m\u{ffff}\r"), "a\\u{0}b\\u{1b}[1m\\u{ffff}\\u{d}");
        assert_eq!(text("]]>\n\"x\" & 'y'"), "]]&gt;\n&quot;x&quot; &amp; &apos;y&apos;");
    }

    #[test]
    fn an_attribute_keeps_its_line_ends() {
        assert_eq!(attribute("a\n\tb"), "a&#10;&#9;b");
    }
}
