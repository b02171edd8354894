//! A directory held against its record.

use std::collections::BTreeMap;

use contract::InputRef;
use contract::allure::{Deviation, DeviationKind};
use contract::environment::Record;

type Key<'a> = (&'a str, Option<&'a str>);

fn key(file: &InputRef) -> Key<'_> {
    (&file.path, file.path_bytes.as_deref())
}

/// How many files are as they were, and which are not.
#[must_use]
pub fn against(record: &Record, now: &[InputRef]) -> (u64, Vec<Deviation>) {
    let mut there: BTreeMap<Key<'_>, &InputRef> =
        now.iter().map(|file| (key(file), file)).collect();
    let mut unchanged = 0;
    let mut deviations = Vec::new();
    for file in &record.inputs {
        match there.remove(&key(file)) {
            Some(found) if found.sha256 == file.sha256 && found.bytes == file.bytes => {
                unchanged += 1;
            }
            Some(_) => deviations.push(deviation(file, DeviationKind::Changed)),
            None => deviations.push(deviation(file, DeviationKind::Missing)),
        }
    }
    deviations.extend(there.into_values().map(|file| deviation(file, DeviationKind::Added)));
    deviations.sort();
    (unchanged, deviations)
}

fn deviation(file: &InputRef, kind: DeviationKind) -> Deviation {
    Deviation { path: file.path.clone(), path_bytes: file.path_bytes.clone(), kind }
}
