//! Which attempts Allure 3 shows (`retrySubstore.js`, `store.js`).

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::result::Identity;

use super::{Attempt, groups};

/// What it shows.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// Positions of the attempts shown.
    pub positions: Vec<usize>,
    /// How many of them hide others.
    pub with_retries: u64,
}

/// A result takes the place of an earlier one with the same `uuid`; of each group the attempt that
/// started last is shown, one without a start goes after all others, and of several with the same
/// start the one read last.
pub(super) fn shown(attempts: &[Attempt]) -> Shown {
    let places = places(attempts);
    let groups = groups(attempts, |attempt| attempt.allure3.as_ref());
    // By position: whether an earlier attempt of the same test is hidden behind it, or it is one.
    let mut hides = vec![false; attempts.len()];
    let mut hidden = vec![false; attempts.len()];
    for group in groups.values() {
        let mut order = group.clone();
        // Stable, as in JavaScript: with one uuid for two files nothing tells them apart.
        order.sort_by(|a, b| newest_first(attempts, &places, *a, *b));
        hides[order[0]] = order.len() > 1;
        order[1..].iter().for_each(|at| hidden[*at] = true);
    }
    let mut shown = Shown::default();
    for place in places.values() {
        if !hidden[place.last] {
            shown.positions.push(place.last);
            shown.with_retries += u64::from(hides[place.last]);
        }
    }
    shown.positions.sort_unstable();
    shown
}

/// The attempts under one id.
struct Place {
    /// When the id was first met.
    first: usize,
    /// The attempt that is kept.
    last: usize,
}

/// What the store keeps by `uuid`; an attempt without one has an id of its own.
fn places(attempts: &[Attempt]) -> BTreeMap<Id, Place> {
    let mut places = BTreeMap::new();
    for (at, attempt) in attempts.iter().enumerate() {
        if attempt.allure3.is_some() {
            places
                .entry(id(attempts, at))
                .and_modify(|place: &mut Place| place.last = at)
                .or_insert(Place { first: at, last: at });
        }
    }
    places
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Id {
    Uuid(Identity),
    Own(usize),
}

fn id(attempts: &[Attempt], at: usize) -> Id {
    attempts[at].uuid.map_or(Id::Own(at), Id::Uuid)
}

fn newest_first(
    attempts: &[Attempt],
    places: &BTreeMap<Id, Place>,
    a: usize,
    b: usize,
) -> Ordering {
    let start = |at: usize| attempts[at].allure3.as_ref().and_then(|view| view.start);
    let first = |at: usize| places.get(&id(attempts, at)).map(|place| place.first);
    match (start(a), start(b)) {
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (a_start, b_start) => b_start.cmp(&a_start).then(first(b).cmp(&first(a))),
    }
}
