//! Several audits side by side, so that one report shows all of them.
//!
//! Both generators group results by test and parameters, whatever directory they are in: of two
//! audits of one suite they show one. So every staged result gets the parameter `image`, by which
//! they tell them apart, a `historyId` of its own for Allure 2 before 2.46, and a label by which
//! Allure 3 puts it into an environment of its own.

mod config;
mod environment;
mod label;
mod object;
mod rewrite;

use crate::properties::Properties;

pub use config::config;
pub use environment::properties;
pub use label::{Audit, audits};
pub use rewrite::{Names, Stamp, container, result};

/// The label that carries the environment's id. Reports hide labels that begin with `_`.
pub const LABEL: &str = "_proofline_environment";
/// The file by which a stage is known to be one.
pub const MARKER: &str = ".allure-env-stage";
/// The folder behind those of the audits, where their executors are not the same.
pub const EXECUTORS: &str = "~executors";
/// The executor in it.
pub const SEVERAL: &str =
    "{\"name\":\"several\",\"buildName\":\"each environment names its own executor\"}\n";

/// Whether the audits have different executors.
#[must_use]
pub fn several_executors(audits: &[(&Audit, &Properties)]) -> bool {
    audits.windows(2).any(|pair| pair[0].1.get("executor") != pair[1].1.get("executor"))
}

/// Allure 3's configuration of a stage.
pub const CONFIG: &str = "allurerc.mjs";
