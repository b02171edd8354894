//! Our own summaries as people read them (text, Markdown): they repeat what was summed up, without
//! the chain to its bytes. The JSON is the evidence.

use contract::part::{Effect, RemarkKind};

use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader};

/// The reader.
#[derive(Default)]
pub struct OwnText {
    line: Option<u64>,
}

/// Whether a summary begins with this line.
pub fn begins(text: &str) -> bool {
    let starts = ["## Verdict: ", "verdict: "];
    let verdict = starts.iter().any(|start| text.starts_with(start))
        || text.starts_with("::") && text.contains(" title=evidence::");
    verdict && text.contains("gate: ")
}

impl LineReader for OwnText {
    fn line(&mut self, line: &Line<'_>) {
        if self.line.is_none() && begins(line.text) {
            self.line = Some(line.number);
        }
    }

    fn name(&self) -> &'static str {
        "own-text"
    }

    fn claim(&self) -> Claim {
        if self.line.is_some() { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("summary-text");
        let message = "a summary as people read it, which is no evidence: give the JSON document \
                       it was made of, or the reports";
        sink.remark(self.line, RemarkKind::Unrecognised, Effect::Incomplete, message);
    }
}
