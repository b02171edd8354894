//! Which rules fit a case, and why one of them decides.

use contract::CheckStatus;
use contract::explanation::{LayerFrom, RuleHit, RuleOutcome, TextPart};
use contract::summary::Case;

use crate::place;
use crate::rules::{Match, Rules};

/// Longest text that is shown.
const TEXT: usize = 200;
/// The parts in the order in which [`place::texts`] gives them.
const PARTS: [TextPart; 4] = [TextPart::Message, TextPart::Detail, TextPart::Name, TextPart::Suite];

/// Every rule that fits, once each, the deciding one first.
pub fn hits(case: &Case, detail: Option<&str>, from: LayerFrom, rules: &Rules) -> Vec<RuleHit> {
    if case.status == CheckStatus::Passed {
        return Vec::new();
    }
    let texts = place::texts(case, detail);
    let mut matches = rules.explain(&texts);
    // Of one rule the place counts that makes it decide, else the most telling one.
    matches.sort_by_key(|found| (!found.decides, found.text));
    let mut hits: Vec<RuleHit> = Vec::new();
    // Where a summary does not keep what a rule fitted, that was the detail.
    let deciding = matches.iter().find(|found| found.decides && decides(found, case));
    let deciding = deciding.map_or(1, |found| found.text);
    for found in &matches {
        if hits.iter().any(|hit| hit.rule == found.rule.id) {
            continue;
        }
        let mut text = texts[found.text].get(found.span.clone()).unwrap_or_default().to_owned();
        crate::sink::shorten(&mut text, TEXT);
        hits.push(RuleHit {
            rule: found.rule.id.clone(),
            layer: found.rule.layer,
            action: found.rule.action.clone(),
            pattern: found.rule.pattern.clone(),
            part: PARTS[found.text],
            text,
            outcome: outcome(found, case, from, deciding),
        });
    }
    hits
}

fn decides(found: &Match<'_>, case: &Case) -> bool {
    case.rule.as_deref() == Some(&found.rule.id)
}

fn outcome(found: &Match<'_>, case: &Case, from: LayerFrom, deciding: usize) -> RuleOutcome {
    match () {
        () if from == LayerFrom::Input => RuleOutcome::NotAsked,
        () if decides(found, case) => RuleOutcome::Decides,
        () if found.general => RuleOutcome::General,
        () if found.text > deciding => RuleOutcome::LessTelling,
        () => RuleOutcome::Later,
    }
}
