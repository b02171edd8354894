//! One hypothesis: log-ratios of pairs, their mean, and what can be said of it.

use contract::speed_comparison::{Change, Interval, Verdict};

use crate::Options;
use crate::stats::{bootstrap, count, moderation::Prior, student, tick::Tick, trimmed::Trimmed};

/// Below this many pairs nothing is said for sure: a variance of two values is no variance.
pub const MIN_PAIRS: usize = 3;

/// The mean of log-ratios with everything that is needed to judge it.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// How many.
    pub pairs: usize,
    /// Their mean, trimmed.
    pub mean: f64,
    /// Variance of one of them, moderated by the other cells' if there is a prior.
    pub variance: f64,
    /// Degrees of freedom of that variance.
    pub df: f64,
    /// How far the timer's resolution shifts the mean.
    pub tick: Tick,
    /// How likely a mean this far off is without a change. None below [`MIN_PAIRS`].
    pub p: Option<f64>,
    /// The interval. None below [`MIN_PAIRS`].
    pub interval: Option<(f64, f64)>,
}

impl Estimate {
    /// The estimate from log-ratios that a tick of the timer shifts by `tick`.
    #[must_use]
    pub fn of(logs: &[f64], tick: Tick, prior: Option<(Prior, f64)>, options: &Options) -> Self {
        let own = Trimmed::of(logs);
        let (mut variance, df) = match prior {
            Some((prior, cap)) if own.df >= 1.0 => prior.moderate(own.variance, own.df, cap),
            _ => (own.variance, own.df),
        };
        if !own.cut {
            // Nothing protects the mean from one wild run, so it must widen the interval, however
            // calm the other cells are.
            variance = variance.max(own.variance);
        }
        let mut estimate =
            Self { pairs: logs.len(), mean: own.mean, variance, df, tick, p: None, interval: None };
        if logs.len() >= MIN_PAIRS {
            estimate.p = Some(estimate.p_value());
            estimate.interval = Some(estimate.interval(logs, options));
        }
        estimate
    }

    /// What a tick explains is no evidence, so only the rest is tested.
    fn p_value(&self) -> f64 {
        let beyond = (self.mean.abs() - self.reach_of_tick()).max(0.0);
        if beyond <= 0.0 {
            return 1.0;
        }
        let error = self.error();
        if error <= 0.0 { 0.0 } else { student::two_sided_p(beyond / error, self.df) }
    }

    fn interval(&self, logs: &[f64], options: &Options) -> (f64, f64) {
        let drawn = match options.interval {
            Interval::T => None,
            Interval::Bootstrap => bootstrap::interval(logs, options.confidence, options.seed),
        };
        let (low, high) = drawn.unwrap_or_else(|| {
            let tail = (1.0 - options.confidence) / 2.0;
            let reach = student::quantile(1.0 - tail, self.df) * self.error();
            (self.mean - reach, self.mean + reach)
        });
        (low - self.reach_of_tick(), high + self.reach_of_tick())
    }

    /// How far the timer's resolution shifts the mean of these pairs.
    #[must_use]
    pub fn reach_of_tick(&self) -> f64 {
        self.tick.at(self.pairs)
    }

    fn error(&self) -> f64 {
        (self.variance / count(self.pairs.max(1))).sqrt()
    }

    /// The change in percent, with the p value adjusted elsewhere.
    #[must_use]
    pub fn change(&self, p_adjusted: Option<f64>) -> Change {
        Change {
            percent: percent(self.mean),
            low_percent: self.interval.map(|(low, _)| percent(low)),
            high_percent: self.interval.map(|(_, high)| percent(high)),
            p: self.p.map(significant),
            p_adjusted: p_adjusted.map(significant),
        }
    }

    /// The verdict, given the p value adjusted for everything that was looked at.
    #[must_use]
    pub fn verdict(&self, p_adjusted: Option<f64>, options: &Options) -> Verdict {
        let (Some(p), Some((low, high))) = (p_adjusted, self.interval) else {
            return Verdict::Inconclusive;
        };
        let change = self.mean.exp_m1();
        if p <= 1.0 - options.confidence && change.abs() >= options.noise_threshold {
            return if change < 0.0 { Verdict::Regression } else { Verdict::Improvement };
        }
        if low.exp_m1() >= -options.margin && high.exp_m1() <= options.margin {
            return Verdict::Same;
        }
        Verdict::Inconclusive
    }
}

/// The largest logarithm whose number, in percent, is still a number: an interval of few and wild
/// pairs reaches further.
pub const LARGEST_LOG: f64 = 690.0;

/// A log-ratio as a change in percent, to a ten-thousandth of a percent.
#[must_use]
pub fn percent(log: f64) -> f64 {
    round(log.min(LARGEST_LOG).exp_m1() * 100.0)
}

/// To four decimals; never −0.
#[must_use]
pub fn round(value: f64) -> f64 {
    let scaled = value * 1e4;
    if scaled.is_finite() { scaled.round() / 1e4 + 0.0 } else { value }
}

/// To four significant digits.
#[must_use]
pub fn significant(value: f64) -> f64 {
    // The nearest number that is written with four digits: multiplying would leave more of them.
    format!("{value:.3e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nine log-ratios; scipy: `ttest_1samp(x, 0)`, `t.interval(.95, 8, mean, sem)`.
    #[test]
    fn without_prior_and_tick_it_is_the_paired_t_test() {
        let logs = [-0.031, -0.012, -0.024, 0.004, -0.018, -0.027, -0.009, -0.015, -0.021];
        let found = Estimate::of(&logs, Tick::default(), None, &Options::default());
        let close = |found: f64, expected: f64| (found / expected - 1.0).abs() < 1e-8;
        assert!(close(found.p.unwrap(), 0.0013229715576085859), "{found:?}");
        let (low, high) = found.interval.unwrap();
        assert!(
            close(low, -0.025134817952049054) && close(high, -0.00886518204795095),
            "{found:?}"
        );
    }

    #[test]
    fn what_a_tick_explains_is_no_change() {
        let options = Options::default();
        let steady = Estimate::of(&[-0.008; 10], Tick::locked(0.01), None, &options);
        assert_eq!((steady.p, steady.verdict(steady.p, &options)), (Some(1.0), Verdict::Same));
        let beyond = Estimate::of(&[-0.02; 10], Tick::locked(0.01), None, &options);
        assert_eq!(beyond.verdict(beyond.p, &options), Verdict::Regression);
    }

    #[test]
    fn two_pairs_are_never_enough() {
        let options = Options::default();
        let found = Estimate::of(&[-0.5, -0.5], Tick::default(), None, &options);
        assert_eq!(found.verdict(Some(0.0), &options), Verdict::Inconclusive);
    }

    #[test]
    fn one_wild_run_among_few_is_no_regression() {
        let options = Options::default();
        let calm = Prior { variance: 1e-6, df: f64::INFINITY };
        let logs = [0.0, 0.0, 0.0, 0.0, -0.5];
        let found = Estimate::of(&logs, Tick::default(), Some((calm, 240.0)), &options);
        assert_eq!(found.verdict(found.p, &options), Verdict::Inconclusive);
    }

    #[test]
    fn a_change_below_the_noise_threshold_is_nothing_to_act_on() {
        let options = Options::default();
        let found = Estimate::of(&[-0.003; 10], Tick::default(), None, &options);
        assert_eq!(found.verdict(found.p, &options), Verdict::Same);
    }

    #[test]
    fn the_interval_decides_between_same_and_inconclusive() {
        let options = Options::default();
        let noisy = [0.2, -0.2, 0.2, -0.2, 0.2, -0.2];
        let found = Estimate::of(&noisy, Tick::default(), None, &options);
        assert_eq!(found.verdict(found.p, &options), Verdict::Inconclusive);
    }

    #[test]
    fn rounding() {
        assert_eq!(significant(0.000_123_456), 0.000_123_5);
        assert_eq!(significant(9.642_9e-20).to_string(), "0.00000000000000000009643");
        assert_eq!(percent(-0.0).to_string(), "0");
        assert_eq!(percent(0.5_f64.ln()), -50.0);
    }
}
