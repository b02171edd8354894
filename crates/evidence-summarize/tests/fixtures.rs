//! The tool's fixtures and the common contract, through its real binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    testkit::Tool::new("evidence-summarize", env!("CARGO_BIN_EXE_evidence-summarize"))
        .reads(&["{}"], "a-junit-report-that-passes/in/report.xml")
        // A folder is walked; an empty one is no evidence, which is an answer.
        .except(&[("directory", 1)])
        .main()
}
