//! The words and numbers in which reports say what became of a case.

use contract::CheckStatus;

/// The status that `word` stands for; `Unknown` for a word that no format is known to use.
pub fn outcome(word: &str) -> CheckStatus {
    use CheckStatus::{Broken, Failed, NotRun, Passed, Skipped, Unknown};
    match word.trim().to_ascii_lowercase().as_str() {
        "run" | "passed" | "pass" | "ok" | "success" | "successful" | "succeeded" | "completed"
        | "complete" | "expected" | "fixed" => Passed,
        "failed" | "fail" | "failure" | "not ok" | "not passed" | "regression" | "regressed"
        | "unexpected" => Failed,
        "error" | "errored" | "broken" | "timedout" | "timed-out" | "timed_out" | "timeout"
        | "interrupted" | "aborted" | "crashed" | "crash" | "undefined" | "ambiguous" => Broken,
        "skipped" | "skip" | "ignored" | "ignore" | "pending" | "todo" | "xfail" | "xfailed"
        | "assumption_failed" => Skipped,
        "notrun" | "not_run" | "not run" | "not-run" | "disabled" | "suppressed"
        | "notexecuted" | "not_executed" | "deselected" | "untested" | "notrunnable" => NotRun,
        _ => Unknown,
    }
}

/// A number of seconds, as milliseconds. `None` for what is no duration.
pub fn seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let number: f64 = match text.parse() {
        Ok(number) => number,
        // Surefire groups thousands.
        Err(_) => text.replace(',', "").parse().ok()?,
    };
    millis(number * 1000.0)
}

/// A number of milliseconds, rounded.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn millis(number: f64) -> Option<u64> {
    // The cast saturates; what is no number or before the beginning is no duration.
    (number.is_finite() && number >= 0.0).then(|| number.round() as u64)
}

/// The text without white space around it, if anything is left.
pub fn present(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The first line that says something.
pub fn first_line(text: &str) -> Option<String> {
    text.lines().find_map(present)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_words_pass() {
        assert_eq!(outcome(" PASSED "), CheckStatus::Passed);
        assert_eq!(outcome("passable"), CheckStatus::Unknown);
        assert_eq!(outcome(""), CheckStatus::Unknown);
    }

    #[test]
    fn durations_are_read_in_seconds() {
        assert_eq!(seconds("1,234.5"), Some(1_234_500));
        assert_eq!(seconds("0.0004"), Some(0));
        assert_eq!(seconds("-1"), None);
        assert_eq!(seconds("NaN"), None);
    }
}
