//! Results of security audits in XCCDF 1.2 (NIST IR 7275), alone, in their benchmark, or in an
//! ARF (NIST IR 7694), as OpenSCAP and others write them.

use contract::CheckStatus;
use contract::part::{Attempt, Effect, Entry, RemarkKind};

use super::outline::OpenCase;
use crate::sink::{MESSAGE, Sink};
use crate::xml::{Handler, Place, Tag, append};

/// The reader, if `tag` begins such a document.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    // A `TestResult` without an id is one of Boost.Test.
    let alone = || tag.name() == "TestResult" && tag.get("id").is_some();
    (matches!(tag.name(), "Benchmark" | "asset-report-collection") || alone())
        .then(|| Box::new(Xccdf::default()) as Box<dyn Handler>)
}

#[derive(Default)]
struct Xccdf {
    /// Elements open inside of the results; 0 outside.
    depth: u32,
    results: u64,
    rules: u64,
    suite: String,
    target: String,
    rule: Option<Rule>,
    reads: Reads,
}

struct Rule {
    case: OpenCase,
    /// How many elements are open where it begins.
    depth: u32,
    result: String,
    overridden: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Reads {
    #[default]
    Nothing,
    Result,
    Message,
    Target,
}

impl Handler for Xccdf {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("xccdf");
        if self.depth == 0 {
            if tag.name() == "TestResult" {
                self.depth = 1;
                self.results += 1;
                self.suite = tag.get("id").unwrap_or_default();
                self.target.clear();
            }
            return;
        }
        self.depth += 1;
        let direct = self.rule.as_ref().is_some_and(|rule| self.depth == rule.depth + 1);
        match tag.name() {
            "benchmark" if self.depth == 2 => {
                // The id says which benchmark, the href only where it lay.
                if let Some(id) = tag.get("id").or_else(|| tag.get("href")) {
                    self.suite = id;
                }
            }
            "target" if self.depth == 2 && self.target.is_empty() => self.reads = Reads::Target,
            "rule-result" if self.rule.is_none() => {
                let mut case = OpenCase::new(
                    Some(self.suite.clone()),
                    tag.get("idref"),
                    CheckStatus::Unknown,
                    at,
                );
                if let Some(severity) = tag.get("severity") {
                    case.add(&format!("severity {severity}"));
                }
                self.rule = Some(Rule {
                    case,
                    depth: self.depth,
                    result: String::new(),
                    overridden: false,
                });
            }
            "result" if direct => self.reads = Reads::Result,
            "message" if direct => self.reads = Reads::Message,
            "override" if direct => {
                if let Some(rule) = &mut self.rule {
                    rule.overridden = true;
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut Sink) {
        match (self.reads, &mut self.rule) {
            (Reads::Target, _) => append(&mut self.target, text.trim(), MESSAGE),
            (Reads::Result, Some(rule)) => append(&mut rule.result, text.trim(), MESSAGE),
            (Reads::Message, Some(rule)) => rule.case.say(text),
            _ => {}
        }
    }

    fn close(&mut self, _name: &str, at: Place, sink: &mut Sink) {
        self.reads = Reads::Nothing;
        if let Some(rule) = self.rule.take_if(|rule| rule.depth == self.depth) {
            self.rules += 1;
            push(rule, &self.target, at, sink);
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn finish(&mut self, sink: &mut Sink) {
        let message = match (self.results, self.rules) {
            (0, _) => "a benchmark without results: name what the scan wrote (`--results`)",
            (_, 0) => "results without a single rule",
            _ => return,
        };
        sink.remark(None, RemarkKind::Omission, Effect::Incomplete, message);
    }
}

fn push(rule: Rule, target: &str, at: Place, sink: &mut Sink) {
    let Rule { mut case, result, overridden, .. } = rule;
    case.entry.status = match result.as_str() {
        "pass" | "fixed" => CheckStatus::Passed,
        "fail" => CheckStatus::Failed,
        "error" => CheckStatus::Broken,
        // Nothing on this system could evaluate it.
        "notchecked" => CheckStatus::Skipped,
        // Left out on purpose: by the profile, by the platform, or as no verdict was asked for.
        "notselected" | "notapplicable" | "informational" => CheckStatus::NotRun,
        _ => CheckStatus::Unknown,
    };
    if case.entry.status != CheckStatus::Passed || overridden {
        let said = if result.is_empty() { "no result" } else { result.as_str() };
        let by_hand = if overridden { ", overridden by hand" } else { "" };
        let more = if case.message.trim().is_empty() { "" } else { ": " };
        case.message = format!("{said}{by_hand}{more}{}", case.message.trim());
    }
    case.entry.degraded = overridden;
    if !target.is_empty() {
        case.entry.target = Some(target.to_owned());
    }
    let mut entry = case.close(at);
    if result == "fixed" {
        // It had failed, and was mended during the scan.
        entry.attempt = Attempt::InOrder;
        sink.push(Entry { status: CheckStatus::Failed, ..entry.clone() });
    }
    sink.push(entry);
}
