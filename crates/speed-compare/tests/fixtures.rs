//! The tool's fixtures and the common contract, through its real binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    testkit::Tool::new("speed-compare", env!("CARGO_BIN_EXE_speed-compare"))
        .reads(&["{}"], "the-method-is-the-one-that-scipy-computes/in/speed.json")
        .main()
}
