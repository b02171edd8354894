//! Which layer a case belongs to, why, and what to do about it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use contract::summary::{Action, Group};
use contract::{CheckStatus, Layer};
use regex::Regex;

use crate::fold::Folded;
use crate::rules::Rules;

/// The rule of a case that its input places.
pub const INPUT: &str = "input";
/// The rule of an action for what no rule could place.
pub const UNCLASSIFIED: &str = "unclassified";

/// Places every case that did not pass and that its input does not place.
pub fn place(cases: &mut [Folded], rules: &Rules) {
    for folded in cases {
        let case = &mut folded.case;
        if case.status == CheckStatus::Passed || case.layer.is_some() {
            continue;
        }
        let texts = [
            case.message.as_deref().unwrap_or_default(),
            folded.detail.as_deref().unwrap_or_default(),
            &case.name,
            case.suite.as_deref().unwrap_or_default(),
        ];
        if let Some(rule) = rules.place(&texts) {
            (case.layer, case.rule) = (Some(rule.layer), Some(rule.id.clone()));
        }
    }
}

/// What to do about the failures among `cases`, and about what was skipped; most urgent first.
pub fn actions(cases: &[Folded], rules: &Rules) -> (Vec<Action>, Vec<Action>) {
    let mut failing: BTreeMap<(Option<Layer>, String, String), u64> = BTreeMap::new();
    let mut skipped = failing.clone();
    for folded in cases {
        let case = &folded.case;
        let (into, failed) = match case.status {
            CheckStatus::Failed | CheckStatus::Broken | CheckStatus::Unknown => {
                (&mut failing, true)
            }
            CheckStatus::Skipped | CheckStatus::NotRun => (&mut skipped, false),
            CheckStatus::Passed => continue,
        };
        let Some((rule, action)) = advice(folded, rules, failed) else { continue };
        *into.entry((case.layer, rule, action)).or_default() += 1;
    }
    (sorted(failing), sorted(skipped))
}

fn advice(folded: &Folded, rules: &Rules, failed: bool) -> Option<(String, String)> {
    let case = &folded.case;
    if let Some(remedy) = &case.remedy {
        return Some((INPUT.to_owned(), remedy.clone()));
    }
    let texts =
        [case.message.as_deref().unwrap_or_default(), folded.detail.as_deref().unwrap_or_default()];
    let rule = match case.rule.as_deref() {
        None | Some(INPUT) => rules.place(&texts),
        Some(id) => rules.get(id),
    };
    match rule {
        Some(rule) => Some((rule.id.clone(), rule.action.clone())),
        None if failed => Some((
            UNCLASSIFIED.to_owned(),
            "read the message at the place named: no rule knows it (`--rules` adds one)".to_owned(),
        )),
        None => None,
    }
}

/// Causes are looked for layer by layer; in one layer the most frequent comes first.
fn sorted(counts: BTreeMap<(Option<Layer>, String, String), u64>) -> Vec<Action> {
    let mut actions: Vec<_> = counts
        .into_iter()
        .map(|((layer, rule, action), cases)| Action { rule, layer, action, cases })
        .collect();
    actions.sort_by_key(|action| {
        (action.layer.is_none(), action.layer, std::cmp::Reverse(action.cases))
    });
    actions
}

/// Unclassified failures, gathered by what they say.
pub fn groups(cases: &[Folded]) -> Vec<Group> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for folded in cases {
        let case = &folded.case;
        let fails = matches!(case.status, CheckStatus::Failed | CheckStatus::Broken);
        if !fails || case.rule.is_some() {
            continue;
        }
        let message = normalise(case.message.as_deref().unwrap_or("(no message)"));
        let group = groups.entry(message.clone()).or_insert_with(|| Group {
            message,
            cases: 0,
            example: case.id.clone(),
        });
        group.cases += 1;
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.cases), group.message.clone()));
    groups
}

// This module's own patterns: a mistake in one is found by the test below.
static VARYING: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let patterns = [
        (r#""[^"]*"|'[^']*'|`[^`]*`"#, "'…'"),
        (r"\b0x[0-9a-fA-F]+\b|\b[0-9a-f]{8,}\b", "…"),
        (r"(?:/[\w.@+-]+){2,}", "/…"),
        (r"\d+(?:\.\d+)*", "N"),
        (r"\s+", " "),
    ];
    let compiled =
        patterns.into_iter().map(|(pattern, with)| Some((Regex::new(pattern).ok()?, with)));
    compiled.flatten().collect()
});

/// A message without what differs from case to case: quoted text, addresses, paths, numbers.
pub fn normalise(message: &str) -> String {
    let head = crate::sink::head(message, 400);
    let text = VARYING.iter().fold(head.to_owned(), |text, (pattern, with)| {
        pattern.replace_all(&text, *with).into_owned()
    });
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_is_taken_out() {
        assert_eq!(
            normalise("worker 17 at 0x7ffe: \"alpha\" not in /tmp/x/y  after 3.5s"),
            "worker N at …: '…' not in /… after Ns"
        );
    }
}
