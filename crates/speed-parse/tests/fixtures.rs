//! The tool's fixtures and the common contract, through its real binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    testkit::Tool::new("speed-parse", env!("CARGO_BIN_EXE_speed-parse"))
        .reads(&["{}"], "an-evp-run-as-the-readme-pipes-it/stdin")
        // Text that is no log is read, and has no records; so has an empty folder.
        .except(&[("many_lines", 1), ("directory", 1)])
        .main()
}
