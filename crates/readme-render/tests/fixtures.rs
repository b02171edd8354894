//! The tool's fixtures and the common contract, through its real binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    testkit::Tool::new("readme-render", env!("CARGO_BIN_EXE_readme-render")).main()
}
