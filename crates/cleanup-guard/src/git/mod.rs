//! What git knows, read from its own files: no git program, hook, filter or `GIT_*` variable has a
//! say in it.

mod ignored;
mod index;
mod repo;

pub use ignored::is_ignored;
pub use index::{Tracked, parse};
pub use repo::{Kind, Repo, probe};
