//! From entries to cases: attempts become one case, and what two inputs say of one case is held
//! against each other.

use std::collections::BTreeMap;

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, Part, RemarkKind, Span};
use contract::summary::{Case, Evidence, Finding};

/// What belongs to one case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// The same check on the same target, wherever it is told.
    Check { target: String, id: String },
    /// The same test among the results of one folder.
    Folder { folder: String, id: String },
    /// The same test in one input.
    Input { part: usize, id: String },
}

/// A case, and what only rules still need of it.
#[derive(Clone, Debug)]
pub struct Folded {
    /// The case without a layer, unless an input names it.
    pub case: Case,
    /// More of what the input says about a failure.
    pub detail: Option<String>,
    /// Whether it ran in a weaker form.
    pub degraded: bool,
    /// Place among all cases.
    pub order: (usize, usize),
}

/// The case of an entry that no other belongs to, without its place in an input.
pub fn alone(mut entry: Entry) -> Folded {
    let detail = entry.detail.take();
    let degraded = entry.degraded;
    let attempts = vec![entry.status];
    let case = Case {
        id: entry.id,
        name: entry.name,
        suite: entry.suite,
        file: entry.file,
        target: entry.target,
        status: entry.status,
        flaky: false,
        attempts,
        layer: entry.layer,
        rule: entry.layer.map(|_| "input".to_owned()),
        requirement: entry.requirement,
        excluded: entry.excluded,
        duration_ms: entry.duration_ms,
        message: entry.message,
        remedy: entry.remedy,
        evidence: None,
    };
    Folded { case, detail, degraded, order: (0, 0) }
}

/// Folds the entries of `parts`, which are sorted, and takes them out of there. Returns the cases
/// in the order of the inputs.
pub fn fold(parts: &mut [Part], findings: &mut Vec<Finding>) -> Vec<Folded> {
    let mut single = Vec::with_capacity(parts.iter().map(|part| part.entries.len()).sum());
    let mut groups: BTreeMap<Key, Vec<(usize, usize)>> = BTreeMap::new();
    for part_index in 0..parts.len() {
        for index in 0..parts[part_index].entries.len() {
            match key(parts, part_index, &parts[part_index].entries[index]) {
                Some(key) => groups.entry(key).or_default().push((part_index, index)),
                None => single.push(take(&mut parts[part_index], (part_index, index))),
            }
        }
    }
    let parts = &*parts;
    for (key, members) in groups {
        single.push(join(parts, &key, &members, findings));
    }
    single.sort_by_key(|folded| folded.order);
    single
}

/// The case of an entry that no other belongs to.
fn take(part: &mut Part, order: (usize, usize)) -> Folded {
    let empty = Entry::new(None, String::new(), CheckStatus::Unknown);
    let entry = std::mem::replace(&mut part.entries[order.1], empty);
    let evidence = evidence(part, entry.line, entry.bytes);
    let mut folded = alone(entry);
    (folded.case.evidence, folded.order) = (evidence, order);
    folded
}

/// A place in the input of `part`.
pub fn evidence(part: &Part, line: Option<u64>, bytes: Option<Span>) -> Option<Evidence> {
    part.inputs.first().map(|input| Evidence {
        path: input.path.clone(),
        sha256: input.sha256.clone(),
        line,
        bytes,
    })
}

fn key(parts: &[Part], part: usize, entry: &Entry) -> Option<Key> {
    let id = || entry.id.clone();
    match (&entry.target, entry.attempt) {
        (Some(target), _) => Some(Key::Check { target: target.clone(), id: id() }),
        (None, Attempt::Only) => None,
        (None, Attempt::Keyed(_)) => Some(Key::Folder { folder: folder(&parts[part]), id: id() }),
        (None, Attempt::InOrder | Attempt::LastDecides) => Some(Key::Input { part, id: id() }),
    }
}

/// The folder of an input, by its first name.
pub fn folder(part: &Part) -> String {
    let path = part.inputs.first().map_or("", |input| input.path.as_str());
    path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
}

/// One case of all `members`. Different kinds of input tell of the same execution: each gives its
/// own status first, and the worst of them holds.
fn join(
    parts: &[Part],
    key: &Key,
    members: &[(usize, usize)],
    findings: &mut Vec<Finding>,
) -> Folded {
    let entry = |member: &(usize, usize)| &parts[member.0].entries[member.1];
    let mut told: BTreeMap<String, Vec<(usize, usize)>> = BTreeMap::new();
    for member in members {
        let teller = match entry(member).attempt {
            Attempt::Keyed(_) => format!("results in {}", folder(&parts[member.0])),
            _ => parts[member.0].inputs.first().map_or(String::new(), |input| input.path.clone()),
        };
        told.entry(teller).or_default().push(*member);
    }
    let mut tellers: Vec<_> =
        told.into_iter().map(|(teller, members)| (teller, case(parts, &members))).collect();
    // The worst first; where all agree, the one that says most about the case.
    tellers.sort_by_key(|(_, told)| {
        (std::cmp::Reverse(rank(told.case.status)), told.case.requirement.is_none())
    });
    if tellers.first().map(|(_, told)| told.case.status)
        != tellers.last().map(|(_, told)| told.case.status)
    {
        let said: Vec<_> = tellers
            .iter()
            .map(|(teller, told)| format!("{} in {teller}", told.case.status))
            .collect();
        let (Key::Check { id, .. } | Key::Folder { id, .. } | Key::Input { id, .. }) = key;
        findings.push(Finding {
            path: None,
            line: None,
            kind: RemarkKind::Contradiction,
            message: format!("{id} is {}", said.join(" and ")),
            effect: Effect::None,
        });
    }
    let requirement = tellers.iter().find_map(|(_, told)| told.case.requirement);
    let excluded = tellers.iter().find_map(|(_, told)| told.case.excluded);
    let remedy = tellers.iter().find_map(|(_, told)| told.case.remedy.clone());
    let order = tellers.iter().map(|(_, told)| told.order).min().unwrap_or_default();
    let mut folded = tellers.swap_remove(0).1;
    folded.case.requirement = requirement;
    folded.case.excluded = excluded;
    folded.case.remedy = folded.case.remedy.or(remedy);
    folded.order = order;
    folded
}

/// One case of the attempts `members`.
fn case(parts: &[Part], members: &[(usize, usize)]) -> Folded {
    let order = members.iter().min().copied().unwrap_or_default();
    let mut attempts: Vec<_> =
        members.iter().map(|member| (*member, &parts[member.0].entries[member.1])).collect();
    attempts.sort_by_key(|(_, entry)| match entry.attempt {
        Attempt::Keyed(key) => key,
        _ => 0,
    });
    let deciding = deciding(&attempts);
    let last = attempts.remove(deciding);
    attempts.push(last);
    let statuses: Vec<_> = attempts
        .iter()
        .enumerate()
        .map(|(index, (_, entry))| {
            let earlier = index + 1 < attempts.len();
            if earlier
                && entry.attempt == Attempt::LastDecides
                && entry.status == CheckStatus::Passed
            {
                CheckStatus::Failed
            } else {
                entry.status
            }
        })
        .collect();
    let (member, entry) = last;
    of_entry(&parts[member.0], entry, statuses, order)
}

/// Which attempt decides.
fn deciding(attempts: &[((usize, usize), &Entry)]) -> usize {
    let last = attempts.last().map(|(_, entry)| entry.attempt);
    // Generators disagree on when a result without a start was: then each may be the last.
    let undated = attempts.iter().any(|(_, entry)| entry.attempt == Attempt::Keyed(0));
    let may_decide = |index: usize, entry: &Entry| match last {
        Some(Attempt::Keyed(_)) => undated || Some(entry.attempt) == last,
        Some(Attempt::Only) => true,
        _ => index + 1 == attempts.len(),
    };
    let candidates = attempts.iter().enumerate();
    candidates
        .filter(|(index, (_, entry))| may_decide(*index, entry))
        .max_by_key(|(index, (_, entry))| (rank(entry.status), *index))
        .map_or(0, |(index, _)| index)
}

fn of_entry(
    part: &Part,
    entry: &Entry,
    attempts: Vec<CheckStatus>,
    order: (usize, usize),
) -> Folded {
    let failed_before = attempts.iter().rev().skip(1).any(|status| *status != CheckStatus::Passed);
    let evidence = evidence(part, entry.line, entry.bytes);
    let case = Case {
        id: entry.id.clone(),
        name: entry.name.clone(),
        suite: entry.suite.clone(),
        file: entry.file.clone(),
        target: entry.target.clone(),
        status: entry.status,
        flaky: entry.status == CheckStatus::Passed && failed_before,
        attempts,
        layer: entry.layer,
        rule: entry.layer.map(|_| "input".to_owned()),
        requirement: entry.requirement,
        excluded: entry.excluded,
        duration_ms: entry.duration_ms,
        message: entry.message.clone(),
        remedy: entry.remedy.clone(),
        evidence,
    };
    Folded { case, detail: entry.detail.clone(), degraded: entry.degraded, order }
}

/// How much a status weighs where several stand for one case.
pub fn rank(status: CheckStatus) -> u8 {
    match status {
        CheckStatus::Passed => 0,
        CheckStatus::Skipped => 1,
        CheckStatus::NotRun => 2,
        CheckStatus::Unknown => 3,
        CheckStatus::Broken => 4,
        CheckStatus::Failed => 5,
    }
}
