//! What a suite declares, against what it holds.

use contract::CheckStatus;
use contract::part::Effect;

use super::Dialect;
use super::case::Case;
use crate::sink::{Count, Sink};
use crate::xml::Tag;

/// One open suite.
#[derive(Debug)]
pub(super) struct Suite {
    pub name: String,
    pub file: Option<String>,
    pub line: u64,
    pub declared: Declared,
    /// Cases directly in it.
    pub own: Tally,
    /// Cases in suites inside it.
    pub below: Tally,
    /// Suites directly in it.
    pub inner: u64,
}

/// Counts among the attributes of a suite.
#[derive(Clone, Debug, Default)]
pub(super) struct Declared {
    /// A count that is none.
    pub odd: Option<String>,
    tests: Option<u64>,
    failures: Option<u64>,
    errors: Option<u64>,
    skipped: Option<u64>,
    disabled: Option<u64>,
}

impl Declared {
    pub fn of(tag: &Tag<'_>) -> Self {
        let (mut declared, mut odd) = (Self::default(), None);
        tag.each(|name, value| {
            let slot = match name {
                "tests" => &mut declared.tests,
                "failures" => &mut declared.failures,
                "errors" => &mut declared.errors,
                "skipped" | "skip" | "skips" | "ignored" => &mut declared.skipped,
                "disabled" => &mut declared.disabled,
                _ => return,
            };
            let value = value.trim();
            let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
            // More than can be counted is more than is there.
            *slot = if digits { Some(value.parse().unwrap_or(u64::MAX)) } else { None };
            if !digits && !value.is_empty() && odd.is_none() {
                odd = Some(format!("{name}={value:?} is no count"));
            }
        });
        declared.odd = odd;
        declared
    }
}

/// What was found.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    cases: u64,
    failed: u64,
    broken: u64,
    skipped: u64,
    not_run: u64,
    failure_elements: u64,
    error_elements: u64,
    skipped_elements: u64,
    /// Cases that were declared, are not there, and were said to be missing.
    missing: u64,
    /// The same of skipped ones.
    unnamed: u64,
}

impl Tally {
    pub fn count(&mut self, status: CheckStatus) {
        self.cases += 1;
        match status {
            CheckStatus::Failed => self.failed += 1,
            CheckStatus::Broken => self.broken += 1,
            CheckStatus::Skipped => self.skipped += 1,
            CheckStatus::NotRun => self.not_run += 1,
            CheckStatus::Passed | CheckStatus::Unknown => {}
        }
    }

    pub fn elements(&mut self, case: &Case) {
        self.failure_elements += case.failures;
        self.error_elements += case.errors;
        self.skipped_elements += case.skips;
    }

    pub fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.failed += other.failed;
        self.broken += other.broken;
        self.skipped += other.skipped;
        self.not_run += other.not_run;
        self.failure_elements += other.failure_elements;
        self.error_elements += other.error_elements;
        self.skipped_elements += other.skipped_elements;
        self.missing = self.missing.saturating_add(other.missing);
        self.unnamed = self.unnamed.saturating_add(other.unnamed);
    }
}

impl Suite {
    /// Compares every declared count with what was found. Producers count differently (cases or
    /// elements, with or without inner suites); a difference is one that no way of counting
    /// explains.
    pub fn check(&self, dialect: Dialect, sink: &mut Sink) -> Tally {
        let mut all = self.own;
        all.add(&self.below);
        let own = self.own;
        self.check_failing(&all, sink);
        let skips = [
            all.skipped,
            own.skipped,
            all.skipped_elements,
            all.skipped + all.not_run,
            all.skipped.saturating_add(all.unnamed),
        ];
        let disabled = [all.not_run, own.not_run, all.skipped, all.skipped + all.not_run, 0];
        self.differ("skipped", self.declared.skipped, &skips, Effect::None, sink);
        self.differ("disabled", self.declared.disabled, &disabled, Effect::None, sink);
        self.check_tests(dialect, all, sink)
    }

    fn check_failing(&self, all: &Tally, sink: &mut Sink) {
        let declared =
            self.declared.failures.unwrap_or(0).saturating_add(self.declared.errors.unwrap_or(0));
        let found = all.failed + all.broken;
        let elements = all.failure_elements + all.error_elements;
        let effect = if declared > found.max(elements) { Effect::Fail } else { Effect::None };
        let failures = [all.failed, self.own.failed, all.failure_elements, found, elements];
        let errors = [all.broken, self.own.broken, all.error_elements, found, elements];
        self.differ("failures", self.declared.failures, &failures, effect, sink);
        // A producer that knows no errors writes 0, whatever it calls a broken case.
        if self.declared.errors != Some(0) || declared < found {
            self.differ("errors", self.declared.errors, &errors, effect, sink);
        }
    }

    /// Declared and absent cases are said to have not run.
    fn check_tests(&self, dialect: Dialect, all: Tally, sink: &mut Sink) -> Tally {
        let mut all = all;
        let Some(declared) = self.declared.tests else { return all };
        let known = all.cases.saturating_add(all.missing).saturating_add(all.unnamed);
        let ways = [known, self.own.cases, self.own.cases + self.inner, all.cases - all.not_run];
        if ways.contains(&declared) {
            return all;
        }
        let absent = declared.saturating_sub(known);
        let skips =
            self.declared.skipped.unwrap_or(0).saturating_add(self.declared.disabled.unwrap_or(0));
        let unnamed = absent
            .min(skips.saturating_sub((all.skipped + all.not_run).saturating_add(all.unnamed)));
        let missing = if dialect == Dialect::Catch2 { 0 } else { absent - unnamed };
        let effect = if missing > 0 { Effect::Incomplete } else { Effect::None };
        self.differ("tests", Some(declared), &[known], effect, sink);
        sink.unnamed(&self.name, Some(self.line), CheckStatus::Skipped, unnamed);
        sink.unnamed(&self.name, Some(self.line), CheckStatus::NotRun, missing);
        all.missing = all.missing.saturating_add(missing);
        all.unnamed = all.unnamed.saturating_add(unnamed);
        all
    }

    fn differ(
        &self,
        name: &'static str,
        declared: Option<u64>,
        ways: &[u64],
        effect: Effect,
        sink: &mut Sink,
    ) {
        let (Some(declared), Some(found)) = (declared, ways.first().copied()) else { return };
        if !ways.contains(&declared) {
            sink.compare(&self.name, Some(self.line), Count { name, declared, found }, effect);
        }
    }
}
