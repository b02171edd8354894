//! What stands between Allure results and an Allure report: the environment files, counts that
//! equal the generators' own, and the losses that the generators do not tell of.
//!
//! Everything here is pure: bytes, variables and documents in, bytes and documents out.

pub mod beside;
pub mod categories;
pub mod check;
pub mod from;
pub mod given;
mod groups;
pub mod host;
pub mod listing;
pub mod plan;
pub mod properties;
pub mod provenance;
pub mod result;
pub mod shown;
pub mod stage;
pub mod stats;
pub mod verify;

use contract::Sha256;
use sha2::Digest as _;

/// The tool's own name, as documents and files carry it.
pub const NAME: &str = "allure-env";

fn sha256(bytes: &[u8]) -> Sha256 {
    Sha256::new(sha2::Sha256::digest(bytes).into())
}
