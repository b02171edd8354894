//! A log of our own tools (`--log-format json`): it is no evidence of any case, but says where
//! evidence may be missing.

use contract::part::{Effect, RemarkKind};

use crate::events::{Said, parse};
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader};

/// The reader.
#[derive(Default)]
pub struct ProoflineLog {
    events: u64,
    takes: bool,
    failures: Vec<(u64, String)>,
    /// The last line, if it is the start of an event.
    cut: Option<u64>,
}

impl LineReader for ProoflineLog {
    fn line(&mut self, line: &Line<'_>) {
        (self.takes, self.cut) = (false, None);
        if !line.text.starts_with("{\"level\":\"") {
            return;
        }
        match parse(line.text) {
            Ok(event) => {
                (self.takes, self.events) = (true, self.events + 1);
                if let Said::Failure(words) = event.said {
                    let about = words.about.map_or(String::new(), |about| format!("{about}: "));
                    let said = format!("{}: {about}{}", event.operation, words.message);
                    self.failures.push((line.number, said));
                }
            }
            Err(_) if !line.text.ends_with('}') => self.cut = Some(line.number),
            Err(_) => {}
        }
    }

    fn claim(&self) -> Claim {
        if self.events > 0 { Claim::Sure } else { Claim::No }
    }

    fn takes(&self) -> bool {
        self.takes
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("proofline-log");
        for (line, said) in self.failures.drain(..) {
            sink.remark(Some(line), RemarkKind::RunFailed, Effect::Incomplete, said);
        }
        if let Some(line) = self.cut {
            sink.cut_off(line);
        }
    }
}
