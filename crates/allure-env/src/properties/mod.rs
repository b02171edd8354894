//! `environment.properties`, as Allure 2 and Allure 3 read it.
//!
//! Both follow `java.util.Properties`, and differ at its edges: encoding, a malformed `\u`, bare
//! carriage returns. [`read()`] takes what either would take; [`write()`] writes only what both read
//! alike.

mod read;
mod write;

/// Properties by key.
pub type Properties = std::collections::BTreeMap<String, String>;

pub use read::{Parsed, read};
pub use write::{unwritable, write};
