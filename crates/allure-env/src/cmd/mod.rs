//! One file per subcommand, and what they share of the outer world.

pub mod check;
pub mod folder;
pub mod from;
mod inputs;
pub mod merge;
pub mod shown;
pub mod staging;
pub mod stats;
pub mod verify;
pub mod world;
pub mod write;

use std::io::{self, IsTerminal as _, Write as _};

use contract::{Generator, InputRef};
use plumb::{Digest, Failure, Run};
use serde::Serialize;

pub use inputs::Inputs;

/// This tool, as documents name it.
pub fn generator() -> Generator {
    Generator::new(crate::TOOL.name, crate::TOOL.version)
}

/// An input, as documents name it.
pub fn input(digest: &Digest) -> InputRef {
    InputRef::new(&digest.name, digest.bytes, digest.sha256)
}

/// Writes a document of very many inputs: as a stream, so that its text is never in memory as a
/// whole. It is complete before: a reader that goes away leaves the answer as it is.
pub fn emit(run: &Run, document: &impl Serialize) -> Result<(), Failure> {
    if io::stdout().is_terminal() {
        return run.emit(document);
    }
    let mut out = run.out()?;
    let written = serde_json::to_writer(&mut out, document).map_err(io::Error::from);
    match written.and_then(|()| out.write_all(b"\n")).and_then(|()| out.flush()) {
        Ok(()) => run.commit(out),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(out.failure(&error)),
    }
}
