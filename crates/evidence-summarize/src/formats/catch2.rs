//! XML of Catch2 (versions 2 and 3).

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind, Span};

use crate::sink::{DETAIL, Sink};
use crate::words;
use crate::xml::{Handler, Place, Tag, append};

/// The reader, if `tag` begins such a document.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    matches!(tag.name(), "Catch" | "Catch2TestRun")
        .then(|| Box::new(Catch2::default()) as Box<dyn Handler>)
}

#[derive(Default)]
struct Catch2 {
    case: Option<(Entry, String, Place)>,
    outcome: Option<CheckStatus>,
    totals: u64,
}

impl Handler for Catch2 {
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink) {
        sink.format("catch2");
        match tag.name() {
            "TestCase" => {
                let name = tag.get("name").unwrap_or_else(|| "(no name)".to_owned());
                let mut entry = Entry::new(None, name, CheckStatus::Unknown);
                entry.file = tag.get("filename");
                entry.line = Some(at.line);
                self.case = Some((entry, String::new(), at));
                self.outcome = None;
            }
            "OverallResult" => {
                let skips = tag.get("skips").is_some_and(|skips| skips != "0");
                self.outcome = match tag.get("success").as_deref() {
                    Some("true") if skips => Some(CheckStatus::Skipped),
                    Some("true") => Some(CheckStatus::Passed),
                    Some("false") => Some(CheckStatus::Failed),
                    _ => None,
                };
                if let Some((entry, _, _)) = &mut self.case {
                    entry.duration_ms =
                        tag.get("durationInSeconds").as_deref().and_then(words::seconds);
                }
            }
            "OverallResults" | "OverallResultsCases" => self.totals += 1,
            _ => {}
        }
    }

    fn text(&mut self, text: &str, _sink: &mut Sink) {
        if let Some((_, said, _)) = &mut self.case {
            append(said, text.trim(), DETAIL);
            append(said, "\n", DETAIL);
        }
    }

    fn close(&mut self, name: &str, at: Place, sink: &mut Sink) {
        let Some((mut entry, said, begun)) = self.case.take_if(|_| name == "TestCase") else {
            return;
        };
        // Without a result the program ended in this case.
        entry.status = self.outcome.unwrap_or(CheckStatus::Broken);
        entry.bytes = Some(Span { start: begun.offset, end: at.offset.max(begun.offset) });
        if entry.status != CheckStatus::Passed {
            entry.detail = words::present(&said);
            entry.message = entry.detail.as_deref().and_then(words::first_line);
        }
        sink.push(entry);
    }

    fn finish(&mut self, sink: &mut Sink) {
        if self.totals == 0 {
            let message = "the totals of the run are missing";
            sink.remark(None, RemarkKind::Truncated, Effect::Incomplete, message);
        }
    }
}
