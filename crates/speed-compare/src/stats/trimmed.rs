//! The trimmed mean and its variance (Yuen 1974): a run in which something else kept the machine
//! busy moves neither.

use super::{count, mean, variance};

/// What is cut off at either end, as a share.
const TRIM: usize = 10;

/// Location and spread of values of which some may be wild.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trimmed {
    /// The mean of what is left after a tenth was cut off at either end.
    pub mean: f64,
    /// The variance of one value, such that √(variance / n) is the mean's standard error.
    pub variance: f64,
    /// Degrees of freedom of the variance: one less than values are left.
    pub df: f64,
    /// Whether anything was cut off.
    pub cut: bool,
}

impl Trimmed {
    /// Trims `values`. Below ten values nothing is cut off, and this is mean and variance.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let cut = values.len() / TRIM;
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let kept = sorted.len() - 2 * cut;
        let location = mean(&sorted[cut..cut + kept]);
        if kept == 0 {
            return Self { mean: location, variance: 0.0, df: 0.0, cut: false };
        }
        // Winsorized: what was cut off counts as the last value that was not.
        let (low, high) = (sorted[cut], sorted[cut + kept - 1]);
        for value in &mut sorted {
            *value = value.clamp(low, high);
        }
        let (all, left) = (count(values.len()), count(kept));
        let variance = variance(&sorted) * all * (all - 1.0) / (left * (left - 1.0).max(1.0));
        Self { mean: location, variance, df: left - 1.0, cut: cut > 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.x: `stats.trim_mean(x, 0.1)`, and from the statistic t of Yuen's test against zeros,
    /// `stats.ttest_ind(x, [0] * 20, equal_var=False, trim=.1)`: (mean / t)² · 20.
    #[test]
    fn mean_and_error_are_scipy_s() {
        let values: Vec<f64> = (0..20)
            .map(|i| f64::from(i * i % 17) / 10.0 + if i == 3 { 50.0 } else { 0.0 })
            .collect();
        let found = Trimmed::of(&values);
        assert!((found.mean - 0.725).abs() < 1e-12, "{found:?}");
        assert!((found.variance - 0.5841666666666666).abs() < 1e-12, "{found:?}");
        assert_eq!(found.df, 15.0);
    }

    #[test]
    fn few_values_are_not_trimmed() {
        let values = [1.0, 2.0, 4.0, 100.0];
        let expected =
            Trimmed { mean: mean(&values), variance: variance(&values), df: 3.0, cut: false };
        assert_eq!(Trimmed::of(&values), expected);
        assert_eq!(Trimmed::of(&[]), Trimmed { mean: 0.0, variance: 0.0, df: 0.0, cut: false });
    }
}
