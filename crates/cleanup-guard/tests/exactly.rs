//! Whatever a tree looks like and whatever happens to it after the plan: what goes is what was
//! planned and is unchanged, nothing else is touched, and the report says so.

// A sandbox that cannot be made is no test: panicking names it at once.
#![allow(clippy::unwrap_used)]

mod kit;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use kit::Sandbox;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// What happens to one path between the plan and its application.
#[derive(Clone, Copy, Debug)]
enum Change {
    Write,
    Mode,
    Remove,
    Add,
}

type Paths = Vec<Vec<&'static str>>;

fn paths(count: usize) -> impl Strategy<Value = Paths> {
    let name = select(vec!["a", "b", "c d", "\u{e9}", "-x", "n\nl"]);
    vec(vec(name, 1..5), 1..count)
}

fn changes() -> impl Strategy<Value = Vec<(usize, Change)>> {
    let change = select(vec![Change::Write, Change::Mode, Change::Remove, Change::Add]);
    vec((any::<usize>(), change), 0..4)
}

/// Type, mode and content of everything below the root.
fn state(s: &Sandbox) -> BTreeSet<(String, String)> {
    let lines = s.state("root").into_iter().filter_map(|line| {
        let (name, rest) = line.rsplit_once("\" ")?;
        // Taking its content away changes a folder's time, and nothing else may.
        let (mode, rest) = rest.split_once(' ')?;
        let (_, content) = rest.split_once(' ')?;
        Some((name.trim_start_matches('"').to_owned(), format!("{mode} {content}")))
    });
    lines.collect()
}

fn make(s: &Sandbox, files: &Paths) -> Vec<PathBuf> {
    let mut made = Vec::new();
    for file in files {
        let path = s.path("root").join(file.join("/"));
        let folder = path.parent().unwrap();
        // A name that is a file already cannot be a folder.
        if fs::create_dir_all(folder).is_ok() && !path.exists() && fs::write(&path, "x").is_ok() {
            made.push(path);
        }
    }
    made
}

/// Does what `changes` say; gives back what was touched.
fn meddle(made: &[PathBuf], changes: &[(usize, Change)]) -> BTreeSet<PathBuf> {
    let mut touched = BTreeSet::new();
    for (at, change) in changes {
        let path = &made[at % made.len()];
        let done = match change {
            Change::Write => fs::write(path, "work").is_ok(),
            Change::Mode => {
                use std::os::unix::fs::PermissionsExt as _;
                fs::set_permissions(path, fs::Permissions::from_mode(0o600)).is_ok()
            }
            Change::Remove => fs::remove_file(path).is_ok(),
            Change::Add => fs::write(path.with_extension("new"), "work").is_ok(),
        };
        if done && !matches!(change, Change::Add) {
            touched.insert(path.clone());
        }
    }
    touched
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_goes_is_what_was_planned_and_is_unchanged(
        files in paths(14),
        asked in paths(4),
        changes in changes(),
        moved: bool,
    ) {
        let s = Sandbox::new();
        let made = make(&s, &files);
        let asked: Vec<String> = asked.iter().map(|path| path.join("/")).collect();
        let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
        let plan = s.plan(&[&["--"], &asked[..]].concat());
        let planned: BTreeSet<String> = plan.paths().iter().map(|path| format!("{path:?}")).collect();
        let touched = meddle(&made, &changes);
        let before = state(&s);
        let more: &[&str] = if moved { &["--quarantine", "../q"] } else { &[] };
        let ran = s.apply(&plan, more);
        let after = state(&s);
        prop_assert!(after.is_subset(&before), "{after:?} {before:?}");
        let gone: BTreeSet<String> =
            before.difference(&after).map(|(name, _)| format!("\"{name}\"")).collect();
        prop_assert!(gone.is_subset(&planned), "{gone:?} {planned:?}");
        for path in made.iter().filter(|path| !touched.contains(*path)) {
            let name = format!("{:?}", path.strip_prefix(s.path("root")).unwrap());
            prop_assert!(!planned.contains(&name) || gone.contains(&name), "{name} {}", ran.stderr);
        }
        prop_assert_eq!(ran.json["done"].as_u64().unwrap(), gone.len() as u64);
        prop_assert_eq!(gone.len() + ran.kept().len(), planned.len());
        let manifest = format!("{}.manifest.jsonl", plan.file);
        prop_assert_eq!(s.guard(&["verify", &manifest]).status, Some(0));
        if moved {
            s.guard(&["restore", &manifest]);
            prop_assert_eq!(state(&s), before);
        }
    }
}
