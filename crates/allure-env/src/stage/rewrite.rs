//! Staged copies of results and containers.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::LABEL;
use super::label::Audit;
use super::object::Object;
use crate::result::json_text;
use crate::sha256;

/// Lists that Allure 2 cannot take as null.
const LISTS: [&str; 5] = ["labels", "links", "parameters", "attachments", "steps"];
/// Deeper steps than this stay as they are.
const DEEPEST: usize = 400;

/// Old names to new ones.
pub type Names = BTreeMap<String, String>;

/// What a staged result gets.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// The audit it belongs to.
    pub audit: &'a Audit,
    /// Its new `uuid`, where another result has its own.
    pub uuid: Option<&'a str>,
    /// Attachments that have another name in the stage.
    pub sources: &'a Names,
}

#[derive(Serialize)]
struct Pair<'a> {
    name: &'a str,
    value: &'a str,
}

/// The staged form of a result; `None` if no generator could read it.
#[must_use]
pub fn result(bytes: &[u8], stamp: &Stamp<'_>) -> Option<Vec<u8>> {
    let mut object: Object = serde_json::from_str(&json_text(bytes)?).ok()?;
    LISTS.iter().for_each(|list| object.drop_null(list));
    let identity = ["historyId", "testCaseId", "fullName"].iter().find_map(|key| object.text(key));
    if let Some(identity) = identity {
        // Allure 2 before 2.46 groups by this alone.
        let own = sha256(format!("{identity}\0{}", stamp.audit.image).as_bytes());
        object.set("historyId", &&own.as_str()[..32]);
    }
    if let Some(uuid) = stamp.uuid {
        object.set("uuid", &uuid);
    }
    append(&mut object, "parameters", &Pair { name: "image", value: &stamp.audit.stamp() });
    append(&mut object, "labels", &Pair { name: LABEL, value: &stamp.audit.id });
    if let Some(links) = object.list("links") {
        object.set("links", &links);
    }
    inside(&mut object, stamp.sources, 0);
    serde_json::to_vec(&object).ok()
}

/// The staged form of a container, whose results may have another `uuid` in the stage.
#[must_use]
pub fn container(bytes: &[u8], uuids: &Names, sources: &Names) -> Option<Vec<u8>> {
    let mut object: Object = serde_json::from_str(&json_text(bytes)?).ok()?;
    if let Some(children) = object.list("children") {
        object.set("children", &renamed(children, uuids));
    }
    for list in ["befores", "afters"] {
        steps(&mut object, list, sources, 0);
    }
    serde_json::to_vec(&object).ok()
}

fn append(object: &mut Object, list: &str, pair: &Pair<'_>) {
    let there = object.list(list);
    if object.get(list).is_some() && there.is_none() {
        return; // Not a list: both generators drop the result, and that is told.
    }
    let mut items = there.unwrap_or_default();
    items.extend(to_raw_value(pair).ok());
    object.set(list, &items);
}

/// Gives attachments their new names and drops null elements, here and in the steps below.
fn inside(object: &mut Object, sources: &Names, depth: usize) {
    if let Some(attachments) = object.list("attachments") {
        let attachments = attachments.into_iter().map(|attachment| source(attachment, sources));
        object.set("attachments", &attachments.collect::<Vec<_>>());
    }
    steps(object, "steps", sources, depth);
}

fn steps(object: &mut Object, list: &str, sources: &Names, depth: usize) {
    let Some(items) = object.list(list).filter(|_| depth < DEEPEST) else { return };
    let items = items.into_iter().map(|item| match serde_json::from_str::<Object>(item.get()) {
        Ok(mut step) => {
            inside(&mut step, sources, depth + 1);
            to_raw_value(&step).unwrap_or(item)
        }
        Err(_) => item,
    });
    let items: Vec<Box<RawValue>> = items.collect();
    object.set(list, &items);
}

fn source(attachment: Box<RawValue>, sources: &Names) -> Box<RawValue> {
    let Ok(mut object) = serde_json::from_str::<Object>(attachment.get()) else {
        return attachment;
    };
    match object.text("source").and_then(|source| sources.get(&source)) {
        Some(new) => {
            object.set("source", new);
            to_raw_value(&object).unwrap_or(attachment)
        }
        None => attachment,
    }
}

fn renamed(items: Vec<Box<RawValue>>, names: &Names) -> Vec<Box<RawValue>> {
    let new = |item: &RawValue| {
        let old: String = serde_json::from_str(item.get()).ok()?;
        to_raw_value(names.get(&old)?).ok()
    };
    items.into_iter().map(|item| new(&item).unwrap_or(item)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audit() -> Audit {
        Audit { id: "a".to_owned(), name: "i:1".to_owned(), image: "i:1".to_owned() }
    }

    fn staged(json: &str, sources: &[(&str, &str)]) -> String {
        let sources = sources.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned()));
        let (audit, sources) = (audit(), sources.collect());
        let stamp = Stamp { audit: &audit, uuid: None, sources: &sources };
        String::from_utf8(result(json.as_bytes(), &stamp).unwrap()).unwrap()
    }

    #[test]
    fn everything_else_stays_as_it_was_written() {
        let text = staged(r#"{"x":1.10,"name":"\u00e9","start":12345678901234567890}"#, &[]);
        assert!(
            text.starts_with(r#"{"x":1.10,"name":"\u00e9","start":12345678901234567890,"#),
            "{text}"
        );
        assert!(text.contains(r#""parameters":[{"name":"image","value":"i:1"}]"#), "{text}");
    }

    #[test]
    fn attachments_in_steps_are_renamed_and_nulls_go() {
        let text = staged(
            r#"{"steps":[null,{"steps":[{"attachments":[{"source":"a","name":"n"}]}]}],"links":null}"#,
            &[("a", "b")],
        );
        let expected = r#""steps":[{"steps":[{"attachments":[{"source":"b","name":"n"}]}]}]"#;
        assert!(text.contains(expected) && !text.contains("null"), "{text}");
    }
}
