//! Which checks are run, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use contract::Layer;
use contract::audit::Exclusion;

use crate::suite::{Check, Known, Need, Suite};

/// What the command line selects. Nothing selects everything.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Layers; none: all.
    pub layers: Vec<Layer>,
    /// Ids, or their beginning up to a dot, or patterns in which `*` stands for anything; none:
    /// all.
    pub filters: Vec<String>,
}

impl Selection {
    /// Whether nothing is left out.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.layers.is_empty() && self.filters.is_empty()
    }

    /// What of it selects no check of `suite`, as it is typed; none: each part selects some, and
    /// so do all of them together.
    #[must_use]
    pub fn stray(&self, suite: &Suite) -> Option<String> {
        let checks = || suite.checks.iter();
        let filter = |filter: &&String| !checks().any(|check| matches(filter, &check.id));
        if let Some(filter) = self.filters.iter().find(filter) {
            return Some(format!("--filter {filter}"));
        }
        let layer = |layer: &&Layer| !checks().any(|check| check.layer == **layer);
        if let Some(layer) = self.layers.iter().find(layer) {
            return Some(format!("--layer {}", layer.word()));
        }
        let chosen = checks().any(|check| self.takes(check));
        (!chosen && !self.is_everything()).then(|| "--filter with --layer".to_owned())
    }

    /// Whether `check` is selected by itself.
    fn takes(&self, check: &Check) -> bool {
        (self.layers.is_empty() || self.layers.contains(&check.layer))
            && (self.filters.is_empty()
                || self.filters.iter().any(|filter| matches(filter, &check.id)))
    }
}

/// What a suite is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To judge the target.
    Audit,
    /// To judge the suite: on a target that is known to be bad, providers and versions that are
    /// needed are taken as given, so that a check shows what it does where they are not.
    Lint,
}

/// What becomes of a check before anything is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is run.
    Run,
    /// Something it needs is not there.
    Skip {
        /// What.
        reason: String,
        /// What to do about it.
        remedy: String,
    },
    /// It was left out on purpose.
    Exclude {
        /// By what.
        by: Exclusion,
        /// Why.
        reason: String,
    },
}

/// Decides for each check of `suite`, in its order.
#[must_use]
pub fn decide(
    suite: &Suite,
    selection: &Selection,
    known: &Known,
    purpose: Purpose,
) -> Vec<Decision> {
    let selected = selected(suite, selection);
    let checks = suite.checks.iter().zip(selected);
    checks.map(|(check, selected)| decide_one(suite, check, selected, known, purpose)).collect()
}

fn decide_one(
    suite: &Suite,
    check: &Check,
    selected: bool,
    known: &Known,
    purpose: Purpose,
) -> Decision {
    if !selected {
        let reason = "not selected on the command line".to_owned();
        return Decision::Exclude { by: Exclusion::Selection, reason };
    }
    for need in &check.requires {
        if matches!(need, Need::Subject(_)) && purpose == Purpose::Lint {
            continue;
        }
        if !met(need, suite, known) {
            let remedy = suite.remedies.get(need).cloned().unwrap_or_else(|| need.remedy());
            return Decision::Skip { reason: unmet(need, known), remedy };
        }
    }
    for condition in check.when.iter().filter(|_| purpose == Purpose::Audit) {
        match condition.holds(&known.facts) {
            Some(true) => {}
            Some(false) => {
                let fact = condition.subject.fact();
                let found = known.facts.get(&fact).map_or("nothing", String::as_str);
                let reason = format!("applies when {condition}; {fact} is {found}");
                return Decision::Exclude { by: Exclusion::Condition, reason };
            }
            None => {
                let reason = format!("applies when {condition}, and that version is not known");
                let remedy = Need::Subject(condition.clone()).remedy();
                return Decision::Skip { reason, remedy };
            }
        }
    }
    Decision::Run
}

fn unmet(need: &Need, known: &Known) -> String {
    match (need, &known.gap) {
        (Need::Fact(_) | Need::Subject(_), Some(why)) => {
            format!("whether the target has {need} is not known: {why}")
        }
        _ => format!("the target has no {need}"),
    }
}

fn met(need: &Need, suite: &Suite, known: &Known) -> bool {
    match need {
        Need::Fact(name) => known.facts.contains_key(name),
        Need::Parameter(name) => suite.parameters.contains_key(name),
        Need::Subject(condition) => condition.holds(&known.facts) == Some(true),
        _ => known.present.contains(need),
    }
}

/// What has to be looked for on the target before [`decide`].
#[must_use]
pub fn needs(suite: &Suite) -> BTreeSet<Need> {
    let needs = suite.checks.iter().flat_map(|check| &check.requires);
    needs
        .filter(|need| !matches!(need, Need::Fact(_) | Need::Parameter(_) | Need::Subject(_)))
        .cloned()
        .collect()
}

/// The facts that checks of `suite` rely on, by name.
#[must_use]
pub fn facts(suite: &Suite) -> BTreeSet<&str> {
    let rules = suite.checks.iter().flat_map(|check| &check.facts);
    let needs = suite.checks.iter().flat_map(|check| &check.requires);
    let needed = needs.filter_map(|need| match need {
        Need::Fact(name) => Some(name.as_str()),
        _ => None,
    });
    rules.map(|rule| rule.name.as_str()).chain(needed).collect()
}

/// Which checks are selected; the controls of a selected check are, too.
fn selected(suite: &Suite, selection: &Selection) -> Vec<bool> {
    let position = positions(suite);
    let mut selected = vec![false; suite.checks.len()];
    for (index, check) in suite.checks.iter().enumerate() {
        let mut next = selection.takes(check).then_some(index);
        while let Some(index) = next.filter(|index| !selected[*index]) {
            selected[index] = true;
            let control = suite.checks[index].control.as_deref();
            next = control.and_then(|control| position.get(control).copied());
        }
    }
    selected
}

/// Whether `filter` names `id`: all of it, its beginning up to a dot, or by `*`.
#[must_use]
pub fn matches(filter: &str, id: &str) -> bool {
    if !filter.contains('*') {
        return id
            .strip_prefix(filter)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    }
    let mut parts = filter.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = id.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(start) => rest = &rest[start + part.len()..],
            None => return false,
        }
    }
    true
}

/// Where each check is, by its id.
#[must_use]
pub fn positions(suite: &Suite) -> BTreeMap<&str, usize> {
    suite.checks.iter().enumerate().map(|(index, check)| (check.id.as_str(), index)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_an_id_its_beginning_or_a_pattern() {
        assert!(matches("fips", "fips.md5") && matches("fips.md5", "fips.md5"));
        assert!(!matches("fips", "fipsy") && !matches("md5", "fips.md5"));
        assert!(matches("*md5", "fips.md5") && matches("f*5", "fips.md5"));
        assert!(matches("*.m*d*", "fips.md5") && !matches("f*x*5", "fips.md5"));
        assert!(matches("*", "anything") && !matches("a*a", "a"));
    }
}
