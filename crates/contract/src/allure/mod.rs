//! Documents about directories of Allure results.

mod stats;

pub use stats::{Counts, Difference, Rule, Slow, Stats, Times, Unreadable};
