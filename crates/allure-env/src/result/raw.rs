//! The fields of a result file that counting and checking need, whatever their types.
//!
//! Fields as `io.qameta.allure.model` names them. Of a field that is there twice, the last one
//! counts, in both generators.

use super::loose::{List, Loose};
use super::object;

object! {
    /// `*-result.json`.
    Raw {
        uuid: Loose<'a> = "uuid",
        history_id: Loose<'a> = "historyId",
        test_case_id: Loose<'a> = "testCaseId",
        test_case_name: Loose<'a> = "testCaseName",
        full_name: Loose<'a> = "fullName",
        name: Loose<'a> = "name",
        title_path: List<Loose<'a>> = "titlePath",
        labels: List<Label<'a>> = "labels",
        links: List<Link<'a>> = "links",
        stage: Loose<'a> = "stage",
        status: Loose<'a> = "status",
        details: Option<Details<'a>> = "statusDetails",
        description: Loose<'a> = "description",
        description_html: Loose<'a> = "descriptionHtml",
        steps: List<Step<'a>> = "steps",
        attachments: List<Attachment<'a>> = "attachments",
        parameters: List<Parameter<'a>> = "parameters",
        start: Loose<'a> = "start",
        stop: Loose<'a> = "stop",
    }
}

object! {
    /// `statusDetails`.
    Details {
        message: Loose<'a> = "message",
        trace: Loose<'a> = "trace",
        known: Loose<'a> = "known",
        muted: Loose<'a> = "muted",
        flaky: Loose<'a> = "flaky",
    }
}

object! {
    /// A label.
    Label {
        name: Loose<'a> = "name",
        value: Loose<'a> = "value",
    }
}

object! {
    /// A link.
    Link {
        name: Loose<'a> = "name",
        url: Loose<'a> = "url",
        kind: Loose<'a> = "type",
    }
}

object! {
    /// A parameter.
    Parameter {
        name: Loose<'a> = "name",
        value: Loose<'a> = "value",
        excluded: Loose<'a> = "excluded",
        mode: Loose<'a> = "mode",
    }
}

object! {
    /// A reference to a file beside the result.
    Attachment {
        name: Loose<'a> = "name",
        source: Loose<'a> = "source",
        media_type: Loose<'a> = "type",
        size: Loose<'a> = "size",
    }
}

object! {
    /// A step or a fixture, with the steps below it.
    Step {
        name: Loose<'a> = "name",
        status: Loose<'a> = "status",
        stage: Loose<'a> = "stage",
        details: Option<Details<'a>> = "statusDetails",
        steps: List<Step<'a>> = "steps",
        attachments: List<Attachment<'a>> = "attachments",
        parameters: List<Parameter<'a>> = "parameters",
        start: Loose<'a> = "start",
        stop: Loose<'a> = "stop",
    }
}

impl Raw<'_> {
    /// Whether a key that matters differs from a known one by its case only.
    pub(crate) fn any_odd_case(&self) -> bool {
        self.odd_case
            || self.labels.items().any(|label| label.odd_case)
            || self.parameters.items().any(|parameter| parameter.odd_case)
    }
}
