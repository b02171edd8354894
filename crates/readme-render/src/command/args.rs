//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use plumb::{Common, HasCommon};
use readme_render::engine::{Escape, Options};
use readme_render::syntax::Whitespace;

/// Render Jinja2 templates over evidence: nothing that is missing passes in silence, and a ledger
/// says where every printed value came from.
///
/// The document goes to --output (one template), --out-dir or, with --stdout, to standard output;
/// the ledger goes to --ledger, or else to standard output if that is free.
#[derive(Parser)]
pub struct Args {
    /// Templates; a folder stands for every *.j2 below it; `-` or none: standard input
    #[arg(value_name = "TEMPLATE")]
    pub templates: Vec<PathBuf>,
    /// Data: JSON, .ndjson, .csv or .toml; without NAME its keys are the context itself
    #[arg(short, long, value_name = "[NAME=]FILE")]
    pub data: Vec<OsString>,
    /// A text value
    #[arg(long, value_name = "NAME=TEXT")]
    pub set: Vec<String>,
    /// Write each document below DIR, under its template's name without .j2
    #[arg(long, value_name = "DIR", conflicts_with_all = ["output", "stdout"])]
    pub out_dir: Option<PathBuf>,
    /// Write the one document to standard output (short for --format text)
    #[arg(long, conflicts_with_all = ["output", "format"])]
    pub stdout: bool,
    /// What goes to standard output: the ledger, the document, or (with --check) the diff
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Write nothing: compare, and end with status 1 if a file is not what it should be
    #[arg(long)]
    pub check: bool,
    /// Write the ledger to FILE; with --check, read it and name every used value that changed
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// Fill in the region NAME of the output file; the rest of it is kept
    #[arg(long, value_name = "NAME", requires = "output")]
    pub region: Option<String>,
    /// Compare a ledger with its files as they are now, instead of rendering
    #[arg(long, value_name = "LEDGER", conflicts_with_all = ["templates", "check", "stdout"])]
    pub verify: Option<PathBuf>,
    /// Refuse data that is about another commit
    #[arg(long, value_name = "SHA")]
    pub commit: Option<String>,
    /// Refuse data that is older than AGE (90s, 30m, 24h, 7d)
    #[arg(long, value_name = "AGE")]
    pub max_age: Option<String>,
    /// Refuse Markdown with dead links, broken tables or what GitHub takes out; else it is a warning
    #[arg(long)]
    pub strict: bool,
    /// Write the lines with TBD, TODO, FIXME or XXX to FILE, and end with status 1 if there are any
    #[arg(long, value_name = "FILE")]
    pub tbd_report: Option<PathBuf>,
    /// Where the names in include, extends and import begin [default: the templates' folder]
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    /// Let PATH (a.b, c[].d) be missing or empty; the ledger says so
    #[arg(long, value_name = "PATH")]
    pub allow_missing: Vec<String>,
    /// Missing values: an error, or Jinja2's default with a warning each
    #[arg(long, value_enum, value_name = "MODE", default_value_t)]
    pub undefined: Undefined,
    /// Escape printed data for this format [default: by the template's name]
    #[arg(long, value_enum, value_name = "FORM")]
    pub autoescape: Option<AutoEscape>,
    /// Drop the newline after a block tag
    #[arg(long, hide_short_help = true)]
    pub trim_blocks: bool,
    /// Drop blanks before a block tag that begins a line
    #[arg(long, hide_short_help = true)]
    pub lstrip_blocks: bool,
    #[command(flatten)]
    pub common: Common,
}

/// What goes to standard output.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// The ledger.
    Json,
    /// The rendered document.
    Text,
    /// What --check found.
    Diff,
}

/// What a missing value is.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Undefined {
    /// An error.
    #[default]
    Strict,
    /// Empty text, with a warning: for porting old templates.
    Lenient,
}

/// What printed data is escaped for.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoEscape {
    /// Nothing.
    None,
    /// HTML.
    Html,
    /// GitHub-flavoured Markdown.
    Markdown,
}

impl HasCommon for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}

impl Args {
    /// What the library needs of it.
    pub fn options(&self) -> Options {
        Options {
            lenient: self.undefined == Undefined::Lenient,
            escape: self.autoescape.map(|form| match form {
                AutoEscape::None => Escape::None,
                AutoEscape::Html => Escape::Html,
                AutoEscape::Markdown => Escape::Markdown,
            }),
            whitespace: Whitespace {
                trim_blocks: self.trim_blocks,
                lstrip_blocks: self.lstrip_blocks,
            },
            allowed: self.allow_missing.clone(),
            ..Options::default()
        }
    }
}
