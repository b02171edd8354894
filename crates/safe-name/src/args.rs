//! The command line, and what it means.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use contract::names::{Rules, Scheme};
use naming::Naming;
use plumb::{Common, Failure, HasCommon, Run, Source};

/// Turn image references and file names into names that are safe as one path component.
///
/// Two names never share a safe name, and --decode gives the name back. A name is an image
/// reference or a file name; a subcommand holds it to one of the two. Put -- before names that you
/// did not choose yourself.
#[derive(Parser)]
#[command(disable_help_subcommand = true, subcommand_help_heading = "Rules")]
#[command(override_usage = "safe-name [image|asset|seed] [OPTIONS] [NAME]...")]
pub struct Args {
    #[command(subcommand)]
    rules: Option<Held>,
    #[command(flatten)]
    given: Given,
    #[command(flatten)]
    how: How,
    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand)]
enum Held {
    /// Image references: also prints registry, repository, tag and digest
    Image(Given),
    /// Names of files that somebody else chose, as of a release's assets
    Asset(Given),
    /// Any names, by the operations guide's rule: `/`, `:` and `.` become `_`
    ///
    /// Two names can end the same; that is told, with the pairs, and is status 1.
    Seed(Given),
}

#[derive(Group, Default)]
struct Given {
    /// Names; `-` or none: one per line of standard input
    #[arg(value_name = "NAME")]
    names: Vec<OsString>,
}

#[derive(Group)]
struct How {
    /// Read the names from LIST (`-`: standard input), one per line
    #[arg(long, value_name = "LIST", global = true)]
    from: Option<PathBuf>,
    /// Names that are read, and plain names that are printed, end with NUL and not with a newline
    #[arg(short = '0', long, global = true)]
    null: bool,
    /// One document, a record per line, or nothing but the safe names [default: json]
    #[arg(long, value_enum, value_name = "FORMAT", global = true)]
    format: Option<Format>,
    /// The same as --format plain
    #[arg(long, global = true)]
    plain: bool,
    /// Take safe names and print the names they were made of
    #[arg(long, global = true)]
    decode: bool,
    /// How safe names are made [default: injective, or seed after `seed`]
    #[arg(long, value_enum, value_name = "SCHEME", global = true)]
    scheme: Option<Made>,
}

/// The form of the answer.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One document.
    Json,
    /// A record per line, as the names come in.
    Ndjson,
    /// A safe name per line; empty where the name was refused.
    Plain,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq)]
enum Made {
    /// Reversible: two names never share one.
    Injective,
    /// The operations guide's.
    Seed,
}

/// Where the names come from.
pub enum Names {
    /// The command line.
    Given(Vec<OsString>),
    /// A list.
    Listed(Source),
}

/// What is to be done, without a trace of how it was said.
pub struct Job {
    /// What names are held to, and how safe ones are made.
    pub naming: Naming,
    /// Whether safe names are taken and names printed.
    pub decode: bool,
    /// The form of the answer.
    pub format: Format,
    /// What ends a name in a list.
    pub end: u8,
}

impl HasCommon for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}

impl Args {
    /// The job.
    pub fn job(&self) -> Result<Job, Failure> {
        let rules = match self.rules {
            None if self.how.scheme == Some(Made::Seed) => Rules::Seed,
            None => Rules::Any,
            Some(Held::Image(_)) => Rules::Image,
            Some(Held::Asset(_)) => Rules::Asset,
            Some(Held::Seed(_)) => Rules::Seed,
        };
        let scheme = match self.how.scheme {
            Some(Made::Injective) if rules == Rules::Seed => {
                return Err(Failure::new("`seed` is the guide's rule: --scheme cannot change it"));
            }
            Some(Made::Seed) => Scheme::Seed,
            None if rules == Rules::Seed => Scheme::Seed,
            Some(Made::Injective) | None => Scheme::Injective,
        };
        if self.how.decode && scheme == Scheme::Seed {
            return Err(Failure::new(
                "the guide's rule cannot be undone: --decode takes names of the injective scheme",
            ));
        }
        let format = match (self.how.format, self.how.plain) {
            (None | Some(Format::Plain), true) => Format::Plain,
            (Some(_), true) => {
                return Err(Failure::new("--plain and another --format exclude each other"));
            }
            (format, false) => format.unwrap_or(Format::Json),
        };
        let end = if self.how.null { 0 } else { b'\n' };
        Ok(Job { naming: Naming { rules, scheme }, decode: self.how.decode, format, end })
    }

    /// Where the names come from.
    pub fn names(self, run: &Run) -> Result<Names, Failure> {
        let names = match self.rules {
            Some(_) if !self.given.names.is_empty() => {
                return Err(Failure::new(
                    "a name stands before `image`, `asset` or `seed`: \
                     put -- before the names if that is one of them",
                ));
            }
            Some(Held::Image(given) | Held::Asset(given) | Held::Seed(given)) => given.names,
            None => self.given.names,
        };
        match self.how.from {
            Some(_) if !names.is_empty() => {
                Err(Failure::new("names are given and --from is, too: one of them is expected"))
            }
            Some(list) if list != Path::new("-") => Ok(Names::Listed(Source::File(list))),
            None if !names.is_empty() && names != ["-"] => Ok(Names::Given(names)),
            _ => Ok(Names::Listed(run.stdin()?)),
        }
    }
}
