//! One `<testcase>`.

use contract::CheckStatus;
use contract::part::{Attempt, Entry, Span};

use super::Dialect;
use crate::packed::Passed;
use crate::sink::{DETAIL, MESSAGE, Sink};
use crate::words;
use crate::xml::{Place, Tag, append};

/// A child that says what became of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Child {
    Failure,
    Error,
    Skipped,
    /// PHPUnit up to 9: there was nothing to run.
    Warning,
    /// A failed attempt of a case that passed in the end (Surefire, nextest).
    FlakyAttempt,
    /// A further failed attempt of a case that failed in the end.
    RerunAttempt,
    /// What the test printed.
    Output,
}

impl Child {
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "failure" => Self::Failure,
            "error" => Self::Error,
            "skipped" | "ignored" => Self::Skipped,
            "warning" => Self::Warning,
            "flakyFailure" | "flakyError" => Self::FlakyAttempt,
            "rerunFailure" | "rerunError" => Self::RerunAttempt,
            "system-out" | "system-err" => Self::Output,
            _ => return None,
        })
    }

    pub fn fails(self) -> bool {
        matches!(self, Self::Failure | Self::Error)
    }

    pub fn status(self) -> Option<CheckStatus> {
        match self {
            Self::Failure => Some(CheckStatus::Failed),
            Self::Error => Some(CheckStatus::Broken),
            _ => None,
        }
    }
}

/// The case being read; its buffers are used again for the next one.
#[derive(Debug, Default)]
pub(super) struct Case {
    name: String,
    class: String,
    file: String,
    /// The words of `status` and `result`.
    status: String,
    result: String,
    duration_ms: Option<u64>,
    at: Place,
    message: String,
    detail: String,
    output: String,
    skip_reason: String,
    pub failures: u64,
    pub errors: u64,
    pub skips: u64,
    pub warnings: u64,
    /// Failed attempts beside the one that decides.
    pub attempts: Vec<CheckStatus>,
    /// Whether its failure is tolerated: it is known to be unfinished.
    todo: bool,
    /// The status word that an element of this tool's own output has for its type.
    own: Option<CheckStatus>,
    /// Whether something in it is not known.
    pub entity: bool,
    /// Whether an element in it may be a failure by another name.
    pub odd: bool,
    /// What an attribute says that denies that it passed.
    denied: Option<CheckStatus>,
    /// Whether a further attempt failed, too.
    rerun: bool,
}

fn is_no(value: &str) -> bool {
    ["false", "no", "0"].iter().any(|no| value.trim().eq_ignore_ascii_case(no))
}

/// Whether an element of an unknown name may say that the case did not pass.
pub(super) fn is_suspicious(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let words =
        ["fail", "error", "rerun", "skip", "abort", "broken", "crash", "timeout", "case", "&"];
    words.iter().any(|word| name.contains(word))
}

impl Case {
    pub fn open(&mut self, tag: &Tag<'_>, at: Place) {
        for text in [
            &mut self.name,
            &mut self.class,
            &mut self.file,
            &mut self.status,
            &mut self.result,
            &mut self.message,
            &mut self.detail,
            &mut self.output,
            &mut self.skip_reason,
        ] {
            text.clear();
        }
        (self.failures, self.errors, self.skips, self.warnings) = (0, 0, 0, 0);
        self.attempts.clear();
        (self.entity, self.odd, self.todo, self.own) = (false, false, false, None);
        (self.denied, self.rerun) = (None, false);
        (self.duration_ms, self.at) = (None, at);
        tag.each(|name, value| {
            let text = match name {
                "name" => &mut self.name,
                "classname" | "class" => &mut self.class,
                "file" | "filepath" => &mut self.file,
                "status" => &mut self.status,
                "result" => &mut self.result,
                "success" | "passed" if is_no(value) => {
                    self.denied = Some(CheckStatus::Failed);
                    return;
                }
                "executed" | "ran" if is_no(value) => {
                    self.denied = Some(CheckStatus::NotRun);
                    return;
                }
                "time" => {
                    self.duration_ms = words::seconds(value);
                    return;
                }
                "duration" => {
                    self.duration_ms = value.parse().ok();
                    return;
                }
                _ => return,
            };
            append(text, value, MESSAGE);
        });
    }

    pub fn child(&mut self, child: Child, tag: &Tag<'_>) {
        self.rerun |= child == Child::RerunAttempt;
        match child {
            Child::Failure => self.failures += 1,
            Child::Error => self.errors += 1,
            Child::Skipped => self.skips += 1,
            Child::Warning => self.warnings += 1,
            Child::FlakyAttempt | Child::RerunAttempt => self.attempts.push(CheckStatus::Failed),
            Child::Output => return,
        }
        let message = tag.get("message").unwrap_or_default();
        let kind = tag.get("type").unwrap_or_default();
        self.own = match (child, kind.as_str()) {
            (Child::Error, "unknown") => Some(CheckStatus::Unknown),
            (Child::Skipped, "not_run") => Some(CheckStatus::NotRun),
            _ => self.own,
        };
        if child == Child::Skipped || child == Child::Warning {
            self.todo |= kind == "todo";
            append(&mut self.skip_reason, &message, MESSAGE);
        } else if self.message.is_empty() {
            append(&mut self.message, &message, MESSAGE);
            append(&mut self.detail, &kind, DETAIL);
            append(&mut self.detail, "\n", DETAIL);
        }
    }

    pub fn text(&mut self, child: Child, text: &str) {
        let to = match child {
            Child::Skipped | Child::Warning if self.skip_reason.is_empty() => &mut self.skip_reason,
            Child::Skipped | Child::Warning => return,
            Child::Output => &mut self.output,
            _ => &mut self.detail,
        };
        append(to, text, if child == Child::Skipped { MESSAGE } else { DETAIL });
    }

    /// What became of the case, from its children first and its own words second.
    pub fn outcome(&self, dialect: Dialect) -> CheckStatus {
        if let (Dialect::Own, Some(status)) = (dialect, self.own) {
            return status;
        }
        // nose2 writes an unexpected pass as a skip.
        if self.skips > 0 && self.skip_reason == "test passes unexpectedly" {
            return CheckStatus::Failed;
        }
        let may_fail = dialect == Dialect::Catch2 && self.skip_reason.contains("!mayfail");
        let tolerated = may_fail || self.todo && self.skips > 0;
        if self.errors > 0 && !tolerated {
            return CheckStatus::Broken;
        }
        if self.failures > 0 && !tolerated {
            return CheckStatus::Failed;
        }
        let word = if self.result.is_empty() { &self.status } else { &self.result };
        if self.skips > 0 {
            return self.skipped_outcome();
        }
        if self.warnings > 0 {
            return CheckStatus::NotRun;
        }
        let said = match (word.is_empty(), dialect) {
            (true, Dialect::Qt) => CheckStatus::Skipped,
            (true, _) => CheckStatus::Passed,
            (false, _) => words::outcome(word),
        };
        // GoogleTest says `notrun` in one attribute and `suppressed` in the other.
        let status = if words::outcome(&self.status) == CheckStatus::NotRun {
            CheckStatus::NotRun
        } else {
            said
        };
        match (status, self.denied) {
            (CheckStatus::Passed, Some(denied)) => denied,
            // Every attempt that is told failed.
            (CheckStatus::Passed, None) if self.rerun => CheckStatus::Failed,
            (CheckStatus::Passed, None) if self.entity || self.odd => CheckStatus::Unknown,
            (status, _) => status,
        }
    }

    /// CTest marks what it could not start as skipped, and counts it among the failures.
    fn skipped_outcome(&self) -> CheckStatus {
        let from_ctest = self.status == "notrun" && self.result.is_empty();
        let reason = self.skip_reason.trim();
        if !from_ctest || reason.starts_with("SKIP_") {
            CheckStatus::Skipped
        } else if reason.starts_with("Disabled") {
            CheckStatus::NotRun
        } else {
            CheckStatus::Broken
        }
    }

    /// What bats says of a file in which it ran more or fewer tests than there are.
    pub fn bats_warning(&self) -> Option<&str> {
        self.output.lines().find(|line| line.contains("bats warning: Executed "))
    }

    /// GoogleTest skips the victims of a failed set-up, as it skips a test that gives no reason:
    /// only the place is left.
    pub fn skipped_without_reason(&self) -> bool {
        let reason = self.skip_reason.trim();
        self.result == "skipped" && self.skips > 0 && !reason.contains('\n')
    }

    pub fn file(&self) -> Option<&str> {
        (!self.file.is_empty()).then_some(&self.file)
    }

    fn suite<'a>(&'a self, suite: Option<&'a str>) -> Option<&'a str> {
        if self.class.is_empty() { suite } else { Some(&self.class) }
    }

    fn name(&self) -> &str {
        if self.name.is_empty() { "(no name)" } else { &self.name }
    }

    fn span(&self, end: Place) -> Span {
        Span { start: self.at.offset, end: end.offset.max(self.at.offset) }
    }

    /// The case as one that passed.
    pub fn passed<'a>(
        &'a self,
        suite: Option<&'a str>,
        file: Option<&'a str>,
        end: Place,
    ) -> Passed<'a> {
        Passed {
            suite: self.suite(suite),
            name: self.name(),
            file,
            duration_ms: self.duration_ms,
            line: Some(self.at.line),
            bytes: Some(self.span(end)),
        }
    }

    /// Hands the case, and its failed attempts before it, to `sink`.
    pub fn push(
        &mut self,
        suite: Option<String>,
        file: Option<String>,
        status: CheckStatus,
        dialect: Dialect,
        end: Place,
        sink: &mut Sink,
    ) {
        let suite = self.suite(suite.as_deref()).map(str::to_owned);
        let mut entry = Entry::new(suite, self.name().to_owned(), status);
        entry.file = file;
        entry.duration_ms = self.duration_ms;
        entry.line = Some(self.at.line);
        entry.bytes = Some(self.span(end));
        if dialect == Dialect::Pytest {
            entry.attempt = Attempt::LastDecides;
        } else if !self.attempts.is_empty() {
            entry.attempt = Attempt::InOrder;
        }
        if status != CheckStatus::Passed || !self.attempts.is_empty() {
            let skipped = matches!(status, CheckStatus::Skipped | CheckStatus::NotRun);
            entry.message = words::present(if skipped { &self.skip_reason } else { &self.message });
            if !skipped {
                append(&mut self.detail, "\n", DETAIL);
                append(&mut self.detail, &self.output, DETAIL);
                entry.detail = words::present(&self.detail);
            }
        }
        for attempt in &self.attempts {
            sink.push(Entry { status: *attempt, ..entry.clone() });
        }
        if status == CheckStatus::Passed {
            (entry.message, entry.detail) = (None, None);
        }
        sink.push(with_message(entry));
    }
}

/// The entry with the first line of its detail for a message, if it has none.
pub(super) fn with_message(mut entry: Entry) -> Entry {
    if entry.message.is_none() {
        entry.message = entry.detail.as_deref().and_then(words::first_line);
    }
    entry
}
