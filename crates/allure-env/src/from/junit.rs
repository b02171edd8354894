//! JUnit XML: `testsuite` and `testcase`, as Ant, Surefire, pytest and many others write them.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Test;

/// What is known at the current place.
#[derive(Default)]
struct State {
    suites: Vec<Suite>,
    test: Option<Test>,
    /// The text of the failure, error or skip that is open.
    text: Option<String>,
    tests: Vec<Test>,
    depth: usize,
    root: bool,
}

#[derive(Default)]
struct Suite {
    name: Option<String>,
    /// When the next test of it begins.
    clock: Option<u64>,
}

pub(super) fn tests(text: &str) -> Result<Vec<Test>, String> {
    let mut reader = Reader::from_str(text);
    let mut state = State::default();
    loop {
        let event = reader.read_event().map_err(|error| format!("expected XML: {error}"))?;
        match event {
            Event::Start(tag) => {
                state.depth += 1;
                state.open(&tag)?;
            }
            Event::Empty(tag) => {
                state.open(&tag)?;
                state.close(tag.local_name().as_ref());
            }
            Event::End(tag) => {
                state.depth = state.depth.saturating_sub(1);
                state.close(tag.local_name().as_ref());
            }
            Event::Text(more) => state.more(&more),
            Event::CData(more) => state.more(&more),
            Event::GeneralRef(name) => state.more(&reference(&name)),
            Event::Eof if state.depth > 0 => {
                return Err("expected JUnit XML, found its end too early".to_owned());
            }
            Event::Eof if !state.root => {
                return Err(
                    "expected JUnit XML (testsuites or testsuite), found neither".to_owned()
                );
            }
            Event::Eof => return Ok(state.tests),
            _ => {}
        }
    }
}

impl State {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        match tag.local_name().as_ref() {
            "testsuites" => self.root = true,
            "testsuite" => {
                self.root = true;
                let clock = attribute(tag, "timestamp")?.and_then(|time| epoch(&time));
                self.suites.push(Suite { name: attribute(tag, "name")?, clock });
            }
            "testcase" => self.test = Some(self.case(tag)?),
            kind @ ("failure" | "error" | "skipped") => {
                let message = attribute(tag, "message")?;
                if let Some(test) = &mut self.test {
                    test.status = match kind {
                        "failure" => "failed",
                        "error" => "broken",
                        _ => "skipped",
                    };
                    test.message = message;
                    self.text = Some(String::new());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn case(&mut self, tag: &BytesStart<'_>) -> Result<Test, String> {
        let seconds = attribute(tag, "time")?.and_then(|time| time.replace(',', "").parse().ok());
        // Milliseconds of a test fit; the cast saturates.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let duration = seconds.map(|seconds: f64| (seconds.max(0.0) * 1000.0).round() as u64);
        let class = attribute(tag, "classname")?.filter(|class| !class.is_empty());
        let suite = self.suites.last_mut();
        let start = suite.as_ref().and_then(|suite| suite.clock);
        let name = suite.as_ref().and_then(|suite| suite.name.clone());
        if let Some(clock) = suite.and_then(|suite| suite.clock.as_mut()) {
            *clock = clock.saturating_add(duration.unwrap_or(0));
        }
        Ok(Test {
            name: attribute(tag, "name")?.unwrap_or_default(),
            suite: class.or(name),
            status: "passed",
            start,
            duration,
            ..Test::default()
        })
    }

    fn close(&mut self, name: &str) {
        match name {
            "testsuite" => drop(self.suites.pop()),
            "testcase" => self.tests.extend(self.test.take()),
            "failure" | "error" | "skipped" => {
                let text = self.text.take().filter(|text| !text.trim().is_empty());
                if let Some(test) = &mut self.test {
                    test.trace = text.map(|text| text.trim().to_owned());
                }
            }
            _ => {}
        }
    }

    fn more(&mut self, more: &str) {
        if let Some(text) = &mut self.text {
            text.push_str(more);
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    let found = tag.try_get_attribute(name).map_err(|error| format!("expected XML: {error}"))?;
    Ok(found.map(|found| {
        let raw = found.value.into_owned();
        quick_xml::escape::unescape(&raw).map(|text| text.into_owned()).unwrap_or(raw)
    }))
}

/// The text of a character or entity reference; one that is not known stays as it is written.
fn reference(name: &str) -> String {
    let written = format!("&{name};");
    let text = quick_xml::escape::unescape(&written).map(|text| text.into_owned());
    text.unwrap_or(written)
}

/// Milliseconds since the epoch of `2026-04-01T12:00:00`, which is UTC where it does not say.
fn epoch(time: &str) -> Option<u64> {
    let time = humantime::parse_rfc3339_weak(time.trim().trim_end_matches("+00:00")).ok()?;
    let since = time.duration_since(std::time::UNIX_EPOCH).ok()?;
    u64::try_from(since.as_millis()).ok()
}
