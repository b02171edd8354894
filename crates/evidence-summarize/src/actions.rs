//! What to do, beside what the rules say of single cases.

use contract::part::{Effect, RemarkKind};
use contract::summary::{Action, Comparison, Discrepancy, Exception, Finding, Unmet};

use crate::tally::Said;

/// What is known of the evidence as a whole.
pub struct Known<'a> {
    /// What the gate asks for and did not get.
    pub unmet: &'a [Unmet],
    /// The exceptions of the gate.
    pub exceptions: &'a [Exception],
    /// Declared counts that do not hold.
    pub discrepancies: &'a [Discrepancy],
    /// Everything else that was found.
    pub findings: &'a [Finding],
}

impl Known<'_> {
    /// What to do: about failures, then about what is missing, then about what was skipped.
    pub fn actions(&self, said: &Said, comparison: Option<&Comparison>) -> Vec<Action> {
        let (failing, mut skipped) = said.actions();
        // What an input says need not be done is no action; it stays with the case.
        skipped.retain(|action| !action.action.starts_with("nothing to do"));
        failing.into_iter().chain(self.missing(comparison)).chain(skipped).collect()
    }

    fn missing(&self, comparison: Option<&Comparison>) -> Vec<Action> {
        let loads = self.kinds(RemarkKind::LoadError) + self.kinds(RemarkKind::RunFailed);
        let damaged = self.kinds(RemarkKind::Truncated) + self.kinds(RemarkKind::Malformed);
        let vanished = comparison.and_then(|changes| changes.vanished.as_ref()).map_or(0, Vec::len);
        let rows = [
            (
                "run-failed",
                "read the findings: something failed outside of any case that is listed",
                loads,
            ),
            (
                "declared-failures",
                "a file declares failures that it does not show: read the run's own console output",
                self.counts(Effect::Fail),
            ),
            (
                "required-missing",
                "run what is required and did not run; `unmet` names it",
                self.unmet.len(),
            ),
            (
                "exception-ended",
                "an exception of the gate has ended: run what it excused, or renew it with a reason",
                self.exceptions.iter().filter(|one| one.ended && one.cases > 0).count(),
            ),
            ("vanished", "find out why cases that ran before did not run now", vanished),
            (
                "declared-tests",
                "a file declares cases that it does not show: find out what ended the run early",
                self.counts(Effect::Incomplete),
            ),
            ("input-damaged", "get the whole file from the run, then summarise again", damaged),
            (
                "input-unrecognised",
                "leave out what is no evidence, or name the report the run writes",
                self.kinds(RemarkKind::Unrecognised),
            ),
        ];
        let action = |(rule, action, cases): (&str, &str, usize)| Action {
            rule: rule.to_owned(),
            layer: None,
            action: action.to_owned(),
            cases: cases as u64,
        };
        rows.into_iter().filter(|row| row.2 > 0).map(action).collect()
    }

    fn counts(&self, effect: Effect) -> usize {
        self.discrepancies.iter().filter(|found| found.effect == effect).count()
    }

    fn kinds(&self, kind: RemarkKind) -> usize {
        let acts = |found: &&Finding| found.kind == kind && found.effect > Effect::None;
        self.findings.iter().filter(acts).count()
    }
}
