//! The repository's own templates without evidence: refused, all that is missing in one report.

// A run that cannot be started is a mistake in the repository: panicking names it at once.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

#[test]
fn no_template_renders_without_evidence() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("nothing.json"), "{}").unwrap();
    let mut seen = 0;
    for entry in walk(&root) {
        let output = Command::new(env!("CARGO_BIN_EXE_readme-render"))
            .current_dir(folder.path())
            .arg(&entry)
            .arg("--root")
            .arg(&root)
            .args(["--data", "nothing.json", "--stdout"])
            .output()
            .unwrap();
        let report = String::from_utf8(output.stderr).unwrap();
        let name = entry.display();
        assert_eq!(output.status.code(), Some(1), "{name}: {report}");
        assert!(output.stdout.is_empty(), "{name} printed something");
        let asked = std::fs::read_to_string(&entry).unwrap();
        for document in ["summary", "audit", "speed"] {
            let used = asked.contains(&format!("{{{{ {document}."));
            let named = report.contains(&format!("nothing at {document}."));
            assert!(!used || named, "{name}: {document} is not in the report:\n{report}");
        }
        seen += 1;
    }
    assert!(seen >= 2, "only {seen} templates were found");
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else if path.extension().is_some_and(|ending| ending == "j2") {
            found.push(path);
        }
    }
    found.sort();
    found
}
