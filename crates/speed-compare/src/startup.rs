//! What starting the process costs on either side.

use std::collections::BTreeMap;

use contract::speed::Target;
use contract::speed_comparison::{Startup, StartupSide, Verdict};
use contract::speed_startup::SpeedStartup;

use crate::stats::{count, median, student, trimmed::Trimmed};
use crate::test::{MIN_PAIRS, round};

/// The comparison of the starts of both targets, pair by pair; none if one of them never started
/// with success. In milliseconds and not as a ratio: the cost adds to whatever is done afterwards.
#[must_use]
pub fn compare(document: &SpeedStartup, confidence: f64) -> Option<Startup> {
    let mut pairs: BTreeMap<u64, [Vec<f64>; 2]> = BTreeMap::new();
    for start in document.starts.iter().filter(|start| start.exit_code == Some(0)) {
        let side = usize::from(start.target == Target::B);
        pairs.entry(start.pair).or_default()[side].push(start.cpu_ms);
    }
    let differences: Vec<f64> = pairs
        .values()
        .filter(|sides| sides.iter().all(|side| !side.is_empty()))
        .map(|[a, b]| median(b) - median(a))
        .collect();
    let side = |index: usize| {
        side(pairs.values().flat_map(|sides| sides[index].iter().copied()).collect())
    };
    let found = Trimmed::of(&differences);
    let interval = (differences.len() >= MIN_PAIRS).then(|| {
        let reach = student::quantile(f64::midpoint(1.0, confidence), found.df)
            * (found.variance / count(differences.len())).sqrt();
        (found.mean - reach, found.mean + reach)
    });
    Some(Startup {
        command: document.arguments.clone(),
        baseline: side(0)?,
        candidate: side(1)?,
        difference_ms: round(found.mean),
        low_ms: interval.map(|(low, _)| round(low)),
        high_ms: interval.map(|(_, high)| round(high)),
        verdict: match interval {
            Some((low, _)) if low > 0.0 => Verdict::Regression,
            Some((_, high)) if high < 0.0 => Verdict::Improvement,
            _ => Verdict::Inconclusive,
        },
    })
}

/// How many starts did not end with status 0.
#[must_use]
pub fn failures(document: &SpeedStartup) -> usize {
    document.starts.iter().filter(|start| start.exit_code != Some(0)).count()
}

fn side(mut starts: Vec<f64>) -> Option<StartupSide> {
    starts.sort_by(f64::total_cmp);
    Some(StartupSide {
        median_ms: round(median(&starts)),
        min_ms: round(*starts.first()?),
        max_ms: round(*starts.last()?),
        starts: starts.len() as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::speed_startup::Start;
    use contract::{Generator, Tag};

    fn document(starts: &[(u64, Target, f64, i32)]) -> SpeedStartup {
        SpeedStartup {
            schema: Tag::new(),
            generator: Generator::new("test", "0"),
            inputs: vec![],
            arguments: vec!["dgst".to_owned()],
            targets: vec![],
            starts: starts
                .iter()
                .map(|(pair, target, cpu_ms, exit)| Start {
                    pair: *pair,
                    target: *target,
                    exit_code: Some(*exit),
                    cpu_ms: *cpu_ms,
                    wall_ms: *cpu_ms,
                })
                .collect(),
        }
    }

    /// Differences 10, 12, 14; scipy: `t.interval(.95, 2, 12, sem([10, 12, 14]))`.
    #[test]
    fn starts_are_compared_pair_by_pair() {
        let mut starts = vec![];
        for (pair, ms) in [(1, 10.0), (2, 12.0), (3, 14.0)] {
            starts.extend([(pair, Target::A, 5.0, 0), (pair, Target::B, 5.0 + ms, 0)]);
        }
        let found = compare(&document(&starts), 0.95).unwrap();
        assert_eq!((found.difference_ms, found.verdict), (12.0, Verdict::Regression));
        assert_eq!((found.low_ms, found.high_ms), (Some(7.0317), Some(16.9683)));
        assert_eq!((found.candidate.median_ms, found.baseline.starts), (17.0, 3));
    }

    #[test]
    fn a_start_that_fails_is_no_start() {
        let starts = [(1, Target::A, 5.0, 0), (1, Target::B, 90.0, 1)];
        assert_eq!(compare(&document(&starts), 0.95), None);
        assert_eq!(failures(&document(&starts)), 1);
    }
}
