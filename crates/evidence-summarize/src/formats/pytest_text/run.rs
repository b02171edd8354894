//! One run of pytest: what its parts say together.

use std::collections::{BTreeMap, BTreeSet};

use contract::CheckStatus;
use contract::part::{Attempt, Entry};

use super::line::Told;
use crate::sink::Sink;

/// A run.
#[derive(Default)]
pub struct Run {
    /// Whether its headline was seen, and its short summary.
    pub begun: bool,
    pub summed: bool,
    /// Whether it says that it does not tell each test.
    pub terse: bool,
    pub summary: Vec<Told>,
    /// Lines of the progress, and whether they have the percentage that only pytest writes.
    pub progress: Vec<(Told, bool)>,
    /// Headlines of what failed; they name no file.
    pub headings: Vec<Told>,
    pub totals: Option<(u64, BTreeMap<String, u64>)>,
    pub interrupted: Option<(u64, String)>,
    /// Letters of the progress by what they stand for, and the line that holds the last of them.
    letters: BTreeMap<&'static str, u64>,
    whole: Option<u64>,
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

impl Run {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        !self.begun && !self.summed && self.totals.is_none() && !self.dotted()
    }

    /// Whether the progress was seen to its end.
    pub fn dotted(&self) -> bool {
        self.whole.is_some()
    }

    /// Whether a sum that looks like `text` can be the run's own: `-q` draws no rules.
    pub fn may_end(&self, text: &str) -> bool {
        self.begun || self.letters.is_empty() || !text.starts_with('=')
    }

    /// Takes a line of letters.
    pub fn dots(&mut self, letters: &str, whole: bool, line: u64) {
        for letter in letters.chars() {
            let word = match letter {
                '.' => "passed",
                'F' => "failed",
                'E' => "error",
                's' => "skipped",
                'x' => "xfailed",
                'X' => "xpassed",
                _ => continue,
            };
            *self.letters.entry(word).or_default() += 1;
        }
        self.whole = whole.then_some(line).or(self.whole);
    }

    /// Tells `sink` what became of the tests.
    pub fn tell(mut self, last: u64, sink: &mut Sink) {
        let counts = self.totals.take().or_else(|| {
            let line = self.whole.filter(|_| !self.begun)?;
            let counts = self.letters.iter().map(|(word, count)| ((*word).to_owned(), *count));
            Some((line, counts.collect()))
        });
        let Some((line, counts)) = counts else {
            sink.cut_off(last);
            return cases(self.told(&BTreeMap::new())).into_iter().for_each(|case| sink.push(case));
        };
        let told = self.told(&counts);
        let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
        for told in &told {
            *seen.entry(kind(&told.word)).or_default() += 1;
        }
        for (word, status) in COUNTED {
            let declared = counts.get(word).copied().unwrap_or(0);
            let found = seen.get(word).copied().unwrap_or(0);
            rest(line, word, status, declared.saturating_sub(found), sink);
        }
        for case in cases(told) {
            sink.push(case);
        }
    }

    /// The short summary; what it does not list is taken from the progress lines, or else from
    /// the headlines.
    fn told(&mut self, counts: &BTreeMap<String, u64>) -> Vec<Told> {
        let mut told = std::mem::take(&mut self.summary);
        let mut progress = std::mem::take(&mut self.progress);
        if progress.iter().any(|(_, percent)| *percent) {
            progress.retain(|(_, percent)| *percent);
        }
        // The summary names the places of skipped tests, the progress the tests.
        if progress.iter().any(|(told, _)| told.word == "SKIPPED") {
            told.retain(|told| told.word != "SKIPPED");
        }
        let listed: BTreeSet<_> =
            told.iter().map(|told| (kind(&told.word), told.id.clone())).collect();
        let kinds: BTreeSet<_> = listed.iter().map(|(kind, _)| *kind).collect();
        told.extend(progress.into_iter().map(|(told, _)| told).filter(|told| {
            let kind = kind(&told.word);
            !listed.contains(&(kind, told.id.clone())) && (kind == "rerun" || !kinds.contains(kind))
        }));
        for heading in std::mem::take(&mut self.headings) {
            headed(heading, counts, &mut told);
        }
        told
    }
}

/// Adds what a headline names, if the sum counts more than is told.
fn headed(mut heading: Told, counts: &BTreeMap<String, u64>, told: &mut Vec<Told>) {
    let word = kind(&heading.word);
    let count = told.iter().filter(|told| kind(&told.word) == word).count() as u64;
    // A subtest stands behind the name of its test.
    let name = heading.id.split([' ']).next().unwrap_or(&heading.id).to_owned();
    let same = |told: &&Told| {
        told.id == heading.id
            || told.id.strip_suffix(&name).is_some_and(|file| file.ends_with("::"))
    };
    let known = told.iter().filter(same).find(|told| kind(&told.word) == word).is_some();
    if known || count >= counts.get(word).copied().unwrap_or(0) {
        return;
    }
    if let Some(same) = told.iter().find(same) {
        heading.id.clone_from(&same.id);
    }
    told.push(heading);
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
fn cases(told: Vec<Told>) -> Vec<Entry> {
    let mut by_id: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    let mut order = Vec::new();
    let mut reruns: BTreeMap<String, u64> = BTreeMap::new();
    for Told { word, id, message, line } in told {
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
        if let Some((file, name)) = id.split_once("::").filter(|(file, _)| file.ends_with(".py")) {
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
