//! The statistics: numbers in, numbers out. Everything is on the scale of natural logarithms, so
//! that a change and its reverse have the same size.

pub mod adjust;
pub mod bootstrap;
pub mod moderation;
pub mod power;
pub mod student;
pub mod tick;
pub mod trimmed;

/// The mean; 0 of nothing.
#[must_use]
pub fn mean(values: &[f64]) -> f64 {
    if values.is_empty() { 0.0 } else { values.iter().sum::<f64>() / count(values.len()) }
}

/// The variance with n − 1 in the denominator; 0 of fewer than two values.
#[must_use]
pub fn variance(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count(values.len() - 1)
}

/// The median; 0 of nothing.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (sorted.get(middle), sorted.len() % 2) {
        (None, _) => 0.0,
        (Some(high), 0) => f64::midpoint(sorted[middle - 1], *high),
        (Some(middle), _) => *middle,
    }
}

/// A count as a number. Counts here are of runs and cells: far below 2^53.
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_basics() {
        assert_eq!(mean(&[]), 0.0);
        assert_eq!(variance(&[3.0]), 0.0);
        // Python: statistics.variance([1, 2, 4]) == 2.3333333333333335
        assert!((variance(&[1.0, 2.0, 4.0]) - 2.333_333_333_333_333_5).abs() < 1e-15);
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
