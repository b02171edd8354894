//! What the inputs themselves say of a case, element by element.

use std::collections::{BTreeMap, BTreeSet};

use contract::explanation::Telling;
use contract::part::{Attempt, Entry};
use contract::summary::{Case, Summary};
use contract::{CheckStatus, InputRef};

use crate::summarize::Share;

/// Every element that may tell of the cases with one id or name.
#[derive(Clone, Debug)]
pub struct Heard(Vec<Element>);

#[derive(Clone, Debug)]
struct Element {
    id: String,
    target: Option<String>,
    attempt: Attempt,
    telling: Telling,
}

/// Listens to `shares` for what they say of `asked`, before they become a summary.
#[must_use]
pub fn hear(shares: &[Share], asked: &str) -> Heard {
    // Of the same bytes under several names the first name counts, as in a summary.
    let mut names: BTreeMap<&str, &InputRef> = BTreeMap::new();
    for input in shares.iter().flat_map(|share| &share.part.inputs) {
        let name = names.entry(input.sha256.as_str()).or_insert(input);
        *name = (*name).min(input);
    }
    let mut seen = BTreeSet::new();
    let mut elements = Vec::new();
    for share in shares {
        let Some(input) = share.part.inputs.first() else { continue };
        let Some(input) = names.get(input.sha256.as_str()) else { continue };
        if !seen.insert(input.sha256.as_str()) {
            continue;
        }
        let named = share.part.entries.iter();
        let named = named.filter(|entry| entry.id == asked || entry.name == asked);
        elements.extend(named.map(|entry| element(entry, input, &share.part.format)));
    }
    elements.sort_by(|a, b| a.telling.path.cmp(&b.telling.path));
    Heard(elements)
}

fn element(entry: &Entry, input: &InputRef, format: &str) -> Element {
    Element {
        id: entry.id.clone(),
        target: entry.target.clone(),
        attempt: entry.attempt,
        telling: Telling {
            path: input.path.clone(),
            sha256: input.sha256.clone(),
            format: format.to_owned(),
            line: entry.line,
            bytes: entry.bytes,
            status: entry.status,
            decides: false,
            message: entry.message.clone(),
            detail: entry.detail.clone(),
        },
    }
}

impl Heard {
    /// The elements that became `case`, in the order of the inputs.
    pub(super) fn of(&self, case: &Case, summary: &Summary) -> Vec<Telling> {
        let aside = |path: &str| {
            summary.sources.iter().any(|one| one.path == path && one.format == "attachment")
        };
        let mine = self.0.iter().filter(|element| element.became(case));
        let mut told: Vec<_> = mine
            .map(|element| &element.telling)
            .filter(|telling| !aside(&telling.path))
            .cloned()
            .collect();
        if let Some(deciding) = told.iter_mut().find(|telling| is_at(telling, case)) {
            deciding.decides = true;
        }
        told
    }
}

impl Element {
    /// Whether the entry was folded into `case`: the same rule as where cases are made.
    fn became(&self, case: &Case) -> bool {
        let Some(evidence) = &case.evidence else { return false };
        let same = self.id == case.id && self.target == case.target;
        let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        same && match (&self.target, self.attempt) {
            (Some(_), _) => true,
            (None, Attempt::Only) => is_at(&self.telling, case),
            (None, Attempt::Keyed(_)) => folder(&self.telling.path) == folder(&evidence.path),
            (None, Attempt::InOrder | Attempt::LastDecides) => self.telling.path == evidence.path,
        }
    }
}

/// Whether the case points at this element.
fn is_at(telling: &Telling, case: &Case) -> bool {
    case.evidence.as_ref().is_some_and(|evidence| {
        (&telling.path, telling.line, telling.bytes)
            == (&evidence.path, evidence.line, evidence.bytes)
    })
}

/// The status that each of several kinds of input gives; `None` if only one speaks.
pub(super) fn tellers(told: &[Telling]) -> Option<Vec<CheckStatus>> {
    let mut last: BTreeMap<(&str, &str), CheckStatus> = BTreeMap::new();
    let mut sorted: Vec<_> = told.iter().collect();
    sorted.sort_by_key(|telling| telling.decides);
    for telling in sorted {
        // Results of one folder are one teller, in whatever file each stands.
        let folder = telling.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let name = if telling.format == "allure" { folder } else { telling.path.as_str() };
        last.insert((&telling.format, name), telling.status);
    }
    (last.len() > 1).then(|| last.into_values().collect())
}
