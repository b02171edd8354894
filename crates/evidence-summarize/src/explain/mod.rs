//! Why a case has its status, its layer and its action.

mod heard;
mod near;
mod rule;

pub use heard::{Heard, hear};

use contract::explanation::{
    Advice, Basis, Changed, Explained, Explanation, LayerFrom, SpeaksFor, StatusFrom, Telling,
};
use contract::summary::{Case, Change, Comparison, Slower, Summary};
use contract::{CheckStatus, Tag};

use crate::fold::Folded;
use crate::place;
use crate::rules::Rules;

/// Explains every case of `summary` with the id or, where no id fits, the name `asked`. `heard` is
/// what the evidence says of them; `None` if only the summary is there.
///
/// # Errors
///
/// If no case fits; the message names those that are written nearly so.
pub fn explain(
    summary: &Summary,
    asked: &str,
    heard: Option<&Heard>,
    rules: &Rules,
) -> Result<Explanation, String> {
    let cases = listed(summary);
    let mut chosen: Vec<&Case> = cases.iter().copied().filter(|case| case.id == asked).collect();
    if chosen.is_empty() {
        chosen = cases.iter().copied().filter(|case| case.name == asked).collect();
    }
    if chosen.is_empty() {
        return Err(unknown(summary, asked, &cases));
    }
    let one = |case: &&Case| Why { summary, case, heard, rules }.explained();
    Ok(Explanation {
        schema: Tag::new(),
        generator: summary.generator.clone(),
        inputs: summary.inputs.clone(),
        asked: asked.to_owned(),
        basis: if heard.is_some() { Basis::Evidence } else { Basis::Summary },
        verdict: summary.verdict,
        gate: summary.gate.clone(),
        cases: chosen.iter().map(one).collect(),
    })
}

/// The cases that a summary lists.
fn listed(summary: &Summary) -> Vec<&Case> {
    match &summary.cases {
        Some(cases) => cases.iter().collect(),
        None => summary.failures.iter().chain(&summary.unproven).chain(&summary.flaky).collect(),
    }
}

fn unknown(summary: &Summary, asked: &str, cases: &[&Case]) -> String {
    let mut why = format!("no case has the id or the name {asked:?}");
    if summary.cases.is_none() {
        why.push_str(" (the summary does not list what passed: explain the evidence instead)");
    }
    let ids = cases.iter().map(|case| case.id.as_str());
    let near = near::near(asked, ids);
    if near.is_empty() {
        why.push_str("; --cases lists them all");
    } else {
        let quoted: Vec<_> = near.iter().map(|id| format!("{id:?}")).collect();
        why.push_str(&format!("; written nearly so: {}", quoted.join(", ")));
    }
    why
}

/// One case, and all that is known of it.
struct Why<'a> {
    summary: &'a Summary,
    case: &'a Case,
    heard: Option<&'a Heard>,
    rules: &'a Rules,
}

impl Why<'_> {
    fn explained(&self) -> Explained {
        let told = self.heard.map_or_else(Vec::new, |heard| heard.of(self.case, self.summary));
        let detail = told.iter().find(|told| told.decides).and_then(|told| told.detail.as_deref());
        Explained {
            case: self.case.clone(),
            status_from: self.status_from(&told),
            layer_from: self.layer_from(),
            rules: rule::hits(self.case, detail, self.layer_from(), self.rules),
            advice: self.advice(detail),
            requirement: self.case.requirement,
            unmet: self
                .summary
                .unmet
                .iter()
                .filter(|unmet| unmet.id == self.case.id && unmet.status == self.case.status)
                .cloned()
                .collect(),
            requirements: self.speaks_for(),
            changes: self
                .summary
                .comparison
                .as_ref()
                .map_or_else(Vec::new, |all| self.changed(all)),
            told,
        }
    }

    fn status_from(&self, told: &[Telling]) -> StatusFrom {
        if self.case.evidence.is_none() && self.case.attempts.is_empty() {
            return StatusFrom::ExpectedAndAbsent;
        }
        match heard::tellers(told) {
            Some(tellers) if tellers.iter().any(|status| *status != self.case.status) => {
                StatusFrom::WorstOfSeveral
            }
            Some(_) => StatusFrom::AllAgree,
            None if self.case.attempts.len() > 1 => StatusFrom::LastAttempt,
            None => StatusFrom::OneElement,
        }
    }

    fn layer_from(&self) -> LayerFrom {
        match (self.case.layer, self.case.rule.as_deref()) {
            (Some(_), Some(place::INPUT)) => LayerFrom::Input,
            (Some(_), _) => LayerFrom::Rule,
            (None, _) if self.case.status == CheckStatus::Passed => LayerFrom::NotAsked,
            (None, _) => LayerFrom::Nothing,
        }
    }

    fn advice(&self, detail: Option<&str>) -> Option<Advice> {
        let named = self.case.rule.as_deref().filter(|rule| *rule != place::INPUT);
        if let Some(rule) = named.filter(|rule| self.rules.get(rule).is_none()) {
            // A rule of a file that the summary was made with.
            let said = self.summary.actions.iter().find(|action| action.rule == rule)?;
            return Some(Advice { rule: rule.to_owned(), action: said.action.clone() });
        }
        let detail = detail.map(str::to_owned);
        let folded = Folded { case: self.case.clone(), detail, degraded: false, order: (0, 0) };
        let (_, (_, rule, action)) = place::advice_for(&folded, self.rules)?;
        Some(Advice { rule, action })
    }

    fn speaks_for(&self) -> Vec<SpeaksFor> {
        let rows = self.summary.requirements.iter().flatten();
        let named = rows.filter(|row| {
            let is = |check: &contract::summary::RequirementCheck| {
                check.id == self.case.id && check.target == self.case.target
            };
            row.checks.iter().any(is)
        });
        let of = |row: &contract::summary::RequirementRow| SpeaksFor {
            id: row.id.clone(),
            title: row.title.clone(),
            coverage: row.coverage,
        };
        named.map(of).collect()
    }

    fn changed(&self, all: &Comparison) -> Vec<Changed> {
        let none = Vec::new();
        let lists = [
            ("newly_failing", &all.newly_failing),
            ("fixed", &all.fixed),
            ("still_failing", &all.still_failing),
            ("unresolved", &all.unresolved),
            ("flaky", &all.flaky),
            ("vanished", all.vanished.as_ref().unwrap_or(&none)),
            ("new", all.new.as_ref().unwrap_or(&none)),
        ];
        let is =
            |id: &str, target: &Option<String>| id == self.case.id && *target == self.case.target;
        let mut changed = Vec::new();
        for (list, changes) in lists {
            let mine = changes.iter().filter(|change| is(&change.id, &change.target));
            changed.extend(
                mine.map(|change| Changed { list: list.to_owned(), change: change.clone() }),
            );
        }
        let slower = all.slower.iter().flatten().filter(|slower| is(&slower.id, &slower.target));
        changed.extend(
            slower.map(|slower| Changed { list: "slower".to_owned(), change: both(slower) }),
        );
        changed
    }
}

/// What became slower passed both times.
fn both(slower: &Slower) -> Change {
    Change {
        id: slower.id.clone(),
        target: slower.target.clone(),
        before: Some(CheckStatus::Passed),
        now: Some(CheckStatus::Passed),
    }
}
