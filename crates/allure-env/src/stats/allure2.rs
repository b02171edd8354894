//! Which attempts Allure 2 shows (`RetryPlugin.java`).

use super::{Attempt, groups};

/// What it shows and what it hides.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Positions of the attempts shown.
    pub positions: Vec<usize>,
    /// How many others there are.
    pub hidden: u64,
}

/// Of each group the attempt that started last; one without a start goes before all others. Which
/// of several with the same start is shown is left to chance there; here it is the last one read.
pub(super) fn shown(attempts: &[Attempt]) -> Shown {
    let start = |at: &usize| attempts[*at].allure2.as_ref().and_then(|view| view.start);
    let mut shown = Shown::default();
    for group in groups(attempts, |attempt| attempt.allure2.as_ref()).values() {
        shown.hidden += group.len() as u64 - 1;
        shown.positions.extend(group.iter().max_by_key(|at| start(at)).copied());
    }
    let alone =
        |attempt: &Attempt| attempt.allure2.as_ref().is_some_and(|view| view.identity.is_none());
    shown.positions.extend((0..attempts.len()).filter(|at| alone(&attempts[*at])));
    shown.positions.sort_unstable();
    shown
}
