//! One trial for each folder of `fixtures/TOOL/`.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use serde_json::Value;
use walkdir::WalkDir;

use crate::{Outcome, Ran, Tool, document, fixtures};

pub(crate) fn trials(tool: &Tool) -> Vec<Trial> {
    let folder = fixtures().join(tool.name);
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: no fixtures: {error}", folder.display()))
        .map(|entry| entry.expect("a readable fixture").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "{}: no case", folder.display());
    cases
        .into_iter()
        .map(|case| {
            let tool = tool.clone();
            let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Trial::test(format!("{}::fixture::{name}", tool.name), move || run(&tool, &case))
        })
        .collect()
}

fn run(tool: &Tool, case: &Path) -> Outcome {
    let folder = tempfile::tempdir()?;
    if case.join("in").is_dir() {
        copy(&case.join("in"), folder.path());
    }
    let args = text(case, "args").unwrap_or_default();
    let env: Vec<(String, String)> = text(case, "env")
        .unwrap_or_default()
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let stdin = fs::read(case.join("stdin")).unwrap_or_default();
    let ran = tool.run(folder.path(), args.lines(), &stdin, &env);

    let status = text(case, "status").map_or(0, |text| text.trim().parse().expect("a status"));
    ran.expect_status(status)?;
    let stderr = text(case, "stderr").unwrap_or_default();
    if ran.stderr != stderr {
        return Err(ran.fail(format!("expected stderr:\n{stderr}")));
    }
    stdout(case, &ran)?;
    document::check(&ran)?;
    files(case, folder.path(), &ran)
}

/// A file of the case, with the version filled in.
fn text(case: &Path, name: &str) -> Option<String> {
    let bytes = fs::read(case.join(name)).ok()?;
    let text = String::from_utf8(bytes).expect("UTF-8");
    Some(text.replace("[VERSION]", env!("CARGO_PKG_VERSION")))
}

fn stdout(case: &Path, ran: &Ran) -> Outcome {
    let (json, expect) = (text(case, "stdout.json"), text(case, "expect"));
    if let Some(json) = &json {
        let expected: Value = serde_json::from_str(json).expect("stdout.json is JSON");
        let found: Value = serde_json::from_slice(&ran.stdout)
            .map_err(|error| ran.fail(format!("expected JSON on stdout: {error}")))?;
        if expected != found {
            let shown = serde_json::to_string_pretty(&found).unwrap_or_default();
            return Err(ran.fail(format!("expected another document; found:\n{shown}")));
        }
    }
    if let Some(expect) = &expect {
        let found: Value = serde_json::from_slice(&ran.stdout)
            .map_err(|error| ran.fail(format!("expected JSON on stdout: {error}")))?;
        assert!(!expect.trim().is_empty(), "an empty `expect` cannot fail");
        for line in expect.lines().filter(|line| !line.is_empty()) {
            pointer(line, &found).map_err(|why| ran.fail(why))?;
        }
    }
    if json.is_some() || expect.is_some() {
        return Ok(());
    }
    let expected = text(case, "stdout").unwrap_or_default();
    if ran.stdout == expected.as_bytes() {
        Ok(())
    } else {
        Err(ran.fail(format!("expected stdout:\n{expected}")))
    }
}

/// One line of `expect`: `POINTER VALUE`, `POINTER absent` or `POINTER # LENGTH`.
fn pointer(line: &str, document: &Value) -> Result<(), String> {
    let (pointer, expected) = line.split_once(' ').expect("a pointer and a value");
    let found = document.pointer(pointer);
    let holds = match expected.strip_prefix("# ") {
        Some(length) => {
            let length: usize = length.trim().parse().expect("a length");
            found.and_then(Value::as_array).map(Vec::len) == Some(length)
        }
        None if expected == "absent" => found.is_none(),
        None => {
            let value: Value = serde_json::from_str(expected)
                .unwrap_or_else(|error| panic!("{line}: not a JSON value: {error}"));
            found == Some(&value)
        }
    };
    if holds { Ok(()) } else { Err(format!("expected {line}; found {found:?}")) }
}

/// Each file of `out/` is there, and nothing half-written is.
fn files(case: &Path, folder: &Path, ran: &Ran) -> Outcome {
    let expected = case.join("out");
    for entry in WalkDir::new(&expected).into_iter().filter_map(Result::ok) {
        if !entry.file_type().is_file() {
            continue;
        }
        let name = entry.path().strip_prefix(&expected).expect("below out/");
        let content = fs::read(entry.path())?;
        let content = match String::from_utf8(content) {
            Ok(text) => text.replace("[VERSION]", env!("CARGO_PKG_VERSION")).into_bytes(),
            Err(binary) => binary.into_bytes(),
        };
        let found = fs::read(folder.join(name))
            .map_err(|error| ran.fail(format!("expected a file {}: {error}", name.display())))?;
        if found != content {
            let found = String::from_utf8_lossy(&found);
            return Err(ran.fail(format!("{} differs; found:\n{found}", name.display())));
        }
    }
    leftovers(folder).map_err(|why| ran.fail(why))
}

/// Whether a temporary file was left behind.
pub(crate) fn leftovers(folder: &Path) -> Result<(), String> {
    let left = WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .find(|entry| entry.file_name().to_string_lossy().starts_with(".proofline-"));
    left.map_or(Ok(()), |entry| Err(format!("{} was left behind", entry.path().display())))
}

/// Copies a tree, links as links.
fn copy(from: &Path, to: &Path) {
    for entry in WalkDir::new(from).min_depth(1) {
        let entry = entry.expect("a readable fixture");
        let target = to.join(entry.path().strip_prefix(from).expect("below in/"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(&target).expect("a folder");
        } else if entry.path_is_symlink() {
            let link = fs::read_link(entry.path()).expect("a link");
            std::os::unix::fs::symlink(link, &target).expect("a link");
        } else {
            fs::copy(entry.path(), &target).expect("a file");
        }
    }
}
