//! The tool's fixtures and the common contract, through its real binary, and trials with a command
//! that takes the place of `openssl`.

use std::process::ExitCode;

mod trials;

fn main() -> ExitCode {
    testkit::Tool::new("speed-run", env!("CARGO_BIN_EXE_speed-run")).main_with(trials::all())
}
