//! A properties file from anywhere.

use std::collections::BTreeMap;

/// What a properties file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Its properties; of a key that occurs twice, the last value, as all readers have it.
    pub properties: BTreeMap<String, String>,
    /// Lines, counted from 1, with a malformed `\u`.
    pub malformed: Vec<usize>,
}

/// Reads `bytes` by the rules of `java.util.Properties`: as UTF-8 or, where they are none, as
/// ISO-8859-1 (as Allure 2 does since 2.30). Where a `\u` is malformed (a Windows path, mostly),
/// Allure 2 ends without a report; here the value is taken as it stands, unescaped, so that it is
/// not lost.
#[must_use]
pub fn read(bytes: &[u8]) -> Parsed {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text).to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    let mut parsed = Parsed::default();
    for (number, line) in logical_lines(&text) {
        let (key, value) = split(&line);
        let mut take = |raw: &str| {
            unescape(raw).unwrap_or_else(|| {
                parsed.malformed.push(number);
                raw.to_owned()
            })
        };
        let (key, value) = (take(key), take(value));
        parsed.properties.insert(key, value);
    }
    parsed
}

/// Lines that hold a property, joined where a backslash ends them, each with the number of its
/// first line.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut lines = Vec::new();
    let mut open: Option<(usize, String)> = None;
    let last = text.matches('\n').count();
    for (number, line) in text.split('\n').enumerate() {
        let line = line.trim_start_matches([' ', '\t', '\x0c']);
        let continued = open.is_some();
        if !continued && (line.is_empty() || line.starts_with(['#', '!'])) {
            continue;
        }
        let (start, mut joined) = open.take().unwrap_or((number + 1, String::new()));
        joined.push_str(line);
        let backslashes = line.len() - line.trim_end_matches('\\').len();
        if backslashes % 2 == 1 {
            joined.pop();
            // A continued line of nothing is none, unless the file ends with it.
            open = (!joined.is_empty() || number == last).then_some((start, joined));
        } else {
            lines.push((start, joined));
        }
    }
    lines.extend(open);
    lines
}

/// Key and value of a line, still escaped. The key ends at the first unescaped `=`, `:` or blank.
fn split(line: &str) -> (&str, &str) {
    let mut escaped = false;
    let end = line.find(|c| {
        let ends = !escaped && matches!(c, '=' | ':' | ' ' | '\t' | '\x0c');
        escaped = c == '\\' && !escaped;
        ends
    });
    let Some(end) = end else { return (line, "") };
    let rest = line[end..].trim_start_matches([' ', '\t', '\x0c']);
    let rest = rest.strip_prefix(['=', ':']).unwrap_or(rest);
    (&line[..end], rest.trim_start_matches([' ', '\t', '\x0c']))
}

/// `None` if a `\u` is not followed by four hexadecimal digits.
fn unescape(text: &str) -> Option<String> {
    let mut units: Vec<u16> = Vec::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let plain = match c {
            '\\' => match rest.next() {
                Some('u') => {
                    let digits = rest.as_str().get(..4)?;
                    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                        return None;
                    }
                    units.push(u16::from_str_radix(digits, 16).ok()?);
                    rest = rest.as_str()[4..].chars();
                    continue;
                }
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('f') => '\x0c',
                Some(other) => other,
                None => break,
            },
            other => other,
        };
        units.extend_from_slice(plain.encode_utf16(&mut [0; 2]));
    }
    Some(String::from_utf16_lossy(&units))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
        read(bytes).properties.into_iter().collect()
    }

    fn one(bytes: &[u8]) -> (String, String) {
        pairs(bytes).remove(0)
    }

    fn of(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn separators_are_the_first_unescaped_one() {
        for line in ["k=v w", "k: v w", "k v w", "k\tv w", "  k = v w"] {
            assert_eq!(one(line.as_bytes()), of("k", "v w"), "{line:?}");
        }
        assert_eq!(one(b"a\\=b\\:c=v=w:x #y"), of("a=b:c", "v=w:x #y"));
        assert_eq!(one(b"k"), of("k", ""));
        assert_eq!(one(b"=v"), of("", "v"));
    }

    #[test]
    fn lines_are_joined_and_comments_skipped() {
        assert_eq!(pairs(b"# c\n ! d\n\na=x\\\n   y\\\\\nb=1"), [of("a", "xy\\"), of("b", "1")]);
        assert_eq!(pairs(b"a=1\rb=2\r\nc=3"), [of("a", "1"), of("b", "2"), of("c", "3")]);
    }

    #[test]
    fn a_continued_line_of_nothing_is_none() {
        // As Properties.load of Java 17 has it.
        assert_eq!(pairs(b"\\\n# c\na=1"), [of("a", "1")]);
        assert_eq!(pairs(b"\\\n\n"), []);
        assert_eq!(pairs(b"\\"), [of("", "")]);
    }

    #[test]
    fn escapes_are_resolved_as_java_does() {
        assert_eq!(one(b"p=C:\\temp\\new"), of("p", "C:\temp\new"));
        assert_eq!(one(b"p=\\ \\ v "), of("p", "  v "));
        assert_eq!(one(b"k=\\ud83d\\udd12\\u62d2"), of("k", "🔒拒"));
    }

    #[test]
    fn a_windows_path_is_kept_and_told() {
        let parsed = read(b"a=1\np=C:\\users\\me\n");
        assert_eq!(parsed.properties["p"], "C:\\users\\me");
        assert_eq!(parsed.malformed, [2]);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_latin_1() {
        assert_eq!(one(b"k=gr\xfc\xdfe"), of("k", "grüße"));
        assert_eq!(one("\u{feff}k=grüße".as_bytes()), of("k", "grüße"));
    }
}
