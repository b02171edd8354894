//! The only code of Proofline that meets the process.
//!
//! A tool's `main` is one call of [`run`]: it hands over what it is ([`Tool`]) and a function from
//! its arguments to a [`Status`]. Everything around that is here, once, for all tools: arguments
//! that every tool knows ([`Common`], [`Files`]), inputs with a size limit that are hashed while
//! they are read ([`Input`], [`Reader`]), documents on stdout or written beside and renamed
//! ([`Out`]), the voice on stderr ([`Event`]), and the exit status.

mod args;
mod failure;
mod input;
mod looks;
mod output;
mod progress;
mod run;
mod set;
mod source;
mod staged;
mod voice;

pub use args::{Common, Files, LogFormat};
pub use failure::Failure;
pub use input::{Digest, Input, Reader};
pub use looks::Looks;
pub use output::Out;
pub use progress::Progress;
pub use run::{HasCommon, Run, Tool, run};
pub use source::{Directories, Source, by_lines};
pub use voice::{Event, Level};

/// The answer of a tool that could do its job. A job that could not be done is a [`Failure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Status 0: clean, no regression, all executed checks passed.
    Yes,
    /// Status 1: a failed check, a regression, drift, an unsafe name, something refused.
    No,
}

impl Status {
    /// `Yes` if `yes`.
    #[must_use]
    pub fn yes_if(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// What every `--help` ends with.
pub const EXIT_STATUS: &str = "\
Exit status:
  0  done, and the answer is yes
  1  done, and the answer is no
  2  the job could not be done (usage, unreadable or foreign input, the system refused)";
