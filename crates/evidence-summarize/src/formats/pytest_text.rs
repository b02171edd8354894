//! pytest's terminal output, above all the short summary of `-rA`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind};
use regex::Regex;

use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader, plain};
use crate::words;

/// The reader.
#[derive(Default)]
pub struct PytestText {
    started: bool,
    in_summary: bool,
    /// Lines of the short summary, or else of the progress: word, id, message, line.
    summary: Vec<(String, String, Option<String>, u64)>,
    progress: Vec<(String, String, Option<String>, u64)>,
    totals: Option<(u64, BTreeMap<String, u64>)>,
    interrupted: Option<(u64, String)>,
    last: u64,
}

// This module's own patterns: a mistake in one is found by the fixtures.
static COUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed|deselected|rerun|warnings?|subtests passed|subtests failed)\b").ok()
});

const WORDS: [&str; 9] =
    ["PASSED", "FAILED", "ERROR", "SKIPPED", "XFAIL", "XPASS", "RERUN", "SUBFAILED", "SUBFAIL"];

impl LineReader for PytestText {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let text = plain(line.text);
        let text = text.trim_end();
        if text.contains("= test session starts =") {
            self.started = true;
        } else if text.contains("= short test summary info =") {
            self.in_summary = true;
            self.started = true;
        } else if let Some(counts) = totals(text) {
            self.in_summary = false;
            self.totals = Some((line.number, counts));
        } else if text.contains("!!!") && text.contains("Interrupted") {
            self.interrupted = Some((line.number, text.trim_matches(['!', ' ']).to_owned()));
        } else if self.in_summary {
            self.summary.extend(summary_line(text, line.number));
        } else if self.started {
            self.progress.extend(progress_line(text, line.number));
        }
    }

    fn name(&self) -> &'static str {
        "pytest"
    }

    fn claim(&self) -> Claim {
        match (self.started, &self.totals) {
            (true, _) => Claim::Sure,
            (false, Some(_)) => Claim::Weak,
            _ => Claim::No,
        }
    }

    fn inside(&self) -> bool {
        self.started && self.totals.is_none()
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("pytest");
        let told = self.told();
        let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
        for (word, _, _, _) in &told {
            *seen.entry(kind(word)).or_default() += 1;
        }
        match &self.totals {
            Some((line, counts)) => {
                for (word, status) in COUNTED {
                    let declared = counts.get(word).copied().unwrap_or(0);
                    let found = seen.get(word).copied().unwrap_or(0);
                    rest(*line, word, status, declared.saturating_sub(found), sink);
                }
            }
            None => sink.cut_off(self.last),
        }
        if let Some((line, text)) = self.interrupted.take() {
            sink.remark(Some(line), RemarkKind::RunFailed, Effect::Incomplete, text);
        }
        for entry in cases(told) {
            sink.push(entry);
        }
    }
}

/// What the last line counts, and what that stands for.
const COUNTED: [(&str, CheckStatus); 7] = [
    ("passed", CheckStatus::Passed),
    ("failed", CheckStatus::Failed),
    ("error", CheckStatus::Broken),
    ("skipped", CheckStatus::Skipped),
    ("xfailed", CheckStatus::Skipped),
    ("xpassed", CheckStatus::Passed),
    ("deselected", CheckStatus::NotRun),
];

impl PytestText {
    /// The short summary; what it does not list is taken from the progress lines.
    fn told(&mut self) -> Vec<(String, String, Option<String>, u64)> {
        let mut told = std::mem::take(&mut self.summary);
        let listed: std::collections::BTreeSet<_> =
            told.iter().map(|(word, id, _, _)| (kind(word), id.clone())).collect();
        let progress = std::mem::take(&mut self.progress).into_iter();
        told.extend(progress.filter(|(word, id, _, _)| {
            !listed.contains(&(kind(word), id.clone()))
                && (kind(word) == "passed" || word == "RERUN" || listed.is_empty())
        }));
        told
    }
}

fn rest(line: u64, word: &str, status: CheckStatus, count: u64, sink: &mut Sink) {
    if count > 0 && matches!(status, CheckStatus::Failed | CheckStatus::Broken) {
        let mut entry = Entry::new(None, format!("({word} tests that are not named)"), status);
        (entry.line, entry.message) = (Some(line), Some(format!("{count} {word}")));
        sink.push(entry);
        sink.unnamed(word, Some(line), status, count - 1);
    } else {
        sink.unnamed(word, Some(line), status, count);
    }
}

/// One case of all that is said about an id: the worst holds; an error in the tear-down of a
/// passed test is what became of it.
fn cases(told: Vec<(String, String, Option<String>, u64)>) -> Vec<Entry> {
    let mut by_id: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    let mut order = Vec::new();
    let mut reruns: BTreeMap<String, u64> = BTreeMap::new();
    for (word, id, message, line) in told {
        if word == "RERUN" {
            *reruns.entry(id).or_default() += 1;
            continue;
        }
        let status = match word.as_str() {
            "PASSED" | "XPASS" => CheckStatus::Passed,
            "ERROR" => CheckStatus::Broken,
            "SKIPPED" | "XFAIL" => CheckStatus::Skipped,
            _ => CheckStatus::Failed,
        };
        let mut entry = Entry::new(None, id.clone(), status);
        if let Some((file, name)) = id.split_once("::") {
            (entry.file, entry.name) = (Some(file.to_owned()), name.to_owned());
        }
        (entry.message, entry.line) = (message, Some(line));
        if !by_id.contains_key(&id) {
            order.push(id.clone());
        }
        by_id.entry(id).or_default().push(entry);
    }
    let worst =
        |entries: Vec<Entry>| entries.into_iter().max_by_key(|e| crate::fold::rank(e.status));
    let mut cases = Vec::new();
    for id in order {
        let Some(mut entry) = by_id.remove(&id).and_then(worst) else { continue };
        let tries = reruns.get(&id).copied().unwrap_or(0).min(100);
        if tries > 0 {
            entry.attempt = Attempt::InOrder;
            let failed = Entry { status: CheckStatus::Failed, ..entry.clone() };
            cases.extend(std::iter::repeat_n(failed, usize::try_from(tries).unwrap_or(1)));
        }
        cases.push(entry);
    }
    cases
}

fn kind(word: &str) -> &'static str {
    match word {
        "PASSED" => "passed",
        "ERROR" => "error",
        "SKIPPED" => "skipped",
        "XFAIL" => "xfailed",
        "XPASS" => "xpassed",
        "RERUN" => "rerun",
        _ => "failed",
    }
}

/// `=== 4 failed, 6 passed in 0.15s ===`, or without the rule as `-q` prints it.
fn totals(text: &str) -> Option<BTreeMap<String, u64>> {
    let inner = text.trim_matches(['=', ' ']);
    let timed = inner.rsplit_once(" in ").is_some_and(|(_, time)| {
        time.starts_with(|c: char| c.is_ascii_digit()) && time.contains('s')
    });
    if !timed {
        return None;
    }
    if inner.starts_with("no tests ran") {
        return Some(BTreeMap::new());
    }
    let pattern = COUNT.as_ref()?;
    if !inner.starts_with(|c: char| c.is_ascii_digit()) || !pattern.is_match(inner) {
        return None;
    }
    let one = |found: regex::Captures<'_>| {
        let word =
            if found[2].starts_with("error") { "error".to_owned() } else { found[2].to_owned() };
        Some((word, found[1].parse().ok()?))
    };
    Some(pattern.captures_iter(inner).filter_map(one).collect())
}

/// `FAILED tests/test_a.py::test_x - message`.
fn summary_line(text: &str, line: u64) -> Option<(String, String, Option<String>, u64)> {
    let (word, rest) = text.split_once(' ')?;
    let word = word.split('(').next().unwrap_or(word);
    if !WORDS.contains(&word) && !word.starts_with("SUBFAIL") {
        return None;
    }
    // A parameter can hold anything; nothing is said of a pass.
    let parameters =
        rest.find('[').map_or(0, |open| rest[open..].find("] - ").map_or(0, |at| open + at));
    let cut = rest[parameters..].find(" - ").map(|at| parameters + at);
    let (id, message) = match cut.filter(|_| word != "PASSED") {
        Some(at) => (&rest[..at], words::present(&rest[at + 3..])),
        None => (rest, None),
    };
    if word == "SKIPPED" {
        // `SKIPPED [2] tests/test_a.py:5: why`
        let (_, place) = id.split_once("] ")?;
        let (place, why) = place.split_once(": ").unwrap_or((place, ""));
        return Some((word.to_owned(), place.to_owned(), words::present(why), line));
    }
    Some((word.to_owned(), id.trim().to_owned(), message, line))
}

/// `tests/test_a.py::test_x PASSED   [ 50%]`, also as pytest-xdist prints it.
fn progress_line(text: &str, line: u64) -> Option<(String, String, Option<String>, u64)> {
    let text = match text.rsplit_once(" [") {
        Some((before, percent)) if percent.ends_with("%]") => before,
        _ => text,
    };
    let text = text.trim_end();
    if let Some((id, word)) = text.rsplit_once(' ').filter(|(_, word)| WORDS.contains(word)) {
        return (id.contains("::") && !id.split('[').next().unwrap_or(id).trim().contains(' '))
            .then(|| (word.to_owned(), id.trim().to_owned(), None, line));
    }
    let (id, rest) = text.split_once(' ')?;
    let word = rest.split(' ').next()?;
    let skipped = word == "SKIPPED" || word == "XFAIL";
    (id.contains("::") && skipped).then(|| {
        (
            word.to_owned(),
            id.to_owned(),
            words::present(rest[word.len()..].trim_matches(['(', ')', ' '])),
            line,
        )
    })
}
