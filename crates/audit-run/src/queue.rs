//! In which order checks are run, however many run side by side.

use contract::CheckStatus;

use crate::plan::positions;
use crate::suite::Suite;

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// This check, whose control has this status.
    Check(usize, Option<CheckStatus>),
    /// Nothing, until a check that others wait for has ended.
    Wait,
    /// Nothing any more.
    Done,
}

/// The checks of a suite that are left. Each is handed out once, in the order of the suite, but
/// never before its control has ended.
#[derive(Clone, Debug)]
pub struct Queue {
    controls: Vec<Option<usize>>,
    handed_out: Vec<bool>,
    ended: Vec<Option<CheckStatus>>,
}

impl Queue {
    /// All checks of `suite`.
    #[must_use]
    pub fn new(suite: &Suite) -> Self {
        let position = positions(suite);
        let control = |id: &String| position.get(id.as_str()).copied();
        let count = suite.checks.len();
        Self {
            controls: suite
                .checks
                .iter()
                .map(|check| check.control.as_ref().and_then(control))
                .collect(),
            handed_out: vec![false; count],
            ended: vec![None; count],
        }
    }

    /// Hands out the next check.
    pub fn take(&mut self) -> Next {
        let mut left = false;
        for index in 0..self.controls.len() {
            if self.handed_out[index] {
                continue;
            }
            left = true;
            let control = self.controls[index].map(|control| self.ended[control]);
            if control == Some(None) {
                continue;
            }
            self.handed_out[index] = true;
            return Next::Check(index, control.flatten());
        }
        if left { Next::Wait } else { Next::Done }
    }

    /// Notes that a check has ended.
    pub fn end(&mut self, index: usize, status: CheckStatus) {
        if let Some(ended) = self.ended.get_mut(index) {
            *ended = Some(status);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::suite;

    fn queue(checks: &[(&str, Option<&str>)]) -> Queue {
        let mut text = "name = \"s\"\n".to_owned();
        for (id, control) in checks {
            let control = control.map(|id| format!("control = {id:?}\n")).unwrap_or_default();
            text.push_str(&format!(
                "[[check]]\nid = {id:?}\nfeature = \"f\"\nstory = \"s\"\nlayer = \"capability\"\n\
                 severity = \"normal\"\n{control}step = [{{ argv = [\"true\"] }}]\n"
            ));
        }
        Queue::new(&suite::load(&text, &BTreeMap::new()).unwrap())
    }

    #[test]
    fn a_check_waits_for_its_control_and_for_nothing_else() {
        let mut queue = queue(&[("a", Some("c")), ("b", None), ("c", None), ("d", Some("a"))]);
        assert_eq!(queue.take(), Next::Check(1, None));
        assert_eq!(queue.take(), Next::Check(2, None));
        assert_eq!(queue.take(), Next::Wait);
        queue.end(2, CheckStatus::Passed);
        assert_eq!(queue.take(), Next::Check(0, Some(CheckStatus::Passed)));
        assert_eq!(queue.take(), Next::Wait);
        queue.end(0, CheckStatus::Failed);
        assert_eq!(queue.take(), Next::Check(3, Some(CheckStatus::Failed)));
        assert_eq!(queue.take(), Next::Done);
    }

    #[test]
    fn one_after_another_is_the_order_of_the_suite() {
        let mut queue = queue(&[("a", None), ("b", Some("a")), ("c", None)]);
        for expected in 0..3 {
            let Next::Check(index, _) = queue.take() else { panic!("{expected}") };
            assert_eq!(index, expected);
            queue.end(index, CheckStatus::Passed);
        }
        assert_eq!(queue.take(), Next::Done);
    }
}
