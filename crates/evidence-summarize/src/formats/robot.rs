//! `output.xml` of Robot Framework.

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind, Span};

use crate::sink::{Count, DETAIL, Sink};
use crate::words;
use crate::xml::{Handler, Place, Tag, append};

/// The reader, if `tag` begins such a document.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    (tag.name() == "robot").then(|| Box::new(Robot::default()) as Box<dyn Handler>)
}

#[derive(Default)]
struct Robot {
    suites: Vec<String>,
    test: Option<(Entry, Place)>,
    /// Elements open inside the test.
    depth: u32,
    status: bool,
    said: String,
    found: [u64; 3],
    in_total: bool,
    failed_suites: u64,
}

impl Handler for Robot {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("robot");
        let name = || tag.get("name").unwrap_or_default();
        if self.test.is_some() {
            self.depth += 1;
            if tag.name() == "status" && self.depth == 1 {
                self.status(tag);
            }
            return;
        }
        match tag.name() {
            "suite" => self.suites.push(name()),
            "test" | "task" => {
                let mut entry =
                    Entry::new(Some(self.suites.join(".")), name(), CheckStatus::Unknown);
                entry.line = Some(at.line);
                (self.depth, self.test) = (0, Some((entry, at)));
                self.said.clear();
            }
            "status" if tag.get("status").as_deref() == Some("FAIL") => self.failed_suites += 1,
            "total" => self.in_total = true,
            "stat" if self.in_total => self.compare(tag, at, sink),
            "statistics" => {}
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut Sink) {
        if self.status {
            append(&mut self.said, text, DETAIL);
        }
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        self.status = false;
        match name {
            "test" | "task" if self.depth == 0 => {
                let Some((mut entry, begun)) = self.test.take() else { return };
                entry.bytes = Some(Span { start: begun.offset, end: at.offset.max(begun.offset) });
                if entry.status != CheckStatus::Passed {
                    entry.message = words::present(&self.said);
                }
                match entry.status {
                    CheckStatus::Passed => self.found[0] += 1,
                    CheckStatus::Skipped => self.found[2] += 1,
                    _ => self.found[1] += 1,
                }
                sink.push(entry);
            }
            "suite" if self.test.is_none() => {
                self.suites.pop();
            }
            "total" => self.in_total = false,
            _ => self.depth = self.depth.saturating_sub(1),
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        if self.failed_suites > 0 && self.found[1] == 0 {
            let message = "a suite failed, and none of its tests";
            sink.remark(None, RemarkKind::LoadError, Effect::Fail, message);
        }
    }
}

impl Robot {
    fn status(&mut self, tag: &Tag<'_>) {
        let Some((entry, _)) = &mut self.test else { return };
        entry.status = match tag.get("status").as_deref() {
            Some("PASS") => CheckStatus::Passed,
            Some("FAIL") => CheckStatus::Failed,
            Some("SKIP") => CheckStatus::Skipped,
            Some("NOT RUN") => CheckStatus::NotRun,
            _ => CheckStatus::Unknown,
        };
        entry.duration_ms = tag.get("elapsed").as_deref().and_then(words::seconds);
        self.status = true;
    }

    fn compare(&self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        let names = ["pass", "fail", "skip"];
        for (name, found) in names.into_iter().zip(self.found) {
            let Some(declared) = tag.get(name).and_then(|count| count.parse().ok()) else {
                continue;
            };
            let effect =
                if name == "fail" && declared > found { Effect::Fail } else { Effect::None };
            sink.compare("", Some(at.line), Count { name, declared, found }, effect);
        }
    }
}
