//! Files that lie beside results and are no evidence of their own.

use std::collections::BTreeSet;

use contract::part::Part;

use crate::fold;

/// Which inputs only accompany others: files that a result names, and what generators expect
/// beside results.
pub fn companions(parts: &[Part]) -> Vec<bool> {
    let mut named: BTreeSet<(String, &str)> = BTreeSet::new();
    let mut folders: BTreeSet<String> = BTreeSet::new();
    for part in parts {
        let folder = fold::folder(part);
        named.extend(part.attachments.iter().map(|name| (folder.clone(), name.as_str())));
        if part.format == "allure" {
            folders.insert(folder);
        }
    }
    let beside = [
        "environment.properties",
        "environment.xml",
        "executor.json",
        "categories.json",
        // What allure-env recorded of the folder.
        ".allure-env.json",
    ];
    let is_companion = |part: &Part| {
        let folder = fold::folder(part);
        let path = part.inputs.first().map_or("", |input| input.path.as_str());
        let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
        named.contains(&(folder.clone(), name))
            || folders.contains(&folder) && (beside.contains(&name) || is_file_list(name))
    };
    parts.iter().map(is_companion).collect()
}

/// Whether a file is the list of what audit-run wrote into the folder: `audit-run.SUITE.files`.
fn is_file_list(name: &str) -> bool {
    name.starts_with("audit-run.") && name.ends_with(".files")
}

/// It says nothing by itself.
pub fn set_aside(part: &mut Part) {
    "attachment".clone_into(&mut part.format);
    part.complete = true;
    part.entries.clear();
    part.unnamed.clear();
    part.miscounts.clear();
    part.remarks.clear();
}
