//! Counts over results, equal to what each generator shows.

mod allure2;
mod allure3;
mod attempt;
mod differences;
mod times;

use std::collections::{BTreeMap, BTreeSet};

use contract::allure::{Counts, Difference, Slow, Unreadable};

use attempt::{Attempts, By};

use crate::beside;
use crate::result::{Container, Dropped, Reading, Status, View, Views};

/// How many of the longest tests are named.
const SLOWEST: usize = 10;

/// Result files, one after the other, in the order in which they were read.
#[derive(Debug, Default)]
pub struct Counter {
    attempts: Attempts,
    fatal: bool,
}

/// Everything that can be said of the results together.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// What Allure 2 shows.
    pub allure2: Counts,
    /// What Allure 3 shows.
    pub allure3: Counts,
    /// Why these are not the same.
    pub differences: Vec<Difference>,
    /// The longest tests.
    pub slowest: Vec<Slow>,
    /// By the label `suite`.
    pub by_suite: BTreeMap<String, Counts>,
    /// By the label `feature`.
    pub by_feature: BTreeMap<String, Counts>,
    /// By the label `layer`.
    pub by_layer: BTreeMap<String, Counts>,
}

impl Counter {
    /// Adds the file at position `file` of the inputs. What a generator drops is told.
    pub fn add(&mut self, file: u64, reading: Reading) -> Option<Dropping> {
        let Reading { allure2, allure3, about, inside: _ } = reading;
        self.fatal |= matches!(allure2, Err(Dropped::Fatal(_)));
        let told = dropping(allure2.as_ref().err(), allure3.as_ref().err());
        self.attempts.add(file, Views::new(allure2.ok(), allure3.ok()), &about);
        told
    }

    /// Adds a container. It counts only where it keeps Allure 2 from making a report.
    pub fn container(&mut self, container: &Container) -> Option<Dropping> {
        let why = container.fatal.as_ref()?;
        self.fatal = true;
        let reason = format!("{why}: Allure 2 ends without any report");
        Some(Dropping { allure2: false, allure3: true, reason })
    }

    /// Adds one of [`beside::NAMES`]. It counts only where it keeps Allure 2 from making a report.
    pub fn beside(&mut self, name: &[u8], bytes: &[u8]) -> Option<Dropping> {
        let why = beside::fatal(name, bytes)?;
        self.fatal = true;
        let reason = format!("{why}: Allure 2 ends without any report");
        Some(Dropping { allure2: false, allure3: true, reason })
    }

    /// The counts over all files that were added.
    #[must_use]
    pub fn counted(&self) -> Counted {
        let shown2 =
            if self.fatal { allure2::Shown::default() } else { allure2::shown(&self.attempts) };
        let shown3 = allure3::shown(&self.attempts);
        let views2 = |positions: &[usize]| counts2(&self.attempts, positions);
        let mut allure2 = views2(&shown2.positions);
        allure2.retries = shown2.hidden;
        let views3: Vec<&View> =
            shown3.positions.iter().filter_map(|at| self.attempts.all[*at].allure3()).collect();
        let mut allure3 = counts(&views3);
        allure3.times = times::allure3(&views3);
        allure3.retries = shown3.with_retries;
        Counted {
            allure2,
            allure3,
            differences: differences::all(&self.attempts),
            slowest: slowest(&self.attempts, &shown2.positions),
            by_suite: self.by(&shown2.positions, By::Suite),
            by_feature: self.by(&shown2.positions, By::Feature),
            by_layer: self.by(&shown2.positions, By::Layer),
        }
    }

    fn by(&self, shown: &[usize], by: By) -> BTreeMap<String, Counts> {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for at in shown {
            let mut labels = self.attempts.labels(*at, by).peekable();
            if labels.peek().is_none() {
                groups.entry("").or_default().push(*at);
            }
            for label in labels {
                groups.entry(label).or_default().push(*at);
            }
        }
        groups
            .into_iter()
            .map(|(value, positions)| (value.to_owned(), counts2(&self.attempts, &positions)))
            .collect()
    }
}

/// What a generator does not take from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropping {
    /// Whether Allure 2 counts the file.
    pub allure2: bool,
    /// Whether Allure 3 counts the file.
    pub allure3: bool,
    /// Why.
    pub reason: String,
}

impl Dropping {
    /// As it stands in the document.
    #[must_use]
    pub fn of(self, path: String, path_bytes: Option<String>) -> Unreadable {
        let Self { allure2, allure3, reason } = self;
        Unreadable { path, path_bytes, allure2, allure3, reason }
    }
}

fn dropping(allure2: Option<&Dropped>, allure3: Option<&Dropped>) -> Option<Dropping> {
    let words = |dropped: &Dropped| match dropped {
        Dropped::Skipped(why) => why.clone(),
        Dropped::Fatal(why) => format!("{why}: Allure 2 ends without any report"),
    };
    let reasons: BTreeSet<String> = [allure2, allure3].into_iter().flatten().map(words).collect();
    if reasons.is_empty() {
        return None;
    }
    let reason = reasons.into_iter().collect::<Vec<_>>().join("; ");
    Some(Dropping { allure2: allure2.is_none(), allure3: allure3.is_none(), reason })
}

fn counts2(attempts: &Attempts, positions: &[usize]) -> Counts {
    let views: Vec<&View> = positions.iter().filter_map(|at| attempts.all[*at].allure2()).collect();
    Counts { times: times::allure2(&views), ..counts(&views) }
}

fn counts(views: &[&View]) -> Counts {
    let mut counts = Counts::default();
    for view in views {
        counts.total += 1;
        match view.status {
            Status::Failed => counts.failed += 1,
            Status::Broken => counts.broken += 1,
            Status::Passed => counts.passed += 1,
            Status::Skipped => counts.skipped += 1,
            Status::Unknown => counts.unknown += 1,
        }
    }
    counts
}

fn slowest(attempts: &Attempts, shown: &[usize]) -> Vec<Slow> {
    let mut timed: Vec<(i64, u32, usize)> = shown
        .iter()
        .filter_map(|at| {
            let view = attempts.all[*at].allure2()?;
            Some((view.stop?.wrapping_sub(view.start?), attempts.all[*at].file, *at))
        })
        .collect();
    timed.sort_unstable_by_key(|(duration, file, _)| (std::cmp::Reverse(*duration), *file));
    timed.truncate(SLOWEST);
    timed
        .into_iter()
        .map(|(duration_ms, file, at)| Slow {
            name: attempts.name(at).to_owned(),
            duration_ms,
            file: file.into(),
        })
        .collect()
}
