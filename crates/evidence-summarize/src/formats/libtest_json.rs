//! JSON events of libtest (unstable, nightly) and of `cargo nextest --message-format libtest-json`.

use std::collections::BTreeMap;

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry};
use serde::Deserialize;

use crate::sink::{Count, Sink};
use crate::text::{Claim, Line, LineReader};
use crate::words;

/// The reader.
#[derive(Default)]
pub struct LibtestJson {
    started: BTreeMap<String, u64>,
    entries: Vec<Entry>,
    counts: Vec<(u64, &'static str, u64, u64, Effect)>,
    suites: u64,
    open: bool,
    expected: u64,
    seen: (u64, u64, u64),
    filtered: u64,
    last: u64,
    /// Whether the last line is no event.
    torn: bool,
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    event: String,
    name: Option<String>,
    test_count: Option<u64>,
    passed: Option<u64>,
    failed: Option<u64>,
    ignored: Option<u64>,
    filtered_out: Option<u64>,
    exec_time: Option<f64>,
    stdout: Option<String>,
    message: Option<String>,
    reason: Option<String>,
}

impl LineReader for LibtestJson {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        if !line.text.starts_with('{') {
            return;
        }
        let event = serde_json::from_str::<Event>(line.text);
        self.torn = event.is_err();
        let Ok(event) = event else { return };
        match event.kind.as_str() {
            "suite" => self.suite(&event, line),
            "test" | "bench" => self.test(event, line),
            _ => {}
        }
    }

    fn name(&self) -> &'static str {
        "libtest-json"
    }

    fn claim(&self) -> Claim {
        if self.suites > 0 { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("libtest-json");
        // A program that died leaves whole lines; a file that was cut off mostly does not.
        let status = if self.torn { CheckStatus::Unknown } else { CheckStatus::Broken };
        for (name, line) in std::mem::take(&mut self.started) {
            let mut entry = Entry::new(None, name, status);
            entry.message = Some("it was started and did not end".to_owned());
            entry.line = Some(line);
            self.entries.push(entry);
        }
        if self.open {
            sink.cut_off(self.last);
        }
        for entry in self.entries.drain(..) {
            sink.push(entry);
        }
        for (line, name, declared, found, effect) in self.counts.drain(..) {
            sink.compare("", Some(line), Count { name, declared, found }, effect);
        }
        sink.unnamed("filtered out", None, CheckStatus::NotRun, self.filtered);
    }
}

impl LibtestJson {
    fn suite(&mut self, event: &Event, line: &Line<'_>) {
        self.suites += 1;
        if event.event == "started" {
            (self.open, self.seen) = (true, (0, 0, 0));
            self.expected = event.test_count.unwrap_or(0);
            return;
        }
        self.open = false;
        self.filtered += event.filtered_out.unwrap_or(0);
        let all = self.seen.0 + self.seen.1 + self.seen.2;
        let counts = [
            ("tests", Some(self.expected), all, Effect::Incomplete),
            ("passed", event.passed, self.seen.0, Effect::None),
            ("failed", event.failed, self.seen.1, Effect::Fail),
            ("ignored", event.ignored, self.seen.2, Effect::None),
        ];
        for (name, declared, found, effect) in counts {
            let declared = declared.unwrap_or(found);
            let effect = if declared > found { effect } else { Effect::None };
            self.counts.push((line.number, name, declared, found, effect));
        }
        if event.event == "failed" && self.seen.1 == 0 {
            self.counts.push((
                line.number,
                "failed",
                event.failed.unwrap_or(1).max(1),
                0,
                Effect::Fail,
            ));
        }
    }

    fn test(&mut self, event: Event, line: &Line<'_>) {
        let name = event.name.unwrap_or_else(|| "(no name)".to_owned());
        let status = match event.event.as_str() {
            "started" => {
                self.started.insert(name, line.number);
                return;
            }
            "ok" => CheckStatus::Passed,
            "failed" => CheckStatus::Failed,
            "ignored" => CheckStatus::Skipped,
            // It is still running; its end comes later.
            "timeout" => return,
            _ => CheckStatus::Unknown,
        };
        // cargo-nextest tells the last try alone, and which one it was.
        let (name, again) = match name.rsplit_once('#') {
            Some((first, number))
                if self.started.contains_key(first) && number.parse::<u32>().is_ok() =>
            {
                (first.to_owned(), true)
            }
            _ => (name, false),
        };
        self.started.remove(&name);
        match status {
            CheckStatus::Passed => self.seen.0 += 1,
            CheckStatus::Skipped => self.seen.2 += 1,
            _ => self.seen.1 += 1,
        }
        let mut entry = Entry::new(None, name, status);
        if again {
            entry.attempt = Attempt::InOrder;
            self.entries.push(Entry { status: CheckStatus::Failed, ..entry.clone() });
        }
        entry.duration_ms = event.exec_time.and_then(|seconds| words::millis(seconds * 1000.0));
        entry.line = Some(line.number);
        if status != CheckStatus::Passed {
            entry.detail = event.stdout.as_deref().and_then(words::present);
            let said = |line: &&str| !line.trim().is_empty() && !line.starts_with("thread '");
            let first = entry
                .detail
                .as_deref()
                .and_then(|text| text.lines().find(said))
                .and_then(words::present);
            entry.message = event.message.or(event.reason).or(first);
        }
        self.entries.push(entry);
    }
}
