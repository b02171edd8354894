//! Which layer a case belongs to, why, and what to do about it.

use contract::summary::Case;
use contract::{CheckStatus, Layer};

use crate::fold::Folded;
use crate::normal::normal;
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
        if let Some(rule) = rules.place(&texts(case, folded.detail.as_deref())) {
            (case.layer, case.rule) = (Some(rule.layer), Some(rule.id.clone()));
        }
    }
}

/// What rules are asked about a case, the most telling first: message, detail, name, suite.
pub fn texts<'c>(case: &'c Case, detail: Option<&'c str>) -> [&'c str; 4] {
    [
        case.message.as_deref().unwrap_or_default(),
        detail.unwrap_or_default(),
        &case.name,
        case.suite.as_deref().unwrap_or_default(),
    ]
}

/// What a case is advised: its layer, the rule and the action.
pub type Advised = (Option<Layer>, String, String);

/// What to do about a placed case, and whether it is about a failure; nothing where there is nothing.
pub fn advice_for(folded: &Folded, rules: &Rules) -> Option<(bool, Advised)> {
    let failed = match folded.case.status {
        CheckStatus::Failed | CheckStatus::Broken | CheckStatus::Unknown => true,
        CheckStatus::Skipped | CheckStatus::NotRun => false,
        CheckStatus::Passed => return None,
    };
    let (rule, action) = advice(folded, rules, failed)?;
    Some((failed, (folded.case.layer, rule, action)))
}

fn advice(folded: &Folded, rules: &Rules, failed: bool) -> Option<(String, String)> {
    let case = &folded.case;
    if let Some(remedy) = &case.remedy {
        return Some((INPUT.to_owned(), remedy.clone()));
    }
    let texts =
        [case.message.as_deref().unwrap_or_default(), folded.detail.as_deref().unwrap_or_default()];
    let rule = match case.rule.as_deref() {
        Some(INPUT) => rules.place(&texts),
        // No rule fits anything of it.
        None => None,
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

/// What an unclassified failure says, without what differs from case to case.
pub fn kind(folded: &Folded) -> Option<String> {
    let case = &folded.case;
    let fails = matches!(case.status, CheckStatus::Failed | CheckStatus::Broken);
    (fails && case.rule.is_none())
        .then(|| normal(case.message.as_deref().unwrap_or("(no message)")))
}

#[cfg(test)]
mod tests;
