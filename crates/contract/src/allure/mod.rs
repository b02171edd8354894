//! Documents about directories of Allure results.

mod findings;
mod import;
mod report;
mod stage;
mod stats;

pub use findings::{Finding, FindingLevel, FindingRule, Findings};
pub use import::Import;
pub use report::{AllureVersion, Report, Shown};
pub use stage::{Deviation, DeviationKind, Stage, Staged, Verification};
pub use stats::{Counts, Difference, Rule, Slow, Stats, Times, Unreadable};
