//! `--testdox-xml` of PHPUnit (up to version 9).

use contract::CheckStatus;
use contract::part::{Effect, RemarkKind};

use super::outline::OpenCase;
use crate::sink::Sink;
use crate::words;
use crate::xml::{Handler, Place, Tag};

/// The reader, if `tag` begins such a document.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    (tag.name() == "tests").then(|| Box::new(Testdox::default()) as Box<dyn Handler>)
}

#[derive(Default)]
struct Testdox {
    case: Option<OpenCase>,
    cases: u64,
}

impl Handler for Testdox {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("phpunit-testdox");
        if tag.name() != "test" || self.case.is_some() {
            return;
        }
        // The constants of PHPUnit's `BaseTestRunner`.
        let status = match tag.get("status").as_deref() {
            Some("0") => CheckStatus::Passed,
            Some("1" | "2") => CheckStatus::Skipped,
            Some("3") => CheckStatus::Failed,
            Some("4") => CheckStatus::Broken,
            // Risky: it ran, and asserted nothing or printed something.
            Some("5") => CheckStatus::Passed,
            Some("6") => CheckStatus::NotRun,
            _ => CheckStatus::Unknown,
        };
        let name = tag.get("methodName").or_else(|| tag.get("prettifiedMethodName"));
        let suite = tag.get("className").or_else(|| tag.get("prettifiedClassName"));
        let mut case = OpenCase::new(suite, name, status, at);
        case.entry.degraded = tag.get("status").as_deref() == Some("5");
        if case.entry.degraded {
            case.say("risky: PHPUnit doubts that it tests anything");
        }
        case.say(&tag.get("exceptionMessage").unwrap_or_default());
        case.entry.duration_ms = tag.get("time").as_deref().and_then(words::seconds);
        self.case = Some(case);
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        if let Some(case) = self.case.take_if(|_| name == "test") {
            self.cases += 1;
            sink.push(case.close(at));
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        if self.cases > 0 {
            let message = "PHPUnit's testdox XML leaves out classes whose set-up failed: give its \
                           JUnit report or console output beside it";
            sink.remark(None, RemarkKind::Omission, Effect::Incomplete, message);
        }
    }
}
