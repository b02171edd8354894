//! The tool's fixtures and the common contract, through its real binary.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;
use std::time::SystemTime;
use std::{fs, io};

use libtest_mimic::Trial;
use testkit::Tool;

fn main() -> ExitCode {
    let tool = Tool::new("allure-env", env!("CARGO_BIN_EXE_allure-env")).reads(
        &["write", ".", "--dry-run", "--from", "{}"],
        "an-audit-becomes-the-environment/in/out/audit.json",
    );
    let own = vec![Trial::test("write::a_second_run_changes_nothing", {
        let tool = tool.clone();
        move || second_run(&tool)
    })];
    tool.main_with(own)
}

/// Everything in a folder, with the time of its last change.
fn state(folder: &Path) -> io::Result<Vec<(OsString, Vec<u8>, SystemTime)>> {
    let mut state = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let changed = entry.metadata()?.modified()?;
        state.push((entry.file_name(), fs::read(entry.path())?, changed));
    }
    state.sort();
    Ok(state)
}

fn second_run(tool: &Tool) -> testkit::Outcome {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("environment.properties"), "image=old\n")?;
    fs::write(folder.path().join("a-result.json"), "{}")?;
    let env = [("GITLAB_CI".to_owned(), "true".to_owned())];
    let args = ["write", ".", "--set", "image=new", "--host-facts"];
    tool.run(folder.path(), args, b"", &env).expect_status(0)?;
    let before = state(folder.path())?;
    assert_eq!(before.len(), 5, "properties, executor, categories, record and the result");
    let again = tool.run(folder.path(), args, b"", &env);
    again.expect_status(0)?;
    if state(folder.path())? != before {
        return Err(again.fail("expected every file as the first run left it"));
    }
    let text = String::from_utf8_lossy(&again.stdout);
    if !text.contains("\"changed\":false") || text.contains("\"changed\":true") {
        return Err(again.fail("expected `changed` to be false throughout"));
    }
    Ok(())
}
