//! In which order the targets run.

use contract::speed::{Pairing, Target as Side};

use crate::target::Target;

/// One run to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// What the log says of it.
    pub pairing: Pairing,
    /// What runs.
    pub target: &'a Target,
}

/// The runs of each round, in order.
///
/// Two targets take turns in going first (AB, BA, AB, …), so that whatever drifts in one direction
/// favours neither. `arguments` are those of the whole command line: `speed` and its options.
#[must_use]
pub fn rounds<'a>(
    rounds: u64,
    a: &'a Target,
    b: Option<&'a Target>,
    arguments: &[String],
) -> Vec<Vec<Step<'a>>> {
    let of = |round: u64| {
        let mut steps = vec![(Side::A, a)];
        steps.extend(b.map(|b| (Side::B, b)));
        if round.is_multiple_of(2) {
            steps.reverse();
        }
        let step = |(side, target): (Side, &'a Target)| Step {
            pairing: Pairing {
                round,
                pair: round,
                target: side,
                label: target.label.clone(),
                argv: target.argv(arguments),
            },
            target,
        };
        steps.into_iter().map(step).collect()
    };
    (1..=rounds).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(number: u64, b: bool) -> String {
        let target = Target::new("openssl", &[], None).unwrap();
        let second = b.then_some(&target);
        rounds(number, &target, second, &["speed".to_owned()])
            .iter()
            .flatten()
            .map(|step| format!("{}{}", step.pairing.target, step.pairing.pair))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn two_targets_take_turns_in_going_first() {
        assert_eq!(order(4, true), "a1 b1 b2 a2 a3 b3 b4 a4");
    }

    #[test]
    fn one_target_just_runs() {
        assert_eq!(order(3, false), "a1 a2 a3");
    }
}
