//! Logs of records: a JSON object on each line, or pairs (`level=error msg="…"`).

use std::sync::LazyLock;

use contract::CheckStatus;
use regex::Regex;
use serde_json::{Map, Value};

use super::prefix::Bare;
use crate::words;

/// Keys of what a record says, of its cause, of its level, of a check and of its outcome, as
/// loggers name them.
const MESSAGE: &[&str] = &["msg", "message", "MESSAGE", "log", "text"];
const CAUSE: &[&str] = &["err", "error", "cause", "exception", "reason", "detail"];
const LEVEL: &[&str] = &["level", "lvl", "severity", "levelname", "log.level", "PRIORITY"];
const CHECK: &[&str] = &["check", "case", "test", "scenario"];
const OUTCOME: &[&str] = &["result", "status", "outcome"];
const COUNT: &[&str] = &[
    "passed", "pass", "failed", "fail", "failures", "errors", "skipped", "skip", "not_run",
    "notrun", "broken",
];

/// What a record says, whatever form it has.
#[derive(Default)]
struct Record {
    message: Option<String>,
    cause: Option<String>,
    level: Option<String>,
    check: Option<String>,
    /// What became of the check; a service says `status: ok` too, of itself.
    outcome: Option<String>,
    verdict: Option<String>,
    counts: Vec<String>,
}

impl Record {
    fn put(&mut self, key: &str, value: &str) {
        let slot = match key {
            _ if MESSAGE.contains(&key) => &mut self.message,
            _ if CAUSE.contains(&key) => &mut self.cause,
            _ if LEVEL.contains(&key) => &mut self.level,
            _ if CHECK.contains(&key) => &mut self.check,
            _ if OUTCOME.contains(&key) => &mut self.outcome,
            "verdict" => &mut self.verdict,
            _ => {
                if COUNT.contains(&key) && value.parse::<u64>().is_ok() {
                    self.counts.push(format!("{key}={value}"));
                }
                return;
            }
        };
        if slot.is_none() {
            *slot = words::present(value);
        }
    }

    /// The line that says the same, if it says anything.
    fn bare(self) -> Option<Bare<'static>> {
        let error = self.level.as_deref().is_some_and(|level| {
            let level = level.to_ascii_lowercase();
            matches!(
                level.as_str(),
                // Numbers: of syslog up to 3, of pino and bunyan from 50.
                "error"
                    | "err"
                    | "fatal"
                    | "panic"
                    | "critical"
                    | "crit"
                    | "alert"
                    | "emerg"
                    | "severe"
                    | "0"
                    | "1"
                    | "2"
                    | "3"
                    | "50"
                    | "60"
            )
        });
        let known = self.outcome.filter(|word| words::outcome(word) != CheckStatus::Unknown);
        let mut text = match (self.check, known) {
            (Some(check), Some(word)) => {
                let why = self.message.iter().chain(&self.cause).cloned().collect::<Vec<_>>();
                let why = why.join(": ");
                format!(
                    "{}: {check}{}{why}",
                    word.to_uppercase(),
                    if why.is_empty() { "" } else { ": " }
                )
            }
            _ => match (self.message, self.cause, self.verdict) {
                (None, _, Some(word)) => format!("verdict: {word}"),
                (Some(message), Some(cause), _) => format!("{message}: {cause}"),
                (Some(text), None, _) | (None, Some(text), None) => text,
                (None, None, None) => String::new(),
            },
        };
        for count in &self.counts {
            text = format!("{text} {count}");
        }
        let text = text.lines().next().unwrap_or_default().trim().to_owned();
        (!text.is_empty()).then(|| Bare { text: text.into(), error, record: true })
    }
}

/// A JSON object on a line. Objects that say nothing to a person are empty lines.
pub(super) fn json(text: &str) -> Option<Bare<'static>> {
    let map: Map<String, Value> = serde_json::from_str(text).ok()?;
    let mut record = Record::default();
    for (key, value) in &map {
        match value {
            Value::String(value) => record.put(key, value),
            Value::Number(number) => record.put(key, &number.to_string()),
            // Elastic's common schema: `"error": {"message": …}`.
            Value::Object(inner) => {
                if let Some(Value::String(value)) = inner.get("message") {
                    record.put(key, value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Array(_) => {}
        }
    }
    Some(record.bare().unwrap_or(Bare { text: "".into(), error: false, record: true }))
}

// This module's own pattern: a mistake is found by the test below.
static PAIR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?:^|\s)([A-Za-z_][\w.]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))"#).ok()
});

/// Pairs with at least a message, or a level.
pub(super) fn logfmt(text: &str) -> Option<Bare<'static>> {
    if !["msg=", "level=", "message="].iter().any(|key| text.contains(key)) {
        return None;
    }
    let mut record = Record::default();
    for found in PAIR.as_ref()?.captures_iter(text) {
        let value = found.get(2).or_else(|| found.get(3)).map_or("", |value| value.as_str());
        record.put(&found[1], &value.replace("\\\"", "\""));
    }
    let timed = text.starts_with("time=") || text.starts_with("ts=");
    if record.message.is_some() && (record.level.is_some() || timed) { record.bare() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_the_line_that_says_the_same() {
        let table = [
            (r#"{"level":"info","msg":"PASS schema"}"#, "PASS schema", false),
            (
                r#"{"level":50,"msg":"pull failed","err":"no such host"}"#,
                "pull failed: no such host",
                true,
            ),
            (r#"{"check":"schema","status":"pass"}"#, "PASS: schema", false),
            (r#"{"check":"b","result":"fail","reason":"x"}"#, "FAIL: b: x", false),
            (r#"{"msg":"done","passed":3,"failed":0}"#, "done failed=0 passed=3", false),
            (r#"{"log":"FAIL x\n","stream":"stderr","time":"2025"}"#, "FAIL x", false),
            (r#"{"MESSAGE":"it broke","PRIORITY":"3"}"#, "it broke", true),
            (r#"{"Action":"output","Output":"FAIL\n"}"#, "", false),
        ];
        for (line, text, error) in table {
            assert_eq!(json(line), Some(Bare { text: text.into(), error, record: true }), "{line}");
        }
        assert_eq!(json("{not json"), None);
    }

    #[test]
    fn pairs_are_a_record_too() {
        let line = r#"time=2025 level=error msg="open \"results\"" err="permission denied""#;
        let text = "open \"results\": permission denied";
        assert_eq!(logfmt(line), Some(Bare { text: text.into(), error: true, record: true }));
        assert_eq!(logfmt("a=b c=d"), None);
    }
}
