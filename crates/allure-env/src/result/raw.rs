//! The fields of a result file that counting and checking need, whatever their types.
//!
//! Fields as `io.qameta.allure.model` names them. Of a field that is there twice, the last one
//! counts, in both generators.

use super::{List, Loose, object};

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
        actual: Loose<'a> = "actual",
        expected: Loose<'a> = "expected",
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
        description: Loose<'a> = "description",
        description_html: Loose<'a> = "descriptionHtml",
        steps: List<Step<'a>> = "steps",
        attachments: List<Attachment<'a>> = "attachments",
        parameters: List<Parameter<'a>> = "parameters",
        start: Loose<'a> = "start",
        stop: Loose<'a> = "stop",
    }
}

impl Raw<'_> {
    /// Whether Jackson reads a key or a text otherwise than it is written here.
    pub(crate) fn odd(&self) -> bool {
        let float = |value: &Loose<'_>| matches!(value, Loose::Float(_));
        self.odd_case
            || float(&self.test_case_id)
            || float(&self.full_name)
            || self.labels.items().any(|label| label.odd_case)
            || self.parameters.items().any(|parameter| {
                parameter.odd_case || float(&parameter.name) || float(&parameter.value)
            })
    }
}
