//! Which checks speak for which requirement, and whether it holds.

use std::collections::{BTreeMap, BTreeSet};

use contract::CheckStatus;
use contract::inventory::Requirement;
use contract::part::{Effect, RemarkKind};
use contract::summary::{Case, Coverage, Finding, Needs, RequirementCheck, RequirementRow, Unmet};
use serde::Deserialize;
use toml::Spanned;

use crate::gate::fits;
use crate::mistake::Mistake;

/// A requirement as its file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Its id, unique in the files.
    pub id: String,
    /// What it asks for.
    pub title: String,
    /// Ids of checks, or their names where no id fits; `*` stands for any text.
    pub checks: Vec<String>,
    /// How many of them have to have passed.
    pub needs: Needs,
    /// Whether it has to hold for a pass.
    requirement: Requirement,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: Spanned<String>,
    title: String,
    checks: Vec<String>,
    needs: Needs,
    /// One that says nothing has to hold.
    requirement: Option<Requirement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    requirement: Option<Vec<Raw>>,
}

/// Reads a requirements file.
///
/// # Errors
///
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Vec<Stated>, Mistake> {
    let file: File =
        toml::from_str(text).map_err(|error| Mistake::toml(text, "requirements", &error))?;
    let raw = file.requirement.unwrap_or_default();
    if raw.is_empty() {
        return Err(Mistake::new("expected at least one [[requirement]], found none"));
    }
    let mut ids = BTreeSet::new();
    let mut stated = Vec::with_capacity(raw.len());
    for raw in raw {
        let at = raw.id.span().start;
        let id = raw.id.into_inner();
        if !ids.insert(id.clone()) {
            let why = format!("a second requirement with the id {id:?}");
            return Err(Mistake::at_byte(text, at, why));
        }
        let requirement = raw.requirement.unwrap_or(Requirement::Required);
        let (title, checks, needs) = (raw.title, raw.checks, raw.needs);
        stated.push(Stated { id, title, checks, needs, requirement });
    }
    Ok(stated)
}

/// The cases by what a check can be named by.
struct Index<'a> {
    cases: &'a [Case],
    by_id: BTreeMap<&'a str, Vec<usize>>,
    by_name: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn new(cases: &'a [Case]) -> Self {
        let mut by_id: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut by_name: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (index, case) in cases.iter().enumerate() {
            by_id.entry(case.id.as_str()).or_default().push(index);
            by_name.entry(case.name.as_str()).or_default().push(index);
        }
        Self { cases, by_id, by_name }
    }

    fn find(&self, check: &str) -> Vec<usize> {
        let exact = self.by_id.get(check).or_else(|| self.by_name.get(check));
        match exact {
            Some(found) => found.clone(),
            None if check.contains('*') => {
                let cases = self.cases.iter().enumerate();
                cases.filter(|(_, case)| fits(check, &case.id)).map(|(index, _)| index).collect()
            }
            None => Vec::new(),
        }
    }
}

/// What became of each requirement, in the order of the files.
#[must_use]
pub fn rows(stated: &[Stated], cases: &[Case]) -> Vec<RequirementRow> {
    let index = Index::new(cases);
    stated.iter().map(|requirement| row(requirement, &index)).collect()
}

fn row(stated: &Stated, index: &Index<'_>) -> RequirementRow {
    let mut found = BTreeSet::new();
    let mut checks = Vec::new();
    for check in &stated.checks {
        let cases = index.find(check);
        if cases.is_empty() {
            checks.push(RequirementCheck {
                id: check.clone(),
                target: None,
                status: CheckStatus::NotRun,
            });
        }
        found.extend(cases);
    }
    checks.extend(found.into_iter().map(|place| {
        let case = &index.cases[place];
        let (id, target) = (case.id.clone(), case.target.clone());
        RequirementCheck { id, target, status: case.status }
    }));
    checks.sort();
    RequirementRow {
        id: stated.id.clone(),
        title: stated.title.clone(),
        requirement: stated.requirement,
        needs: stated.needs,
        coverage: coverage(stated.needs, &checks),
        checks,
    }
}

fn coverage(needs: Needs, checks: &[RequirementCheck]) -> Coverage {
    let passed = |check: &RequirementCheck| check.status == CheckStatus::Passed;
    let failed = |check: &RequirementCheck| {
        matches!(check.status, CheckStatus::Failed | CheckStatus::Broken)
    };
    let holds = match needs {
        Needs::All => checks.iter().all(passed),
        Needs::Any => checks.iter().any(passed),
    };
    match () {
        () if checks.is_empty() => Coverage::NotCovered,
        () if holds => Coverage::Passed,
        () if checks.iter().any(failed) => Coverage::Failed,
        () => Coverage::NotRun,
    }
}

/// The requirements that have to hold, and that nothing shows to hold or to fail.
pub fn unmet(rows: &[RequirementRow]) -> impl Iterator<Item = Unmet> {
    let required = rows.iter().filter(|row| row.requirement == Requirement::Required);
    required.filter_map(|row| {
        let why = match row.coverage {
            // The case that failed speaks for itself.
            Coverage::Passed | Coverage::Failed => return None,
            Coverage::NotRun => "what would show this requirement did not run",
            Coverage::NotCovered => "no check is named for this requirement",
        };
        Some(Unmet { id: row.id.clone(), status: CheckStatus::NotRun, why: why.to_owned() })
    })
}

/// Names of checks that no case fits: they may be misspelt.
#[must_use]
pub fn unknown(stated: &[Stated], cases: &[Case]) -> Vec<Finding> {
    if stated.is_empty() {
        return Vec::new();
    }
    let index = Index::new(cases);
    let of = |stated: &Stated| -> Vec<Finding> {
        let absent = stated.checks.iter().filter(|check| index.find(check).is_empty());
        let finding = |check: &String| Finding {
            path: None,
            line: None,
            kind: RemarkKind::UnknownCheck,
            message: format!("requirement {} names {check:?}, and no case fits that", stated.id),
            effect: Effect::None,
        };
        absent.map(finding).collect()
    };
    stated.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use CheckStatus::{Failed, NotRun, Passed, Skipped};

    fn of(needs: Needs, statuses: &[CheckStatus]) -> Coverage {
        let check = |status: &CheckStatus| RequirementCheck {
            id: String::new(),
            target: None,
            status: *status,
        };
        coverage(needs, &statuses.iter().map(check).collect::<Vec<_>>())
    }

    #[test]
    fn what_was_not_run_covers_nothing() {
        assert_eq!(of(Needs::All, &[]), Coverage::NotCovered);
        assert_eq!(of(Needs::All, &[Passed, Passed]), Coverage::Passed);
        assert_eq!(of(Needs::All, &[Passed, Skipped]), Coverage::NotRun);
        assert_eq!(of(Needs::All, &[Skipped, Failed]), Coverage::Failed);
        assert_eq!(of(Needs::Any, &[Skipped, Passed]), Coverage::Passed);
        assert_eq!(of(Needs::Any, &[Failed, Passed]), Coverage::Passed);
        assert_eq!(of(Needs::Any, &[Failed, NotRun]), Coverage::Failed);
        assert_eq!(of(Needs::Any, &[NotRun]), Coverage::NotRun);
    }

    #[test]
    fn a_file_says_how_many_checks_it_needs() {
        let file = |more: &str| format!("[[requirement]]\nid = \"a\"\ntitle = \"t\"\n{more}");
        assert!(parse(&file("checks = []\nneeds = \"all\"\n")).is_ok());
        assert!(parse(&file("checks = []\n")).unwrap_err().why.contains("needs"));
        assert!(parse(&file("checks = []\nneeds = \"all\"\ncheck = 1\n")).is_err());
        let one = file("checks = []\nneeds = \"any\"\n");
        let twice = parse(&format!("{one}{one}")).unwrap_err();
        assert_eq!((twice.line, twice.why.contains("second")), (Some(7), true));
    }
}
