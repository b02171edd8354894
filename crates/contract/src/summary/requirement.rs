//! Requirements and the checks that speak for them.

use serde::{Deserialize, Serialize};

use crate::CheckStatus;
use crate::inventory::Requirement;

/// What became of one requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RequirementRow {
    /// Its id.
    pub id: String,
    /// What it asks for.
    pub title: String,
    /// Whether it has to hold for a pass.
    pub requirement: Requirement,
    /// How many of its checks have to have passed.
    pub needs: Needs,
    /// Whether it holds.
    pub coverage: Coverage,
    /// The checks that speak for it, with their status, sorted.
    pub checks: Vec<RequirementCheck>,
}

/// How many of the checks of a requirement have to have passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// Every one.
    All,
    /// One is enough.
    Any,
}

/// A check that speaks for a requirement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RequirementCheck {
    /// The case's id, or the id or pattern that no case fits.
    pub id: String,
    /// What the case was run against, if the input says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target: Option<String>,
    /// What became of it.
    pub status: CheckStatus,
}

/// Whether a requirement holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// Every check of it passed; where one is enough, one did.
    Passed,
    /// A check of it failed or broke; where one is enough, none passed and one failed.
    Failed,
    /// Neither: what would show it was skipped, did not run, or has no known outcome.
    NotRun,
    /// No check is named for it.
    NotCovered,
}

impl Coverage {
    /// Every answer, the best first.
    pub const ALL: [Self; 4] = [Self::Passed, Self::Failed, Self::NotRun, Self::NotCovered];

    /// The word as it stands in documents.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotRun => "not_run",
            Self::NotCovered => "not_covered",
        }
    }
}
