//! `audit` documents of audit-run.

use contract::part::Entry;
use contract::{Document as _, audit};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::json::{Document, JsonFormat};
use crate::sink::{Count, Sink};

/// The format.
pub const FORMAT: JsonFormat = JsonFormat {
    name: "audit",
    knows: |keys| keys.schema.as_deref() == Some(audit::Audit::SCHEMA),
    read,
};

/// Where the checks stand; the document as a whole is read by its type.
#[derive(Deserialize)]
struct Places<'a> {
    #[serde(borrow)]
    checks: Vec<&'a RawValue>,
}

fn read(document: &Document<'_>, sink: &mut Sink) -> serde_json::Result<()> {
    let audit: audit::Audit = serde_json::from_str(document.text)?;
    let places: Places<'_> = serde_json::from_str(document.text)?;
    sink.source = audit.source;
    let mut found = contract::Totals::default();
    for (check, raw) in audit.checks.into_iter().zip(places.checks) {
        found.count(check.status);
        let mut entry = Entry::new(Some(audit.suite.name.clone()), check.name, check.status);
        entry.id = check.id;
        entry.target = Some(audit.target.reference.clone());
        entry.requirement = Some(check.requirement);
        entry.excluded = check.excluded;
        entry.layer = Some(check.layer);
        entry.remedy = check.remedy;
        entry.duration_ms = check.duration_ms;
        entry.message = check.reason;
        sink.push(document.at(raw, entry));
    }
    for status in contract::CheckStatus::ALL {
        let count = Count {
            name: status.word(),
            declared: audit.totals.of(status),
            found: found.of(status),
        };
        sink.compare("", None, count, contract::part::Effect::Incomplete);
    }
    Ok(())
}
