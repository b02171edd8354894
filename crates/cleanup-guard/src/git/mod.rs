//! What git knows, read from its own files: no git program, hook, filter or `GIT_*` variable has a
//! say in it.

mod index;
mod repo;

pub use index::{Tracked, parse};
pub use repo::Repo;
