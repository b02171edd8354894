//! The Makefile, with the binaries of this build and a benchmark log that is there already.

// A test that cannot go on says so by panicking.
#![allow(clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use tempfile::TempDir;

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).canonicalize().expect("the root")
}

/// The folder this build puts its binaries in.
fn binaries() -> PathBuf {
    let test = std::env::current_exe().expect("this test has a path");
    let folder = test.parent().and_then(Path::parent).expect("target/PROFILE").to_owned();
    assert!(
        folder.join("audit-run").exists(),
        "run all tests (`make test`): the tools are not built"
    );
    folder
}

/// A folder with what make needs, and a benchmark log so that nothing is measured.
fn workspace() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in ["Makefile", "Cargo.toml", "Cargo.lock"] {
        fs::copy(root().join(file), folder.path().join(file)).expect(file);
    }
    std::os::unix::fs::symlink(root().join("templates"), folder.path().join("templates"))
        .expect("a link");
    fs::create_dir_all(folder.path().join("crates/none")).expect("a folder");
    fs::create_dir(folder.path().join("out")).expect("a folder");
    let log = "version: 3.0.19\n\
        built on: Fri Apr  3 12:29:32 2026 UTC\n\
        options: bn(64,64)\n\
        compiler: gcc\n\
        CPUINFO: OPENSSL_ia32cap=0x0\n\
        The 'numbers' are in 1000s of bytes per second processed.\n\
        type             16 bytes     64 bytes    256 bytes   1024 bytes   8192 bytes  16384 bytes\n\
        sha256           51234.56k   151234.56k   351234.56k   551234.56k   651234.56k   661234.56k\n";
    fs::write(folder.path().join("out/speed.log"), log).expect("a log");
    folder
}

fn make(folder: &Path, args: &[&str]) -> Output {
    Command::new("make")
        .arg(format!("BIN={}", binaries().display()))
        // The benchmark log of the folder answers whatever is asked: nothing is measured here.
        .args(["-o", "out/bench.txt"])
        .args(args)
        .current_dir(folder)
        .env_remove("MAKEFLAGS")
        .env_remove("MAKELEVEL")
        .env_remove("IMAGE")
        .output()
        .expect("make is installed")
}

fn text(output: &Output) -> String {
    let (out, err) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{}\n--- stdout\n{out}\n--- stderr\n{err}", output.status)
}

fn changed(path: &Path) -> SystemTime {
    fs::metadata(path)
        .and_then(|meta| meta.modified())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn make_alone_lists_the_targets_one_line_each() {
    let output = make(workspace().path(), &[]);
    assert!(output.status.success(), "{}", text(&output));
    let listed = String::from_utf8_lossy(&output.stdout).into_owned();
    for target in [
        "evidence", "audit", "bench", "compare", "summary", "docs", "docs-gen", "clean", "test",
        "lint",
    ] {
        let lines = listed.lines().filter(|line| line.split_whitespace().next() == Some(target));
        assert_eq!(lines.count(), 1, "{target} in:\n{listed}");
    }
}

#[test]
fn what_image_holds_is_never_run() {
    let hostile = [
        "$(touch pwned)",
        "$(shell touch pwned)",
        "`touch pwned`",
        "x\"; touch pwned; echo \"",
        "x'; touch pwned; echo '",
        "x\ntouch pwned",
        "$$(touch pwned)",
        "a # b",
        "-rf",
    ];
    for image in hostile {
        for target in [&["-n", "audit"][..], &["audit"], &["-n", "evidence"], &["-n", "clean"]] {
            let folder = workspace();
            let value = format!("IMAGE={image}");
            let output = make(folder.path(), &[target, &[value.as_str()]].concat());
            assert!(!folder.path().join("pwned").exists(), "{image:?} was run: {}", text(&output));
            if target == ["audit"] {
                assert!(!output.status.success(), "{image:?} is no image: {}", text(&output));
                let said = String::from_utf8_lossy(&output.stderr).into_owned();
                let lines = said.lines().filter(|line| line.starts_with("audit-run: ")).count();
                assert_eq!(lines, 1, "{image:?}: {}", text(&output));
            }
        }
    }
}

#[test]
fn what_any_variable_holds_is_never_run() {
    let values = ["$(touch${IFS}pwned)", "`touch${IFS}pwned`", "$(shell${IFS}touch${IFS}pwned)"];
    for value in values.iter().chain(&["x\";touch${IFS}pwned;\"", "x';touch${IFS}pwned;'"]) {
        let tries = [
            ("OUT", format!("{value}/target.txt")),
            ("CANDIDATE", "out/bench.txt".to_owned()),
            ("BASELINE", "out/baseline.txt".to_owned()),
            ("LOGS", "out/gate.txt".to_owned()),
            ("PROOFLINE_COMMIT", "out/target.txt".to_owned()),
        ];
        for (name, file) in tries {
            let folder = workspace();
            let assignment = format!("{name}={value}");
            for target in [&[file.as_str()][..], &["-n", "evidence", "bench-report", "docs-gen"]] {
                let args = [target, &["BIN=none", assignment.as_str()]].concat();
                let output = make(folder.path(), &args);
                assert!(!folder.path().join("pwned").exists(), "{assignment}: {}", text(&output));
            }
            if name != "OUT" && name != "CANDIDATE" {
                let written =
                    fs::read_to_string(folder.path().join(&file)).expect("what was asked");
                assert!(written.contains(value), "{assignment}: {written}");
            }
        }
    }
}

#[test]
fn a_dry_run_changes_nothing() {
    let folder = workspace();
    let before = changed(&folder.path().join("out"));
    let output = make(folder.path(), &["-n", "evidence"]);
    assert!(output.status.success(), "{}", text(&output));
    assert_eq!(changed(&folder.path().join("out")), before);
    assert!(!folder.path().join("allure-results").exists());
}

#[test]
fn evidence_is_made_once_and_its_status_is_the_verdict_s() {
    let folder = workspace();
    let output = make(folder.path(), &["-j2", "evidence"]);
    assert!(output.status.success(), "{}", text(&output));
    let out = folder.path().join("out");
    for file in ["audit.json", "speed.json", "summary.json", "README.md", "dashboard.html"] {
        assert!(out.join(file).is_file(), "no {file}: {}", text(&output));
    }
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("pass") && said.contains("dashboard.html"), "{said}");

    let audited = changed(&out.join("audit.json"));
    let again = make(folder.path(), &["evidence"]);
    assert!(again.status.success(), "{}", text(&again));
    assert_eq!(changed(&out.join("audit.json")), audited, "{}", text(&again));

    if !fips_here() {
        let gated = make(folder.path(), &["evidence", "GATE=release"]);
        assert!(!gated.status.success(), "{}", text(&gated));
        let said = text(&gated);
        assert!(said.contains("incomplete") && said.contains("Error 1"), "{said}");
        assert_eq!(changed(&out.join("audit.json")), audited, "{said}");
    }
}

#[test]
fn a_failing_audit_still_gets_its_report() {
    let folder = workspace();
    let suite = "\
        name = \"failing\"\n\
        title = \"a suite that fails\"\n\
        [[check]]\n\
        id = \"says.no\"\n\
        name = \"a check that says no\"\n\
        feature = \"x\"\n\
        story = \"y\"\n\
        severity = \"normal\"\n\
        layer = \"capability\"\n\
        requirement = \"required\"\n\
        [[check.step]]\n\
        argv = [\"openssl\", \"version\"]\n\
        exit = 0\n\
        stdout.must = [\"NoSuchSSL\"]\n";
    fs::write(folder.path().join("failing.toml"), suite).expect("a suite");
    let output = make(folder.path(), &["evidence", "SUITE=failing.toml"]);
    assert!(!output.status.success(), "{}", text(&output));
    let page = fs::read_to_string(folder.path().join("out/README.md")).unwrap_or_default();
    assert!(page.contains("a check that says no"), "{}\n{page}", text(&output));
    assert!(folder.path().join("out/dashboard.html").is_file());
}

fn fips_here() -> bool {
    let listed = Command::new("openssl").args(["list", "-providers"]).output().expect("openssl");
    String::from_utf8_lossy(&listed.stdout).to_lowercase().contains("fips")
}
