//! The tool's fixtures and the common contract, through its real binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    testkit::Tool::new("safe-name", env!("CARGO_BIN_EXE_safe-name")).main()
}
