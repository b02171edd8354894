//! What others put around a line: carriage returns, colours, the times and names of CI systems.

mod shape;

use std::borrow::Cow;

use crate::formats::is_anchor;
use crate::lines::{Line, is_plain};
use crate::text::leading_number;
use serde::Deserialize;
use shape::Shape;

/// The prefix that the lines of an input have, as far as it was seen.
#[derive(Debug, Default)]
pub(crate) struct Decoration {
    /// The shape of a prefix that was found before a line that begins as only ours do.
    learned: Option<Shape>,
}

/// No prefix is longer.
const LONGEST: usize = 120;

impl Decoration {
    /// The line without it.
    pub fn strip<'a>(&mut self, raw: Line<'a>) -> Cow<'a, [u8]> {
        let line = raw.bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw.bytes);
        if let Some(inner) = container_log(line) {
            let line = last_overwrite(inner.trim_end_matches('\n').as_bytes()).to_vec();
            return Cow::Owned(self.strip_prefix(&without_escapes(&line)).to_vec());
        }
        if raw.plain || is_plain(line) {
            return Cow::Borrowed(self.strip_prefix(line));
        }
        let line = last_overwrite(line);
        if memchr::memchr(0x1b, line).is_some() {
            return Cow::Owned(self.strip_prefix(&without_escapes(line)).to_vec());
        }
        Cow::Borrowed(self.strip_prefix(line))
    }

    fn strip_prefix<'a>(&mut self, line: &'a [u8]) -> &'a [u8] {
        let start = line.trim_ascii_start();
        if is_anchor(start) {
            // Lines have no prefix any more: the next log of the same file.
            self.learned = None;
            return line;
        }
        if is_machine(start) {
            return line;
        }
        if let Some(rest) = self.learned.as_ref().and_then(|shape| shape.behind(line)) {
            return if is_anchor(rest) { rest } else { self.learn(line, rest) };
        }
        let known = known_prefixes(start);
        let inner = known.trim_ascii_start();
        if known.len() < start.len() && (is_anchor(inner) || is_machine(inner)) {
            return known;
        }
        self.learn(line, if known.len() < start.len() { known } else { line })
    }

    /// What is left of `rest`, the end of `line`, without a prefix before a line of ours.
    fn learn<'a>(&mut self, line: &'a [u8], rest: &'a [u8]) -> &'a [u8] {
        let Some(at) = hidden_anchor(rest) else { return rest };
        let (prefix, ours) = line.split_at(line.len() - rest.len() + at);
        self.learned = Some(Shape::of(prefix));
        ours
    }
}

/// A line of the log files that container runtimes keep.
#[derive(Deserialize)]
struct ContainerLog {
    log: String,
}

fn container_log(line: &[u8]) -> Option<String> {
    if !line.starts_with(b"{\"log\":") {
        return None;
    }
    serde_json::from_slice::<ContainerLog>(line.trim_ascii_end()).ok().map(|line| line.log)
}

/// Results of `-mr`: they are no anchors, yet nothing that stands before a line begins so.
fn is_machine(line: &[u8]) -> bool {
    matches!(line, [b'+', b'R' | b'F', b'0'..=b'9' | b':', ..])
}

/// Where in the line one of ours begins, if something stands before it.
fn hidden_anchor(line: &[u8]) -> Option<usize> {
    // Behind the first word there would be one of these, or it would be a line of sizes.
    let first = line.iter().position(|byte| *byte == b' ').unwrap_or(0);
    let behind = &line[first..];
    let possible = memchr::memchr2(b':', b'\'', behind).is_some()
        || behind.trim_ascii_end().ends_with(b" bytes");
    if !possible {
        return None;
    }
    let begin = &line[..line.len().min(LONGEST + 1)];
    let blank = |byte: u8| matches!(byte, b' ' | b'\t');
    begin.windows(2).enumerate().find_map(|(at, two)| {
        // `grep -n` ends its numbers and names with a colon and no blank.
        let ours = &line[at + 1..];
        let found = (blank(two[0]) && !blank(two[1]) && is_anchor(ours))
            || (two[0] == b':' && !blank(two[1]) && (is_anchor(ours) || is_machine(ours)));
        found.then_some(at + 1)
    })
}

/// A line without its carriage returns: of what a terminal overwrites, the last.
fn last_overwrite(line: &[u8]) -> &[u8] {
    let Some(end) = line.iter().rposition(|byte| *byte != b'\r') else { return b"" };
    let line = &line[..=end];
    match memchr::memrchr(b'\r', line) {
        Some(at) => &line[at + 1..],
        None => line,
    }
}

/// Without the escape sequences of ECMA-48: CSI, OSC, and two-byte ones.
fn without_escapes(line: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = memchr::memchr(0x1b, rest) {
        out.extend_from_slice(&rest[..at]);
        rest = after_escape(&rest[at + 1..]);
    }
    out.extend_from_slice(rest);
    out
}

fn after_escape(text: &[u8]) -> &[u8] {
    match text.first() {
        Some(b'[') => {
            let end = text[1..].iter().position(|byte| (0x40..=0x7e).contains(byte));
            end.map_or(b"", |end| &text[end + 2..])
        }
        Some(b']') => {
            let end = text.iter().position(|byte| matches!(byte, 0x07 | 0x1b));
            match end {
                Some(end) if text[end] == 0x07 => &text[end + 1..],
                Some(end) => text.get(end + 2..).unwrap_or_default(),
                None => b"",
            }
        }
        Some(b'(' | b')') => text.get(2..).unwrap_or_default(),
        Some(_) => &text[1..],
        None => text,
    }
}

/// The line behind the prefixes that have a form of their own.
fn known_prefixes(line: &[u8]) -> &[u8] {
    let mut rest = line;
    for _ in 0..4 {
        let shorter = compose(rest)
            .or_else(|| bracketed(rest))
            .or_else(|| time(rest))
            .or_else(|| build_step(rest));
        match shorter {
            Some(shorter) if shorter.len() < rest.len() => rest = shorter,
            _ => break,
        }
    }
    rest
}

/// `bench-1  | `, as compose prints before each line of a service.
fn compose(line: &[u8]) -> Option<&[u8]> {
    let bar = memchr::memchr(b'|', &line[..line.len().min(LONGEST)])?;
    let name = line[..bar].trim_ascii_end();
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_name = !name.is_empty() && name.iter().all(plain) && line[..bar].ends_with(b" ");
    is_name.then(|| after_blank(&line[bar + 1..]))
}

/// `[12:34:56] `, `[2026-01-02T03:04:05.678Z] `.
fn bracketed(line: &[u8]) -> Option<&[u8]> {
    let inner = line.strip_prefix(b"[")?;
    let end = inner[..inner.len().min(LONGEST)].iter().position(|byte| *byte == b']')?;
    let is_time = inner[..end].iter().all(|byte| is_of_time(*byte)) && inner[..end].contains(&b':')
        || inner[..end].trim_ascii().iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
            && end > 0;
    is_time.then(|| after_blank(&inner[end + 1..]))
}

/// `#12 0.370 `, as BuildKit prints before each line of a step.
fn build_step(line: &[u8]) -> Option<&[u8]> {
    let (_, rest) = leading_number(line.strip_prefix(b"#")?)?;
    let (_, rest) = leading_number(rest.strip_prefix(b" ")?)?;
    let (_, rest) = leading_number(rest.strip_prefix(b".")?)?;
    rest.strip_prefix(b" ")
}

/// `2026-01-02T03:04:05.6789Z `, `2026-01-02 03:04:05 `, `03:04:05 `, and what GitLab (`00O `) and
/// container runtimes (`stdout F `) add.
fn time(line: &[u8]) -> Option<&[u8]> {
    if !line.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let end = line.iter().position(|byte| matches!(byte, b' ' | b'\t'))?;
    let word = &line[..end];
    let colons = word.iter().filter(|byte| **byte == b':').count();
    let is_time = colons >= 2 && word.iter().all(|b| is_of_time(*b));
    let is_date = word.len() == 10 && word[4] == b'-' && word[7] == b'-';
    if is_date {
        return time(after_blank(&line[end..]));
    }
    if !is_time {
        return None;
    }
    let rest = after_blank(&line[end..]);
    for tag in [&b"stdout F "[..], b"stderr F "] {
        if let Some(rest) = rest.strip_prefix(tag) {
            return Some(rest);
        }
    }
    // GitLab: the number of a stream, which stream, and whether the line goes on.
    match rest {
        [b'0'..=b'9', b'0'..=b'9', b'O' | b'E', b' ' | b'+', rest @ ..] => Some(rest),
        _ => Some(rest),
    }
}

fn is_of_time(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b',' | b'-' | b'+' | b'T' | b'Z' | b' ')
}

/// One blank belongs to a prefix, more to the line.
fn after_blank(text: &[u8]) -> &[u8] {
    match text.first() {
        Some(b' ' | b'\t') => &text[1..],
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip(line: &str) -> String {
        String::from_utf8_lossy(&Decoration::default().strip(line.as_bytes().into())).into_owned()
    }

    #[test]
    fn prefixes_of_ci_systems_come_off() {
        for prefix in [
            "2026-01-02T03:04:05.6789012Z ",
            "2026-01-02 03:04:05 ",
            "[2026-01-02T03:04:05.678Z] ",
            "[03:04:05] ",
            "03:04:05 ",
            "2026-01-02T03:04:05.678901Z 00O ",
            "2026-01-02T03:04:05.678901234Z stdout F ",
            "bench-1  | ",
            "web_1 | 2026-01-02T03:04:05Z ",
            "\u{feff}",
            "\u{1b}[0K\u{1b}[32;1m",
            "section_start:123:x\r\u{1b}[0K",
        ] {
            let row = "md5              51790.21k   204979.65k";
            assert_eq!(strip(&format!("{prefix}{row}\r")), row, "{prefix:?}");
            let kem = "                 ML-KEM-768 0.000031s";
            assert_eq!(strip(&format!("{prefix}{kem}")).trim(), kem.trim(), "{prefix:?}");
        }
    }

    #[test]
    fn a_prefix_nobody_knows_is_learned_from_a_line_that_is_ours() {
        let mut decoration = Decoration::default();
        let strip = |decoration: &mut Decoration, line: &str| {
            String::from_utf8_lossy(&decoration.strip(line.as_bytes().into())).into_owned()
        };
        let prefix = "Jan 02 03:04:05 host openssl[123]: ";
        let first = format!("{prefix}version: 3.0.19");
        assert_eq!(strip(&mut decoration, &first), "version: 3.0.19");
        let next = "Jan 02 03:04:59 host openssl[123]: md5    51790.21k";
        assert_eq!(strip(&mut decoration, next), "md5    51790.21k");
    }

    #[test]
    fn a_prefix_is_learned_anew_where_it_changes() {
        let mut decoration = Decoration::default();
        let mut strip = |line: &str| {
            String::from_utf8_lossy(&decoration.strip(line.as_bytes().into())).into_owned()
        };
        assert_eq!(
            strip("1700000000 Doing md5 for 3s on 16 size blocks: "),
            "Doing md5 for 3s on 16 size blocks: "
        );
        assert_eq!(strip("1700000001 256 bits ecdsa"), "256 bits ecdsa");
        assert_eq!(strip("1700000002 host: version: 3.0.1"), "version: 3.0.1");
        assert_eq!(strip("1700000003 host: md5    51790.21k"), "md5    51790.21k");
        assert_eq!(strip("version: 3.0.1"), "version: 3.0.1");
        assert_eq!(strip("256 bits ecdsa"), "256 bits ecdsa");
    }

    #[test]
    fn a_service_can_have_the_name_of_a_header_line() {
        let mut decoration = Decoration::default();
        decoration.strip(b"compiler: Doing md5 for 3s on 16 size blocks: "[..].into());
        assert_eq!(
            &*decoration.strip(b"compiler: md5    51790.21k"[..].into()),
            b"md5    51790.21k"
        );
    }

    #[test]
    fn our_own_lines_keep_what_they_begin_with() {
        for line in
            ["Doing md5 for 3s", "rsa  2048 bits 0.0001s", " 256 bits ecdsa (nistp256)", "+F:1:2"]
        {
            assert_eq!(strip(line), line);
        }
    }
}
