//! What has to be written into a results directory, and what stays.

use std::collections::BTreeMap;

use contract::environment::{Executor, Kept, Record};
use contract::{InputRef, Sha256};
use serde::Serialize;
use sha2::{Digest as _, Sha256 as Digest};

use crate::provenance::Found;
use crate::{categories, properties, sha256};

/// `environment.properties`.
pub const PROPERTIES: &str = "environment.properties";
/// `executor.json`.
pub const EXECUTOR: &str = "executor.json";
/// `categories.json`.
pub const CATEGORIES: &str = "categories.json";
/// The record of what the directory held.
pub const RECORD: &str = ".allure-env.json";

/// What a directory holds before.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// The environment files that are there, by name.
    pub files: BTreeMap<&'static str, Vec<u8>>,
    /// The record of an earlier run.
    pub record: Option<Record>,
}

/// What the caller wants said.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Properties by key.
    pub properties: BTreeMap<String, String>,
    /// Where the run comes from.
    pub found: Found,
    /// What else could not be found out.
    pub unknown: BTreeMap<String, String>,
}

/// What to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Every property the directory will have.
    pub properties: BTreeMap<String, String>,
    /// Those of them that this tool set, now or earlier.
    pub ours: BTreeMap<String, String>,
    /// Values that moved to another key.
    pub kept: Vec<Kept>,
    /// What `executor.json` will say, if it is this tool's.
    pub executor: Option<Executor>,
    /// What is not known.
    pub unknown: BTreeMap<String, String>,
    /// Properties that cannot be written; the answer is no.
    pub refused: Vec<String>,
    /// What a person should know.
    pub remarks: Vec<String>,
    /// The environment files as they will be, by name.
    pub files: BTreeMap<&'static str, Vec<u8>>,
    /// Those of the files that are this tool's alone.
    pub own: Vec<&'static str>,
}

/// Joins what is there with what is wished for. Nothing an adapter wrote is lost: a value that has
/// to give way moves to `KEY.before`, and foreign files stay as they are.
#[must_use]
pub fn plan(before: &Before, wish: &Wish) -> Plan {
    let mut plan = Plan { unknown: wish.found.unknown.clone(), ..Plan::default() };
    plan.unknown.extend(wish.unknown.clone());
    let mut wanted = wish.found.facts.clone();
    wanted.extend(wish.properties.clone());
    plan.unknown.retain(|key, _| !wanted.contains_key(key));
    settle(&mut plan, before, wanted);
    plan.files.insert(PROPERTIES, properties::write(&plan.properties).into_bytes());
    let executor = wish.found.executor.as_ref().map(pretty);
    if place(&mut plan, before, EXECUTOR, executor) {
        plan.executor.clone_from(&wish.found.executor);
    }
    place(&mut plan, before, CATEGORIES, Some(categories::json()));
    plan
}

/// Properties: those that are there, then those that are wanted.
fn settle(plan: &mut Plan, before: &Before, wanted: BTreeMap<String, String>) {
    let parsed = before.files.get(PROPERTIES).map(|bytes| properties::read(bytes));
    let parsed = parsed.unwrap_or_default();
    plan.remarks.extend(parsed.malformed.iter().map(|line| {
        format!(
            "{PROPERTIES}:{line}: a malformed \\u would have ended Allure 2 without a report; the \
             text is kept as it stood"
        )
    }));
    plan.properties = parsed.properties;
    for key in plan.properties.keys() {
        if let Some(why) = properties::unwritable(key) {
            plan.remarks.push(format!("{PROPERTIES}: {key:?} was there and is kept: {why}"));
        }
    }
    let recorded = before.record.as_ref().map(|record| record.properties.clone());
    plan.ours = recorded.unwrap_or_default();
    let found = &plan.properties;
    plan.ours.retain(|key, value| found.get(key) == Some(value));
    for (key, value) in wanted {
        if let Some(why) = properties::unwritable(&key) {
            plan.refused.push(format!("the property {key:?} is refused: {why}"));
            continue;
        }
        let old = plan.properties.insert(key.clone(), value.clone());
        if let Some(old) = old.filter(|old| *old != value && plan.ours.get(&key) != Some(old)) {
            keep(plan, &key, old);
        }
        plan.ours.insert(key, value);
    }
}

/// Moves a value to the first free key after `KEY`.
fn keep(plan: &mut Plan, key: &str, value: String) {
    let mut now = format!("{key}.before");
    let mut number = 1;
    while plan.properties.get(&now).is_some_and(|there| *there != value) {
        number += 1;
        now = format!("{key}.before.{number}");
    }
    plan.remarks.push(format!("{PROPERTIES}: {key:?} had another value; it is now {now:?}"));
    plan.properties.insert(now.clone(), value.clone());
    plan.kept.push(Kept { key: key.to_owned(), now, value });
}

/// A file of our own, unless somebody else's has its name. Says whether it is ours.
fn place(plan: &mut Plan, before: &Before, name: &'static str, wanted: Option<Vec<u8>>) -> bool {
    let there = before.files.get(name);
    let foreign = there.is_some_and(|there| {
        Some(there) != wanted.as_ref() && recorded(before, name) != Some(&sha256(there))
    });
    match (wanted, there) {
        (Some(_), Some(there)) if foreign => {
            plan.remarks.push(format!("{name} was there before and is kept as it is"));
            plan.files.insert(name, there.clone());
            false
        }
        (Some(wanted), _) => {
            plan.files.insert(name, wanted);
            plan.own.push(name);
            true
        }
        (None, Some(there)) => {
            plan.files.insert(name, there.clone());
            false
        }
        (None, None) => false,
    }
}

/// The digest under which an earlier run recorded one of its own files.
fn recorded<'a>(before: &'a Before, name: &str) -> Option<&'a Sha256> {
    let record = before.record.as_ref()?;
    record.written.iter().find(|written| written.path == name).map(|written| &written.sha256)
}

/// The digests of files that are about to be written.
#[must_use]
pub fn digests(files: &BTreeMap<&'static str, Vec<u8>>) -> Vec<InputRef> {
    files
        .iter()
        .map(|(name, bytes)| {
            InputRef::new(name.as_bytes(), bytes.len() as u64, Digest::digest(bytes).into())
        })
        .collect()
}

/// Up to so many files are named; more of them are what another test run leaves.
const NAMED: usize = 3;

/// Files of an earlier record that are gone or not what they were: one sentence each, or one for
/// all if they are many. New files are what a test run leaves: nothing to remark.
#[must_use]
pub fn changed_since(earlier: &Record, now: &[InputRef]) -> Vec<String> {
    let sentences = each_changed_since(earlier, now);
    if sentences.len() <= NAMED {
        return sentences;
    }
    vec![format!(
        "{} of {} recorded files are gone or not what was recorded: the results were written anew",
        sentences.len(),
        earlier.inputs.len()
    )]
}

fn each_changed_since(earlier: &Record, now: &[InputRef]) -> Vec<String> {
    let now: BTreeMap<_, _> = now.iter().map(|file| (key(file), &file.sha256)).collect();
    let own = [PROPERTIES, EXECUTOR, CATEGORIES];
    earlier
        .inputs
        .iter()
        .filter(|file| !own.contains(&file.path.as_str()))
        .filter_map(|file| match now.get(&key(file)) {
            None => Some(format!("{} was recorded and is gone", file.path)),
            Some(sha256) if **sha256 != file.sha256 => {
                Some(format!("{} is not what was recorded", file.path))
            }
            Some(_) => None,
        })
        .collect()
}

fn key(file: &InputRef) -> (&str, Option<&str>) {
    (&file.path, file.path_bytes.as_deref())
}

/// The text of the record.
#[must_use]
pub fn record(record: &Record) -> Vec<u8> {
    pretty(record)
}

/// A JSON file for people and generators: indented, with a final newline.
pub(crate) fn pretty(value: &impl Serialize) -> Vec<u8> {
    // These are plain structs of strings and numbers: writing them cannot fail.
    let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
    text.push(b'\n');
    text
}
