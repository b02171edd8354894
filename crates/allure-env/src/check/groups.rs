//! Results that hide each other.

use std::borrow::Cow;
use std::collections::BTreeSet;

use contract::allure::FindingRule;

use crate::groups;
use crate::result::{Dropped, Identity, Reading, Status, View, Views};

use super::Checker;

/// What is remembered of every result: of very many, so it is kept small.
#[derive(Debug, Default)]
pub(super) struct Groups {
    directories: u32,
    seen: Vec<Seen>,
    /// All paths behind each other.
    paths: Vec<u8>,
}

#[derive(Debug)]
struct Seen {
    directory: u32,
    /// Where its path ends.
    path: usize,
    uuid: Option<Identity>,
    history: Option<Identity>,
    views: Views,
    allure_id: bool,
}

impl Seen {
    fn allure2(&self) -> Option<Identity> {
        self.views.allure2()?.identity
    }

    fn allure3(&self) -> Option<Identity> {
        self.views.allure3()?.identity
    }

    fn start(&self) -> Option<i64> {
        self.view()?.start
    }

    fn status(&self) -> Option<Status> {
        Some(self.view()?.status)
    }

    fn view(&self) -> Option<&View> {
        self.views.allure2().or(self.views.allure3())
    }
}

impl Groups {
    /// Another directory begins.
    pub(super) fn directory(&mut self) {
        self.directories += 1;
    }

    pub(super) fn result(&mut self, path: &[u8], reading: &Reading) {
        let view = |view: &Result<View, Dropped>| view.as_ref().ok().copied();
        let (allure2, allure3) = (view(&reading.allure2), view(&reading.allure3));
        if allure2.is_none() && allure3.is_none() {
            return;
        }
        self.paths.extend_from_slice(path);
        self.seen.push(Seen {
            directory: self.directories,
            path: self.paths.len(),
            uuid: reading.about.uuid,
            history: reading.about.history,
            views: Views::new(allure2, allure3),
            allure_id: reading.about.allure_id,
        });
    }

    pub(super) fn tell(&self, checker: &mut Checker) {
        for group in self.by(|seen| seen.uuid) {
            for at in &group[1..] {
                let message = format!(
                    "has the uuid of {}: Allure 3 keeps one of them, and may show neither",
                    self.text(group[0])
                );
                checker.error(self.path(*at), FindingRule::DuplicateUuid, message);
            }
        }
        for group in self.by(Seen::allure2).into_iter().chain(self.by(Seen::allure3)) {
            self.collision(checker, &group);
            self.order(checker, &group);
        }
        for group in self.by(|seen| seen.history) {
            self.history(checker, &group);
        }
        for group in self.by(|seen| seen.allure3().filter(|_| seen.allure_id)) {
            self.shared_id(checker, &group);
        }
    }

    /// Positions in groups of more than one.
    fn by(&self, key: impl Fn(&Seen) -> Option<Identity>) -> Vec<Vec<usize>> {
        groups::Groups::new(self.seen.iter().map(key)).shared().collect()
    }

    fn path(&self, at: usize) -> &[u8] {
        let start = at.checked_sub(1).map_or(0, |before| self.seen[before].path);
        &self.paths[start..self.seen[at].path]
    }

    fn text(&self, at: usize) -> Cow<'_, str> {
        String::from_utf8_lossy(self.path(at))
    }

    /// Results of different directories are different executions, not attempts of one.
    fn collision(&self, checker: &mut Checker, group: &[usize]) {
        let directory = |at: usize| self.seen[at].directory;
        for at in group {
            let Some(other) = group.iter().find(|other| directory(**other) != directory(*at))
            else {
                continue;
            };
            let message = format!(
                "is the same test as {}: a report of both directories shows one of them (merge \
                 keeps both)",
                self.text(*other)
            );
            checker.error(self.path(*at), FindingRule::Collision, message);
        }
    }

    /// What the present generators tell apart by more than the `historyId`.
    fn history(&self, checker: &mut Checker, group: &[usize]) {
        let apart = |a: usize, b: usize| {
            let (a, b) = (&self.seen[a], &self.seen[b]);
            a.allure2().is_none() || a.allure2() != b.allure2()
        };
        for at in group {
            let Some(other) = group.iter().find(|other| **other != *at && apart(**other, *at))
            else {
                continue;
            };
            let path = self.path(*at);
            let message = format!(
                "has the historyId of {}: Allure 2 before 2.46 shows one of them",
                self.text(*other)
            );
            if self.seen[*other].directory == self.seen[*at].directory {
                checker.warning(path, FindingRule::Collision, message);
            } else {
                checker.error(path, FindingRule::Collision, message);
            }
        }
    }

    fn order(&self, checker: &mut Checker, group: &[usize]) {
        let group_of = || group.iter().map(|at| &self.seen[*at]);
        let statuses: BTreeSet<_> = group_of().map(Seen::status).collect();
        if statuses.len() < 2 {
            return;
        }
        let latest = group_of().map(Seen::start).max().flatten();
        let unclear = group_of().any(|seen| seen.start().is_none())
            || group_of().filter(|seen| seen.start() == latest).count() > 1;
        if !unclear {
            return;
        }
        for at in group {
            let message = format!(
                "is one of {} attempts with different outcomes that their starts do not put in \
                 order: the generators may show different ones",
                group.len()
            );
            checker.warning(self.path(*at), FindingRule::OrderUnclear, message);
        }
    }

    fn shared_id(&self, checker: &mut Checker, group: &[usize]) {
        let tests: BTreeSet<_> = group.iter().map(|at| self.seen[*at].allure2()).collect();
        if tests.len() < 2 {
            return;
        }
        for at in group {
            let message = format!(
                "shares its ALLURE_ID with {} other results of other tests: Allure 3 shows one of \
                 them",
                group.len() - 1
            );
            checker.error(self.path(*at), FindingRule::SharedAllureId, message);
        }
    }
}
