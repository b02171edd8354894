//! What Mocha prints (spec, list, dot, min): cases, sums, and failures with their titles below.

use contract::CheckStatus;

use super::console::outline::{Outline, indent, untimed};
use super::console::{Sums, Told};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader, plain};

/// The reader.
#[derive(Default)]
pub struct MochaText {
    told: Told,
    outline: Outline,
    sums: Option<Sums>,
    /// Whether the sums are followed by the empty line that ends them.
    closed: bool,
    last: u64,
    /// Whether the last line was empty, as the one before the sums is.
    blank: bool,
    /// Titles of the failure at hand, until the one that ends with a colon.
    titles: Option<(u64, Vec<String>)>,
}

impl LineReader for MochaText {
    fn line(&mut self, line: &Line<'_>) {
        let text = plain(line.text);
        let text = text.trim_end();
        let (depth, rest) = indent(text);
        self.last = line.number;
        self.closed |= text.is_empty() && self.sums.is_some();
        let blank = std::mem::replace(&mut self.blank, text.is_empty());
        let own = |(word, _): &(&str, u64)| depth == 2 && (*word != "passing" || blank);
        if let Some((word, count)) = sum(rest).filter(own) {
            self.sum(word, count, line.number);
        } else if self.sums.is_some() {
            self.after(depth, rest, line.number);
        } else if depth >= 2 {
            self.listed(depth, rest, line.number);
        } else if !text.is_empty() {
            self.told.noise(line.number);
        }
    }

    fn claim(&self) -> Claim {
        if self.sums.is_some() { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("mocha-text");
        let sums = self.sums.take().unwrap_or_default();
        std::mem::take(&mut self.told).settle(&sums, sink);
        if !self.closed {
            sink.cut_off(self.last);
        }
    }
}

impl MochaText {
    fn sum(&mut self, word: &str, count: u64, line: u64) {
        if word == "passing" {
            self.sums = Some(Sums { line, passed: count, ..Sums::default() });
        } else if let Some(sums) = &mut self.sums {
            *(if word == "failing" { &mut sums.failed } else { &mut sums.skipped }) = count;
        }
    }

    /// The failures below the sum.
    fn after(&mut self, depth: usize, rest: &str, line: u64) {
        if depth == 2 && number(rest).is_some() {
            self.titles = Some((line, Vec::new()));
            self.told.done();
        }
        let Some((line, mut titles)) = self.titles.take() else {
            return self.told.say(rest);
        };
        let title = number(rest).filter(|_| depth == 2).unwrap_or(rest);
        match title.strip_suffix(':') {
            Some(name) => {
                let suite = (!titles.is_empty()).then(|| titles.join(" > "));
                self.told.case(suite, name, CheckStatus::Failed, line);
            }
            None => {
                titles.push(title.to_owned());
                self.titles = Some((line, titles)).filter(|(_, titles)| titles.len() < 50);
            }
        }
    }

    fn listed(&mut self, depth: usize, rest: &str, line: u64) {
        let (mark, name) = rest.split_once(' ').unwrap_or((rest, ""));
        let status = match mark {
            "✔" | "✓" | "√" => CheckStatus::Passed,
            "-" => CheckStatus::Skipped,
            _ if number(rest).is_some() => return,
            _ => {
                self.told.noise(line);
                return self.outline.heading(depth, rest);
            }
        };
        let suite = self.outline.path(depth);
        self.told.case(suite, untimed(name), status, line);
    }
}

/// `3 passing (36ms)`, `2 pending`, `1 failing`.
fn sum(text: &str) -> Option<(&str, u64)> {
    let (count, rest) = text.split_once(' ')?;
    let (word, time) = rest.split_once(' ').unwrap_or((rest, ""));
    let known = match word {
        "passing" => time.starts_with('('),
        "pending" | "failing" => time.is_empty(),
        _ => false,
    };
    Some((word, count.parse().ok().filter(|_| known)?))
}

/// What follows `12) `.
fn number(text: &str) -> Option<&str> {
    let (digits, rest) = text.split_once(") ")?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(rest)
}
