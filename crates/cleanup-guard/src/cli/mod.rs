//! Arguments, and the way from them to the library and back.

mod accept;
pub mod apply;
mod ask;
mod copy;
mod operands;
pub mod plan;
pub mod purge;
pub mod restore;
pub mod verify;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use crate::effects::surroundings::Process;
use clap::{Args as ClapArgs, Parser, Subcommand};
use contract::Generator;
use plumb::{Common, Event, Failure, HasCommon, Run};

use crate::TOOL;

/// Delete exactly what was planned and shown, and leave a record of it.
///
/// `plan` looks and writes nothing but the plan. `apply` deletes what the plan names and what is
/// still as the plan saw it; everything else is kept and reported.
#[derive(Parser)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
pub enum Command {
    /// Say what would be deleted, and why
    Plan(Plan),
    /// Delete what a plan names
    Apply(Apply),
    /// Finish an apply that was interrupted
    Resume(Resume),
    /// Check the record of an apply
    Verify(Verify),
    /// Put back what an apply has moved to a quarantine
    Restore(Restore),
    /// Plan the deletion of a quarantine
    Purge(Purge),
}

#[derive(ClapArgs)]
pub struct Plan {
    /// Folder in which everything to delete lies
    #[arg(long, value_name = "DIR")]
    pub root: PathBuf,
    /// Search the root for what this kind of project leaves behind: audit, bench, docs, images,
    /// macos, node, python, rust
    #[arg(long, value_name = "NAME")]
    pub profile: Vec<String>,
    /// Read paths from LIST (`-`: standard input), each ended by NUL
    #[arg(long, value_name = "LIST")]
    pub files0_from: Option<PathBuf>,
    /// A repository below the root that may be deleted; its path in full, once for each
    #[arg(long, value_name = "PATH")]
    pub allow_repository: Vec<PathBuf>,
    /// Plan absolute paths outside of the root, too; `apply` then asks for each of them
    #[arg(long)]
    pub allow_outside_root: bool,
    /// How long the plan is valid
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
    pub expires_in: u64,
    /// Paths to delete: absolute, or taken from the root
    #[arg(value_name = "PATH")]
    pub paths: Vec<OsString>,
}

#[derive(ClapArgs)]
pub struct Apply {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// The plan's digest, in full: what is to be deleted was seen
    #[arg(long, value_name = "DIGEST")]
    pub confirm: Option<String>,
    /// A path outside of the root that is to be deleted, in full, once for each
    #[arg(long, value_name = "PATH")]
    pub confirm_outside: Vec<PathBuf>,
    /// Where to write the record; PLAN.manifest.jsonl if not given
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
    /// Move to DIR instead of deleting. Above 1000 entries or 100 MiB that is done anyway, to
    /// ROOT/.proofline/quarantine
    #[arg(long, value_name = "DIR")]
    pub quarantine: Option<PathBuf>,
    /// Delete for ever, however much it is
    #[arg(long, conflicts_with = "quarantine")]
    pub delete: bool,
}

#[derive(ClapArgs)]
pub struct Resume {
    /// The plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
    /// The plan's digest, in full
    #[arg(long, value_name = "DIGEST")]
    pub confirm: Option<String>,
    /// A path outside of the root that is to be deleted, in full, once for each
    #[arg(long, value_name = "PATH")]
    pub confirm_outside: Vec<PathBuf>,
    /// The record of the interrupted run; PLAN.manifest.jsonl if not given
    #[arg(long, value_name = "FILE")]
    pub manifest: Option<PathBuf>,
}

#[derive(ClapArgs)]
pub struct Verify {
    /// The record
    #[arg(value_name = "MANIFEST")]
    pub manifest: PathBuf,
    /// The head that `apply` printed: shows lines that were cut off at the end
    #[arg(long, value_name = "SHA256")]
    pub head: Option<String>,
}

#[derive(ClapArgs)]
pub struct Restore {
    /// The record of the apply
    #[arg(value_name = "MANIFEST")]
    pub manifest: PathBuf,
    /// Only say what would be put back
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(ClapArgs)]
pub struct Purge {
    /// The quarantine
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// A repository in it that may be deleted, its path from the folder DIR lies in
    #[arg(long, value_name = "PATH")]
    pub allow_repository: Vec<PathBuf>,
    /// How long the plan is valid
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
    pub expires_in: u64,
}

impl HasCommon for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}

/// This build.
pub fn generator() -> Generator {
    Generator::new(TOOL.name, TOOL.version)
}

/// The time by the clock, in milliseconds since the Unix epoch. A plan's life is real time:
/// `SOURCE_DATE_EPOCH` must not make an old plan young.
pub fn now_ms() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::try_from(now.unwrap_or_default().as_millis()).unwrap_or(u64::MAX)
}

/// What the process knows that protects something.
pub fn process() -> Process {
    let current = std::env::current_dir().ok();
    Process {
        current: current.map(|path| path.into_os_string().into_encoded_bytes()),
        home: std::env::var_os("HOME").map(OsString::into_encoded_bytes),
    }
}

/// Tells of the programs that are run.
pub fn hear(run: &Run) -> impl Fn(&[String], Option<(&str, Duration)>) + '_ {
    |argv, end| match end {
        None => run.say(&Event::ChildStarted { argv }),
        Some((outcome, took)) => run.say(&Event::ChildEnded {
            command: argv.first().map_or("", String::as_str),
            outcome,
            duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        }),
    }
}

/// A failure about the file at `path`.
pub fn about(path: &std::path::Path, message: impl Into<String>) -> Failure {
    Failure::new(message).at(path.display().to_string())
}

/// A number and `s`, `m`, `h` or `d`, in milliseconds.
fn duration(text: &str) -> Result<u64, String> {
    let wrong = || "expected a number and s, m, h or d, as in 30m".to_owned();
    let unit = text.chars().last().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    number.checked_mul(seconds * 1000).ok_or_else(|| "longer than time lasts".to_owned())
}
