//! What many cells together know about the noise of one.
//!
//! Ten pairs say little about the variance of a cell; sixty cells of the same series say a lot
//! about the variance of a typical one. Smyth (2004, "Linear models and empirical Bayes methods")
//! joins the two: the cells' variances are taken as draws from a scaled inverse chi-squared
//! distribution, whose two parameters are fitted by the moments of their logarithms.

use statrs::function::gamma::digamma;

use super::{count, mean, variance};

/// Below this many cells there is nothing to be learned from the others.
const MIN_CELLS: usize = 10;

/// What the cells have in common: `variance` as if seen with `df` degrees of freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prior {
    /// The variance of a typical cell.
    pub variance: f64,
    /// How much it weighs; infinite if the cells differ no more than chance makes them.
    pub df: f64,
}

impl Prior {
    /// Fits the prior to variances and their degrees of freedom; `None` if they are too few.
    #[must_use]
    pub fn fit(cells: &[(f64, f64)]) -> Option<Self> {
        let mut usable: Vec<(f64, f64)> =
            cells.iter().copied().filter(|(variance, df)| *df >= 1.0 && *variance >= 0.0).collect();
        let middle = super::median(&usable.iter().map(|cell| cell.0).collect::<Vec<_>>());
        if usable.len() < MIN_CELLS || middle <= 0.0 {
            return None;
        }
        // A cell without any spread has no logarithm; it counts as very calm.
        for cell in &mut usable {
            cell.0 = cell.0.max(1e-5 * middle);
        }
        let logs: Vec<f64> = usable
            .iter()
            .map(|(variance, df)| variance.ln() - digamma(df / 2.0) + (df / 2.0).ln())
            .collect();
        let by_chance = mean(&usable.iter().map(|(_, df)| trigamma(df / 2.0)).collect::<Vec<_>>());
        let beyond = variance(&logs) - by_chance;
        if beyond <= 0.0 {
            return Some(Self { variance: mean(&logs).exp(), df: f64::INFINITY });
        }
        let df = 2.0 * inverse_trigamma(beyond);
        let variance = (mean(&logs) + digamma(df / 2.0) - (df / 2.0).ln()).exp();
        Some(Self { variance, df })
    }

    /// The variance to work with for a cell that shows `own` with `df` degrees of freedom, and
    /// the degrees of freedom to work with. `cap` is the most that all cells together can know.
    #[must_use]
    pub fn moderate(&self, own: f64, df: f64, cap: f64) -> (f64, f64) {
        let joint = if self.df.is_infinite() {
            self.variance
        } else {
            (self.df * self.variance + df * own) / (self.df + df)
        };
        (joint, (self.df + df).min(cap.max(df)))
    }
}

/// The second derivative of ln Γ: recurrence up to 20, then the asymptotic series.
fn trigamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < 20.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let y = 1.0 / (x * x);
    let series = 1.0 / 6.0 - y * (1.0 / 30.0 - y * (1.0 / 42.0 - y / 30.0));
    sum + 1.0 / x + y / 2.0 + y / x * series
}

/// The x > 0 at which [`trigamma`] is `value` > 0; it falls all the way.
fn inverse_trigamma(value: f64) -> f64 {
    let (mut low, mut high) = (1e-8_f64, 1e12_f64);
    for _ in 0..200 {
        let middle = (low * high).sqrt();
        if trigamma(middle) > value {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low * high).sqrt()
}

/// The most degrees of freedom that `cells` can have together.
#[must_use]
pub fn joint_df(cells: &[(f64, f64)]) -> f64 {
    let total: f64 = cells.iter().map(|(_, df)| df).sum();
    total.min(count(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.x: `special.polygamma(1, x)`.
    #[test]
    fn trigamma_is_scipy_s() {
        let table = [
            (0.5, 4.93480220054468),
            (1.0, 1.6449340668482266),
            (2.25, 0.5573291545071107),
            (4.5, 0.24872510303901035),
            (9.5, 0.11099728846909902),
            (30.0, 0.033895060357739946),
            (200.0, 0.005012520833229169),
        ];
        for (x, expected) in table {
            assert!((trigamma(x) / expected - 1.0).abs() < 1e-12, "{x}: {}", trigamma(x));
            assert!((inverse_trigamma(expected) / x - 1.0).abs() < 1e-9);
        }
    }

    /// Smyth's estimators computed with scipy's polygamma, digamma and brentq.
    #[test]
    fn the_prior_is_the_reference_s() {
        let spread: Vec<(f64, f64)> = (1..=12).map(|i| (f64::from(i * i) * 1e-4, 9.0)).collect();
        let prior = Prior::fit(&spread).unwrap();
        assert!((prior.variance / 0.001593135230878821 - 1.0).abs() < 1e-9, "{prior:?}");
        assert!((prior.df / 1.7324984993778028 - 1.0).abs() < 1e-9, "{prior:?}");
    }

    #[test]
    fn cells_that_differ_by_chance_only_share_one_variance() {
        let alike: Vec<(f64, f64)> =
            (0..20).map(|i| (1e-4 * (1.0 + 0.01 * f64::from(i)), 9.0)).collect();
        let prior = Prior::fit(&alike).unwrap();
        assert!(prior.df.is_infinite());
        assert_eq!(prior.moderate(0.0, 9.0, 180.0), (prior.variance, 180.0));
    }

    #[test]
    fn a_cell_weighs_as_much_as_its_degrees_of_freedom() {
        let prior = Prior { variance: 1.0, df: 3.0 };
        assert_eq!(prior.moderate(5.0, 9.0, 540.0), (4.0, 12.0));
    }

    #[test]
    fn few_cells_or_no_noise_give_no_prior() {
        assert_eq!(Prior::fit(&[(1e-4, 9.0); 9]), None);
        assert_eq!(Prior::fit(&[(0.0, 9.0); 60]), None);
    }
}
