//! GitHub-flavoured Markdown (CommonMark 0.31 with GFM tables and autolinks).

use alloc::format;
use alloc::string::String;

use crate::{acts, push_visible};

/// Inline text: in a paragraph, a list item, a heading or a table cell. Always one line.
///
/// Backslash escapes (CommonMark 2.4) for what could start markup anywhere, character references
/// (2.5) where GitHub would still act: tags, mentions, bare links.
#[must_use]
pub fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = text.chars().peekable();
    let mut word_start = true;
    while let Some(c) = rest.next() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            ':' if rest.peek() == Some(&'/') => out.push_str("&#58;"),
            '.' if out.ends_with("www") => out.push_str("&#46;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '$' | '!' => {
                out.push('\\');
                out.push(c);
            }
            '-' | '+' | '=' if out.is_empty() => {
                out.push('\\');
                out.push(c);
            }
            '.' | ')' if word_start && out.bytes().all(|b| b.is_ascii_digit()) => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' | '\t' => out.push(' '),
            c if acts(c) => push_visible(&mut out, c),
            c => out.push(c),
        }
        word_start &= c.is_ascii_digit();
    }
    out
}

/// A code span (CommonMark 6.1) that holds `text` as it is, on one line, also in a table cell.
#[must_use]
pub fn code(text: &str) -> String {
    let mut body = String::with_capacity(text.len() + 4);
    let (mut run, mut longest) = (0_usize, 0_usize);
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
        match c {
            '\n' | '\r' | '\t' => body.push(' '),
            '|' => body.push_str("\\|"),
            c if acts(c) => push_visible(&mut body, c),
            c => body.push(c),
        }
    }
    let fence = "`".repeat(longest + 1);
    let pad = if body.starts_with(['`', ' ']) || body.ends_with(['`', ' ']) || body.is_empty() {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{body}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::{code, inline};

    #[test]
    fn markup_is_shown_as_text() {
        assert_eq!(inline("a|b *c* <img>"), "a\\|b \\*c\\* &lt;img&gt;");
        assert_eq!(inline("- x"), "\\- x");
        assert_eq!(inline("12. x"), "12\\. x");
        assert_eq!(inline("v1.2. x"), "v1.2. x");
    }

    #[test]
    fn mentions_and_bare_links_are_shown_as_text() {
        assert_eq!(inline("@team https://x www.y"), "&#64;team https&#58;//x www&#46;y");
    }

    #[test]
    fn a_code_span_is_fenced_longer_than_what_it_holds() {
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a|b\nc"), "`a\\|b c`");
    }
}
