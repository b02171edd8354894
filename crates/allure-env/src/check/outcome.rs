//! Whether a result says what became of the test, and says so of its steps, too.

use contract::allure::FindingRule;

use crate::result::{Reading, Status, Unpassed};

use super::Checker;

/// Frameworks in which a passed test may hold a step that failed: the failure was expected or
/// caught (`TRY`/`EXCEPT`, `test.fail()`), or the branch was not taken.
const STEPS_MAY_FAIL: [&str; 2] = ["robotframework", "playwright"];

pub(super) fn check(checker: &mut Checker, path: &[u8], reading: &Reading) {
    let view = match (&reading.allure2, &reading.allure3) {
        (_, Ok(view)) | (Ok(view), _) => view,
        _ => return,
    };
    if view.identity.is_none() {
        let message = "says neither testCaseId nor fullName: each attempt counts as a test";
        checker.warning(path, FindingRule::IdentityMissing, message.to_owned());
    }
    if view.status == Status::Unknown {
        status(checker, path, reading);
    }
    if let Ok(two) = &reading.allure2
        && two.start.zip(two.stop).is_some_and(|(start, stop)| stop < start)
    {
        let message = "stops before it starts: Allure 2 sums up a time below zero".to_owned();
        checker.warning(path, FindingRule::TimesReversed, message);
    }
    if view.status == Status::Passed {
        steps(checker, path, reading);
    }
}

fn status(checker: &mut Checker, path: &[u8], reading: &Reading) {
    let about = &reading.about;
    match about.status.as_deref() {
        Some("unknown") => checker.error(
            path,
            FindingRule::StatusUnknown,
            "says `unknown`: what became of the test cannot be told".to_owned(),
        ),
        Some(word) => checker.error(
            path,
            FindingRule::StatusUnknown,
            format!("has the status {word:?}, which both generators show as unknown"),
        ),
        // What an adapter writes for a test that is still to be written or run.
        None if matches!(about.stage.as_deref(), Some("pending" | "scheduled")) => checker.warning(
            path,
            FindingRule::StatusMissing,
            "has no status, and was not run: shown as unknown".to_owned(),
        ),
        None => checker.error(
            path,
            FindingRule::StatusMissing,
            "has no status: shown as unknown".to_owned(),
        ),
    }
}

fn steps(checker: &mut Checker, path: &[u8], reading: &Reading) {
    let framework = reading.about.framework.as_deref().unwrap_or_default().to_lowercase();
    let may_fail = STEPS_MAY_FAIL.contains(&framework.as_str());
    let unpassed = &reading.inside.unpassed;
    let mut told = unpassed.iter().filter(|step| !(may_fail && is(step, "skipped")));
    let Some(first) = told.next() else { return };
    let more = match told.count() {
        0 => String::new(),
        count => format!(", and {count} more"),
    };
    let status = first.status.as_deref().unwrap_or("without a status");
    let message = format!("is passed, but its step {:?} is {status}{more}", first.name);
    if may_fail {
        checker.warning(path, FindingRule::PassedWithUnpassedStep, message);
    } else {
        checker.error(path, FindingRule::PassedWithUnpassedStep, message);
    }
}

fn is(step: &Unpassed, word: &str) -> bool {
    step.status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case(word))
}
