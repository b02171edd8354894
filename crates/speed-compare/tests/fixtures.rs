//! The tool's fixtures and the common contract, through its real binary, and a trial of what it
//! leaves behind.

// A trial that cannot be set up is a mistake here: panicking names it at once.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Failed, Trial};

const SAMPLE: &str = "the-method-is-the-one-that-scipy-computes/in/speed.json";

fn main() -> ExitCode {
    testkit::Tool::new("speed-compare", env!("CARGO_BIN_EXE_speed-compare"))
        .reads(&["{}"], SAMPLE)
        .main_with(vec![Trial::test("history::a_document_per_run_and_none_is_lost", history)])
}

/// Two runs in the same second, and a folder that was not there.
fn history() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let sample = testkit::fixtures().join("speed-compare").join(SAMPLE);
    let mut printed = vec![];
    for margin in ["5", "3"] {
        let output = Command::new(env!("CARGO_BIN_EXE_speed-compare"))
            .args(["--history", "a/history", "--margin", margin])
            .arg(&sample)
            .current_dir(folder.path())
            .env("SOURCE_DATE_EPOCH", "1700000000")
            .stdin(Stdio::null())
            .output()?;
        assert!(output.status.success(), "{output:?}");
        printed.push(output.stdout);
    }
    // date -u -d @1700000000 says 2023-11-14T22:13:20Z.
    for (name, text) in
        ["2023-11-14T221320Z.json", "2023-11-14T221320Z.002.json"].iter().zip(printed)
    {
        let kept = fs::read(folder.path().join("a/history").join(name))?;
        if kept != text {
            return Err(format!("{name} is not what was printed").into());
        }
    }
    let kept = fs::read_dir(folder.path().join("a/history"))?.count();
    if kept == 2 { Ok(()) } else { Err(format!("expected 2 files, found {kept}").into()) }
}
