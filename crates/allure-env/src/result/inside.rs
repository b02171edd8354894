//! What a result or a container holds besides its own fields: steps and attached files.

use super::List;
use super::raw::{Attachment, Raw, Step};

/// Steps and attachments of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inside {
    /// Steps that are not passed, wherever they are.
    pub unpassed: Vec<Unpassed>,
    /// The `source` of each attachment; `None` is one that names no file.
    pub sources: Vec<Option<String>>,
}

/// A step that is not passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpassed {
    /// Its name.
    pub name: String,
    /// Its status, as it is written; `None` if it has none.
    pub status: Option<String>,
}

pub(super) fn of_result(raw: &Raw<'_>) -> Inside {
    let mut inside = Inside::default();
    raw.steps.items().for_each(|step| inside.step(step));
    inside.attachments(&raw.attachments);
    inside
}

impl Inside {
    /// Attachments of a fixture and of its steps. A fixture's own failure is told by the adapter in
    /// the test it belongs to.
    pub(super) fn fixture(&mut self, fixture: &Step<'_>) {
        let mut below = Self::default();
        below.step(fixture);
        self.sources.append(&mut below.sources);
    }

    fn step(&mut self, step: &Step<'_>) {
        let status = step.status.js_text();
        if !status.is_some_and(|status| status.eq_ignore_ascii_case("passed")) && !carrier(step) {
            self.unpassed.push(Unpassed {
                name: step.name.js_text().unwrap_or_default().to_owned(),
                status: status.map(str::to_owned),
            });
        }
        self.attachments(&step.attachments);
        step.steps.items().for_each(|below| self.step(below));
    }

    fn attachments(&mut self, list: &List<Attachment<'_>>) {
        self.sources
            .extend(list.items().map(|attachment| attachment.source.js_text().map(str::to_owned)));
    }
}

/// The JavaScript adapters wrap an attachment into a step of its name, without a status; Allure 3
/// shows such a step as the attachment alone.
fn carrier(step: &Step<'_>) -> bool {
    let mut attachments = step.attachments.items();
    let only = attachments.next().is_some() && attachments.next().is_none();
    only && step.status.js_text().is_none() && step.steps.items().next().is_none()
}
