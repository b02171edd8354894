//! What is counted of cases that are not kept one by one. A summary shows the first of them whole
//! and speaks of the rest in totals, layers, groups and actions; so only these have to be kept.

use std::collections::BTreeMap;

use contract::part::Entry;
use contract::summary::{Action, Case, Group};
use contract::{Layer, Totals};
use sha2::Digest as _;

use crate::fold::{self, Folded};
use crate::place;
use crate::rules::Rules;

/// How many failures, unproven cases and groups a summary shows whole.
pub const SHOWN: usize = 1_000;

/// A place among all cases: the input, and the position in it.
pub type Position = (usize, u64);

/// Counts of cases.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// The cases by status.
    pub totals: Totals,
    /// The same for those that a rule places.
    pub layers: BTreeMap<Layer, Totals>,
    said: Said,
}

/// What cases say together: what to do about them, and which failures say the same.
#[derive(Clone, Debug, Default)]
pub struct Said {
    failing: Advice,
    skipped: Advice,
    kinds: BTreeMap<[u8; 16], Kind>,
}

/// How many cases a rule and an action are for.
type Advice = BTreeMap<place::Advised, u64>;

/// Failures that say the same; by a digest, as there may be as many as failures.
#[derive(Clone, Debug)]
struct Kind {
    cases: u64,
    first: Position,
    /// What they say and the id of the first, for those that can be among the first kinds of all.
    text: Option<Box<(String, String)>>,
}

impl Tally {
    /// Counts an entry that no other belongs to, and returns its case. `position` is its place in
    /// its input.
    pub fn add(&mut self, entry: Entry, position: u64, rules: &Rules) -> Case {
        let mut folded = [fold::alone(entry)];
        place::place(&mut folded, rules);
        let case = &folded[0].case;
        self.totals.count(case.status);
        if let Some(layer) = case.layer {
            self.layers.entry(layer).or_default().count(case.status);
        }
        let shown = self.said.kinds.len() < SHOWN;
        self.said.add(&folded[0], (0, position), rules, shown);
        let [folded] = folded;
        folded.case
    }
}

impl Said {
    /// What every case of `folded` says; `position` tells the place of one.
    pub fn of(folded: &[Folded], position: impl Fn(&Folded) -> Position, rules: &Rules) -> Self {
        let mut said = Self::default();
        for case in folded {
            said.add(case, position(case), rules, true);
        }
        said
    }

    /// Adds what `tally` counted of input number `part`.
    pub fn merge(&mut self, tally: &Tally, part: usize) {
        for (mine, other) in
            [(&mut self.failing, &tally.said.failing), (&mut self.skipped, &tally.said.skipped)]
        {
            for (key, count) in other {
                *mine.entry(key.clone()).or_default() += count;
            }
        }
        for (key, kind) in &tally.said.kinds {
            let kind = Kind { first: (part, kind.first.1), ..kind.clone() };
            self.kind(*key, kind);
        }
    }

    /// Adds what other cases say.
    pub fn join(&mut self, other: Self) {
        for (mine, other) in
            [(&mut self.failing, other.failing), (&mut self.skipped, other.skipped)]
        {
            for (key, count) in other {
                *mine.entry(key).or_default() += count;
            }
        }
        for (key, kind) in other.kinds {
            self.kind(key, kind);
        }
    }

    fn add(&mut self, folded: &Folded, position: Position, rules: &Rules, shown: bool) {
        if let Some((failed, key)) = place::advice_for(folded, rules) {
            let into = if failed { &mut self.failing } else { &mut self.skipped };
            *into.entry(key).or_default() += 1;
        }
        if let Some(message) = place::kind(folded) {
            let digest = sha2::Sha256::digest(message.as_bytes());
            let mut key = [0; 16];
            key.copy_from_slice(&digest[..16]);
            let known = self.kinds.contains_key(&key);
            let text = (shown || known).then(|| Box::new((message, folded.case.id.clone())));
            self.kind(key, Kind { cases: 1, first: position, text });
        }
    }

    fn kind(&mut self, key: [u8; 16], kind: Kind) {
        match self.kinds.get_mut(&key) {
            None => {
                self.kinds.insert(key, kind);
            }
            Some(known) => {
                known.cases += kind.cases;
                if kind.first < known.first {
                    known.first = kind.first;
                    known.text = kind.text.or(known.text.take());
                }
            }
        }
    }

    /// What to do about failures, and about what was skipped; most urgent first.
    pub fn actions(&self) -> (Vec<Action>, Vec<Action>) {
        (sorted(&self.failing), sorted(&self.skipped))
    }

    /// The kinds of failures that were met first, the most frequent of them first, and how many
    /// kinds are not among them.
    pub fn groups(self) -> (Vec<Group>, u64) {
        let mut kinds: Vec<_> = self.kinds.into_values().collect();
        kinds.sort_by_key(|kind| kind.first);
        let omitted = kinds.len().saturating_sub(SHOWN) as u64;
        let group = |kind: Kind| {
            let (message, example) = *kind.text?;
            Some(Group { message, cases: kind.cases, example })
        };
        let mut groups: Vec<_> = kinds.into_iter().take(SHOWN).filter_map(group).collect();
        groups.sort_by_key(|group| (std::cmp::Reverse(group.cases), group.message.clone()));
        (groups, omitted)
    }
}

/// Causes are looked for layer by layer; in one layer the most frequent comes first.
fn sorted(advice: &Advice) -> Vec<Action> {
    let action = |((layer, rule, action), cases): (&place::Advised, &u64)| Action {
        rule: rule.clone(),
        layer: *layer,
        action: action.clone(),
        cases: *cases,
    };
    let mut actions: Vec<_> = advice.iter().map(action).collect();
    actions.sort_by_key(|action| {
        (action.layer.is_none(), action.layer, std::cmp::Reverse(action.cases))
    });
    actions
}
