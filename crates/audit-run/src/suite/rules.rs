//! Rules that span several checks: ids are unique, and controls control.

use std::collections::{BTreeMap, BTreeSet};

use contract::inventory::Requirement;
use toml::Spanned;

use super::Check;
use super::error::Mistake;

/// The rules that `checks` break; `ids` and `controls` are the same checks' as they were written.
pub(super) fn broken(
    checks: &[Check],
    ids: &[Spanned<String>],
    controls: &[Option<Spanned<String>>],
) -> Vec<Mistake> {
    let by_id: BTreeMap<&str, &Check> =
        checks.iter().zip(ids).map(|(check, id)| (id.get_ref().as_str(), check)).collect();
    let mut mistakes = Vec::new();
    let mut seen = BTreeSet::new();
    for ((check, id), control) in checks.iter().zip(ids).zip(controls) {
        let at = id.span().start;
        if !seen.insert(id.get_ref()) {
            mistakes.push(Mistake::new(at, format!("the id {:?} is used twice", id.get_ref())));
        }
        if !check.when.is_empty() && check.requirement == Requirement::Required {
            let why = "a check with `when` cannot be required: \
                       whether it applies is not known before the run";
            mistakes.push(Mistake::new(at, why));
        }
        match control {
            Some(control) => mistakes.extend(wrong_control(&by_id, check, control)),
            None if check.is_negative() => {
                let why = "a check that expects a failure needs a `control`: a check that passes \
                           only where the same command works when it should";
                mistakes.push(Mistake::new(at, why));
            }
            None => {}
        }
    }
    mistakes
}

fn wrong_control(
    by_id: &BTreeMap<&str, &Check>,
    check: &Check,
    control: &Spanned<String>,
) -> Option<Mistake> {
    let name = control.get_ref();
    let mistake = |why: String| Some(Mistake::new(control.span().start, why));
    match by_id.get(name.as_str()) {
        None => mistake(format!("the control {name:?} is no check of this suite")),
        Some(other) if other.is_negative() => {
            mistake(format!("the control {name:?} expects a failure itself: it controls nothing"))
        }
        Some(_) if leads_back(by_id, check) => {
            mistake(format!("the control {name:?} leads back to {:?}", check.id))
        }
        Some(_) => None,
    }
}

/// Whether the chain of controls that begins at `check` ends in a circle.
fn leads_back(by_id: &BTreeMap<&str, &Check>, check: &Check) -> bool {
    let mut seen = BTreeSet::from([check.id.as_str()]);
    let mut next = check.control.as_deref();
    while let Some(id) = next {
        if !seen.insert(id) {
            return true;
        }
        next = by_id.get(id).and_then(|check| check.control.as_deref());
    }
    false
}
