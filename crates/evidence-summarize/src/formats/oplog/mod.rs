//! Operators' logs: no format at all, but lines that say PASS, FAIL, SKIP or NOT RUN, blocks of
//! counts, and traces of what went wrong. A pass is only ever what a line claims; what a log says
//! against it weighs more.

mod conclude;
mod cutoff;
mod explains;
mod fraction;
mod line;
mod prefix;
mod record;

use contract::CheckStatus;
use contract::part::{Effect, RemarkKind};

use self::explains::Marks;
use self::line::{Said, Told};
use crate::rules::{Rules, Says};
use crate::sink::Sink;
use crate::text::{Line, plain};

const EXPLAINS: &str = "expected a log of a run, found text that explains one: leave it out";

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
    /// Whether what the rule says is taken back in part.
    soft: bool,
}

/// The reader of one log.
pub struct OpLog<'r> {
    rules: &'r Rules,
    kept: Vec<Kept>,
    left_out: u64,
    marks: Marks,
}

impl<'r> OpLog<'r> {
    /// A reader that knows troubles by `rules`.
    pub fn new(rules: &'r Rules) -> Self {
        Self { rules, kept: Vec::new(), left_out: 0, marks: Marks::default() }
    }

    /// Takes one line.
    pub fn line(&mut self, line: &Line<'_>) {
        if line.text.len() > 4_000 {
            return;
        }
        let plain = plain(line.text);
        let Told { text, said } = line::told(&plain);
        self.marks.line(&plain, line.number);
        let (rule, soft) = self.rule(&text);
        if said == Said::Nothing && rule.is_none() {
            return;
        }
        let hint = said == Said::Nothing && rule == Some(Says::Nothing);
        if self.kept.len() >= if hint { MAX_KEPT / 4 } else { MAX_KEPT } {
            self.left_out += u64::from(!hint);
            return;
        }
        let text = text.trim().to_owned();
        let (number, offset) = (line.number, line.offset);
        self.kept.push(Kept { number, offset, end: line.end(), text, said, rule, soft });
    }

    /// What the first rule that says something says, and whether the line takes it back in part:
    /// a warning or a try that is not the last explains a failure, and is none.
    fn rule(&self, text: &str) -> (Option<Says>, bool) {
        if text.is_empty() {
            return (None, false);
        }
        let mut hint = None;
        let mut telling = None;
        for says in self.rules.hits(text).map(|rule| rule.says) {
            match says {
                Says::Nothing => hint = Some(says),
                // What was left out can have failed: a line that does not say that it is left out.
                Says::Failure if telling == Some(Says::Skip) && !line::skips(text) => {
                    telling = Some(says);
                }
                says => telling = telling.or(Some(says)),
            }
        }
        match telling {
            None => (hint, false),
            Some(Says::Failure) if line::denied(text) => (None, false),
            Some(Says::Failure) => (Some(Says::Failure), line::harmless(text)),
            other => (other, false),
        }
    }

    /// What stood before a report: only that something was ended by a signal, or ended badly.
    pub fn finish_prelude(&self, sink: &mut Sink) {
        conclude::before(&self.kept, sink);
    }

    /// What stands behind a report: all that weighs against it.
    pub fn finish_behind(&self, sink: &mut Sink) {
        conclude::behind(&self.kept, sink);
    }

    /// Says what the log amounts to. Beside results that a known format gave (`structured`), only
    /// what weighs against them is said.
    pub fn finish(mut self, structured: bool, sink: &mut Sink) {
        explains::drop_definitions(&mut self.kept);
        if structured {
            conclude::beside(&self.kept, sink);
            conclude::killed(&self.kept, sink);
        } else if self.marks.explains() {
            sink.remark(None, RemarkKind::Unrecognised, Effect::Incomplete, EXPLAINS);
        } else if self.kept.iter().any(Kept::tells) {
            sink.format("operator-log");
            conclude::alone(&self.kept, self.left_out, sink);
        }
    }
}

impl Kept {
    /// Whether it is a reason to take the text for a log.
    fn tells(&self) -> bool {
        !matches!(self.said, Said::Nothing | Said::Retry | Said::Planned(_) | Said::Begun)
            || self.rule.is_some_and(|says| says != Says::Nothing)
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
