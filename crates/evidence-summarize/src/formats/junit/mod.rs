//! JUnit XML in its dialects (the format has no standard; the common ground is the XSD of
//! `windyroad/JUnit-Schema` and what Ant, Surefire, Jenkins and pytest write).

mod case;
mod suite;

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind};

use self::case::{Case, Child};
use self::suite::{Declared, Suite, Tally};
use crate::packed::Passed;
use crate::sink::Sink;
use crate::xml::{Handler, Place, Tag};

/// The reader, if `tag` begins such a document.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    matches!(tag.name(), "testsuites" | "testsuite" | "testcase" | "testExecutions")
        .then(|| Box::new(Junit::default()) as Box<dyn Handler>)
}

/// Which producer wrote the document, where that changes what an element means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Dialect {
    #[default]
    Common,
    /// Repeats the element of a test that is tried again; failed tries have no child.
    Pytest,
    /// Counts assertions as tests.
    Catch2,
    /// Qt up to 5: what was skipped has neither a child nor a result.
    Qt,
    /// This tool's own output: types of elements are status words.
    Own,
}

#[derive(Default)]
struct Junit {
    dialect: Dialect,
    suites: Vec<Suite>,
    case: Case,
    in_case: bool,
    /// The child of the case (or of the suite) whose text is being read.
    child: Option<Child>,
    /// An `<error>` or `<failure>` of a suite itself.
    suite_failure: Option<Entry>,
    /// Elements open below the case or the suite that are none of the reader's business.
    skipping: u32,
    file: Option<String>,
}

impl Handler for Junit {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        if self.suites.is_empty() {
            sink.format("junit");
        }
        if self.skipping > 0 || self.child.is_some() {
            self.skipping += 1;
            if self.child.is_none() && tag.name() == "property" {
                self.property(tag);
            }
            return;
        }
        match tag.name() {
            "testsuites" | "testsuite" | "testExecutions" => self.open_suite(tag, at, sink),
            "file" if !self.in_case => self.file = tag.get("path"),
            "testcase" | "testCase" if !self.in_case => {
                self.in_case = true;
                self.case.open(tag, at);
            }
            name => match Child::of(name) {
                Some(child) if self.in_case => self.open_child(child, tag),
                Some(child) if child.fails() && !self.suites.is_empty() => {
                    self.open_suite_failure(child, tag, at);
                }
                _ => {
                    self.skipping = 1;
                    if self.in_case && case::is_suspicious(name) {
                        self.odd(name, at, sink);
                    }
                }
            },
        }
    }

    fn text(&mut self, text: &str, _sink: &mut Sink) {
        match (&self.child, &mut self.suite_failure) {
            (Some(_), Some(entry)) => {
                let detail = entry.detail.get_or_insert_default();
                crate::xml::append(detail, text, crate::sink::DETAIL);
            }
            (Some(child), None) => self.case.text(*child, text),
            _ => {}
        }
    }

    fn entity(&mut self, sink: &mut Sink) {
        if self.in_case && self.child.is_none() {
            self.case.entity = true;
        }
        let message = "refers to an entity of its own: what that stands for is not known";
        sink.remark_once(None, RemarkKind::Malformed, Effect::Incomplete, message);
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        if self.skipping > 0 {
            self.skipping -= 1;
            return;
        }
        match name {
            "testsuites" | "testsuite" | "testExecutions" => self.close_suite(sink),
            "testcase" | "testCase" if self.in_case => self.close_case(at, sink),
            "file" => self.file = None,
            _ => {
                self.child = None;
                if let Some(entry) = self.suite_failure.take() {
                    self.count(entry.status);
                    sink.push(case::with_message(entry));
                }
            }
        }
    }
}

impl Junit {
    fn open_suite(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        let name = tag.get("name").unwrap_or_default();
        if name == "jest tests" && tag.name() == "testsuites" {
            let message = "jest-junit leaves out files that could not be loaded: give Jest's own \
                           JSON or console output beside it";
            sink.remark_once(Some(at.line), RemarkKind::Omission, Effect::Incomplete, message);
        }
        self.choose_dialect(tag, &name);
        let file = tag.get("file").or_else(|| tag.get("filepath"));
        let declared = Declared::of(tag);
        if let Some(odd) = &declared.odd {
            let message = format!("a declared count cannot be read: {odd}");
            sink.remark(Some(at.line), RemarkKind::Malformed, Effect::None, message);
        }
        self.suites.push(Suite {
            name,
            file,
            line: at.line,
            declared,
            own: Tally::default(),
            below: Tally::default(),
            inner: 0,
        });
    }

    /// The root says whether it is this tool's own; any suite may say another.
    fn choose_dialect(&mut self, tag: &Tag<'_>, name: &str) {
        if self.dialect == Dialect::Own {
            return;
        }
        if name == "evidence-summarize" && tag.name() == "testsuites" && self.suites.is_empty() {
            self.dialect = Dialect::Own;
        } else if name == "pytest" || name == "pytest tests" {
            self.dialect = Dialect::Pytest;
        }
        // Catch2 writes this host name into every suite.
        if tag.get("hostname").as_deref() == Some("tbd") {
            self.dialect = Dialect::Catch2;
        }
    }

    /// An element that no producer is known to write may be a failure by another name.
    fn odd(&mut self, name: &str, at: Place, sink: &mut Sink) {
        self.case.odd = true;
        let message = format!("a case holds <{name}>: what that says is not known");
        sink.remark_once(Some(at.line), RemarkKind::Malformed, Effect::Incomplete, message);
    }

    fn property(&mut self, tag: &Tag<'_>) {
        if self.dialect == Dialect::Common && tag.get("name").as_deref() == Some("QTestVersion") {
            self.dialect = Dialect::Qt;
        }
    }

    fn open_child(&mut self, child: Child, tag: &Tag<'_>) {
        self.case.child(child, tag);
        self.child = Some(child);
    }

    fn open_suite_failure(&mut self, child: Child, tag: &Tag<'_>, at: Place) {
        let suite = self.suite_name().map(str::to_owned);
        let status = child.status().unwrap_or(CheckStatus::Broken);
        let mut entry = Entry::new(suite, "(suite)".to_owned(), status);
        entry.message = tag.get("message");
        entry.line = Some(at.line);
        self.suite_failure = Some(entry);
        self.child = Some(child);
    }

    fn close_case(&mut self, end: Place, sink: &mut Sink) {
        self.in_case = false;
        self.child = None;
        let outcome = self.case.outcome(self.dialect);
        self.count(outcome);
        if let Some(suite) = self.suites.last_mut() {
            suite.own.elements(&self.case);
        }
        if let Some(warning) = self.case.bats_warning() {
            let message = warning.trim().to_owned();
            sink.remark(Some(end.line), RemarkKind::RunFailed, Effect::Incomplete, message);
        }
        if outcome == CheckStatus::Passed && self.case.attempts.is_empty() {
            let again = self.dialect == Dialect::Pytest;
            let attempt = if again { Attempt::LastDecides } else { Attempt::Only };
            return sink.pass(&self.passed(end), attempt);
        }
        if self.case.skipped_without_reason() {
            sink.remark_once(
                Some(end.line),
                RemarkKind::Omission,
                Effect::Incomplete,
                "skipped without a reason: GoogleTest writes this where SetUpTestSuite failed, too; \
                 only its console output tells them apart",
            );
        }
        let suite = self.suite_name().map(str::to_owned);
        let file = self.file().map(str::to_owned);
        self.case.push(suite, file, outcome, self.dialect, end, sink);
    }

    fn count(&mut self, status: CheckStatus) {
        if let Some(suite) = self.suites.last_mut() {
            suite.own.count(status);
        }
    }

    fn close_suite(&mut self, sink: &mut Sink) {
        let Some(suite) = self.suites.pop() else { return };
        let all = suite.check(self.dialect, sink);
        if let Some(outer) = self.suites.last_mut() {
            outer.below.add(&all);
            outer.inner += 1;
        }
    }

    fn passed(&self, end: Place) -> Passed<'_> {
        self.case.passed(self.suite_name(), self.file(), end)
    }

    fn suite_name(&self) -> Option<&str> {
        let names = self.suites.iter().rev().map(|suite| suite.name.as_str());
        names.into_iter().find(|name| !name.is_empty())
    }

    fn file(&self) -> Option<&str> {
        let of_suite = || self.suites.iter().rev().find_map(|suite| suite.file.as_deref());
        self.case.file().or(self.file.as_deref()).or_else(of_suite)
    }
}
