//! Which attempts Allure 3 shows (`retrySubstore.js`, `store.js`).

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Attempts;

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
pub(super) fn shown(attempts: &Attempts) -> Shown {
    let places = Places::new(attempts);
    // By position: whether an earlier attempt of the same test is hidden behind it, or it is one.
    let mut hides = vec![false; attempts.all.len()];
    let mut hidden = vec![false; attempts.all.len()];
    for mut order in attempts.groups3().shared() {
        // Stable, as in JavaScript: with one uuid for two files nothing tells them apart.
        order.sort_by(|a, b| newest_first(attempts, &places, *a, *b));
        hides[order[0]] = true;
        order[1..].iter().for_each(|at| hidden[*at] = true);
    }
    let mut shown = Shown::default();
    for at in (0..attempts.all.len()).filter(|at| attempts.all[*at].allure3().is_some()) {
        if !hidden[at] && places.kept(at) {
            shown.positions.push(at);
            shown.with_retries += u64::from(hides[at]);
        }
    }
    shown
}

/// What the store keeps by `uuid`. Nearly every attempt has one of its own; those that share one
/// are here.
struct Places(BTreeMap<usize, Place>);

/// What becomes of attempts that share an id.
#[derive(Clone, Copy)]
struct Place {
    /// When the id was first met.
    first: usize,
    /// The attempt that is kept.
    last: usize,
}

impl Places {
    fn new(attempts: &Attempts) -> Self {
        let mut places = BTreeMap::new();
        for group in attempts.same_uuid().shared() {
            let place = Place { first: group[0], last: group[group.len() - 1] };
            places.extend(group.into_iter().map(|at| (at, place)));
        }
        Self(places)
    }

    fn first(&self, at: usize) -> usize {
        self.0.get(&at).map_or(at, |place| place.first)
    }

    fn kept(&self, at: usize) -> bool {
        self.0.get(&at).is_none_or(|place| place.last == at)
    }
}

fn newest_first(attempts: &Attempts, places: &Places, a: usize, b: usize) -> Ordering {
    let start = |at: usize| attempts.all[at].allure3().and_then(|view| view.start);
    match (start(a), start(b)) {
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (a_start, b_start) => b_start.cmp(&a_start).then(places.first(b).cmp(&places.first(a))),
    }
}
