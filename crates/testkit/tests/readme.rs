//! The README's examples run as printed.
//!
//! Every block marked `sh` is run, in order, in one empty folder with the tools on the path. What
//! the reader has at hand there is made by the first block.

//!
//! The examples look at documents with `jq`. Where there is none the trial is ignored and says so:
//! nothing here counts as passed that was not run.

// A test that cannot go on says so by panicking.
#![allow(clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let jq = Command::new("jq").arg("--version").output().is_ok();
    let name =
        if jq { "the_examples_run_as_printed" } else { "the_examples_run_as_printed (no jq here)" };
    let trial = Trial::test(name, || {
        the_examples_run_as_printed();
        Ok(())
    });
    libtest_mimic::run(&Arguments::from_args(), vec![trial.with_ignored_flag(!jq)]).exit_code()
}

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The blocks of a page that are marked `sh`, each with its line.
fn blocks(page: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in page.lines().enumerate() {
        match (&mut open, line) {
            (None, "```sh") => open = Some((index + 2, String::new())),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some((_, text)), line) => {
                text.push_str(line);
                text.push('\n');
            }
            _ => {}
        }
    }
    blocks
}

fn the_examples_run_as_printed() {
    let test = std::env::current_exe().expect("this test has a path");
    let tools = test.parent().and_then(Path::parent).expect("target/PROFILE").to_owned();
    assert!(
        tools.join("safe-name").exists(),
        "run all tests (`make test`): the tools are not built"
    );
    let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap_or_default());
    let folder = tempfile::tempdir().expect("a folder");
    let templates = root().join("templates").canonicalize().expect("templates");
    std::os::unix::fs::symlink(templates, folder.path().join("templates")).expect("a link");

    let readme = fs::read_to_string(root().join("README.md")).expect("README.md");
    let blocks = blocks(&readme);
    assert!(blocks.len() > 5, "the README has an example for each tool");
    for (line, block) in blocks {
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &block])
            .current_dir(folder.path())
            .env("PATH", &path)
            .output()
            .expect("bash");
        let (out, err) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(
            output.status.success(),
            "README.md:{line}: {}\n{block}\n{out}\n{err}",
            output.status
        );
        assert!(!out.is_empty(), "README.md:{line}: an example that prints nothing shows nothing");
    }
}
