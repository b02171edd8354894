//! Results that hide each other.

use std::collections::{BTreeMap, BTreeSet};

use contract::allure::FindingRule;

use crate::result::{Identity, Reading, Status};

use super::Checker;

/// What is remembered of every result.
#[derive(Debug, Default)]
pub(super) struct Groups {
    directories: usize,
    seen: Vec<Seen>,
}

#[derive(Debug)]
struct Seen {
    directory: usize,
    path: Vec<u8>,
    uuid: Option<Identity>,
    allure2: Option<Identity>,
    allure3: Option<Identity>,
    allure_id: bool,
    start: Option<i64>,
    status: Status,
}

impl Groups {
    /// Another directory begins.
    pub(super) fn directory(&mut self) {
        self.directories += 1;
    }

    pub(super) fn result(&mut self, path: &[u8], reading: &Reading) {
        let (two, three) = (reading.allure2.as_ref().ok(), reading.allure3.as_ref().ok());
        let Some(view) = two.or(three) else { return };
        self.seen.push(Seen {
            directory: self.directories,
            path: path.to_vec(),
            uuid: reading.about.uuid,
            allure2: two.and_then(|view| view.identity),
            allure3: three.and_then(|view| view.identity),
            allure_id: reading.about.allure_id,
            start: view.start,
            status: view.status,
        });
    }

    pub(super) fn tell(self, checker: &mut Checker) {
        for group in by(&self.seen, |seen| seen.uuid) {
            for seen in &group[1..] {
                let message = format!(
                    "has the uuid of {}: Allure 3 keeps one of them, and may show neither",
                    text(&group[0].path)
                );
                checker.error(&seen.path, FindingRule::DuplicateUuid, message);
            }
        }
        let mut groups = by(&self.seen, |seen| seen.allure2);
        groups.extend(by(&self.seen, |seen| seen.allure3));
        for group in groups {
            collision(checker, &group);
            order(checker, &group);
        }
        for group in by(&self.seen, |seen| seen.allure3.filter(|_| seen.allure_id)) {
            shared_id(checker, &group);
        }
    }
}

/// Groups of more than one.
fn by(seen: &[Seen], key: impl Fn(&Seen) -> Option<Identity>) -> Vec<Vec<&Seen>> {
    let mut groups: BTreeMap<Identity, Vec<&Seen>> = BTreeMap::new();
    for seen in seen {
        if let Some(key) = key(seen) {
            groups.entry(key).or_default().push(seen);
        }
    }
    groups.into_values().filter(|group| group.len() > 1).collect()
}

/// Results of different directories are different executions, not attempts of one.
fn collision(checker: &mut Checker, group: &[&Seen]) {
    let directories: BTreeSet<usize> = group.iter().map(|seen| seen.directory).collect();
    if directories.len() < 2 {
        return;
    }
    for seen in group {
        let Some(other) = group.iter().find(|other| other.directory != seen.directory) else {
            continue;
        };
        let message = format!(
            "is the same test as {}: a report of both directories shows one of them (merge keeps \
             both)",
            text(&other.path)
        );
        checker.error(&seen.path, FindingRule::Collision, message);
    }
}

fn order(checker: &mut Checker, group: &[&Seen]) {
    let statuses: BTreeSet<Status> = group.iter().map(|seen| seen.status).collect();
    if statuses.len() < 2 {
        return;
    }
    let latest = group.iter().map(|seen| seen.start).max().flatten();
    let unclear = group.iter().any(|seen| seen.start.is_none())
        || group.iter().filter(|seen| seen.start == latest).count() > 1;
    if unclear {
        for seen in group {
            let message = format!(
                "is one of {} attempts with different outcomes that their starts do not put in \
                 order: the generators may show different ones",
                group.len()
            );
            checker.warning(&seen.path, FindingRule::OrderUnclear, message);
        }
    }
}

fn shared_id(checker: &mut Checker, group: &[&Seen]) {
    let tests: BTreeSet<Option<Identity>> = group.iter().map(|seen| seen.allure2).collect();
    if tests.len() < 2 {
        return;
    }
    for seen in group {
        let message = format!(
            "shares its ALLURE_ID with {} other results of other tests: Allure 3 shows one of them",
            group.len() - 1
        );
        checker.error(&seen.path, FindingRule::SharedAllureId, message);
    }
}

fn text(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}
