//! The house keeps its own rules: rooms, sizes, pages, and what must never be in the repository.

// A test that cannot go on says so by panicking.
#![allow(clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Rooms that are no tools.
const ROOMS: [&str; 5] = ["contract", "escape", "naming", "plumb", "testkit"];

fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The files git tracks; what is not tracked is not the repository's.
fn tracked() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "git ls-files: {output:?}");
    let names = String::from_utf8(output.stdout).expect("tracked names are UTF-8");
    let files: Vec<_> =
        names.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect();
    assert!(!files.is_empty(), "git tracks nothing here");
    files
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(root().join(path)).expect("a tracked file")).into_owned()
}

fn is_code(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
}

fn crates() -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(root().join("crates"))
        .expect("crates")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn tools() -> Vec<String> {
    crates().into_iter().filter(|name| !ROOMS.contains(&name.as_str())).collect()
}

#[test]
fn no_source_file_is_above_400_lines() {
    for path in tracked().into_iter().filter(|path| is_code(path)) {
        let lines = read(&path).lines().count();
        assert!(
            lines <= 400,
            "{} has {lines} lines: what would feel more at home elsewhere?",
            path.display()
        );
    }
}

#[test]
fn no_tool_imports_another() {
    let tools = tools();
    for name in crates() {
        let manifest = read(&PathBuf::from(format!("crates/{name}/Cargo.toml")));
        for tool in tools.iter().filter(|tool| **tool != name) {
            assert!(!manifest.contains(&format!("\n{tool}.workspace")), "{name} imports {tool}");
        }
    }
    for (room, stranger) in [("contract", "plumb"), ("plumb", "contract")] {
        let manifest = read(&PathBuf::from(format!("crates/{room}/Cargo.toml")));
        assert!(!manifest.contains(&format!("\n{stranger}.workspace")), "{room} knows {stranger}");
    }
}

#[test]
fn every_tool_has_its_page_its_fixtures_and_its_row_in_the_readme() {
    let readme = read(Path::new("README.md"));
    for tool in tools() {
        let page = read(&PathBuf::from(format!("docs/tools/{tool}.md")));
        for heading in ["## Interface", "## Reads", "## Writes", "## Exit status", "## Does not"] {
            assert!(page.contains(heading), "docs/tools/{tool}.md lacks {heading:?}");
        }
        assert!(readme.contains(&format!("(docs/tools/{tool}.md)")), "README lacks {tool}");
        assert!(root().join("fixtures").join(&tool).is_dir(), "{tool} has no fixtures");
    }
}

#[test]
fn nothing_deletes_what_a_variable_names() {
    for path in tracked() {
        let shell = path.extension().is_some_and(|extension| extension == "sh");
        let make = path.ends_with("Makefile") || path.ends_with(".ci/run");
        if !shell && !make {
            continue;
        }
        for (number, line) in read(&path).lines().enumerate() {
            let recursive = line.split_whitespace().skip_while(|word| *word != "rm").skip(1);
            let recursive = recursive.take_while(|word| word.starts_with('-')).any(|word| {
                word == "--recursive" || !word.starts_with("--") && word.contains(['r', 'R'])
            });
            let variable = line.contains('$');
            assert!(!(recursive && variable), "{}:{}: {line}", path.display(), number + 1);
        }
    }
}

#[test]
fn scripts_are_short_strict_and_say_what_they_are_for() {
    for path in tracked().into_iter().filter(|path| path.extension().is_some_and(|e| e == "sh")) {
        let text = read(&path);
        let name = path.display();
        assert!(text.lines().count() <= 60, "{name} is longer than 60 lines");
        assert!(text.contains("set -euo pipefail"), "{name} is not strict");
        assert!(
            text.lines().nth(1).is_some_and(|line| line.starts_with("# ")),
            "{name} lacks a purpose"
        );
    }
}

#[test]
fn lock_files_name_no_mirror() {
    let lock = read(Path::new("Cargo.lock"));
    for line in lock.lines().filter(|line| line.starts_with("source")) {
        assert!(line.contains("registry+https://github.com/rust-lang/crates.io-index"), "{line}");
    }
    for path in tracked().into_iter().filter(|path| path.ends_with("package-lock.json")) {
        assert!(
            !read(&path).contains("\"resolved\""),
            "{} names where it was resolved",
            path.display()
        );
    }
}

#[test]
fn links_between_documents_resolve() {
    let pages = tracked().into_iter().filter(|path| {
        path.extension().is_some_and(|extension| extension == "md") && !path.starts_with("fixtures")
    });
    for path in pages {
        let text = read(&path);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap_or_default();
            if target.is_empty() || target.contains("://") || target.contains(' ') {
                continue;
            }
            let folder = path.parent().unwrap_or(Path::new(""));
            let there = root().join(folder).join(target).exists();
            assert!(there, "{}: no {target}", path.display());
        }
    }
}
