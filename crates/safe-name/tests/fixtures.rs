//! The tool's fixtures and the common contract, through its real binary.

use std::process::ExitCode;

mod streams;

fn main() -> ExitCode {
    testkit::Tool::new("safe-name", env!("CARGO_BIN_EXE_safe-name"))
        .reads(&["--from", "{}"], "names-of-a-file/in/names")
        // A line of one letter is a name.
        .except(&[("many_lines", 0)])
        .main_with(streams::trials())
}
