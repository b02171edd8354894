//! TAP 12 to 14 (testanything.org): plans, directives, subtests, bail out.

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind, Span};

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
    last: u64,
}

#[derive(Default)]
struct Level {
    indent: usize,
    plan: Option<(u64, u64)>,
    points: Vec<Point>,
}

struct Point {
    number: Option<u64>,
    entry: Entry,
    /// Cases below it; then it is a suite and no case.
    below: Vec<Entry>,
}

impl LineReader for Tap {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let text = line.text.trim_start_matches(' ');
        let indent = line.text.len() - text.len();
        if self.yaml.is_some() || text == "---" && indent > 0 {
            self.diagnostic(text, indent);
        } else if indent == 0 && text.starts_with("TAP version ") {
            self.version = true;
        } else if text == "}" {
            self.end_block(indent);
        } else if let Some(reason) = text.strip_prefix("Bail out!") {
            self.bail.get_or_insert((line.number, reason.trim().to_owned()));
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
        while self.levels.len() > 1 {
            self.fold_last();
        }
        let level = self.levels.pop().unwrap_or_default();
        self.close(level, true, sink);
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

    fn plan(&mut self, indent: usize, plan: u64, comment: &str, line: u64) {
        if indent == 0 && plan == 0 {
            self.skipped_all = Some((line, comment.to_owned()));
        }
        let level = self.level(indent);
        level.plan.get_or_insert((line, plan));
    }

    fn point(&mut self, indent: usize, mut point: Point) {
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

    fn close(&mut self, mut level: Level, top: bool, sink: &mut Sink) {
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
        } else if top && !level.points.is_empty() && self.bail.is_none() {
            sink.cut_off(self.last);
        }
        let cases: Vec<_> = level.points.into_iter().flat_map(flatten).collect();
        self.entries.extend(cases);
    }
}

/// Keeps, of the points that bear a number, those that can be the run's own: numbers of the plan,
/// each once and rising. Of several with one number the last before the next number is it, as a
/// test prints before its own point comes.
fn drop_printed(points: &mut Vec<Point>, plan: u64, planned: u64) {
    let mut next = plan.saturating_add(1);
    let rising = points.iter().filter_map(|point| point.number).is_sorted_by(|a, b| a < b);
    let mut keep = vec![true; points.len()];
    let mut seen = std::collections::BTreeSet::new();
    for (index, point) in points.iter().enumerate().rev() {
        let Some(number) = point.number else { continue };
        let own = number >= 1 && number <= plan && (rising || number < next) && seen.insert(number);
        // A number that skips back too far would cost more points than it keeps.
        let own = own && (rising || next - number == 1 || !reaches(&points[..index], number, next));
        keep[index] = own;
        if own {
            next = number;
        }
    }
    // Mocha gives a failed hook and the test after it one number; where the plan, written at the
    // end, has room for both, both are.
    let mut room = plan.saturating_sub(keep.iter().filter(|keep| **keep).count() as u64);
    let mut after = None;
    for (index, point) in points.iter().enumerate().rev() {
        let twin = point.number.is_some() && point.number == after;
        if !keep[index]
            && twin
            && room > 0
            && point.entry.line < Some(planned)
            && planned_last(points, planned)
        {
            keep[index] = true;
            room -= 1;
        } else if keep[index] {
            after = point.number;
        }
    }
    let mut keep = keep.into_iter();
    points.retain(|_| keep.next().unwrap_or(true));
}

fn planned_last(points: &[Point], planned: u64) -> bool {
    points.iter().all(|point| point.entry.line < Some(planned))
}

/// Whether a number between `from` and `to` stands further up: then `from` is not the one before
/// `to`.
fn reaches(points: &[Point], from: u64, to: u64) -> bool {
    points.iter().filter_map(|point| point.number).any(|number| number > from && number < to)
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

/// `1..4 # SKIP why`: how many, and the comment.
fn plan(text: &str) -> Option<(u64, &str)> {
    let rest = text.strip_prefix("1..")?;
    let (number, comment) = rest.split_once('#').unwrap_or((rest, ""));
    Some((number.trim().parse().ok()?, comment.trim()))
}

fn point(text: &str, line: &Line<'_>) -> Option<Point> {
    let (ok, rest) = match text.strip_prefix("not ok") {
        Some(rest) => (false, rest),
        None => (true, text.strip_prefix("ok")?),
    };
    if !rest.is_empty() && !rest.starts_with(' ') {
        return None;
    }
    let rest = rest.trim_start();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number = rest[..digits].parse().ok();
    let rest = rest[digits..].trim_start().trim_start_matches("- ").trim();
    let (name, directive) = split_directive(rest.trim_end_matches(" {"));
    let lower = directive.to_ascii_lowercase();
    let skip = lower.starts_with("skip");
    let todo = lower.starts_with("todo");
    let status = match (ok, skip, todo) {
        (_, true, _) | (false, _, true) => CheckStatus::Skipped,
        (true, ..) => CheckStatus::Passed,
        (false, ..) => CheckStatus::Failed,
    };
    let fallback =
        || number.map_or_else(|| "(no name)".to_owned(), |number: u64| format!("test {number}"));
    let mut entry = Entry::new(None, words::present(&name).unwrap_or_else(fallback), status);
    if skip || todo {
        entry.message =
            words::present(directive[4..].trim_start_matches(|c: char| c.is_ascii_alphabetic()));
    }
    entry.line = Some(line.number);
    entry.bytes = Some(Span { start: line.offset, end: line.end() });
    Some(Point { number, entry, below: vec![] })
}

/// A description and its directive; `\#` and `\\` are escapes (TAP 14).
fn split_directive(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some((_, next @ ('#' | '\\'))) => name.push(next),
                Some((_, next)) => name.extend(['\\', next]),
                None => name.push('\\'),
            },
            '#' => {
                let directive = text[at + 1..].trim();
                let word = directive.get(..4).unwrap_or_default().to_ascii_lowercase();
                if word == "skip" || word == "todo" {
                    return (name.trim().to_owned(), directive);
                }
                if word == "time" {
                    return (name.trim().to_owned(), "");
                }
                name.push('#');
            }
            c => name.push(c),
        }
    }
    (name, "")
}
