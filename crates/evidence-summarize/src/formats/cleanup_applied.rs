//! `cleanup-applied` documents of cleanup-guard: what was done is counted, what was kept is named.

use contract::cleanup::{Refusal, Rule};
use contract::cleanup_applied::Applied;
use contract::part::Entry;
use contract::{CheckStatus, Document as _, Layer, PathText, Sha256};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::sink::Sink;

/// The format.
pub const FORMAT: JsonFormat = JsonFormat {
    name: "cleanup-applied",
    knows: |keys| keys.schema.as_deref() == Some(Applied::SCHEMA),
    read,
};

/// No plan has as many entries: what is counted up to here can be summed.
pub const MOST: u64 = 1 << 53;

/// Where the refusals stand; the document as a whole is read by its type.
#[derive(Deserialize)]
struct Places<'a> {
    #[serde(borrow)]
    kept: Vec<&'a RawValue>,
}

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let applied: Applied = serde_json::from_str(document.text)?;
    let places: Places<'_> = serde_json::from_str(document.text)?;
    if applied.done.max(applied.gone) > MOST {
        return Err(serde::de::Error::custom("it counts more entries than a plan can have"));
    }
    sink.unnamed("done", None, CheckStatus::Passed, applied.done);
    sink.unnamed("gone", None, CheckStatus::Unknown, applied.gone);
    for (refusal, raw) in applied.kept.into_iter().zip(places.kept) {
        let Refusal { path, path_bytes, rule, reason } = refusal;
        let entry = kept(&PathText { path, path_bytes }, rule, &reason, &applied.digest);
        sink.push(document.at(raw, entry));
    }
    Ok(())
}

/// The case of one path of a plan. The digest of the plan is its target, so that the manifest and
/// the document of one run speak of the same cases.
pub fn case(path: &PathText, status: CheckStatus, plan: &Sha256) -> Entry {
    let mut entry = Entry::new(Some("cleanup".to_owned()), path.path.clone(), status);
    if let Some(bytes) = &path.path_bytes {
        entry.id = format!("cleanup::{bytes}");
    }
    entry.target = Some(plan.to_string());
    entry
}

/// What was kept: a rule forbade to touch it, or the system refused what was tried.
pub fn kept(path: &PathText, rule: Rule, reason: &str, plan: &Sha256) -> Entry {
    let refused = rule == Rule::SystemRefused;
    let status = if refused { CheckStatus::Failed } else { CheckStatus::Skipped };
    let mut entry = case(path, status, plan);
    entry.layer = Some(Layer::Environment);
    entry.message = Some(format!("{}: {reason}", rule.word()));
    entry.remedy =
        refused.then(|| "see why the system refused, mend that, and plan again".to_owned());
    entry
}
