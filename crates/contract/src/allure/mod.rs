//! Documents about directories of Allure results.

mod findings;
mod stats;

pub use findings::{Finding, FindingLevel, FindingRule, Findings};
pub use stats::{Counts, Difference, Rule, Slow, Stats, Times, Unreadable};
