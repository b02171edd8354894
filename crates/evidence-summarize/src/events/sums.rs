//! Events, added up.

use std::collections::BTreeMap;

use contract::events::{
    Command, EventTotals, Events, OddLine, OmittedEvents, Operation, Problem, ProblemKind,
};
use contract::{Generator, InputRef, Tag};

use super::line::{Event, Said, Words};

/// Operations, and problems, that are listed.
const MOST: usize = 1_000;
/// Lines that are no event, and commands of one operation, that are listed.
const FEW: usize = 100;

/// What was added up so far. Memory is bounded, whatever a log holds.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    totals: EventTotals,
    operations: BTreeMap<(Option<String>, String), Sum>,
    problems: Vec<Problem>,
    odd: Vec<OddLine>,
    omitted: OmittedEvents,
}

#[derive(Clone, Debug)]
struct Sum {
    first_ms: u64,
    last_ms: u64,
    totals: EventTotals,
    commands: BTreeMap<String, Command>,
}

impl Sums {
    /// Adds an event.
    pub fn add(&mut self, path: &str, line: u64, event: Event) {
        count(&mut self.totals, &event.said);
        let key = (event.run_id.clone(), event.operation.clone());
        if self.operations.len() < MOST || self.operations.contains_key(&key) {
            let sum = self.operations.entry(key).or_insert_with(|| Sum::at(event.time_ms));
            (sum.first_ms, sum.last_ms) =
                (sum.first_ms.min(event.time_ms), sum.last_ms.max(event.time_ms));
            count(&mut sum.totals, &event.said);
            self.omitted.commands += u64::from(!sum.command(&event.said));
        } else {
            self.omitted.operations += 1;
        }
        let (kind, words) = match event.said {
            Said::Failure(words) => (ProblemKind::Failure, words),
            Said::Warning(words) => (ProblemKind::Warning, words),
            _ => return,
        };
        if self.problems.len() == MOST {
            self.omitted.problems += 1;
            return;
        }
        let Words { about, message } = words;
        let (path, run_id, operation) = (path.to_owned(), event.run_id, event.operation);
        self.problems.push(Problem { path, line, kind, run_id, operation, about, message });
    }

    /// Counts a line that is no event.
    pub fn odd(&mut self, path: &str, line: u64, why: String) {
        self.totals.odd += 1;
        if self.odd.len() == FEW {
            self.omitted.odd += 1;
        } else {
            self.odd.push(OddLine { path: path.to_owned(), line, why });
        }
    }

    /// The document.
    #[must_use]
    pub fn finish(self, generator: Generator, inputs: Vec<InputRef>) -> Events {
        let operations = self.operations.into_iter();
        Events {
            schema: Tag::new(),
            generator,
            inputs,
            totals: self.totals,
            operations: operations.map(|((run, name), sum)| sum.operation(run, name)).collect(),
            problems: self.problems,
            odd: self.odd,
            omitted: self.omitted,
        }
    }
}

impl Sum {
    fn at(time_ms: u64) -> Self {
        let totals = EventTotals::default();
        Self { first_ms: time_ms, last_ms: time_ms, totals, commands: BTreeMap::new() }
    }

    /// Counts a child that ended; whether there was room to.
    fn command(&mut self, said: &Said) -> bool {
        let Said::Ended { command, well, duration_ms } = said else { return true };
        if self.commands.len() >= FEW && !self.commands.contains_key(command) {
            return false;
        }
        let known = self.commands.entry(command.clone()).or_insert_with(|| Command {
            command: command.clone(),
            ended: 0,
            not_well: 0,
            duration_ms: 0,
            longest_ms: 0,
        });
        known.ended += 1;
        known.not_well += u64::from(!well);
        known.duration_ms = known.duration_ms.saturating_add(*duration_ms);
        known.longest_ms = known.longest_ms.max(*duration_ms);
        true
    }

    fn operation(self, run_id: Option<String>, operation: String) -> Operation {
        let mut commands: Vec<_> = self.commands.into_values().collect();
        commands.sort_by_key(|known| std::cmp::Reverse(known.duration_ms));
        let span_ms = (self.totals.events > 1).then_some(self.last_ms - self.first_ms);
        Operation { run_id, operation, span_ms, totals: self.totals, commands }
    }
}

fn count(totals: &mut EventTotals, said: &Said) {
    totals.events += 1;
    // Sizes and times come from outside: a log can claim whatever it likes.
    let add = |sum: &mut u64, more: u64| *sum = sum.saturating_add(more);
    match said {
        Said::Read(bytes) => {
            totals.reads += 1;
            add(&mut totals.bytes_read, *bytes);
        }
        Said::Written(bytes) => {
            totals.writes += 1;
            add(&mut totals.bytes_written, *bytes);
        }
        Said::Started => totals.children_started += 1,
        Said::Ended { well, duration_ms, .. } => {
            totals.children_ended += 1;
            totals.children_not_well += u64::from(!well);
            add(&mut totals.children_ms, *duration_ms);
        }
        Said::Stage => totals.stages += 1,
        Said::Warning(_) => totals.warnings += 1,
        Said::Failure(_) => totals.failures += 1,
    }
}
