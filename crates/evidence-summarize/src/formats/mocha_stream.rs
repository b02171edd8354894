//! Mocha's `json-stream`: an array on each line, `["pass", {…}]`.

use contract::CheckStatus;
use contract::part::{Effect, Entry, Span};
use serde::Deserialize;

use crate::sink::{Count, Sink};
use crate::text::{Claim, Line, LineReader};
use crate::words;

/// The reader.
#[derive(Default)]
pub struct MochaStream {
    begun: bool,
    entries: Vec<Entry>,
    end: Option<(u64, End)>,
    last: u64,
}

#[derive(Deserialize)]
struct Case {
    title: String,
    #[serde(rename = "fullTitle")]
    full_title: String,
    file: Option<String>,
    duration: Option<f64>,
    err: Option<String>,
    stack: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
struct End {
    passes: u64,
    failures: u64,
    pending: u64,
}

impl LineReader for MochaStream {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        if !line.text.starts_with("[\"") {
            return;
        }
        if line.text.starts_with("[\"start\",") {
            self.begun = true;
        } else if line.text.starts_with("[\"end\",") {
            let end = serde_json::from_str::<(String, End)>(line.text).ok();
            self.end = end.map(|(_, end)| (line.number, end));
        } else if let Ok((word, case)) = serde_json::from_str::<(String, Case)>(line.text) {
            let status = match word.as_str() {
                "pass" => CheckStatus::Passed,
                "fail" => CheckStatus::Failed,
                _ => return,
            };
            let suite = case.full_title.strip_suffix(&case.title).and_then(words::present);
            let mut entry = Entry::new(suite, case.title, status);
            entry.file = case.file;
            entry.duration_ms = case.duration.and_then(words::millis);
            (entry.message, entry.detail) = (case.err, case.stack);
            entry.line = Some(line.number);
            entry.bytes = Some(Span { start: line.offset, end: line.end() });
            self.entries.push(entry);
        }
    }

    fn claim(&self) -> Claim {
        if self.begun { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("mocha-json-stream");
        let found =
            |status| self.entries.iter().filter(|entry| entry.status == status).count() as u64;
        let (passed, failed) = (found(CheckStatus::Passed), found(CheckStatus::Failed));
        match self.end {
            None => sink.cut_off(self.last),
            Some((line, end)) => {
                let counts = [("passes", end.passes, passed), ("failures", end.failures, failed)];
                for (name, declared, found) in counts {
                    let effect = match (name, declared > found) {
                        ("failures", true) => Effect::Fail,
                        (_, true) => Effect::Incomplete,
                        _ => Effect::None,
                    };
                    sink.compare("", Some(line), Count { name, declared, found }, effect);
                }
                sink.unnamed("", Some(line), CheckStatus::Skipped, end.pending);
            }
        }
        for entry in self.entries.drain(..) {
            sink.push(entry);
        }
    }
}
