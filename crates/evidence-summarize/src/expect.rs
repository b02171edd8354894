//! Lists of expected checks: what is absent did not run, and is said so.

use std::collections::BTreeMap;

use contract::inventory::{Inventory, Requirement};
use contract::summary::Case;
use contract::{CheckStatus, Layer};

/// One expected check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Its id: that of a case, or its name where no id fits.
    pub id: String,
    /// Its title.
    pub name: String,
    /// Its layer, if known.
    pub layer: Option<Layer>,
    /// Whether it has to have run.
    pub requirement: Requirement,
}

/// Reads a list: an `inventory` document, or a line for each check (`ID`, then `required` or
/// `optional` and a layer, if they are said; `#` begins a comment).
///
/// # Errors
///
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Vec<Expected>, String> {
    if text.trim_start().starts_with('{') {
        let inventory: Inventory = serde_json::from_str(text).map_err(|error| error.to_string())?;
        return Ok(inventory.checks.into_iter().map(of_inventory).collect());
    }
    let lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let expected: Vec<_> = lines.map(of_line).collect();
    if expected.is_empty() {
        return Err(
            "expected an inventory document or a line for each check, found none".to_owned()
        );
    }
    if let Some(odd) = expected.iter().find(|check| check.id.contains('\0')) {
        return Err(format!("expected a line for each check, found binary data ({:?})", odd.id));
    }
    Ok(expected)
}

fn of_inventory(check: contract::inventory::Expected) -> Expected {
    Expected {
        id: check.id,
        name: check.name,
        layer: Some(check.layer),
        requirement: check.requirement,
    }
}

fn of_line(line: &str) -> Expected {
    let (mut id, mut layer, mut requirement) = (line, None, Requirement::Required);
    while let Some((rest, word)) = id.rsplit_once(char::is_whitespace) {
        match word {
            "required" => requirement = Requirement::Required,
            "optional" => requirement = Requirement::Optional,
            word => match Layer::ALL.into_iter().find(|known| known.word() == word) {
                Some(known) => layer = Some(known),
                None => break,
            },
        }
        id = rest.trim_end();
    }
    Expected { id: id.to_owned(), name: id.to_owned(), layer, requirement }
}

/// Notes on each case whether it is required, and adds a case for each expected check that no
/// input holds.
pub fn apply(expected: &[Expected], cases: &mut Vec<Case>) {
    if expected.is_empty() {
        return;
    }
    let mut by_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, case) in cases.iter().enumerate() {
        by_id.entry(&case.id).or_default().push(index);
        by_name.entry(&case.name).or_default().push(index);
    }
    let found: Vec<_> = expected
        .iter()
        .map(|check| {
            by_id.get(check.id.as_str()).or_else(|| by_name.get(check.id.as_str())).cloned()
        })
        .collect();
    for (check, found) in expected.iter().zip(found) {
        for index in found.iter().flatten() {
            let case = &mut cases[*index];
            case.requirement = Some(check.requirement);
            if case.layer.is_none() && check.layer.is_some() {
                (case.layer, case.rule) = (check.layer, Some("input".to_owned()));
            }
        }
        if found.is_none() {
            cases.push(absent(check));
        }
    }
}

fn absent(check: &Expected) -> Case {
    Case {
        id: check.id.clone(),
        name: check.name.clone(),
        suite: None,
        file: None,
        target: None,
        status: CheckStatus::NotRun,
        flaky: false,
        attempts: vec![],
        layer: check.layer,
        rule: check.layer.map(|_| "input".to_owned()),
        requirement: Some(check.requirement),
        duration_ms: None,
        message: Some("expected, and in no input".to_owned()),
        remedy: None,
        evidence: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_id_with_what_is_said_of_it() {
        let checks = parse("# x\na b\nc optional capability\nd fault_injection\n").unwrap();
        let ids: Vec<_> = checks.iter().map(|check| check.id.as_str()).collect();
        assert_eq!(ids, ["a b", "c", "d"]);
        assert_eq!(checks[1].requirement, Requirement::Optional);
        assert_eq!(checks[1].layer, Some(Layer::Capability));
        assert_eq!(checks[2].requirement, Requirement::Required);
        assert!(parse("\n# only a comment\n").is_err());
    }
}
