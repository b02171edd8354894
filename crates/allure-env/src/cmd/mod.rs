//! One file per subcommand, and what they share of the outer world.

pub mod check;
pub mod folder;
pub mod from;
pub mod merge;
pub mod shown;
pub mod staging;
pub mod stats;
pub mod verify;
pub mod world;
pub mod write;

use contract::{Generator, InputRef};
use plumb::Digest;

/// This tool, as documents name it.
pub fn generator() -> Generator {
    Generator::new(crate::TOOL.name, crate::TOOL.version)
}

/// An input, as documents name it.
pub fn input(digest: &Digest) -> InputRef {
    InputRef::new(&digest.name, digest.bytes, digest.sha256)
}
