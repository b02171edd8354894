//! What cargo-nextest prints: a line for each try, and a sum.

use std::sync::LazyLock;

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind};
use regex::Regex;

use super::console::before;
use crate::sink::{Count, Sink};
use crate::text::{Claim, Line, LineReader, plain};

/// The reader.
#[derive(Default)]
pub struct NextestText {
    done: Vec<Run>,
    run: Run,
    last: u64,
}

/// One run, up to its sum.
#[derive(Default)]
struct Run {
    begun: bool,
    tries: Vec<Entry>,
    sum: Option<(u64, String)>,
}

// This module's own pattern: a mistake in it is found by the test below.
static TRY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let word = r"(?:TRY \d+ )?(?P<word>[A-Z][A-Z+-]*)(?: \d+/\d+)?";
    let pattern =
        format!(r"^ *{word} \[ *>?[\d.]+s\] (?:\([^)]*\) )?(?P<suite>\S+) (?P<name>\S.*)$");
    Regex::new(&pattern).ok()
});

impl LineReader for NextestText {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let text = plain(line.text);
        let text = text.trim_end();
        let trimmed = text.trim_start();
        if trimmed.starts_with("Nextest run ID ")
            || trimmed.starts_with("Starting ") && trimmed.contains(" across ")
        {
            if self.run.sum.is_some() {
                self.done.push(std::mem::take(&mut self.run));
            }
            self.run.begun = true;
        } else if !self.run.begun || self.run.sum.is_some() {
            // What failed is told again below the sum.
        } else if trimmed.starts_with("Summary [") {
            self.run.sum = Some((line.number, trimmed.to_owned()));
        } else if let Some(found) = TRY.as_ref().and_then(|pattern| pattern.captures(text)) {
            let status = match &found["word"] {
                "PASS" | "LEAK" | "FLAKY" => CheckStatus::Passed,
                "FAIL" | "LEAK-FAIL" => CheckStatus::Failed,
                "SKIP" => CheckStatus::Skipped,
                "SLOW" | "TERMINATING" | "START" | "RETRY" | "SETUP" => return,
                // Signals by their names, TIMEOUT, TMT, XFAIL (could not be started).
                _ => CheckStatus::Broken,
            };
            let mut entry =
                Entry::new(Some(found["suite"].to_owned()), found["name"].to_owned(), status);
            (entry.line, entry.attempt) = (Some(line.number), Attempt::InOrder);
            entry.message = (status != CheckStatus::Passed).then(|| trimmed.to_owned());
            self.run.tries.push(entry);
        }
    }

    fn name(&self) -> &'static str {
        "nextest-text"
    }

    fn claim(&self) -> Claim {
        if self.run.begun { Claim::Sure } else { Claim::No }
    }

    fn overrides(&self) -> &'static [&'static str] {
        // What stands in a whole run is shown to no other reader.
        if self.run.sum.is_some() { &[] } else { &["cargo-test"] }
    }

    fn inside(&self) -> bool {
        self.run.begun && self.run.sum.is_none()
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("nextest-text");
        self.done.push(std::mem::take(&mut self.run));
        for run in self.done.drain(..) {
            run.tell(self.last, sink);
        }
    }
}

impl Run {
    fn tell(mut self, last_line: u64, sink: &mut Sink) {
        let mut last = std::collections::BTreeMap::new();
        for entry in &self.tries {
            last.insert(entry.id.clone(), entry.status);
        }
        let found = |fails: bool| {
            let failing = |status: &&CheckStatus| {
                matches!(status, CheckStatus::Failed | CheckStatus::Broken) == fails
            };
            last.values().filter(failing).count() as u64
        };
        match self.sum.take() {
            None => sink.cut_off(last_line),
            Some((line, sum)) => {
                let of = |word| before(&sum, word).unwrap_or(0);
                let failed = of("failed").saturating_add(of("timed"));
                for (name, declared, found, status) in [
                    ("passed", of("passed"), found(false), CheckStatus::Passed),
                    ("failed", failed, found(true), CheckStatus::Failed),
                ] {
                    let effect = if name == "failed" { Effect::Fail } else { Effect::None };
                    sink.compare("", Some(line), Count { name, declared, found }, effect);
                    sink.unnamed("", Some(line), status, declared.saturating_sub(found));
                }
                sink.unnamed("", Some(line), CheckStatus::Skipped, of("skipped"));
                if sum.contains('/') && sum.contains(" tests run") {
                    let message = "the run was ended before every test had run";
                    sink.remark(Some(line), RemarkKind::RunFailed, Effect::Incomplete, message);
                }
            }
        }
        for entry in self.tries.drain(..) {
            sink.push(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_try_has_a_word_a_time_and_a_name() {
        let of = |text: &str| {
            let found = TRY.as_ref()?.captures(text)?;
            Some(format!("{} {} {}", &found["word"], &found["suite"], &found["name"]))
        };
        let pass = "        PASS [   0.005s] (2/6) cg t::ok";
        assert_eq!(of(pass).as_deref(), Some("PASS cg t::ok"));
        let again = "  TRY 2 ABRT [   0.004s] (2/3) cgk::it t::b x";
        assert_eq!(of(again).as_deref(), Some("ABRT cgk::it t::b x"));
        assert_eq!(of("    Finished `test` profile [unoptimized]"), None);
    }
}
