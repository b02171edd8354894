//! What Allure 3 (3.18) takes from a result (`@allurereport/reader`, `store/convert.js`).

use super::loose::{List, Loose};
use super::raw::{Attachment, Raw, Step};
use super::{Dropped, Status, View, identity};

/// What stands for a parameter without a value.
const NO_VALUE: &str = "#___unknown_value___#";

pub(super) fn view(raw: &Raw<'_>) -> Result<View, Dropped> {
    if !readable(raw) {
        return Err(Dropped::Skipped("a field has a type that Allure 3 does not read".to_owned()));
    }
    // What is larger than all numbers is none to it.
    let finite = |value: &Loose<'_>| value.js_number().filter(|number| number.abs() < f64::MAX);
    let numbers = [finite(&raw.start), finite(&raw.stop)];
    let endless = raw.start.js_number().is_some_and(|start| start >= f64::MAX);
    // A test does not stop before it starts: with an infinite start both times are.
    let (start, stop) = if endless { (None, None) } else { times(numbers[0], numbers[1]) };
    Ok(View {
        inexact: numbers.into_iter().flatten().any(inexact),
        identity: case(raw).map(|case| match case {
            Case::AllureId(id) => identity(&["ALLURE_ID", id, &parameters(raw)]),
            // As in Allure 2: what both read alike is one value.
            Case::Own(case) => identity(&[case, &parameters(raw)]),
        }),
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

enum Case<'a> {
    AllureId(&'a str),
    Own(&'a str),
}

fn case<'a>(raw: &'a Raw<'_>) -> Option<Case<'a>> {
    let text = |value: &'a Loose<'_>| value.js_text().filter(|text| !text.is_empty());
    allure_id(raw)
        .map(Case::AllureId)
        .or_else(|| text(&raw.test_case_id).map(Case::Own))
        .or_else(|| text(&raw.full_name).map(Case::Own))
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

/// Whether a number of milliseconds is not the whole one that is kept of it here.
fn inexact(number: f64) -> bool {
    number.fract() != 0.0 || number.abs() > 9_007_199_254_740_992.0
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
    if step.wrong {
        return true;
    }
    let lists = step.steps != List::Wrong
        && step.attachments != List::Wrong
        && step.parameters != List::Wrong;
    lists
        && match only_attachment(step) {
            // It is asked for its name, to see if the step only carries it.
            Some(None) => false,
            // So it does, and nothing else of the step is looked at.
            Some(Some(carried)) if carried.name == step.name => true,
            _ => status(&step.status).is_some() && step.steps.items().all(readable_step),
        }
}

/// The attachment of a step that has nothing but one.
fn only_attachment<'a, 'b>(step: &'a Step<'b>) -> Option<Option<&'a Attachment<'b>>> {
    let no_steps = match &step.steps {
        List::Items(steps) => steps.is_empty(),
        _ => true,
    };
    match &step.attachments {
        List::Items(attachments) if no_steps && attachments.len() == 1 => {
            Some(attachments[0].as_ref())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    fn readable(steps: &str) -> bool {
        let text = format!(r#"{{"steps":{steps}}}"#);
        super::readable(&serde_json::from_str(&text).unwrap())
    }

    #[test]
    fn of_a_step_that_carries_an_attachment_nothing_else_is_read() {
        assert!(readable(r#"[{"name":"a","status":-1,"attachments":[{"name":"a"}]}]"#));
        assert!(!readable(r#"[{"name":"b","status":-1,"attachments":[{"name":"a"}]}]"#));
        assert!(!readable(r#"[{"name":"a","attachments":[null]}]"#));
        assert!(readable(r#"[{"name":"a","attachments":[null,null]}]"#));
    }
}
