//! What Python's Jinja2 made of each case, and what the tool makes of it: the same, or a refusal.
//!
//! `fixtures/readme-render/jinja2.ndjson` holds the cases with Jinja2's own output in its default
//! and in its strict mode (`scripts/jinja2-truth.py` fills it in); `jinja2.json` is their data.

// A case that cannot be read or run is a mistake in the repository: panicking names it at once.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    name: String,
    mode: String,
    templates: std::collections::BTreeMap<String, String>,
    lenient: Option<String>,
    strict: Option<String>,
}

/// Cases that differ and are on the published page, `docs/jinja2-differences.md`.
const PUBLISHED: [&str; 1] = ["stmt-112"];

/// How many cases of Jinja2's strict mode are refused here for want of a declaration, and how many
/// of its default mode because the language differs. More refusals than that are a loss.
const REFUSED: (usize, usize) = (90, 32);

#[test]
fn jinja2_and_the_tool_say_the_same_or_the_tool_refuses() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/readme-render");
    let cases = fs::read_to_string(folder.join("jinja2.ndjson")).unwrap();
    let data = folder.join("jinja2.json");
    let cases: Vec<Case> = cases.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let share = cases.len().div_ceil(4);
    let (mut count, mut refused, mut wrong) = (0, (0, 0), Vec::new());
    std::thread::scope(|scope| {
        let shares = cases.chunks(share).map(|share| scope.spawn(|| compared(share, &data)));
        let shares: Vec<_> = shares.collect();
        for (share, found) in cases.chunks(share).zip(shares) {
            let (strict, lenient, differing) = found.join().unwrap();
            count += share.len();
            refused.0 += strict;
            refused.1 += lenient;
            wrong.extend(differing);
        }
    });
    assert!(count > 2000, "only {count} cases were read");
    assert!(wrong.is_empty(), "{} differ in silence:\n{}", wrong.len(), wrong.join("\n"));
    assert!(refused.0 <= REFUSED.0 && refused.1 <= REFUSED.1, "refused: {refused:?}");
}

/// How many cases are refused in strict and in lenient mode, and what differs in silence.
fn compared(cases: &[Case], data: &Path) -> (usize, usize, Vec<String>) {
    let (mut refused, mut wrong) = ((0, 0), Vec::new());
    for case in cases {
        for (strict, truth) in [(true, &case.strict), (false, &case.lenient)] {
            let found = render(case, data, strict);
            match (truth, &found) {
                (Some(expected), Some(found)) if expected == found => {}
                (Some(_), Some(_)) if PUBLISHED.contains(&case.name.as_str()) => {}
                (Some(_), None) if strict => refused.0 += 1,
                (Some(_), None) => refused.1 += 1,
                (None, None) => {}
                (truth, found) => wrong.push(format!(
                    "{} (strict: {strict}) {:?}\n  jinja2: {truth:?}\n  found:  {found:?}",
                    case.name, case.templates
                )),
            }
        }
    }
    (refused.0, refused.1, wrong)
}

/// What the tool prints; `None` if it refuses.
fn render(case: &Case, data: &Path, strict: bool) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in &case.templates {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_readme-render"))
        .arg(folder.path().join("t"))
        .arg("--data")
        .arg(data)
        .args(["--stdout", "--autoescape", &case.mode])
        .args(["--undefined", if strict { "strict" } else { "lenient" }])
        .output()
        .unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}
