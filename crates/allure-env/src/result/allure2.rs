//! What Allure 2 (2.46) takes from a result (`Allure2Plugin.java`, read by Jackson).

use std::collections::BTreeSet;

use super::loose::{List, Loose, Mismatch, java_trim};
use super::raw::{Attachment, Details, Label, Link, Parameter, Raw, Step};
use super::{Dropped, Status, View, identity};

/// What stands for a parameter without a value.
const NO_VALUE: &str = "#___unknown_value___#";

pub(super) fn view(raw: &Raw<'_>) -> Result<View, Dropped> {
    let view = typed(raw).map_err(|Mismatch| {
        Dropped::Skipped("a field has a type that Allure 2 does not read".to_owned())
    })?;
    match fatal(raw) {
        Some(why) => Err(Dropped::Fatal(why.to_owned())),
        None => Ok(view),
    }
}

/// Null where Allure 2 expects something: it ends with a `NullPointerException`.
fn fatal(raw: &Raw<'_>) -> Option<&'static str> {
    if raw.labels == List::Null {
        return Some("`labels` is null");
    }
    if raw.steps == List::Null {
        return Some("`steps` is null");
    }
    let no_steps = raw.steps.items().next().is_none();
    if raw.attachments == List::Null && no_steps {
        return Some("`attachments` is null");
    }
    let null = raw.labels.has_null()
        || raw.links.has_null()
        || raw.parameters.has_null()
        || raw.steps.has_null()
        || raw.attachments.has_null()
        || raw.steps.items().any(null_inside);
    null.then_some("a list has a null element")
}

pub(super) fn null_inside(step: &Step<'_>) -> bool {
    step.steps.has_null()
        || step.attachments.has_null()
        || step.parameters.has_null()
        || step.steps.items().any(null_inside)
}

fn typed(raw: &Raw<'_>) -> Result<View, Mismatch> {
    let texts = [
        &raw.uuid,
        &raw.history_id,
        &raw.test_case_id,
        &raw.test_case_name,
        &raw.full_name,
        &raw.name,
        &raw.description,
        &raw.description_html,
    ];
    for text in texts {
        text.java_text()?;
    }
    list(&raw.title_path, |value| value.java_text().map(drop))?;
    list(&raw.labels, label)?;
    list(&raw.links, link)?;
    list(&raw.parameters, parameter)?;
    list(&raw.attachments, attachment)?;
    list(&raw.steps, step)?;
    details(raw.details.as_ref())?;
    word(&raw.stage)?;
    Ok(View {
        identity: case(raw)?.map(|case| {
            let parameters = parameters(raw);
            identity(&[&case, &parameters])
        }),
        status: status(&raw.status)?,
        start: raw.start.java_long()?,
        stop: raw.stop.java_long()?,
        inexact: false,
    })
}

/// `testCaseId`, else `fullName`; since 2.46 (allure2 #3440) the adapter's `historyId` is not used.
fn case(raw: &Raw<'_>) -> Result<Option<String>, Mismatch> {
    for field in [&raw.test_case_id, &raw.full_name] {
        if let Some(text) = field.java_text()?.filter(|text| !text.is_empty()) {
            return Ok(Some(text.into_owned()));
        }
    }
    Ok(None)
}

/// Parameters that are not excluded: `name:value`, in the order of their UTF-8, each once.
fn parameters(raw: &Raw<'_>) -> String {
    let mut set = BTreeSet::new();
    for parameter in raw.parameters.items() {
        let excluded = parameter.excluded.java_bool() == Ok(true);
        let name = parameter.name.java_text().ok().flatten().filter(|name| !name.is_empty());
        if let (false, Some(name)) = (excluded, name) {
            let value = parameter.value.java_text().ok().flatten();
            let value = value.map_or_else(|| NO_VALUE.to_owned(), std::borrow::Cow::into_owned);
            set.insert((name.into_owned(), value));
        }
    }
    let pairs: Vec<String> = set.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    pairs.join(",")
}

/// Jackson reads an enum from its name in any case, or from its position.
fn status(value: &Loose<'_>) -> Result<Status, Mismatch> {
    const BY_POSITION: [Status; 4] =
        [Status::Failed, Status::Broken, Status::Passed, Status::Skipped];
    let at = |position: usize| BY_POSITION.get(position).copied().unwrap_or(Status::Unknown);
    match value {
        Loose::Absent | Loose::Null => Ok(Status::Unknown),
        Loose::Int(position) => Ok(usize::try_from(*position).map_or(Status::Unknown, at)),
        Loose::Text(text) => Ok(match java_trim(text).to_ascii_lowercase().as_str() {
            "failed" => Status::Failed,
            "broken" => Status::Broken,
            "passed" => Status::Passed,
            "skipped" => Status::Skipped,
            // A position is digits alone, and begins with 0 only if it is 0.
            "0" => at(0),
            other if other.starts_with(['0', '+']) => Status::Unknown,
            other => other.parse().map_or(Status::Unknown, at),
        }),
        Loose::Bool(_) | Loose::Float(_) | Loose::Nested => Err(Mismatch),
    }
}

pub(super) fn list<T>(
    list: &List<T>,
    each: impl Fn(&T) -> Result<(), Mismatch>,
) -> Result<(), Mismatch> {
    match list {
        List::Wrong => Err(Mismatch),
        _ => list.items().try_for_each(each),
    }
}

fn object(wrong: bool) -> Result<(), Mismatch> {
    if wrong { Err(Mismatch) } else { Ok(()) }
}

/// An enum that is not looked at: any word and any position will do.
fn word(value: &Loose<'_>) -> Result<(), Mismatch> {
    match value {
        Loose::Bool(_) | Loose::Float(_) | Loose::Nested => Err(Mismatch),
        _ => Ok(()),
    }
}

fn label(label: &Label<'_>) -> Result<(), Mismatch> {
    object(label.wrong)?;
    label.name.java_text()?;
    label.value.java_text().map(drop)
}

fn link(link: &Link<'_>) -> Result<(), Mismatch> {
    object(link.wrong)?;
    link.name.java_text()?;
    link.url.java_text()?;
    link.kind.java_text().map(drop)
}

fn parameter(parameter: &Parameter<'_>) -> Result<(), Mismatch> {
    object(parameter.wrong)?;
    parameter.name.java_text()?;
    parameter.value.java_text()?;
    word(&parameter.mode)?;
    parameter.excluded.java_bool().map(drop)
}

fn attachment(attachment: &Attachment<'_>) -> Result<(), Mismatch> {
    object(attachment.wrong)?;
    attachment.name.java_text()?;
    attachment.source.java_text()?;
    attachment.media_type.java_text()?;
    attachment.size.java_long().map(drop)
}

fn details(details: Option<&Details<'_>>) -> Result<(), Mismatch> {
    let Some(details) = details else { return Ok(()) };
    object(details.wrong)?;
    for text in [&details.message, &details.trace, &details.actual, &details.expected] {
        text.java_text()?;
    }
    details.known.java_bool()?;
    details.muted.java_bool()?;
    details.flaky.java_bool().map(drop)
}

pub(super) fn step(raw: &Step<'_>) -> Result<(), Mismatch> {
    object(raw.wrong)?;
    for text in [&raw.name, &raw.description, &raw.description_html] {
        text.java_text()?;
    }
    status(&raw.status)?;
    word(&raw.stage)?;
    raw.start.java_long()?;
    raw.stop.java_long()?;
    details(raw.details.as_ref())?;
    list(&raw.parameters, parameter)?;
    list(&raw.attachments, attachment)?;
    list(&raw.steps, step)
}
