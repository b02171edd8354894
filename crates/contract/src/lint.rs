//! `lint`: a suite that was run where it must not pass, and what passed all the same.

use serde::{Deserialize, Serialize};

use crate::audit::{SuiteRef, Target};
use crate::{CheckStatus, Generator, InputRef, Tag};

/// What a suite proves about a target that is known to be bad.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Lint {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that made it.
    pub generator: Generator,
    /// The suite files; a suite that is built in has none.
    pub inputs: Vec<InputRef>,
    /// The suite that was run.
    pub suite: SuiteRef,
    /// The target that is known to be bad.
    pub target: Target,
    /// Ids of the checks that pass although the suite does not say that they may: they prove
    /// nothing about a target.
    pub non_discriminating: Vec<String>,
    /// Every check of the suite, in its order.
    pub checks: Vec<Check>,
}

/// One check on a target that is known to be bad.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Check {
    /// Its id.
    pub id: String,
    /// What became of it there.
    pub status: CheckStatus,
    /// Why, unless it passed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// Why the suite says that it may pass there; absent: it must not.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub non_discriminating: Option<String>,
}
