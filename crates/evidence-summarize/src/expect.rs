//! Lists of expected checks: what is absent did not run, and is said so.

use std::collections::BTreeMap;

use contract::inventory::{Inventory, Requirement};
use contract::summary::Case;
use contract::{CheckStatus, Layer};

use crate::mistake::Mistake;

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
    /// Whether it applies only under conditions, which a run finds to hold or not.
    pub conditional: bool,
}

/// Reads a list: an `inventory` document, or a line for each check (`ID`, then `required` or
/// `optional` and a layer, if they are said; `#` begins a comment). An id with blanks stands in
/// double quotes.
///
/// # Errors
///
/// What is wrong with it.
pub fn parse(text: &str) -> Result<Vec<Expected>, Mistake> {
    if text.trim_start().starts_with('{') {
        let inventory: Inventory =
            serde_json::from_str(text).map_err(|error| Mistake::json(&error))?;
        return Ok(inventory.checks.into_iter().map(of_inventory).collect());
    }
    let lines = text.lines().map(str::trim).enumerate();
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let of = |(index, line)| of_line(line).map_err(|why| Mistake::at(index + 1, why));
    let expected: Vec<_> = lines.map(of).collect::<Result<_, _>>()?;
    if expected.is_empty() {
        return Err(Mistake::new(
            "expected an inventory document or a line for each check, found none",
        ));
    }
    Ok(expected)
}

fn of_inventory(check: contract::inventory::Expected) -> Expected {
    Expected {
        id: check.id,
        name: check.name,
        layer: Some(check.layer),
        requirement: check.requirement,
        conditional: !check.when.is_empty(),
    }
}

fn of_line(line: &str) -> Result<Expected, String> {
    if line.contains('\0') {
        return Err(format!("expected a line for each check, found binary data ({line:?})"));
    }
    let (id, words) = match line.strip_prefix('"') {
        Some(quoted) => {
            let (id, words) = quoted
                .rsplit_once('"')
                .ok_or_else(|| format!("expected a second quote after the id, found {line:?}"))?;
            (id, words)
        }
        None => line.split_once(char::is_whitespace).unwrap_or((line, "")),
    };
    let (mut layer, mut requirement) = (None, Requirement::Required);
    for word in words.split_whitespace() {
        match word {
            "required" => requirement = Requirement::Required,
            "optional" => requirement = Requirement::Optional,
            word => match Layer::ALL.into_iter().find(|known| known.word() == word) {
                Some(known) => layer = Some(known),
                None => {
                    return Err(format!(
                        "expected required, optional or a layer after the id, found {word:?}: \
                         an id with blanks stands in double quotes"
                    ));
                }
            },
        }
    }
    let (id, name) = (id.to_owned(), id.to_owned());
    Ok(Expected { id, name, layer, requirement, conditional: false })
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
        excluded: None,
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
        let checks =
            parse("# x\n\"a b\"\nc optional capability\nd fault_injection\n\"e \" f\" optional\n")
                .unwrap();
        let ids: Vec<_> = checks.iter().map(|check| check.id.as_str()).collect();
        assert_eq!(ids, ["a b", "c", "d", "e \" f"]);
        assert_eq!(checks[1].requirement, Requirement::Optional);
        assert_eq!(checks[1].layer, Some(Layer::Capability));
        assert_eq!(checks[2].requirement, Requirement::Required);
        assert!(parse("\n# only a comment\n").is_err());
    }

    #[test]
    fn a_word_that_is_none_is_no_part_of_an_id() {
        let mistake = parse("a\n\nb mandatory\n").unwrap_err();
        assert_eq!(mistake.line, Some(3));
        assert!(mistake.why.contains("\"mandatory\""), "{}", mistake.why);
        assert!(parse("\"a b\n").is_err() && parse("a\0b\n").is_err());
    }
}
