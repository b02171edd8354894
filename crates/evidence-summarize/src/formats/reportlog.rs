//! JSON lines of pytest-reportlog.

use std::collections::BTreeMap;

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader};
use crate::words;

/// The reader.
#[derive(Default)]
pub struct ReportLog {
    cases: BTreeMap<String, Vec<Entry>>,
    order: Vec<String>,
    exit: Option<i64>,
    seen: bool,
    last: u64,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "$report_type")]
    kind: String,
    nodeid: Option<String>,
    outcome: Option<String>,
    when: Option<String>,
    duration: Option<f64>,
    exitstatus: Option<i64>,
    wasxfail: Option<String>,
    #[serde(borrow)]
    longrepr: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Long {
    reprcrash: Option<Crash>,
}

#[derive(Deserialize)]
struct Crash {
    message: Option<String>,
}

impl LineReader for ReportLog {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        if !line.text.starts_with('{') {
            return;
        }
        let Ok(event) = serde_json::from_str::<Event<'_>>(line.text) else { return };
        self.seen = true;
        match event.kind.as_str() {
            "SessionFinish" => self.exit = event.exitstatus,
            "CollectReport" if event.outcome.as_deref() != Some("passed") => {
                self.report(&event, line);
            }
            "TestReport" | "SubTestReport" => self.report(&event, line),
            _ => {}
        }
    }

    fn claim(&self) -> Claim {
        if self.seen { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("pytest-reportlog");
        let mut failing = false;
        for id in std::mem::take(&mut self.order) {
            for entry in self.cases.remove(&id).unwrap_or_default() {
                failing |= matches!(entry.status, CheckStatus::Failed | CheckStatus::Broken);
                sink.push(entry);
            }
        }
        match self.exit {
            None => sink.cut_off(self.last),
            Some(0 | 5) => {}
            Some(1) if failing => {}
            Some(status) => {
                let effect = if status == 2 { Effect::Incomplete } else { Effect::Fail };
                let message = format!("pytest's exit status is {status}");
                sink.remark(Some(self.last), RemarkKind::RunFailed, effect, message);
            }
        }
    }
}

impl ReportLog {
    fn report(&mut self, event: &Event<'_>, line: &Line<'_>) {
        let id = event.nodeid.clone().unwrap_or_default();
        let when = event.when.as_deref();
        let xfail = event.wasxfail.is_some();
        let status = match (event.outcome.as_deref(), when) {
            (Some("passed"), _) => CheckStatus::Passed,
            (Some("skipped"), _) => CheckStatus::Skipped,
            (Some("failed"), Some("call")) => CheckStatus::Failed,
            (Some("failed"), _) => CheckStatus::Broken,
            (Some("rerun"), _) => CheckStatus::Failed,
            _ => CheckStatus::Unknown,
        };
        let mut entry = Entry::new(
            None,
            if id.is_empty() { "(collection)".to_owned() } else { id.clone() },
            status,
        );
        if let Some((file, name)) = id.split_once("::") {
            (entry.file, entry.name) = (Some(file.to_owned()), name.to_owned());
        }
        entry.duration_ms = event.duration.and_then(|seconds| words::millis(seconds * 1000.0));
        entry.line = Some(line.number);
        if status != CheckStatus::Passed {
            entry.message =
                if xfail { event.wasxfail.clone() } else { event.longrepr.and_then(message) };
        }
        let rerun = event.outcome.as_deref() == Some("rerun");
        if !self.cases.contains_key(&id) {
            self.order.push(id.clone());
        }
        let attempts = self.cases.entry(id).or_default();
        // Phases of one attempt make one entry, the worst of them; a rerun begins the next.
        match attempts.last_mut() {
            Some(last) if last.attempt == Attempt::Only => {
                if crate::fold::rank(entry.status) >= crate::fold::rank(last.status) {
                    let duration = last.duration_ms.zip(entry.duration_ms).map(|(a, b)| a + b);
                    *last = Entry { duration_ms: duration.or(entry.duration_ms), ..entry };
                }
            }
            _ => attempts.push(entry),
        }
        if rerun && let Some(last) = attempts.last_mut() {
            last.attempt = Attempt::InOrder;
        }
        if attempts.len() > 1 && when == Some("teardown") && !rerun {
            attempts.iter_mut().for_each(|entry| entry.attempt = Attempt::InOrder);
        }
    }
}

/// The message of a crash, a plain text, or the reason in `[file, line, reason]`.
fn message(raw: &RawValue) -> Option<String> {
    let text = raw.get();
    if let Ok(long) = serde_json::from_str::<Long>(text) {
        return long.reprcrash.and_then(|crash| crash.message);
    }
    if let Ok((_, _, reason)) = serde_json::from_str::<(String, i64, String)>(text) {
        return Some(reason);
    }
    let text = serde_json::from_str::<String>(text).ok()?;
    text.lines().rev().find_map(words::present)
}
