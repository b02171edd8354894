//! What Allure 3 (3.18) takes from a result (`@allurereport/reader`, `store/convert.js`).

use super::loose::{List, Loose};
use super::raw::{Raw, Step};
use super::{Dropped, Status, View, identity};

/// What stands for a parameter without a value.
const NO_VALUE: &str = "#___unknown_value___#";

pub(super) fn view(raw: &Raw<'_>) -> Result<View, Dropped> {
    if !readable(raw) {
        return Err(Dropped::Skipped("a field has a type that Allure 3 does not read".to_owned()));
    }
    let (start, stop) = times(raw.start.js_number(), raw.stop.js_number());
    Ok(View {
        identity: case(raw).map(|(kind, case)| identity(&[kind, case, &parameters(raw)])),
        status: status(&raw.status).unwrap_or(Status::Unknown),
        start,
        stop,
    })
}

/// The id that goes before any other.
pub(super) fn allure_id<'a>(raw: &'a Raw<'_>) -> Option<&'a str> {
    raw.labels
        .items()
        .find(|label| {
            matches!(label.name.js_text(), Some("ALLURE_ID" | "AS_ID"))
                && label.value.js_text() != Some("-1")
        })?
        .value
        .js_text()
        .filter(|id| !id.is_empty())
}

fn case<'a>(raw: &'a Raw<'_>) -> Option<(&'static str, &'a str)> {
    let text = |value: &'a Loose<'_>| value.js_text().filter(|text| !text.is_empty());
    allure_id(raw)
        .map(|id| ("ALLURE_ID", id))
        .or_else(|| text(&raw.test_case_id).map(|id| ("", id)))
        .or_else(|| text(&raw.full_name).map(|name| ("", name)))
}

/// Parameters that are not excluded: `name:value`, ordered, repeated where they repeat.
fn parameters(raw: &Raw<'_>) -> String {
    let mut pairs: Vec<(&str, &str)> = raw
        .parameters
        .items()
        .filter(|parameter| parameter.excluded != Loose::Bool(true))
        .filter_map(|parameter| {
            let name = parameter.name.js_text().filter(|name| !name.is_empty())?;
            Some((name, parameter.value.js_text().unwrap_or(NO_VALUE)))
        })
        .collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    pairs.join(",")
}

/// Fills in the missing one of two times; a test that stops before it starts takes no time.
fn times(start: Option<f64>, stop: Option<f64>) -> (Option<i64>, Option<i64>) {
    // Times of an epoch in milliseconds are far inside of what fits; the cast saturates beyond.
    #[allow(clippy::cast_possible_truncation)]
    let whole = |value: Option<f64>| value.map(|value| value as i64);
    match (whole(start), whole(stop)) {
        (Some(start), Some(stop)) => (Some(start), Some(stop.max(start))),
        (start, stop) => (start.or(stop), stop.or(start)),
    }
}

/// `None` is a status that is neither text nor null: the file is dropped.
fn status(value: &Loose<'_>) -> Option<Status> {
    Some(match value {
        Loose::Absent | Loose::Null => Status::Unknown,
        Loose::Text(text) => match text.to_lowercase().as_str() {
            "failed" => Status::Failed,
            "broken" => Status::Broken,
            "passed" => Status::Passed,
            "skipped" => Status::Skipped,
            _ => Status::Unknown,
        },
        _ => return None,
    })
}

/// Whether the reader gets to the end without a `TypeError`.
fn readable(raw: &Raw<'_>) -> bool {
    status(&raw.status).is_some()
        && raw.labels != List::Wrong
        && raw.links != List::Wrong
        && raw.parameters != List::Wrong
        && raw.attachments != List::Wrong
        && raw.steps != List::Wrong
        && raw.steps.items().all(readable_step)
}

fn readable_step(step: &Step<'_>) -> bool {
    step.wrong
        || (status(&step.status).is_some()
            && step.steps != List::Wrong
            && step.attachments != List::Wrong
            && step.parameters != List::Wrong
            && step.steps.items().all(readable_step))
}
