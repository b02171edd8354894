//! Why the generators do not count alike, rule by rule.

use std::collections::{BTreeMap, BTreeSet};

use contract::allure::{Difference, Rule};

use crate::groups::Groups;
use crate::result::{Identity, View};

use super::Attempts;

/// How many files are named for one rule.
const NAMED: usize = 100;

/// All rules that apply, each with the files it applies to.
pub(super) fn all(attempts: &Attempts) -> Vec<Difference> {
    let mut found: BTreeMap<Rule, BTreeSet<u64>> = BTreeMap::new();
    let mut tell = |rule: Rule, at: usize| {
        found.entry(rule).or_default().insert(attempts.all[at].file.into());
    };
    let (groups2, groups3) = (attempts.groups2(), attempts.groups3());
    for (at, attempt) in attempts.all.iter().enumerate() {
        match (attempt.allure2(), attempt.allure3()) {
            (Some(_), None) => tell(Rule::Dropped, at),
            (None, Some(three)) => {
                tell(Rule::Dropped, at);
                if three.inexact {
                    tell(Rule::Times, at);
                }
            }
            (None, None) => {}
            (Some(two), Some(three)) => {
                if two.status != three.status {
                    tell(Rule::Status, at);
                }
                if (two.start, two.stop) != (three.start, three.stop) || three.inexact {
                    tell(Rule::Times, at);
                }
                if group(&groups2, two) != group(&groups3, three) {
                    let rule = if attempt.allure_id { Rule::AllureId } else { Rule::Identity };
                    tell(rule, at);
                }
            }
        }
    }
    attempts.same_uuid().shared().flatten().for_each(|at| tell(Rule::DuplicateUuid, at));
    for group in groups2.shared().chain(groups3.shared()) {
        let view = |at: &usize| attempts.all[*at].allure2().or(attempts.all[*at].allure3());
        let views: Vec<&View> = group.iter().filter_map(view).collect();
        if views.iter().any(|view| view.start.is_none()) {
            group.iter().for_each(|at| tell(Rule::MissingStart, *at));
        }
        if ambiguous(&views) {
            group.iter().for_each(|at| tell(Rule::EqualStart, *at));
        }
    }
    found
        .into_iter()
        .map(|(rule, files)| Difference {
            rule,
            explanation: explanation(rule).to_owned(),
            files: files.into_iter().take(NAMED).collect(),
        })
        .collect()
}

/// The attempts an attempt is grouped with.
fn group(groups: &Groups<Identity>, view: &View) -> Vec<usize> {
    let group = view.identity.map(|identity| groups.of(identity));
    group.filter(|group| group.len() > 1).unwrap_or_default()
}

/// Whether several that differ share the latest start.
fn ambiguous(views: &[&View]) -> bool {
    let latest = views.iter().map(|view| view.start).max().flatten();
    let shown: Vec<_> = views.iter().filter(|view| view.start == latest).collect();
    shown.windows(2).any(|pair| (pair[0].status, pair[0].stop) != (pair[1].status, pair[1].stop))
}

fn explanation(rule: Rule) -> &'static str {
    match rule {
        Rule::Dropped => "one generator reads the file and the other drops it; see unreadable",
        Rule::Status => {
            "Allure 2 takes a status from its position or with blanks around it; Allure 3 does not"
        }
        Rule::AllureId => {
            "Allure 3 groups by the label ALLURE_ID or AS_ID first; Allure 2 does not know it"
        }
        Rule::DuplicateUuid => {
            "of results with one uuid Allure 3 keeps the last only, and may show none of them; \
             Allure 2 counts each"
        }
        Rule::MissingStart => {
            "an attempt without a start is the oldest to Allure 2 and the newest to Allure 3"
        }
        Rule::EqualStart => {
            "attempts of one test start in the same millisecond: Allure 3 shows the one read last, \
             Allure 2 any of them"
        }
        Rule::Identity => {
            "the generators read the case or its parameters differently, and so group differently"
        }
        Rule::Times => {
            "Allure 3 fills in a missing time, ends a test no earlier than it starts, and keeps \
             fractions and numbers above 2^53, which are cut here; Allure 2 takes both as they are"
        }
    }
}
