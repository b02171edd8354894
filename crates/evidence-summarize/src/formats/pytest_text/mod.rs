//! pytest's terminal output: progress, short summary and the counts of the last line.

mod line;
mod run;

use std::collections::BTreeMap;

use contract::part::{Effect, RemarkKind};

use self::line::{Told, dots, heading, progress_line, started, summary_line, totals, word_alone};
use self::run::Run;
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader};

/// The reader.
#[derive(Default)]
pub struct PytestText {
    /// Runs that ended; another began below them.
    done: Vec<Run>,
    run: Run,
    part: Part,
    /// A test whose outcome stands on a later line, behind what the test printed (`-s`).
    pending: Option<(String, u64)>,
    last: u64,
}

/// The part of a run that the lines at hand belong to.
#[derive(Clone, Copy, Default, PartialEq)]
enum Part {
    /// Before the first section: progress.
    #[default]
    Progress,
    /// What failed, with what it printed.
    Failures,
    Summary,
    Other,
}

impl LineReader for PytestText {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let text = line.text.trim_end();
        if text.contains("= test session starts =") {
            self.begin();
            self.run.begun = true;
        } else if text.starts_with("platform ") && self.part == Part::Progress {
            // With `-v` it names the interpreter.
            self.run.terse = text.matches(" -- ").count() < 2;
        } else if text.contains("= short test summary info =") {
            self.part = Part::Summary;
            self.run.summed = true;
        } else if let Some(counts) = totals(text).filter(|_| self.run.may_end(text)) {
            self.totals(text, line.number, counts);
        } else if text.contains("!!!") && text.contains("Interrupted") {
            let text = text.trim_matches(['!', ' ']).to_owned();
            self.run.interrupted.get_or_insert((line.number, text));
        } else if text.starts_with("INTERNALERROR>") {
            self.run.interrupted.get_or_insert((line.number, text.to_owned()));
        } else if let Some(name) = section(text) {
            self.pending = None;
            self.part =
                if matches!(name, "ERRORS" | "FAILURES") { Part::Failures } else { Part::Other };
        } else if let Some((letters, whole)) = dots(text).filter(|_| self.part == Part::Progress) {
            self.run.dots(letters, whole, line.number);
        } else {
            self.told(text, line.number);
        }
    }

    fn name(&self) -> &'static str {
        "pytest"
    }

    fn claim(&self) -> Claim {
        let runs = || self.done.iter().chain([&self.run]);
        if runs().any(|run| run.begun || run.summed || run.totals.is_some() && run.dotted()) {
            Claim::Sure
        } else if runs().any(|run| run.totals.is_some() || run.dotted()) {
            Claim::Weak
        } else {
            Claim::No
        }
    }

    fn inside(&self) -> bool {
        (self.run.begun || self.run.summed) && self.run.totals.is_none()
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("pytest");
        self.begin();
        for mut run in self.done.drain(..) {
            if let Some((line, text)) = run.interrupted.take() {
                sink.remark(Some(line), RemarkKind::RunFailed, Effect::Incomplete, text);
            }
            run.tell(self.last, sink);
        }
    }
}

impl PytestText {
    /// Ends the run at hand, if there is one.
    fn begin(&mut self) {
        let run = std::mem::take(&mut self.run);
        if !run.is_empty() {
            self.done.push(run);
        }
        (self.part, self.pending) = (Part::Progress, None);
    }

    fn totals(&mut self, text: &str, line: u64, counts: BTreeMap<String, u64>) {
        // Without a headline a run ends with each of these; with one, the last is its own.
        if self.run.totals.is_some() && !text.starts_with('=') {
            self.begin();
        }
        self.run.totals = Some((line, counts));
        (self.part, self.pending) = (Part::Progress, None);
        if !self.run.begun {
            self.begin();
        }
    }

    fn told(&mut self, text: &str, line: u64) {
        match self.part {
            Part::Summary => self.run.summary.extend(summary_line(text, line)),
            Part::Failures => self.run.headings.extend(heading(text, line)),
            Part::Progress if self.run.begun => self.progress(text, line),
            _ => {}
        }
    }

    fn progress(&mut self, text: &str, line: u64) {
        let told = progress_line(text, line);
        if let Some((id, at)) = self.pending.take() {
            match (word_alone(text), &told) {
                (Some(word), _) => {
                    let told = Told { word: word.to_owned(), id, message: None, line: at };
                    return self.run.progress.push((told, false));
                }
                // The percentage is pytest's own, or a line about the same test.
                (None, Some((told, percent))) if *percent || told.id == id => {}
                (None, _) => {
                    self.pending = Some((id, at));
                    return;
                }
            }
        }
        match told {
            Some((_, false)) if self.run.terse => {}
            Some(told) => self.run.progress.push(told),
            None if self.run.terse => {}
            None => self.pending = started(text).map(|id| (id.to_owned(), line)),
        }
    }
}

/// `=== FAILURES ===`.
fn section(text: &str) -> Option<&str> {
    let name = text.trim_matches('=');
    let ruled = text.len() >= 40 && text.starts_with("==") && text.ends_with("==");
    (ruled && name.starts_with(' ') && name.ends_with(' ')).then(|| name.trim())
}
