//! What the data at hand could have found, and how much more would be needed.

use std::collections::BTreeMap;

use super::{count, student::quantile, tick::Tick};

/// The chance with which an effect is to be found.
pub const POWER: f64 = 0.8;

/// Nobody measures more pairs than this.
const MOST_PAIRS: f64 = 1e6;

/// What decides whether an effect is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Standard deviation of one pair's log-ratio.
    pub deviation: f64,
    /// How far the timer's resolution alone can shift a log-ratio.
    pub tick: Tick,
    /// Degrees of freedom of the deviation beyond those of the pairs themselves.
    pub more_df: f64,
}

/// How many standard errors an effect must measure to be found, by degrees of freedom. Cells of one
/// series ask for the same ones again and again, and each takes a search.
#[derive(Clone, Debug)]
pub struct Reaches {
    /// Level of the (two-sided) test, after what the correction for many cells takes from it.
    level: f64,
    known: BTreeMap<u64, f64>,
}

impl Reaches {
    /// Of a test with `level`.
    #[must_use]
    pub fn new(level: f64) -> Self {
        Self { level, known: BTreeMap::new() }
    }

    fn at(&mut self, df: f64) -> f64 {
        let level = self.level;
        let find = || quantile(1.0 - level / 2.0, df) + quantile(POWER, df);
        *self.known.entry(df.to_bits()).or_insert_with(find)
    }
}

impl Setting {
    /// The smallest log-ratio that `pairs` pairs find with [`POWER`]; `None` below two pairs.
    #[must_use]
    pub fn detectable(&self, pairs: usize, reaches: &mut Reaches) -> Option<f64> {
        if pairs < 2 {
            return None;
        }
        let reach = reaches.at(count(pairs - 1) + self.more_df);
        Some(self.tick.at(pairs) + reach * self.deviation / count(pairs).sqrt())
    }

    /// The fewest pairs, at least `least`, that find `effect`; `None` if that is more than anybody
    /// measures, or no number of pairs does, because the timer is too coarse for it.
    #[must_use]
    pub fn pairs_needed(&self, effect: f64, least: usize, reaches: &mut Reaches) -> Option<usize> {
        // No number of pairs needs less than those of a deviation known for sure and a timer
        // without ticks; not many more are needed.
        let floor = whole((reaches.at(f64::INFINITY) * self.deviation / effect).powi(2))?;
        let least = least.max(2).max(floor);
        let mut holds = |pairs| self.detectable(pairs, reaches).is_some_and(|f| f <= effect);
        if holds(least) {
            return Some(least);
        }
        let (mut few, mut step) = (least, 1);
        while !holds(few + step) {
            few += step;
            step *= 2;
            if count(few) > MOST_PAIRS {
                return None;
            }
        }
        let (mut few, mut enough) = (few, few + step);
        while enough - few > 1 {
            let middle = few.midpoint(enough);
            if holds(middle) { enough = middle } else { few = middle }
        }
        Some(enough)
    }
}

/// Rounded up; none above what anybody measures.
fn whole(pairs: f64) -> Option<usize> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    (pairs <= MOST_PAIRS).then(|| pairs.ceil() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(deviation: f64) -> Setting {
        Setting { deviation, tick: Tick::default(), more_df: 0.0 }
    }

    /// The textbook's n = 7.85 (sd / effect)²; t instead of z adds about two pairs.
    #[test]
    fn pairs_needed_are_near_the_textbook_s() {
        for (deviation, effect, z) in [(0.145, 0.05, 67), (0.03, 0.02, 18), (0.03, 0.01, 71)] {
            let needed = plain(deviation).pairs_needed(effect, 2, &mut Reaches::new(0.05)).unwrap();
            assert!((z..=z + 3).contains(&needed), "{deviation} {effect}: {needed}");
        }
    }

    /// By the definition with scipy: (t.ppf(.975, 9) + t.ppf(.8, 9)) * .03 / sqrt(10).
    #[test]
    fn the_detectable_effect_is_scipy_s() {
        let found = plain(0.03).detectable(10, &mut Reaches::new(0.05)).unwrap();
        assert!((found - 0.0298414120502902).abs() < 1e-9, "{found}");
        assert_eq!(plain(0.03).detectable(1, &mut Reaches::new(0.05)), None);
    }

    #[test]
    fn no_number_of_pairs_beats_the_timer() {
        let coarse = Setting { tick: Tick::locked(0.01), ..plain(0.03) };
        assert_eq!(coarse.pairs_needed(0.01, 3, &mut Reaches::new(0.05)), None);
        assert!(coarse.pairs_needed(0.011, 3, &mut Reaches::new(0.05)).unwrap() > 1000);
        assert_eq!(plain(1e-9).pairs_needed(0.01, 3, &mut Reaches::new(0.05)), Some(3));
    }
}
