//! Single lines of TAP.

use contract::CheckStatus;
use contract::part::{Entry, Span};

use crate::text::Line;
use crate::words;

/// A point.
pub struct Point {
    pub number: Option<u64>,
    /// How it is written: with a number, with a dash, and with a time behind it.
    pub style: (bool, bool, bool),
    pub entry: Entry,
    /// Cases below it; then it is a suite and no case.
    pub below: Vec<Entry>,
}

/// `1..4 # SKIP why`: how many, and the comment.
pub fn plan(text: &str) -> Option<(u64, &str)> {
    let rest = text.strip_prefix("1..")?;
    let (number, comment) = rest.split_once('#').unwrap_or((rest, ""));
    Some((number.trim().parse().ok()?, comment.trim()))
}

/// `ok 1 - name # directive`.
pub fn point(text: &str, line: &Line<'_>) -> Option<Point> {
    let (ok, rest) = match text.strip_prefix("not ok") {
        Some(rest) => (false, rest),
        None => (true, text.strip_prefix("ok")?),
    };
    if !rest.is_empty() && !rest.starts_with(' ') {
        return None;
    }
    let rest = rest.trim_start();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number = rest[..digits].parse().ok();
    let rest = rest[digits..].trim_start();
    let style = (digits > 0, rest.starts_with("- "), rest.contains("# time="));
    let rest = rest.trim_start_matches("- ").trim();
    let (name, directive) = split_directive(rest.trim_end_matches(" {"));
    let lower = directive.to_ascii_lowercase();
    let skip = lower.starts_with("skip");
    let todo = lower.starts_with("todo");
    let status = match (ok, skip, todo) {
        (_, true, _) | (false, _, true) => CheckStatus::Skipped,
        (true, ..) => CheckStatus::Passed,
        (false, ..) => CheckStatus::Failed,
    };
    let fallback =
        || number.map_or_else(|| "(no name)".to_owned(), |number: u64| format!("test {number}"));
    let mut entry = Entry::new(None, words::present(&name).unwrap_or_else(fallback), status);
    if skip || todo {
        entry.message =
            words::present(directive[4..].trim_start_matches(|c: char| c.is_ascii_alphabetic()));
    }
    entry.line = Some(line.number);
    entry.bytes = Some(Span { start: line.offset, end: line.end() });
    Some(Point { number, style, entry, below: vec![] })
}

/// A description and its directive; `\#` and `\\` are escapes (TAP 14).
fn split_directive(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, next @ ('#' | '\\'))) => name.push(next),
                Some((_, next)) => name.extend(['\\', next]),
                None => name.push('\\'),
            },
            '#' => {
                let directive = text[at + 1..].trim();
                let word = directive.get(..4).unwrap_or_default().to_ascii_lowercase();
                if word == "skip" || word == "todo" {
                    return (name.trim().to_owned(), directive);
                }
                if word == "time" {
                    return (name.trim().to_owned(), "");
                }
                name.push('#');
            }
            c => name.push(c),
        }
    }
    (name, "")
}
