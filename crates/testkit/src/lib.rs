//! Runs a tool's fixtures, and what every tool has to keep, through its real binary.
//!
//! A tool's `tests/fixtures.rs` is one call:
//!
//! ```no_run
//! # const BIN: &str = "";
//! fn main() -> std::process::ExitCode {
//!     testkit::Tool::new("speed-parse", BIN) // env!("CARGO_BIN_EXE_speed-parse")
//!         .reads(&["{}"], "openssl-3.0/in/speed.log")
//!         .main()
//! }
//! ```
//!
//! `fixtures/TOOL/CASE/` holds, each file optional unless said:
//!
//! | file | meaning |
//! |---|---|
//! | `args` | one argument a line |
//! | `stdin` | standard input; absent: empty |
//! | `env` | `KEY=VALUE` a line; nothing else but `PATH`, `LC_ALL=C` and `TZ=UTC` is set |
//! | `in/` | a copy of it is the working folder |
//! | `stdout` | the expected bytes; absent (and none of the next two): empty |
//! | `stdout.json` | the expected document, as a value: order of keys and white space are free |
//! | `expect` | a line each: JSON pointer, blank, JSON value; or `POINTER absent`; `POINTER # N` is a length |
//! | `stderr` | the expected text; absent: empty |
//! | `status` | the exit status; absent: 0 |
//! | `out/` | files that are there afterwards, byte for byte |
//!
//! `[VERSION]` in an expectation stands for the version of the workspace. Every document on stdout
//! is held against its JSON Schema, and read and written again by its type.

// A fixture that cannot be read is a mistake in the repository: panicking names it at once.
#![allow(clippy::expect_used)]

mod bad;
mod case;
mod common;
mod document;
mod process;

pub use process::{Ran, Tool};

use std::path::PathBuf;

/// The fixtures of all tools.
#[must_use]
pub fn fixtures() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures"))
}

/// Why a trial failed, with everything a person needs to see.
pub type Outcome = Result<(), libtest_mimic::Failed>;
