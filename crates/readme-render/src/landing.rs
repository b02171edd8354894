//! Where a printed value lands, and what makes it inert there.
//!
//! Decided by the text before it, once per value and only as far back as it takes.

/// A place in an HTML document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Html {
    /// Between tags, or in a quoted attribute.
    Text,
    /// At the start of a quoted attribute that holds an address.
    Address,
    /// Where nothing from outside can be made inert.
    Forbidden(&'static str),
}

/// A place in a Markdown document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markdown {
    /// Running text, a table cell, a heading.
    Inline,
    /// The same at the start of a line, where more is markup.
    LineStart,
    /// Inside a code span.
    Code,
    /// Inside a fenced code block.
    Fence,
    /// The destination of a link.
    Destination,
    /// Inside a tag or an attribute of raw HTML.
    Tag,
}

/// Attributes whose value is an address.
const ADDRESSES: [&str; 8] =
    ["href", "src", "action", "formaction", "poster", "cite", "data", "xlink:href"];

/// Where the text after `before` stands in an HTML document.
#[must_use]
pub fn html(before: &str) -> Html {
    // The last `<` decides; a `>` after it that is not inside quotes closes the tag.
    let Some(open) = before.rfind('<') else { return Html::Text };
    let tag = &before[open..];
    if tag.starts_with("<!--") {
        return if tag.contains("-->") { Html::Text } else { Html::Forbidden("a comment") };
    }
    let mut quote = None;
    let mut value_start = 0;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return after_tag(tag),
            (None, '"' | '\'') => {
                quote = Some(c);
                value_start = at + 1;
            }
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    if quote.is_none() {
        return Html::Forbidden("a tag outside of quotes");
    }
    let name = tag[..value_start - 1].trim_end_matches(['=', ' ']);
    let name = name.rsplit([' ', '\n', '\t']).next().unwrap_or_default().to_ascii_lowercase();
    if name.starts_with("on") || name == "style" || name == "srcdoc" {
        return Html::Forbidden("a script or style attribute");
    }
    if ADDRESSES.contains(&name.as_str()) && tag.len() == value_start {
        return Html::Address;
    }
    Html::Text
}

fn after_tag(tag: &str) -> Html {
    let name: String = tag[1..].chars().take_while(char::is_ascii_alphabetic).collect();
    match name.to_ascii_lowercase().as_str() {
        "script" => Html::Forbidden("a script"),
        "style" => Html::Forbidden("a style sheet"),
        _ => Html::Text,
    }
}

impl Html {
    /// `text`, inert here; an error where that cannot be.
    pub fn escape(self, text: &str) -> Result<String, String> {
        match self {
            Self::Text => Ok(html_text(text)),
            Self::Address if is_safe_address(text) => Ok(html_text(text)),
            Self::Address => Err(no_address(text)),
            Self::Forbidden(place) => {
                Err(format!("a value cannot be made safe inside {place}: move it or mark it |safe"))
            }
        }
    }
}

/// Text for HTML. A carriage return is a line end there, too.
#[must_use]
pub fn html_text(text: &str) -> String {
    let line = |line| keeping_joiners(line, escape::html::text);
    if text.contains('\r') {
        return text.split('\r').map(line).collect::<Vec<_>>().join("\r");
    }
    line(text)
}

/// Escapes `text` and keeps what joins pictures to one, as in a family of three; elsewhere a joiner
/// hides where words end, and is shown.
fn keeping_joiners(text: &str, escape: fn(&str) -> String) -> String {
    const JOINER: char = '\u{200d}';
    let picture =
        |c: char| matches!(c, '\u{2190}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}');
    let mut out = String::with_capacity(text.len());
    let mut start = 0;
    for (at, _) in text.match_indices(JOINER) {
        let after = at + JOINER.len_utf8();
        let joins = text[..at].chars().next_back().is_some_and(picture)
            && text[after..].chars().next().is_some_and(picture);
        if joins {
            out.push_str(&escape(&text[start..at]));
            out.push(JOINER);
            start = after;
        }
    }
    out + &escape(&text[start..])
}

/// Whether a link there can only lead somewhere: no `javascript:`, no `data:`.
#[must_use]
pub fn is_safe_address(text: &str) -> bool {
    if text.chars().any(|c| c.is_control()) || text.starts_with(char::is_whitespace) {
        return false;
    }
    let scheme_end = text.find([':', '/', '?', '#']);
    match scheme_end {
        Some(at) if text[at..].starts_with(':') => {
            let scheme = text[..at].to_ascii_lowercase();
            matches!(scheme.as_str(), "http" | "https" | "mailto")
        }
        _ => true,
    }
}

/// Fenced code blocks of a text that grows: each line is looked at once.
#[derive(Clone, Debug, Default)]
pub struct Fences {
    scanned: usize,
    open: Option<char>,
}

impl Fences {
    /// Whether a fence is open at the end of `text`, which begins with what was seen before.
    pub fn open_at_end(&mut self, text: &str) -> bool {
        while let Some(end) = text[self.scanned..].find('\n') {
            let line = text[self.scanned..self.scanned + end].trim_start();
            self.scanned += end + 1;
            let fence = ['`', '~'].into_iter().find(|c| {
                line.starts_with(*c) && line.len() - line.trim_start_matches(*c).len() >= 3
            });
            match (self.open, fence) {
                (None, found) => self.open = found,
                (Some(open), Some(found))
                    if open == found && line.trim_end_matches([found, ' ']).is_empty() =>
                {
                    self.open = None;
                }
                _ => {}
            }
        }
        self.open.is_some()
    }
}

/// Where the text after `before` stands in a Markdown document; `fenced` if a fence is open.
#[must_use]
pub fn markdown(before: &str, fenced: bool) -> Markdown {
    if fenced {
        return Markdown::Fence;
    }
    let line = before.rsplit('\n').next().unwrap_or_default();
    let mut code = false;
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        code = !code;
        rest = rest[at..].trim_start_matches('`');
    }
    if code {
        return Markdown::Code;
    }
    if let Some(open) = line.rfind("](")
        && !line[open..].contains(')')
    {
        return Markdown::Destination;
    }
    if let Some(open) = line.rfind('<')
        && line[open + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && !line[open..].contains('>')
    {
        return Markdown::Tag;
    }
    if line.trim().is_empty() { Markdown::LineStart } else { Markdown::Inline }
}

impl Markdown {
    /// `text`, inert here; an error where that cannot be.
    pub fn escape(self, text: &str) -> Result<String, String> {
        Ok(match self {
            Self::LineStart => keeping_joiners(text, escape::markdown::inline),
            // After a letter nothing begins a list.
            Self::Inline => {
                keeping_joiners(&format!("x{text}"), escape::markdown::inline).split_off(1)
            }
            // A code span of the template's own ends at the first backtick: it cannot be escaped.
            Self::Code => {
                let code = escape::markdown::code(&text.replace('`', "'"));
                code.trim_matches('`').trim_matches(' ').to_owned()
            }
            Self::Fence => text
                .replace("```", "'''")
                .replace("~~~", "---")
                .replace("\r\n", "\n")
                .replace('\r', "\n"),
            Self::Destination => {
                return if is_safe_address(text) {
                    Ok(destination(text))
                } else {
                    Err(no_address(text))
                };
            }
            Self::Tag => escape::html::text(text).replace('\n', " ").replace('|', "&#124;"),
        })
    }
}

fn no_address(text: &str) -> String {
    format!("{text:?} is no address to link to: use https, mailto, a path or #anchor")
}

/// A link destination: what could end it or the table cell around it as percent codes.
fn destination(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || c.is_whitespace() || "()<>|\\`\"'[]{}^".contains(c) {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_html_is_told_by_what_stands_before() {
        assert_eq!(html("<p>a "), Html::Text);
        assert_eq!(html("<p title=\"x > "), Html::Text);
        assert_eq!(html("<a href=\""), Html::Address);
        assert_eq!(html("<a href=\"https://x/"), Html::Text);
        assert!(matches!(html("<a title="), Html::Forbidden(_)));
        assert!(matches!(html("<p onclick=\""), Html::Forbidden(_)));
        assert!(matches!(html("<script>var a = "), Html::Forbidden(_)));
        assert_eq!(html("<script>1</script> "), Html::Text);
    }

    #[test]
    fn scripts_are_no_addresses() {
        for bad in ["javascript:alert(1)", "JaVaScRiPt:x", " javascript:x", "data:text/html,x"] {
            assert!(Html::Address.escape(bad).is_err(), "{bad}");
        }
        for good in ["https://x/?a=b:c", "#e1", "docs/a:b.md", "mailto:x@y"] {
            assert!(Html::Address.escape(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn a_place_in_markdown_is_told_by_what_stands_before() {
        let place = |text: &str| markdown(text, Fences::default().open_at_end(text));
        assert_eq!(place("| a | "), Markdown::Inline);
        assert_eq!(place("run `"), Markdown::Code);
        assert_eq!(place("run `a` "), Markdown::Inline);
        assert_eq!(place("```\nx "), Markdown::Fence);
        assert_eq!(place("```\nx\n```\n"), Markdown::LineStart);
        assert_eq!(place("[x]("), Markdown::Destination);
        assert_eq!(place("<img alt=\""), Markdown::Tag);
    }

    #[test]
    fn what_lands_cannot_leave() {
        let of = |place: Markdown, text| place.escape(text).unwrap();
        assert_eq!(of(Markdown::Code, "a`b|c\nd"), "a'b\\|c d");
        assert_eq!(of(Markdown::Fence, "a\n```\nb"), "a\n'''\nb");
        assert_eq!(of(Markdown::Destination, "a b)|c"), "a%20b%29%7Cc");
        assert!(Markdown::Destination.escape("javascript:x").is_err());
        assert_eq!(
            html_text("<\u{1f469}\u{200d}\u{1f467}a\u{200d}b\r\n"),
            "&lt;\u{1f469}\u{200d}\u{1f467}a\\u{200d}b\r\n"
        );
    }
}
