//! XML of Qt Test (`-o FILE,xml`, and `lightxml`, which has no root).

use contract::CheckStatus;
use contract::part::{Effect, RemarkKind};

use super::outline::OpenCase;
use crate::sink::Sink;
use crate::words;
use crate::xml::{Handler, Place, Tag};

/// The reader, if `tag` begins such a document.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    matches!(tag.name(), "TestCase" | "TestFunction")
        .then(|| Box::new(QtTest::default()) as Box<dyn Handler>)
}

#[derive(Default)]
struct QtTest {
    class: Option<String>,
    function: Option<Function>,
    reads: Option<Reads>,
    functions: u64,
    cleaned_up: bool,
}

/// One function, with a row for each of its data tags.
struct Function {
    name: String,
    at: Place,
    row: Option<OpenCase>,
    rows: Vec<OpenCase>,
    /// What is said before the first row.
    duration_ms: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Tag,
    Description,
}

impl Handler for QtTest {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("qttest");
        match tag.name() {
            "TestCase" => self.class = tag.get("name"),
            "TestFunction" => {
                let name = tag.get("name").unwrap_or_default();
                let (row, rows) = (None, Vec::new());
                self.function = Some(Function { name, at, row, rows, duration_ms: None });
            }
            "Incident" | "Message" => self.row(tag, at),
            "DataTag" => self.reads = Some(Reads::Tag),
            "Description" => self.reads = Some(Reads::Description),
            "Duration" => {
                if let Some(function) = &mut self.function {
                    function.duration_ms = tag
                        .get("msecs")
                        .and_then(|text| text.trim().parse().ok())
                        .and_then(words::millis);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut Sink) {
        let row = self.function.as_mut().and_then(|function| function.row.as_mut());
        match (self.reads, row) {
            (Some(Reads::Tag), Some(row)) => row.add(text),
            (Some(Reads::Description), Some(row)) => row.say(text),
            _ => {}
        }
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        self.reads = None;
        match name {
            "Incident" | "Message" => {
                if let Some(function) = &mut self.function
                    && let Some(row) = function.row.take()
                {
                    function.add(row);
                }
            }
            "TestFunction" => {
                if let Some(function) = self.function.take() {
                    self.functions += 1;
                    self.cleaned_up |= function.name == "cleanupTestCase";
                    function.push(self.class.as_deref(), at, sink);
                }
            }
            _ => {}
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        if self.functions > 0 && !self.cleaned_up && self.class.is_some() {
            let message = "the run did not come to its clean-up";
            sink.remark(None, RemarkKind::Truncated, Effect::Incomplete, message);
        }
    }
}

impl QtTest {
    /// An incident is a result; of the messages only a skip is one.
    fn row(&mut self, tag: &Tag<'_>, at: Place) {
        let Some(function) = &mut self.function else { return };
        let incident = tag.name() == "Incident";
        let status = match tag.get("type").as_deref() {
            // `b`: failures of this test are known and do not count (`QTEST_BLACKLIST`).
            Some("pass") if incident => CheckStatus::Passed,
            Some("fail" | "xpass") if incident => CheckStatus::Failed,
            Some("xfail" | "bpass" | "bfail" | "bxpass" | "bxfail" | "skip") if incident => {
                CheckStatus::Skipped
            }
            Some("skip") => CheckStatus::Skipped,
            Some("qfatal") => CheckStatus::Broken,
            _ if incident => CheckStatus::Unknown,
            _ => return,
        };
        let mut row = OpenCase::new(None, None, status, at);
        row.entry.file = tag.get("file").filter(|file| !file.is_empty());
        function.row = Some(row);
    }
}

impl Function {
    /// Several incidents of one data tag are one case: the worst of them holds.
    fn add(&mut self, row: OpenCase) {
        match self.rows.iter_mut().find(|known| known.detail == row.detail) {
            Some(known) => {
                if crate::fold::rank(row.entry.status) > crate::fold::rank(known.entry.status) {
                    *known = row;
                }
            }
            None => self.rows.push(row),
        }
    }

    fn push(mut self, class: Option<&str>, end: Place, sink: &mut Sink) {
        if self.rows.is_empty() {
            // Without a result the program ended in it.
            self.rows.push(OpenCase::new(None, None, CheckStatus::Broken, self.at));
        }
        // The frame of a class is no test of its own, unless it fails.
        let frame = matches!(self.name.as_str(), "initTestCase" | "cleanupTestCase");
        let alone = self.rows.len() == 1;
        for row in self.rows {
            let (status, data) = (row.entry.status, row.detail.trim().to_owned());
            if frame && status == CheckStatus::Passed {
                continue;
            }
            let name = match data.as_str() {
                "" => self.name.clone(),
                data => format!("{}({data})", self.name),
            };
            let mut case = OpenCase::new(class.map(str::to_owned), Some(name), status, self.at);
            case.message = row.message;
            case.entry.file = row.entry.file;
            case.entry.duration_ms = self.duration_ms.filter(|_| alone);
            sink.push(case.close(end));
        }
    }
}
