//! XML of CUnit (`*-Results.xml` of its automated interface) and of Check (`CK_XML_LOG_FILE_NAME`).

use contract::CheckStatus;
use contract::part::{Effect, RemarkKind};

use super::outline::{OpenCase, count};
use crate::sink::{Count, MESSAGE, Sink};
use crate::words;
use crate::xml::{Handler, Place, Tag, append};

/// The reader, if `tag` begins such a document.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    match tag.name() {
        "CUNIT_TEST_RUN_REPORT" => Some(Box::new(CUnit::default())),
        "testsuites" if tag.get("xmlns").as_deref() == Some("http://check.sourceforge.net/ns") => {
            Some(Box::new(Check::default()))
        }
        _ => None,
    }
}

#[derive(Default)]
struct CUnit {
    suite: String,
    /// Each failed assertion is a record of its own; those of one test follow each other.
    case: Option<OpenCase>,
    field: String,
    value: String,
    failing: bool,
    found: [u64; 2],
    /// The kind and the numbers of a line of the summary.
    kind: String,
    numbers: [Option<u64>; 4],
    tests: Option<([Option<u64>; 4], u64)>,
}

impl Handler for CUnit {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("cunit");
        self.value.clear();
        tag.name().clone_into(&mut self.field);
        match tag.name() {
            "CUNIT_RUN_TEST_SUCCESS" => self.record(CheckStatus::Passed, at, sink),
            "CUNIT_RUN_TEST_FAILURE" => {
                self.failing = true;
                // It may be one more of the case that is open: its name tells.
                if self.case.as_ref().is_none_or(|case| case.entry.status == CheckStatus::Passed) {
                    self.record(CheckStatus::Failed, at, sink);
                }
            }
            "CUNIT_RUN_SUITE_FAILURE" | "CUNIT_RUN_GROUP_FAILURE" => {
                self.record(CheckStatus::Broken, at, sink);
            }
            "CUNIT_RUN_SUMMARY_RECORD" => {
                self.numbers = [None; 4];
                self.tests = self.tests.or(Some(([None; 4], at.line)));
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut Sink) {
        append(&mut self.value, text, MESSAGE);
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        let value = std::mem::take(&mut self.value).trim().to_owned();
        match name {
            "SUITE_NAME" | "GROUP_NAME" => self.suite = value,
            "TEST_NAME" => self.name(value, at, sink),
            "FILE_NAME" => self.with(|case| case.entry.file = Some(value)),
            "CONDITION" | "FAILURE_REASON" => self.with(|case| {
                case.add(&value);
                case.add("\n");
            }),
            "CUNIT_RUN_SUITE" | "CUNIT_RUN_GROUP" => self.flush(at, sink),
            "TYPE" => self.kind = value,
            "TOTAL" => self.numbers[0] = count(&value),
            "RUN" => self.numbers[1] = count(&value),
            "FAILED" => self.numbers[2] = count(&value),
            "INACTIVE" => self.numbers[3] = count(&value),
            "CUNIT_RUN_SUMMARY_RECORD" if self.kind == "Test Cases" => {
                self.tests = self.tests.map(|(_, line)| (self.numbers, line));
            }
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        self.flush(Place::default(), sink);
        let Some(([total, run, failed, inactive], line)) = self.tests else {
            let message = "the summary of the run is missing";
            sink.remark(None, RemarkKind::Truncated, Effect::Incomplete, message);
            return;
        };
        let counts = [("run", run, self.found[0], Effect::Incomplete)];
        let counts = counts.into_iter().chain([("failed", failed, self.found[1], Effect::Fail)]);
        for (name, declared, found, effect) in counts {
            let Some(declared) = declared else { continue };
            let effect = if declared > found { effect } else { Effect::None };
            sink.compare("", Some(line), Count { name, declared, found }, effect);
        }
        // Tests of a suite that could not begin, and those that are turned off, have no record.
        let absent = total.unwrap_or(0).saturating_sub(run.unwrap_or(0));
        sink.unnamed("", Some(line), CheckStatus::NotRun, absent.max(inactive.unwrap_or(0)));
    }
}

impl CUnit {
    fn record(&mut self, status: CheckStatus, at: Place, sink: &mut Sink) {
        self.flush(at, sink);
        self.case = Some(OpenCase::new(None, None, status, at));
    }

    fn name(&mut self, name: String, at: Place, sink: &mut Sink) {
        let open = self.case.as_ref().map(|case| case.entry.name.clone());
        if self.failing && open.as_deref().is_some_and(|open| open != "(no name)" && open != name) {
            self.record(CheckStatus::Failed, at, sink);
        }
        self.failing = false;
        self.with(|case| case.entry.name = name);
    }

    fn with(&mut self, change: impl FnOnce(&mut OpenCase)) {
        if let Some(case) = &mut self.case {
            change(case);
        }
    }

    fn flush(&mut self, at: Place, sink: &mut Sink) {
        let Some(case) = self.case.take() else { return };
        let (message, detail) = (case.message.clone(), case.detail.clone());
        let status = case.entry.status;
        if status != CheckStatus::Broken {
            self.found[0] += 1;
            self.found[1] += u64::from(status == CheckStatus::Failed);
        }
        let begun = Place { line: case.entry.line.unwrap_or(at.line), offset: at.offset };
        let name = if status == CheckStatus::Broken { "(suite)" } else { &case.entry.name };
        let suite = Some(self.suite.clone());
        let mut whole = OpenCase::new(suite, Some(name.to_owned()), status, begun);
        (whole.message, whole.detail) = (message, detail);
        whole.entry.file.clone_from(&case.entry.file);
        sink.push(whole.close(at));
    }
}

#[derive(Default)]
struct Check {
    suite: String,
    case: Option<OpenCase>,
    value: String,
    group: String,
    iteration: String,
}

impl Handler for Check {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("check");
        self.value.clear();
        if tag.name() == "test" && self.case.is_none() {
            let status = match tag.get("result").as_deref() {
                Some("success") => CheckStatus::Passed,
                Some("failure") => CheckStatus::Failed,
                Some("error") => CheckStatus::Broken,
                _ => CheckStatus::Unknown,
            };
            self.case = Some(OpenCase::new(Some(self.suite.clone()), None, status, at));
        }
    }

    fn text(&mut self, text: &str, _sink: &mut Sink) {
        append(&mut self.value, text, MESSAGE);
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        let value = std::mem::take(&mut self.value).trim().to_owned();
        let Some(case) = &mut self.case else {
            if name == "title" {
                self.suite = value;
            }
            return;
        };
        match name {
            "fn" => case.entry.file = value.rsplit_once(':').map(|(file, _)| file.to_owned()),
            "id" => case.entry.name = value,
            "iteration" => self.iteration = value,
            "duration" => case.entry.duration_ms = words::seconds(&value),
            "description" => self.group = value,
            "message" => case.say(&value),
            "test" => {
                if let Some(case) = self.case.take() {
                    let mut entry = case.close(at);
                    if !matches!(self.iteration.as_str(), "" | "0") {
                        entry.name = format!("{}[{}]", entry.name, self.iteration);
                    }
                    entry.id = format!("{}::{}::{}", self.suite, self.group, entry.name);
                    sink.push(entry);
                }
            }
            _ => {}
        }
    }
}
