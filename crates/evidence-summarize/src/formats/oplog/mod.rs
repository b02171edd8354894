//! Operators' logs: no format at all, but lines that say PASS, FAIL, SKIP or NOT RUN, blocks of
//! counts, and traces of what went wrong. A pass is only ever what a line claims; what a log says
//! against it weighs more.

mod conclude;
mod fraction;
mod line;

use contract::CheckStatus;

use self::line::Said;
use crate::rules::{Rules, Says};
use crate::sink::Sink;
use crate::text::{Line, plain};

/// No log has more lines worth keeping.
const MAX_KEPT: usize = 20_000;

/// A line that says something.
#[derive(Clone, Debug)]
struct Kept {
    number: u64,
    offset: u64,
    end: u64,
    text: String,
    said: Said,
    /// What the first rule that fits says of the log.
    rule: Option<Says>,
}

/// The reader of one log.
pub struct OpLog<'r> {
    rules: &'r Rules,
    kept: Vec<Kept>,
    left_out: u64,
}

impl<'r> OpLog<'r> {
    /// A reader that knows troubles by `rules`.
    pub fn new(rules: &'r Rules) -> Self {
        Self { rules, kept: Vec::new(), left_out: 0 }
    }

    /// Takes one line.
    pub fn line(&mut self, line: &Line<'_>) {
        if line.text.len() > 4_000 {
            return;
        }
        let text = plain(line.text);
        let said = line::said(&text);
        let rule = self.rule(&text);
        if said == Said::Nothing && rule.is_none() {
            return;
        }
        if self.kept.len() >= MAX_KEPT {
            self.left_out += 1;
            return;
        }
        let text = text.trim().to_owned();
        let (number, offset) = (line.number, line.offset);
        self.kept.push(Kept { number, offset, end: line.end(), text, said, rule });
    }

    fn rule(&self, text: &str) -> Option<Says> {
        let says =
            self.rules.hits(text).map(|rule| rule.says).find(|says| *says != Says::Nothing)?;
        (says != Says::Failure || !line::harmless(text)).then_some(says)
    }

    /// What stood before a report: only that a signal ended something.
    pub fn finish_prelude(&self, sink: &mut Sink) {
        conclude::killed(&self.kept, sink);
    }

    /// Says what the log amounts to. Beside results that a known format gave (`structured`), only
    /// what weighs against them is said.
    pub fn finish(self, structured: bool, sink: &mut Sink) {
        if structured {
            conclude::beside(&self.kept, sink);
            conclude::killed(&self.kept, sink);
        } else if self.kept.iter().any(Kept::tells) {
            sink.format("operator-log");
            conclude::alone(&self.kept, self.left_out, sink);
        }
    }
}

impl Kept {
    /// Whether it is a reason to take the text for a log.
    fn tells(&self) -> bool {
        self.said != Said::Nothing || self.rule.is_some()
    }

    fn outcome(&self) -> Option<CheckStatus> {
        match &self.said {
            Said::Check { status, .. } | Said::Run { status, .. } => Some(*status),
            _ => None,
        }
    }

    fn failing(&self) -> bool {
        self.outcome().is_some_and(fails)
    }
}

fn fails(status: CheckStatus) -> bool {
    matches!(status, CheckStatus::Failed | CheckStatus::Broken)
}
