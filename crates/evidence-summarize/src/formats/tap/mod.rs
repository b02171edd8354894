//! TAP 12 to 14 (testanything.org): plans, directives, subtests, bail out.

mod point;
mod printed;

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind};

use self::point::{Point, plan, point};
use self::printed::drop_printed;
use crate::sink::{Count, DETAIL, Sink};
use crate::text::{Claim, Line, LineReader};
use crate::words;
use crate::xml::append;

/// The reader.
#[derive(Default)]
pub struct Tap {
    version: bool,
    /// Points of the level at hand, and of the levels above it.
    levels: Vec<Level>,
    entries: Vec<Entry>,
    bail: Option<(u64, String)>,
    /// The indentation of the diagnostic block being read.
    yaml: Option<usize>,
    remarks: Vec<(u64, Effect, String)>,
    counts: Vec<(u64, u64, u64)>,
    skipped_all: Option<(u64, String)>,
    /// What a runner says of errors outside of its tests.
    errors: Vec<(u64, String)>,
    /// Whether a document ended before this one, and whether one ended without a plan.
    several: bool,
    cut: bool,
    last: u64,
}

#[derive(Default)]
struct Level {
    indent: usize,
    plan: Option<(u64, u64)>,
    points: Vec<Point>,
}

impl LineReader for Tap {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let text = line.text.trim_start_matches(' ');
        let indent = line.text.len() - text.len();
        if self.yaml.is_some() || text == "---" && indent > 0 {
            self.diagnostic(text, indent);
        } else if indent == 0 && text.starts_with("TAP version ") {
            // What stands before the first without a plan was printed.
            if self.version || self.levels.first().is_some_and(|level| level.plan.is_some()) {
                self.end_document();
            }
            self.levels.clear();
            self.version = true;
        } else if text == "}" {
            self.end_block(indent);
        } else if let Some(reason) = text.strip_prefix("Bail out!") {
            self.bail.get_or_insert((line.number, reason.trim().to_owned()));
        } else if indent == 0 && outside(text) {
            self.errors.push((line.number, text.to_owned()));
        } else if let Some((plan, comment)) = plan(text) {
            self.plan(indent, plan, comment, line.number);
        } else if let Some(point) = point(text, line) {
            self.point(indent, point);
        } else if indent == 0 && text.starts_with('#') && !text.starts_with("# Subtest") {
            self.comment(text.trim_start_matches(['#', ' ']));
        }
    }

    fn name(&self) -> &'static str {
        "tap"
    }

    fn claim(&self) -> Claim {
        if self.several {
            return Claim::Sure;
        }
        let top = self.levels.first().filter(|level| level.indent == 0);
        let points = top.is_some_and(|level| !level.points.is_empty());
        let plan = top.is_some_and(|level| level.plan.is_some());
        match (self.version || plan, points) {
            (true, true) => Claim::Sure,
            (true, false) if self.bail.is_some() || self.skipped_all.is_some() || self.version => {
                Claim::Sure
            }
            (_, true) | (true, _) => Claim::Weak,
            _ => Claim::No,
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("tap");
        self.end_document();
        if self.cut {
            sink.cut_off(self.last);
        }
        for (line, text) in self.errors.drain(..) {
            sink.remark(Some(line), RemarkKind::LoadError, Effect::Fail, text);
        }
        if let Some((line, reason)) = self.bail.take() {
            sink.remark(
                Some(line),
                RemarkKind::RunFailed,
                Effect::Fail,
                format!("bail out: {reason}"),
            );
        }
        if let Some((line, reason)) = self.skipped_all.take() {
            let mut entry = Entry::new(None, "(all tests)".to_owned(), CheckStatus::Skipped);
            (entry.line, entry.message) = (Some(line), words::present(&reason));
            sink.push(entry);
        }
        for (line, effect, message) in self.remarks.drain(..) {
            sink.remark(Some(line), RemarkKind::Contradiction, effect, message);
        }
        for (line, declared, found) in self.counts.drain(..) {
            let effect = if declared > found { Effect::Incomplete } else { Effect::None };
            sink.compare("", Some(line), Count { name: "tests", declared, found }, effect);
            sink.unnamed("", Some(line), CheckStatus::NotRun, declared.saturating_sub(found));
        }
        for entry in self.entries.drain(..) {
            sink.push(entry);
        }
    }
}

impl Tap {
    fn diagnostic(&mut self, text: &str, indent: usize) {
        match self.yaml {
            None => self.yaml = Some(indent),
            Some(open) if indent <= open && text == "..." => self.yaml = None,
            // The block was never closed.
            Some(open) if indent < open && !text.is_empty() => self.yaml = None,
            Some(_) => self.comment(text),
        }
    }

    /// Vitest's subtests stand in braces after the point they belong to.
    fn end_block(&mut self, indent: usize) {
        let mut below = Vec::new();
        while self.levels.len() > 1 && self.levels.last().is_some_and(|level| level.indent > indent)
        {
            let level = self.levels.pop().unwrap_or_default();
            below.splice(0..0, self.cases(level));
        }
        match self.levels.last_mut().and_then(|level| level.points.last_mut()) {
            Some(point) => point.below = below,
            None => self.entries.extend(below),
        }
    }

    /// Diagnostics belong to the last point.
    fn comment(&mut self, text: &str) {
        let Some(point) = self.levels.last_mut().and_then(|level| level.points.last_mut()) else {
            return;
        };
        if point.entry.status == CheckStatus::Failed {
            let detail = point.entry.detail.get_or_insert_default();
            append(detail, text, DETAIL);
            append(detail, "\n", DETAIL);
        }
    }

    fn level(&mut self, indent: usize) -> &mut Level {
        while self.levels.last().is_some_and(|level| level.indent > indent) && self.levels.len() > 1
        {
            self.fold_last();
        }
        if self.levels.last().is_none_or(|level| level.indent < indent) {
            self.levels.push(Level { indent, ..Level::default() });
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    /// Another document follows, or none.
    fn end_document(&mut self) {
        while self.levels.len() > 1 {
            self.fold_last();
        }
        let level = self.levels.pop().unwrap_or_default();
        self.several |= level.plan.is_some() && !level.points.is_empty();
        self.close(level);
    }

    /// The top level, once its plan is fulfilled; and whether the plan came last.
    fn fulfilled(&mut self) -> Option<(&mut Level, bool)> {
        let level = self.levels.first_mut().filter(|level| level.indent == 0)?;
        let (line, plan) = level.plan?;
        let last = level.points.iter().filter_map(|point| point.number).max();
        let trailing = level.points.first()?.entry.line < Some(line);
        (last == Some(plan)).then_some((level, trailing))
    }

    /// A plan ends or begins a document. What is left below a fulfilled plan is the one that a
    /// plan at its end sums up.
    fn next_document(&mut self, plan: u64) {
        let Some((level, _)) = self.fulfilled() else { return };
        let own = |at: &usize| *at > 0 && level.points[*at].number == Some(1);
        let count = usize::try_from(plan).unwrap_or(usize::MAX);
        let at = level.points.len().checked_sub(count).filter(|_| count > 0).filter(own);
        let points = at.map(|at| level.points.split_off(at)).unwrap_or_default();
        self.end_document();
        self.level(0).points = points;
    }

    fn plan(&mut self, indent: usize, plan: u64, comment: &str, line: u64) {
        if indent == 0 && plan == 0 {
            self.skipped_all = Some((line, comment.to_owned()));
        }
        if indent == 0 {
            self.next_document(plan);
        }
        let level = self.level(indent);
        level.plan.get_or_insert((line, plan));
    }

    fn point(&mut self, indent: usize, mut point: Point) {
        // Nothing stands below a plan that came last.
        let first = indent == 0 && point.number == Some(1);
        if first && self.fulfilled().is_some_and(|(_, trailing)| trailing) {
            self.end_document();
        }
        // Points that stand deeper and have no parent yet belong to this one.
        let mut below = Vec::new();
        while self.levels.len() > 1 && self.levels.last().is_some_and(|level| level.indent > indent)
        {
            let level = self.levels.pop().unwrap_or_default();
            below.extend(self.cases(level));
        }
        point.below = below;
        self.level(indent).points.push(point);
    }

    /// Subtests without a parent line are cases all the same.
    fn fold_last(&mut self) {
        let level = self.levels.pop().unwrap_or_default();
        let cases = self.cases(level);
        self.entries.extend(cases);
    }

    /// The cases of a level, with what its plan says of it.
    fn cases(&mut self, level: Level) -> Vec<Entry> {
        if let Some((line, plan)) = level.plan {
            let found = level.points.len() as u64;
            if plan > found {
                self.counts.push((line, plan, found));
            }
        }
        level.points.into_iter().flat_map(flatten).collect()
    }

    fn close(&mut self, mut level: Level) {
        if let Some((line, plan)) = level.plan {
            // A number beyond the plan, or one told before, was printed by a test.
            let before = level.points.len();
            drop_printed(&mut level.points, plan, line);
            let dropped = before - level.points.len();
            if dropped > 0 {
                let message = format!(
                    "{dropped} lines look like results and fit no number of the plan: they are no cases"
                );
                self.remarks.push((line, Effect::None, message));
            }
            let found = level.points.len() as u64;
            self.counts.extend((plan != found).then_some((line, plan, found)));
        } else if !level.points.is_empty() && self.bail.is_none() {
            self.cut = true;
        }
        let cases: Vec<_> = level.points.into_iter().flat_map(flatten).collect();
        self.entries.extend(cases);
    }
}

/// A point, or the cases below it. A point that failed although nothing below it did is a case.
fn flatten(mut point: Point) -> Vec<Entry> {
    if let (None, Some(detail)) = (&point.entry.message, &point.entry.detail) {
        let error = |line: &str| {
            words::present(
                line.trim().strip_prefix("error:")?.trim_matches([' ', '\'', '"', '|', '-']),
            )
        };
        point.entry.message = detail.lines().find_map(error).or_else(|| words::first_line(detail));
    }
    if point.below.is_empty() {
        return vec![point.entry];
    }
    let suite = point.entry.name.clone();
    let failing = point.below.iter().any(|entry| entry.status == CheckStatus::Failed);
    let own = (point.entry.status == CheckStatus::Failed && !failing).then_some(point.entry);
    let inside = |mut entry: Entry| {
        let path = entry.suite.map_or(suite.clone(), |inner| format!("{suite} > {inner}"));
        entry.id = format!("{path}::{}", entry.name);
        entry.suite = Some(path);
        entry
    };
    point.below.into_iter().map(inside).chain(own).collect()
}

/// Whether a runner or its engine says of an error that belongs to no test.
fn outside(text: &str) -> bool {
    let version = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
    text.starts_with("Vitest caught ") || text.strip_prefix("Node.js v").is_some_and(version)
}
