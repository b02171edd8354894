//! The words every tool uses for what happened, and the one rule that turns them into a verdict.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What became of one check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// It ran and every assertion held.
    Passed,
    /// An assertion said no.
    Failed,
    /// The check itself could not run to its end.
    Broken,
    /// A prerequisite was missing; the reason is kept beside it.
    Skipped,
    /// Deliberately excluded, or expected and absent.
    NotRun,
    /// It ran, and what came of it cannot be told.
    Unknown,
}

impl CheckStatus {
    /// Every status, in the order in which totals list them.
    pub const ALL: [Self; 6] =
        [Self::Passed, Self::Failed, Self::Broken, Self::Skipped, Self::NotRun, Self::Unknown];

    /// The word as it stands in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Broken => "broken",
            Self::Skipped => "skipped",
            Self::NotRun => "not_run",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the check was executed at all.
    #[must_use]
    pub fn executed(self) -> bool {
        matches!(self, Self::Passed | Self::Failed | Self::Broken | Self::Unknown)
    }
}

impl fmt::Display for CheckStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Where a failure belongs, and so who looks at it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// Compilers, interpreters, test runners, the versions of the tools at work.
    Toolchain,
    /// The machine: disk, memory, network, permissions, container runtime.
    Environment,
    /// What the product is meant to do.
    Capability,
    /// What the product is meant to survive.
    FaultInjection,
}

impl Layer {
    /// Every layer, in the order in which a cause is looked for.
    pub const ALL: [Self; 4] =
        [Self::Toolchain, Self::Environment, Self::Capability, Self::FaultInjection];

    /// The word as it stands in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Toolchain => "toolchain",
            Self::Environment => "environment",
            Self::Capability => "capability",
            Self::FaultInjection => "fault_injection",
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How much a failed check matters; the words are Allure's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing else can be relied on.
    Blocker,
    /// A promise of the product is broken.
    Critical,
    /// An ordinary defect.
    Normal,
    /// A defect few will meet.
    Minor,
    /// Cosmetic.
    Trivial,
}

impl Severity {
    /// The word as it stands in documents and in Allure's `severity` label.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Blocker => "blocker",
            Self::Critical => "critical",
            Self::Normal => "normal",
            Self::Minor => "minor",
            Self::Trivial => "trivial",
        }
    }
}

/// How many checks ended in each status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Totals {
    /// All checks, whatever became of them.
    pub total: u64,
    /// See [`CheckStatus::Passed`].
    pub passed: u64,
    /// See [`CheckStatus::Failed`].
    pub failed: u64,
    /// See [`CheckStatus::Broken`].
    pub broken: u64,
    /// See [`CheckStatus::Skipped`].
    pub skipped: u64,
    /// See [`CheckStatus::NotRun`].
    pub not_run: u64,
    /// See [`CheckStatus::Unknown`].
    pub unknown: u64,
}

impl Totals {
    /// Counts one check.
    pub fn count(&mut self, status: CheckStatus) {
        self.total = self.total.saturating_add(1);
        let count = self.of_mut(status);
        *count = count.saturating_add(1);
    }

    /// How many checks ended in `status`.
    #[must_use]
    pub fn of(&self, status: CheckStatus) -> u64 {
        match status {
            CheckStatus::Passed => self.passed,
            CheckStatus::Failed => self.failed,
            CheckStatus::Broken => self.broken,
            CheckStatus::Skipped => self.skipped,
            CheckStatus::NotRun => self.not_run,
            CheckStatus::Unknown => self.unknown,
        }
    }

    /// How many checks were executed.
    #[must_use]
    pub fn executed(&self) -> u64 {
        // Counts come from outside too: a log can claim as many checks as it likes.
        [self.failed, self.broken, self.unknown]
            .iter()
            .fold(self.passed, |sum, n| sum.saturating_add(*n))
    }

    /// The sum of two shares.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        for status in CheckStatus::ALL {
            let count = self.of_mut(status);
            *count = count.saturating_add(other.of(status));
        }
        self.total = self.total.saturating_add(other.total);
        self
    }

    fn of_mut(&mut self, status: CheckStatus) -> &mut u64 {
        match status {
            CheckStatus::Passed => &mut self.passed,
            CheckStatus::Failed => &mut self.failed,
            CheckStatus::Broken => &mut self.broken,
            CheckStatus::Skipped => &mut self.skipped,
            CheckStatus::NotRun => &mut self.not_run,
            CheckStatus::Unknown => &mut self.unknown,
        }
    }
}

impl FromIterator<CheckStatus> for Totals {
    fn from_iter<I: IntoIterator<Item = CheckStatus>>(statuses: I) -> Self {
        let mut totals = Self::default();
        statuses.into_iter().for_each(|status| totals.count(status));
        totals
    }
}

/// What stands beside a verdict wherever it is printed: what it does *not* speak for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Gaps {
    /// Checks whose prerequisite was missing.
    pub skipped: u64,
    /// Checks that were excluded, or expected and absent.
    pub not_run: u64,
    /// Checks that ran in a weaker form than they are meant to.
    pub degraded: u64,
    /// Checks that passed only after a failed attempt.
    pub flaky: u64,
    /// Checks that ran, with an outcome that cannot be told.
    pub unknown: u64,
}

impl Gaps {
    /// The gaps that totals alone show.
    #[must_use]
    pub fn of(totals: &Totals) -> Self {
        Self {
            skipped: totals.skipped,
            not_run: totals.not_run,
            unknown: totals.unknown,
            ..Self::default()
        }
    }

    /// Whether the verdict speaks for everything.
    #[must_use]
    pub fn none(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Gaps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.skipped, "skipped"),
            (self.not_run, "not run"),
            (self.degraded, "degraded"),
            (self.flaky, "flaky"),
            (self.unknown, "unknown"),
        ];
        let named: Vec<_> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        f.write_str(&named.join(", "))
    }
}

/// The answer of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// At least one check ran, every executed check passed, nothing required is missing.
    Pass,
    /// Nothing failed, but something required did not run, the input was cut off, or an outcome
    /// cannot be told.
    Incomplete,
    /// Nothing was executed.
    NoEvidence,
    /// A check failed or could not run to its end.
    Fail,
}

impl Verdict {
    /// The verdict over checks of which `missing` required ones did not run, read from an input
    /// that is `complete` or was cut off.
    #[must_use]
    pub fn of(totals: &Totals, missing: u64, complete: bool) -> Self {
        if totals.failed > 0 || totals.broken > 0 {
            Self::Fail
        } else if totals.executed() == 0 {
            Self::NoEvidence
        } else if missing > 0 || !complete || totals.unknown > 0 {
            Self::Incomplete
        } else {
            Self::Pass
        }
    }

    /// The word as it stands in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Incomplete => "incomplete",
            Self::NoEvidence => "no_evidence",
            Self::Fail => "fail",
        }
    }

    /// The verdict as it is printed for people, its gaps with it: `pass, 2 not run`.
    #[must_use]
    pub fn with(self, gaps: &Gaps) -> String {
        let word = self.word().replace('_', " ");
        if gaps.none() { word } else { format!("{word}, {gaps}") }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::CheckStatus::*;
    use super::*;

    fn verdict(statuses: &[CheckStatus], missing: u64, complete: bool) -> Verdict {
        Verdict::of(&statuses.iter().copied().collect(), missing, complete)
    }

    #[test]
    fn nothing_executed_is_no_evidence_and_never_a_pass() {
        assert_eq!(verdict(&[], 0, true), Verdict::NoEvidence);
        assert_eq!(verdict(&[Skipped, NotRun], 0, true), Verdict::NoEvidence);
        assert_eq!(verdict(&[Skipped], 1, false), Verdict::NoEvidence);
    }

    #[test]
    fn a_failure_outweighs_everything() {
        assert_eq!(verdict(&[Passed, Failed], 3, false), Verdict::Fail);
        assert_eq!(verdict(&[Broken, Skipped], 0, true), Verdict::Fail);
    }

    #[test]
    fn something_required_or_cut_off_or_unknown_is_incomplete() {
        assert_eq!(verdict(&[Passed, Skipped], 1, true), Verdict::Incomplete);
        assert_eq!(verdict(&[Passed], 0, false), Verdict::Incomplete);
        assert_eq!(verdict(&[Passed, Unknown], 0, true), Verdict::Incomplete);
    }

    #[test]
    fn counts_beyond_all_bounds_stay_counts() {
        let huge = Totals { total: u64::MAX, passed: u64::MAX, unknown: 1, ..Totals::default() };
        assert_eq!(huge.executed(), u64::MAX);
        assert_eq!(huge.plus(&huge).passed, u64::MAX);
        let failing = Totals { failed: u64::MAX, broken: u64::MAX, ..Totals::default() };
        assert_eq!(Verdict::of(&failing, 0, true), Verdict::Fail);
    }

    #[test]
    fn a_pass_names_its_gaps() {
        let totals: Totals = [Passed, Skipped, NotRun, NotRun].into_iter().collect();
        let verdict = Verdict::of(&totals, 0, true);
        assert_eq!(verdict.with(&Gaps::of(&totals)), "pass, 1 skipped, 2 not run");
        assert_eq!(Verdict::NoEvidence.with(&Gaps::default()), "no evidence");
    }

    #[test]
    fn words_are_what_serde_writes() {
        for status in CheckStatus::ALL {
            assert_eq!(serde_json::to_value(status).unwrap(), status.word());
        }
        for layer in Layer::ALL {
            assert_eq!(serde_json::to_value(layer).unwrap(), layer.word());
        }
        for verdict in [Verdict::Pass, Verdict::Incomplete, Verdict::NoEvidence, Verdict::Fail] {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.word());
        }
        let severities = [
            Severity::Blocker,
            Severity::Critical,
            Severity::Normal,
            Severity::Minor,
            Severity::Trivial,
        ];
        for severity in severities {
            assert_eq!(serde_json::to_value(severity).unwrap(), severity.word());
        }
    }
}
