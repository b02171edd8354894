//! Student's t distribution, with infinitely many degrees of freedom allowed.

use statrs::distribution::{Continuous, ContinuousCDF, Normal, StudentsT};

/// Above this the t distribution is the normal one to ten digits of a probability.
const AS_NORMAL: f64 = 1e10;

/// The probability of a |t| at least this large.
#[must_use]
pub fn two_sided_p(t: f64, df: f64) -> f64 {
    2.0 * cdf(-t.abs(), df)
}

/// The value below which `probability` lies (0 < probability < 1).
///
/// Newton's steps on the logarithm of the tail's probability, which is nearly straight, kept
/// inside a bracket: exact to the last digits, whatever the tail.
#[must_use]
pub fn quantile(probability: f64, df: f64) -> f64 {
    if probability < 0.5 {
        return -quantile(1.0 - probability, df);
    }
    let tail = 1.0 - probability;
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    while cdf(-high, df) > tail && high < 1e300 {
        low = high;
        high *= 2.0;
    }
    let mut value = f64::midpoint(low, high);
    for _ in 0..200 {
        let found = cdf(-value, df);
        if found > tail {
            low = value;
        } else {
            high = value;
        }
        let newton = value + (found / tail).ln() * found / density(value, df);
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        if (next - value).abs() <= value * 1e-14 {
            return next;
        }
        value = next;
    }
    value
}

fn density(t: f64, df: f64) -> f64 {
    if df > AS_NORMAL {
        return Normal::standard().pdf(t);
    }
    StudentsT::new(0.0, 1.0, df).map_or(0.0, |distribution| distribution.pdf(t))
}

fn cdf(t: f64, df: f64) -> f64 {
    if t.is_nan() || df.is_nan() || df <= 0.0 {
        return 0.5;
    }
    if df > AS_NORMAL {
        return Normal::standard().cdf(t);
    }
    StudentsT::new(0.0, 1.0, df).map_or(0.5, |distribution| distribution.cdf(t))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy 1.x: `stats.t.ppf(probability, df)`, `stats.norm.ppf(probability)`.
    #[test]
    fn quantiles_are_scipy_s() {
        let table = [
            (0.975, 9.0, 2.262157162798205),
            (0.975, 1.0, 12.706204736174694),
            (0.975, 2.5, 3.5746548420036817),
            (0.975, 19.0, 2.0930240544083087),
            (0.8, 9.0, 0.8834038596855346),
            (0.9995833333333334, 9.0, 4.912355190344588),
            (0.9995833333333334, 19.0, 3.9632269772242656),
            (0.9999666666666667, 37.25, 4.489486673660544),
            (0.995, 100.0, 2.6258905214380173),
            (0.975, f64::INFINITY, 1.959963984540054),
            (0.9995833333333334, f64::INFINITY, 3.3414789560386264),
        ];
        for (probability, df, expected) in table {
            let found = quantile(probability, df);
            assert!((found / expected - 1.0).abs() < 1e-8, "{probability} {df}: {found}");
            assert!((quantile(1.0 - probability, df) + found).abs() < 1e-6 * expected);
        }
    }

    /// scipy 1.x: `2 * stats.t.sf(t, df)`.
    #[test]
    fn probabilities_are_scipy_s() {
        let table = [
            (2.2, 9.0, 0.05534057279861165),
            (5.6, 9.0, 0.0003342727124627024),
            (-11.2, 9.0, 1.3827476879862096e-06),
            (12.7, 1.0, 0.050024327689344165),
            (6.3, 19.0, 4.777016267488174e-06),
            (0.1, 3.0, 0.9266523488008059),
            (8.0, 37.25, 1.3139708699496583e-09),
            (3.4, f64::INFINITY, 0.0006738585313537617),
        ];
        for (t, df, expected) in table {
            let found = two_sided_p(t, df);
            assert!((found / expected - 1.0).abs() < 1e-7, "{t} {df}: {found}");
        }
    }
}
