//! TeamCity's service messages (`##teamcity[testStarted name='…']`), as PHPUnit, pytest and others
//! write them. See "Service Messages" in TeamCity's documentation.

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind, Span};

use crate::sink::{Count, DETAIL, Sink};
use crate::text::{Claim, Line, LineReader};
use crate::words;

/// The reader.
#[derive(Default)]
pub struct TeamCity {
    suites: Vec<String>,
    /// Whether anything but tests was told.
    framed: bool,
    flows: bool,
    open: Vec<Entry>,
    entries: Vec<Entry>,
    declared: Option<(u64, u64)>,
    problems: Vec<(u64, String)>,
    last: u64,
}

impl LineReader for TeamCity {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let Some(message) = line.text.trim().strip_prefix("##teamcity[") else { return };
        let message = message.strip_suffix(']').unwrap_or(message);
        let (kind, rest) = message.split_once(' ').unwrap_or((message, ""));
        let attributes = attributes(rest);
        // Where the runner names its flows, what names none was printed.
        let flow = attributes.iter().any(|(key, _)| key == "flowId");
        self.flows |= flow;
        if self.flows && !flow {
            return;
        }
        let get = |name: &str| {
            let found = attributes.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        self.framed |= kind == "testCount" || kind == "testSuiteStarted";
        match kind {
            "testCount" => {
                let count = get("count").parse().ok();
                self.declared = count.map(|count| (line.number, count));
            }
            "testSuiteStarted" => self.suites.push(get("name")),
            "testSuiteFinished" => {
                self.suites.pop();
            }
            "testStarted" => {
                // The outermost suites are often the folder; the innermost one is the class.
                let suite = self.suites.last().cloned();
                // PHPUnit up to 9 stands this in for a class without tests.
                let idle = get("name") == "Warning" && get("locationHint").starts_with("php_qn:");
                let status = if idle { CheckStatus::NotRun } else { CheckStatus::Passed };
                let mut entry = Entry::new(suite, get("name"), status);
                entry.line = Some(line.number);
                entry.bytes = Some(Span { start: line.offset, end: line.end() });
                self.open.push(entry);
            }
            "testFailed" => {
                let (message, details) = (get("message"), get("details"));
                self.said(&get("name"), CheckStatus::Failed, &message, &details);
            }
            "testIgnored" => self.said(&get("name"), CheckStatus::Skipped, &get("message"), ""),
            "testFinished" => {
                if let Some(at) = self.open.iter().rposition(|open| open.name == get("name")) {
                    let mut entry = self.open.remove(at);
                    entry.duration_ms = get("duration").parse().ok();
                    self.entries.push(entry);
                }
            }
            "buildProblem" => self.problems.push((line.number, get("description"))),
            _ => {}
        }
    }

    fn name(&self) -> &'static str {
        "teamcity"
    }

    fn claim(&self) -> Claim {
        let any = !self.entries.is_empty() || !self.open.is_empty();
        match (self.framed, any) {
            (true, _) => Claim::Sure,
            (false, true) => Claim::Weak,
            (false, false) => Claim::No,
        }
    }

    fn overrides(&self) -> &'static [&'static str] {
        &["phpunit-text"]
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("teamcity");
        let cut = !self.open.is_empty() || !self.suites.is_empty();
        for mut entry in self.open.drain(..) {
            if entry.status == CheckStatus::Passed {
                entry.status = CheckStatus::Unknown;
                entry.message = Some("it was started and did not end".to_owned());
            }
            self.entries.push(entry);
        }
        if let Some((line, declared)) = self.declared {
            let found = self.entries.len() as u64;
            let effect = if declared > found { Effect::Incomplete } else { Effect::None };
            sink.compare("", Some(line), Count { name: "tests", declared, found }, effect);
        }
        for entry in self.entries.drain(..) {
            sink.push(entry);
        }
        for (line, problem) in self.problems.drain(..) {
            sink.remark(Some(line), RemarkKind::RunFailed, Effect::Fail, problem);
        }
        if cut {
            sink.cut_off(self.last);
        }
    }
}

impl TeamCity {
    fn said(&mut self, name: &str, status: CheckStatus, message: &str, details: &str) {
        if let Some(entry) = self.open.iter_mut().rev().find(|open| open.name == name) {
            entry.status = status;
            entry.message = words::present(message);
            entry.detail = words::present(crate::sink::head(details, DETAIL));
        } else {
            // An ignored test need not be started.
            let mut entry = Entry::new(self.suites.last().cloned(), name.to_owned(), status);
            entry.line = Some(self.last);
            entry.message = words::present(message);
            self.entries.push(entry);
        }
    }
}

/// `name='value' …`, where `|` escapes.
fn attributes(text: &str) -> Vec<(String, String)> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some((key, after)) = rest.split_once("='") {
        let (mut value, mut chars) = (String::new(), after.char_indices());
        let mut end = after.len();
        while let Some((at, c)) = chars.next() {
            match c {
                '\'' => {
                    end = at + 1;
                    break;
                }
                '|' => match chars.next().map(|(_, next)| next) {
                    Some('n') => value.push('\n'),
                    Some('r') => value.push('\r'),
                    Some(next) => value.push(next),
                    None => {}
                },
                c => value.push(c),
            }
        }
        found.push((key.trim().to_owned(), value));
        rest = &after[end..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_escapes() {
        let found = attributes("name='a|'b||c|n' duration='5'");
        assert_eq!(found[0], ("name".to_owned(), "a'b|c\n".to_owned()));
        assert_eq!(found[1], ("duration".to_owned(), "5".to_owned()));
    }
}
