//! What a generated report says of itself.

use contract::allure::{Counts, Shown};
use serde::Deserialize;

/// The numbers in a summary. Allure 3 leaves out what is zero; the total is always there.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Numbers {
    total: u64,
    passed: Option<u64>,
    failed: Option<u64>,
    broken: Option<u64>,
    skipped: Option<u64>,
    unknown: Option<u64>,
}

/// Allure 2's `widgets/summary.json`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Summary2 {
    /// Its numbers.
    pub statistic: Numbers,
}

/// Allure 3's `summary.json`.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Summary3 {
    /// Its numbers.
    pub stats: Numbers,
}

impl From<Numbers> for Shown {
    fn from(numbers: Numbers) -> Self {
        Self {
            total: numbers.total,
            passed: numbers.passed.unwrap_or(0),
            failed: numbers.failed.unwrap_or(0),
            broken: numbers.broken.unwrap_or(0),
            skipped: numbers.skipped.unwrap_or(0),
            unknown: numbers.unknown.unwrap_or(0),
        }
    }
}

/// The same of our own counts.
#[must_use]
pub fn expected(counts: &Counts) -> Shown {
    let Counts { total, passed, failed, broken, skipped, unknown, .. } = *counts;
    Shown { total, passed, failed, broken, skipped, unknown }
}
