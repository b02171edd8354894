//! The tool's fixtures and the common contract, through its real binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    testkit::Tool::new("readme-render", env!("CARGO_BIN_EXE_readme-render"))
        // With `--verify` the tool reads one file and writes one document; otherwise `--output`
        // names what was rendered.
        .reads(&["--verify", "{}"], "verify-finds-everything-as-the-ledger-says/in/ledger.json")
        .main()
}
