//! Folders that do not hold still, names that are no text, links that lead out.

// The helpers of the tests, too, end a test by a panic.
#![allow(clippy::unwrap_used)]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tempfile::TempDir;

fn run(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_allure-env"));
    command.args(args).current_dir(folder).output().unwrap()
}

fn result(name: &str) -> String {
    format!(
        r#"{{"uuid":"{name}","name":"{name}","fullName":"s.{name}","status":"passed","start":1,"stop":2}}"#
    )
}

/// A directory `r` with some results.
fn results(count: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("r");
    fs::create_dir(&dir).unwrap();
    for at in 0..count {
        fs::write(dir.join(format!("{at}-result.json")), result(&at.to_string())).unwrap();
    }
    folder
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_name_that_is_not_utf8_is_told_by_its_bytes() {
    let folder = results(1);
    let name = OsStr::from_bytes(b"\xff-result.json");
    fs::write(folder.path().join("r").join(name), result("x")).unwrap();
    let stats = run(folder.path(), &["stats", "r", "-q"]);
    let stdout = text(&stats.stdout);
    assert_eq!(stats.status.code(), Some(1), "{stdout}");
    // The base64 of r/\xff-result.json.
    assert!(stdout.contains(r#""path_bytes":"ci//LXJlc3VsdC5qc29u""#), "{stdout}");
    assert!(stdout.contains("name that is not UTF-8"), "{stdout}");
    let merge = run(folder.path(), &["merge", "r", "--into", "stage", "-q"]);
    assert!(folder.path().join("stage/r").join(name).is_file(), "{}", text(&merge.stderr));
}

#[test]
fn where_a_link_leads_is_not_staged() {
    let folder = results(1);
    let secret = folder.path().join("secret.json");
    fs::write(&secret, result("secret")).unwrap();
    for name in ["l-result.json", "l-attachment.txt", "environment.xml"] {
        symlink(&secret, folder.path().join("r").join(name)).unwrap();
    }
    let merge = run(folder.path(), &["merge", "r", "--into", "stage", "-q"]);
    assert_eq!(merge.status.code(), Some(0), "{}", text(&merge.stderr));
    let staged: Vec<_> = fs::read_dir(folder.path().join("stage/r"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(staged.len(), 2, "the result and the environment: {staged:?}");
    let check = text(&run(folder.path(), &["check", "r", "-q"]).stdout);
    assert!(check.contains(r#""rule":"link""#), "{check}");
    let stats = text(&run(folder.path(), &["stats", "r", "-q"]).stdout);
    assert!(stats.contains("is a link, and not counted here"), "{stats}");
}

#[test]
fn an_audit_that_changes_is_staged_whole_or_not_at_all() {
    let folder = results(60);
    let dir = folder.path().join("r");
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            // Files vanish, come back, and grow.
            for round in 0.. {
                if done.load(Ordering::Relaxed) {
                    return;
                }
                let path = dir.join(format!("{}-result.json", round % 60));
                let _ = fs::remove_file(&path);
                let _ = fs::write(&path, result(&round.to_string()));
            }
        });
        for _ in 0..10 {
            for args in [&["merge", "r", "--into", "stage"][..], &["stats", "r"], &["check", "r"]] {
                let output = run(folder.path(), args);
                let stderr = text(&output.stderr);
                match output.status.code() {
                    Some(2) => assert!(!stderr.is_empty(), "{args:?}"),
                    Some(0 | 1) => assert!(output.stdout.ends_with(b"}\n"), "{args:?}: {stderr}"),
                    _ => panic!("{args:?}: {:?}: {stderr}", output.status),
                }
            }
            for entry in fs::read_dir(folder.path()).unwrap() {
                let name = entry.unwrap().file_name();
                assert!(name == "r" || name == "stage", "{name:?} was left behind");
            }
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn where_nothing_can_be_written_nothing_is_lost() {
    let folder = results(1);
    // A file in the place of the folder that the stage would lie in stops everybody, root, too.
    fs::write(folder.path().join("file"), "kept").unwrap();
    let merge = run(folder.path(), &["merge", "r", "--into", "file/stage"]);
    assert_eq!(merge.status.code(), Some(2));
    assert!(text(&merge.stderr).contains("file"), "{}", text(&merge.stderr));
    assert_eq!(fs::read(folder.path().join("file")).unwrap(), b"kept");
    let before = fs::read_dir(folder.path().join("r")).unwrap().count();
    fs::create_dir(folder.path().join("r/categories.json")).unwrap();
    let write = run(folder.path(), &["write", "r", "--set", "a=b"]);
    assert_eq!(write.status.code(), Some(2));
    assert_eq!(fs::read_dir(folder.path().join("r")).unwrap().count(), before + 1);
}
