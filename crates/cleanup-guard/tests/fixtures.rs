//! The tool's fixtures and the common contract, through its real binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    testkit::Tool::new("cleanup-guard", env!("CARGO_BIN_EXE_cleanup-guard"))
        .reads(&["verify", "{}"], "a-whole-record-holds/in/manifest.jsonl")
        .main()
}
