//! What bytes look like that are not what was expected: a mistake is mended sooner if its name is
//! said. Never decides how anything is read.

use std::fmt;

use serde::de::IgnoredAny;

/// A form that files often have by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// A compressed file or an archive.
    Compressed,
    /// UTF-16, by its byte order mark.
    Utf16,
    /// UTF-8 behind a byte order mark.
    ByteOrderMark,
    /// NUL bytes, or others that are no UTF-8.
    Binary,
    /// XML or HTML.
    Xml,
    /// A JSON document on each line.
    JsonLines,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// None of these.
    Text,
}

/// How many bytes are looked at, but for JSON lines.
const HEAD: usize = 4096;

impl Looks {
    /// What `bytes` look like; `None` if like one JSON document, whatever is wrong with it.
    #[must_use]
    pub fn like(bytes: &[u8]) -> Option<Self> {
        const ARCHIVES: [&[u8]; 5] =
            [b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ", b"BZh"];
        if ARCHIVES.iter().any(|magic| bytes.starts_with(magic)) {
            return Some(Self::Compressed);
        }
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            return Some(Self::Utf16);
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            return Some(Self::ByteOrderMark);
        }
        let head = &bytes[..bytes.len().min(HEAD)];
        let text = match std::str::from_utf8(head) {
            Ok(text) => text,
            // The head may end within a character.
            Err(error) if error.error_len().is_none() && bytes.len() > HEAD => {
                std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
            }
            Err(_) => return Some(Self::Binary),
        };
        if text.contains('\0') {
            return Some(Self::Binary);
        }
        match text.trim_start().chars().next() {
            Some('<') => Some(Self::Xml),
            Some('{' | '[') if json_lines(bytes) => Some(Self::JsonLines),
            Some('[') if text.lines().any(table) => Some(Self::Toml),
            Some('{' | '[' | '"') => None,
            _ => Some(of_lines(text)),
        }
    }
}

/// Whether the first line is one whole document and the next begins another.
fn json_lines(bytes: &[u8]) -> bool {
    let mut lines =
        bytes.split(|byte| *byte == b'\n').filter(|line| !line.iter().all(u8::is_ascii_whitespace));
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    second.trim_ascii_start().starts_with(b"{")
        && serde_json::from_slice::<IgnoredAny>(first).is_ok()
}

fn of_lines(text: &str) -> Looks {
    let line = text.lines().map(str::trim_end).find(|line| !line.is_empty() && !comment(line));
    let Some(line) = line else { return Looks::Text };
    if line == "---" || line.starts_with("%YAML") || line.starts_with("- ") || pair(line, ':') {
        Looks::Yaml
    } else if table(line) || pair(line, '=') {
        Looks::Toml
    } else {
        Looks::Text
    }
}

fn comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

/// `key: value`, `key:`, `key = value`: a word, the mark, and a blank or nothing.
fn pair(line: &str, mark: char) -> bool {
    let Some((key, value)) = line.split_once(mark) else { return false };
    let key = key.trim_end_matches(if mark == '=' { ' ' } else { mark });
    let value_begins = value.is_empty() || value.starts_with(' ');
    value_begins && !key.is_empty() && key.chars().all(word)
}

/// `[name]` or `[[name]]`: the header of a table, which is no JSON.
fn table(line: &str) -> bool {
    let name = line.trim().trim_start_matches('[').trim_end_matches(']');
    line.starts_with('[')
        && line.trim_end().ends_with(']')
        && name.starts_with(|c: char| c.is_alphabetic())
        && !matches!(name, "true" | "false" | "null")
        && name.chars().all(word)
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'')
}

impl Looks {
    /// What can be done about it where one JSON document is expected; may be empty.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Compressed => ": unpack it first",
            Self::Utf16 => ": convert it to UTF-8",
            Self::ByteOrderMark => ": save it without one",
            Self::JsonLines => ": --format ndjson writes such, --format json one document",
            Self::Yaml | Self::Toml => ": convert it first",
            Self::Binary | Self::Xml | Self::Text => "",
        }
    }
}

impl fmt::Display for Looks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Compressed => "a compressed file",
            Self::Utf16 => "UTF-16",
            Self::ByteOrderMark => "a byte order mark",
            Self::Binary => "binary data",
            Self::Xml => "what looks like XML or HTML",
            Self::JsonLines => "JSON lines (a document on each)",
            Self::Yaml => "what looks like YAML",
            Self::Toml => "what looks like TOML",
            Self::Text => "text",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Looks::{self, *};

    #[test]
    fn the_usual_mistakes_have_a_name() {
        let long = "ä".repeat(5000);
        let cases: &[(&[u8], Option<Looks>)] = &[
            (b"\x1f\x8b\x08", Some(Compressed)),
            (b"\xff\xfe{\0}\0", Some(Utf16)),
            (b"\xef\xbb\xbf{}", Some(ByteOrderMark)),
            (b"ab\0", Some(Binary)),
            (b"ab\xff", Some(Binary)),
            (b"\n <a/>", Some(Xml)),
            (b"{}\n{\"a\":", Some(JsonLines)),
            (b"{\n{\n", None),
            (b"{}\nx", None),
            (b"{'a': 1}", None),
            (b"[1, 2,]", None),
            (b"[true]", None),
            (b"# c\na: 1\n", Some(Yaml)),
            (b"---\n", Some(Yaml)),
            (b"- a\n", Some(Yaml)),
            (b"a:\n  b: 1\n", Some(Yaml)),
            (b"a = 1\n", Some(Toml)),
            (b"[a.b]\nc = 1\n", Some(Toml)),
            (b"[[a]]\n", Some(Toml)),
            (b"Doing sha256 for 3s on 16 size blocks: 1\n", Some(Text)),
            (b"http://x\n", Some(Text)),
            (b"", Some(Text)),
            (long.as_bytes(), Some(Text)),
        ];
        for (bytes, expected) in cases {
            assert_eq!(Looks::like(bytes), *expected, "{:?}", String::from_utf8_lossy(bytes));
        }
    }
}
