//! What PHPUnit prints: numbered lists of what did not pass, and a sum.

use contract::CheckStatus;
use contract::part::{Effect, RemarkKind};

use super::console::{Sums, Told};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader, plain};

/// The reader.
#[derive(Default)]
pub struct PhpunitText {
    told: Told,
    header: bool,
    /// Up to version 9 a warning is an outcome of its own; later it is a note about a case.
    old: bool,
    section: Option<CheckStatus>,
    /// What `--testdox` lists: class, words of the name, outcome, line.
    marked: Vec<(String, String, CheckStatus, u64)>,
    class: String,
    sums: Option<Sums>,
    bad: Option<(u64, String)>,
    last: u64,
}

impl LineReader for PhpunitText {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let text = plain(line.text);
        let text = text.trim();
        if text.starts_with("PHPUnit ") && text.contains(" by Sebastian Bergmann") {
            self.header = true;
            let version = text.split([' ', '.']).nth(1).and_then(|word| word.parse::<u32>().ok());
            self.old = version.is_some_and(|version| version < 10);
        } else if !self.header {
        } else if text.starts_with("There was ") || text.starts_with("There were ") {
            self.section = section(text, self.old);
            self.told.done();
        } else if text == "No tests executed!" {
            self.sums = Some(Sums { line: line.number, ..Sums::default() });
        } else if let Some(sums) = sum(text, line.number, self.old) {
            self.sums = Some(sums);
            self.told.done();
        } else if matches!(text, "ERRORS!" | "FAILURES!" | "WARNINGS!") {
            self.bad = Some((line.number, text.to_owned()));
            self.told.done();
        } else if let Some((status, name)) = self.section.zip(numbered(text)) {
            let (suite, name) = match name.split_once("::") {
                Some((class, name)) => (Some(class.to_owned()), name),
                None => (None, name),
            };
            // A number behind it says which value of a data provider it was.
            let named = name.contains(" with data set ");
            let end = if named { name.rfind(" (") } else { name.find(" (") };
            let name = end.map_or(name, |end| &name[..end]);
            self.told.case(suite, name, status, line.number);
        } else if let Some((status, name)) = mark(text).filter(|_| self.section.is_none()) {
            self.marked.push((self.class.clone(), name.to_owned(), status, line.number));
        } else {
            if self.section.is_none() && !text.is_empty() && !text.starts_with('│') {
                text.clone_into(&mut self.class);
            }
            self.told.say(text);
        }
    }

    fn name(&self) -> &'static str {
        "phpunit-text"
    }

    fn claim(&self) -> Claim {
        if self.header { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("phpunit-text");
        let cut = self.sums.is_none();
        let sums = self.sums.take().unwrap_or_default();
        let told_nothing = self.told.is_empty();
        let failing = sums.failed + sums.broken > 0;
        let mut told = std::mem::take(&mut self.told);
        for (class, name, status, line) in self.marked.drain(..).filter(|_| told_nothing) {
            told.case(Some(class), &name, status, line);
        }
        told.settle(&sums, sink);
        if cut {
            sink.cut_off(self.last);
        }
        if let Some((line, word)) = self.bad.take().filter(|_| !failing) {
            let effect = if word == "WARNINGS!" { Effect::Incomplete } else { Effect::Fail };
            sink.remark(Some(line), RemarkKind::RunFailed, effect, word);
        }
    }
}

/// ` ✘ Name` as `--testdox` writes it.
fn mark(text: &str) -> Option<(CheckStatus, &str)> {
    let (mark, name) = text.split_once(' ')?;
    let status = match mark {
        "✔" => CheckStatus::Passed,
        "✘" => CheckStatus::Failed,
        "↩" | "∅" => CheckStatus::Skipped,
        _ => return None,
    };
    Some((status, name))
}

fn section(text: &str, old: bool) -> Option<CheckStatus> {
    let word = text.trim_end_matches(':').split(' ').nth(3)?;
    Some(match word {
        "error" | "errors" => CheckStatus::Broken,
        "failure" | "failures" => CheckStatus::Failed,
        "warning" | "warnings" if old => CheckStatus::NotRun,
        "skipped" | "incomplete" => CheckStatus::Skipped,
        _ => return None,
    })
}

/// `OK (2 tests, 2 assertions)`, or `Tests: 8, Assertions: 4, Errors: 1, Failures: 2.`.
fn sum(text: &str, line: u64, old: bool) -> Option<Sums> {
    if let Some(rest) = text.strip_prefix("OK (") {
        let passed = rest.split(' ').next()?.parse().ok()?;
        return Some(Sums { line, passed, ..Sums::default() });
    }
    let rest = text.strip_prefix("Tests: ")?.strip_suffix('.')?;
    let (total, rest) = rest.split_once(", Assertions: ")?;
    let of = |word: &str| {
        let number = rest.split(", ").find_map(|part| part.strip_prefix(word)?.strip_prefix(": "));
        number.and_then(|number| number.parse::<u64>().ok()).unwrap_or(0)
    };
    let (failed, broken, idle) =
        (of("Failures"), of("Errors"), if old { of("Warnings") } else { 0 });
    let skipped = of("Skipped").saturating_add(of("Incomplete"));
    let rest = [failed, broken, idle, skipped].into_iter().fold(0, u64::saturating_add);
    let passed = total.parse::<u64>().ok()?.saturating_sub(rest);
    Some(Sums { line, passed, failed, broken, skipped, idle })
}

/// What follows `12) `.
fn numbered(text: &str) -> Option<&str> {
    let (digits, rest) = text.split_once(") ")?;
    (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(rest)
}
