//! Where repositories are, and what they say of themselves.

mod ignored;
mod repo;

pub use ignored::is_ignored;
pub use repo::{Kind, borrowed, probe, read};
