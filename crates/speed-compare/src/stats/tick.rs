//! How far the resolution of a timer can shift the mean of ratios.

use super::count;

/// A timer's share in the error of a mean, as log-ratios.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tick {
    /// How far one tick shifts one ratio.
    pub whole: f64,
    /// How much of that may be the same error in every pair.
    pub locked: f64,
}

impl Tick {
    /// A tick that may be the same error in every pair.
    #[must_use]
    pub fn locked(whole: f64) -> Self {
        Self { whole, locked: whole }
    }

    /// How far it shifts the mean of `pairs` ratios: errors that are not the same in every pair are
    /// divided by √n, as all others.
    #[must_use]
    pub fn at(self, pairs: usize) -> f64 {
        let averaged = self.whole / count(pairs.max(1)).sqrt();
        averaged.max(self.locked).min(self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_pairs_beat_what_is_not_locked() {
        let tick = Tick { whole: 0.01, locked: 0.002 };
        assert_eq!([1, 4, 25, 100].map(|n| tick.at(n)), [0.01, 0.005, 0.002, 0.002]);
        assert_eq!(Tick::locked(0.01).at(100), 0.01);
        // Readings that differ by more than a tick are no error of the timer.
        assert_eq!(Tick { whole: 0.01, locked: 0.5 }.at(4), 0.01);
    }
}
