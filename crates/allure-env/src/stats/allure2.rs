//! Which attempts Allure 2 shows (`RetryPlugin.java`).

use super::Attempts;

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
pub(super) fn shown(attempts: &Attempts) -> Shown {
    let start = |at: &usize| attempts.all[*at].allure2().and_then(|view| view.start);
    let mut shown = Shown::default();
    for group in attempts.groups2().iter() {
        shown.hidden += group.len() as u64 - 1;
        shown.positions.extend(group.iter().max_by_key(|at| start(at)).copied());
    }
    let alone =
        |at: &usize| attempts.all[*at].allure2().is_some_and(|view| view.identity.is_none());
    shown.positions.extend((0..attempts.all.len()).filter(alone));
    shown.positions.sort_unstable();
    shown
}
