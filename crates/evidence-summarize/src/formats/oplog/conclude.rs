//! From the lines of a log to what it amounts to.

use std::collections::{BTreeMap, BTreeSet};

use contract::part::{Effect, Entry, RemarkKind, Span};
use contract::{CheckStatus, Totals};

use super::cutoff;
use super::line::Said;
use super::{Kept, fails};
use crate::rules::Says;
use crate::sink::{Count, DETAIL, Sink};
use crate::xml::append;

/// More traces of trouble than these are not told one by one.
const MAX_ALARMS: usize = 20;

/// What a log says beside results of a known format: only what weighs against them.
pub(super) fn beside(kept: &[Kept], sink: &mut Sink) {
    for line in kept {
        match &line.said {
            Said::Run { status, .. } if fails(*status) => failed_run(line, sink),
            Said::Alarm if ends_the_run(&line.text) => failed_run(line, sink),
            _ if line.rule == Some(Says::Degraded) => degraded(line, sink),
            _ => {}
        }
    }
}

/// What a log says before a report: a test can have printed it, so it is no failure, and no pass.
pub(super) fn before(kept: &[Kept], sink: &mut Sink) {
    killed(kept, sink);
    let ended = kept.iter().filter(|line| line.said == Said::Alarm && ends_the_run(&line.text));
    for line in ended.take(MAX_ALARMS) {
        let message = format!("before the report: {}", line.text);
        sink.remark(Some(line.number), RemarkKind::RunFailed, Effect::Incomplete, message);
    }
}

/// What a log says behind a report, where no test printed it: a check that failed weighs, too.
pub(super) fn behind(kept: &[Kept], sink: &mut Sink) {
    beside(kept, sink);
    killed(kept, sink);
    let failed = |line: &&Kept| match &line.said {
        Said::Check { status, .. } => fails(*status),
        Said::Counts(counts) => counts.iter().any(|(status, count)| fails(*status) && *count > 0),
        _ => false,
    };
    kept.iter().filter(failed).for_each(|line| failed_run(line, sink));
    let alarms = kept.iter().filter(|line| line.said == Said::Alarm && !line.soft);
    for line in alarms.filter(|line| !ends_the_run(&line.text)).take(MAX_ALARMS) {
        let message = format!("behind the report: {}", line.text);
        sink.remark(Some(line.number), RemarkKind::RunFailed, Effect::Incomplete, message);
    }
}

/// Whether all that the log says of checks are marks (`✓ name`), with no word on the whole.
fn only_marks(kept: &[Kept]) -> bool {
    let checks = || kept.iter().filter(|line| matches!(line.said, Said::Check { .. }));
    let marked = |line: &Kept| line.text.trim_start().starts_with(['✓', '✔', '√']);
    checks().next().is_some() && checks().all(marked)
}

/// What the shell says of a program that a signal ended, beside a report that does not know.
pub(super) fn killed(kept: &[Kept], sink: &mut Sink) {
    let signals = ["Killed", "Segmentation fault", "Aborted", "Bus error", "Terminated"];
    for line in kept {
        let told =
            line.text.contains(": line ") && signals.iter().any(|word| line.text.contains(word));
        if told {
            let message = format!("beside the report: {}", line.text);
            sink.remark(Some(line.number), RemarkKind::RunFailed, Effect::Incomplete, message);
        }
    }
}

fn failed_run(line: &Kept, sink: &mut Sink) {
    sink.remark(Some(line.number), RemarkKind::RunFailed, Effect::Fail, line.text.clone());
}

fn degraded(line: &Kept, sink: &mut Sink) {
    sink.remark(Some(line.number), RemarkKind::Degraded, Effect::None, line.text.clone());
}

/// Whether a line is the end of a run that failed as a whole.
fn ends_the_run(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let ends = [": *** ", "##[error]", "main process exited, code=", "failed with result '"];
    let begins = ["::error", "finished: failure", "finished: aborted"];
    ends.iter().any(|end| lower.contains(end))
        || begins.iter().any(|start| lower.starts_with(start))
}

/// A log that is all there is.
pub(super) fn alone(kept: &[Kept], left_out: u64, sink: &mut Sink) {
    let blocks = blocks(kept);
    let mut named = Totals::default();
    for (index, line) in kept.iter().enumerate() {
        if let Said::Check { name, status, reason } = &line.said {
            named.count(*status);
            let mut entry = entry(line, name, *status);
            entry.message = reason.clone().or_else(|| Some(line.text.clone()));
            sink.push(with_context(entry, kept, index));
        } else if line.rule == Some(Says::Skip) && line.said == Said::Nothing {
            named.count(CheckStatus::Skipped);
            let mut entry = entry(line, &line.text, CheckStatus::Skipped);
            entry.message = Some(line.text.clone());
            sink.push(entry);
        }
        if line.rule == Some(Says::Degraded) {
            degraded(line, sink);
        }
    }
    let counted = add_blocks(kept, &blocks, &named, sink);
    // A block that counts nothing knows that nothing was run.
    let counts = blocks.iter().any(|block| !block.totals.is_empty());
    let known = counts || named.total > 0;
    let failing = named.failed + named.broken + counted.failed + counted.broken > 0;
    let ran = runs(kept, known, failing, sink);
    traces(kept, failing || ran.failed, known || ran.passed, sink);
    let concluded = counted.total > 0 || ran.passed || ran.failed;
    // Test runners tell cases with marks, and a sum after them.
    if !concluded
        && (only_marks(kept) || cutoff::stops_early(kept))
        && let Some(last) = kept.last()
    {
        sink.cut_off(last.number);
    }
    if left_out > 0 {
        let message = format!("{left_out} more lines that say something were not kept");
        sink.remark(None, RemarkKind::Omission, Effect::Incomplete, message);
    }
}

/// A block of counts: its name, the place of its head, its sums.
struct Block {
    name: String,
    index: usize,
    totals: BTreeMap<CheckStatus, u64>,
}

/// The blocks of a log; counts outside of any make one for themselves.
fn blocks(kept: &[Kept]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (index, line) in kept.iter().enumerate() {
        match &line.said {
            Said::Block(name) => {
                blocks.push(Block { name: name.clone(), index, totals: BTreeMap::new() });
                open = true;
            }
            Said::Counts(counts) => {
                let near = blocks.last().is_some_and(|block| {
                    open && counts.iter().all(|(status, _)| !block.totals.contains_key(status))
                });
                if !near {
                    let name = String::new();
                    blocks.push(Block { name, index, totals: BTreeMap::new() });
                    open = true;
                }
                if let Some(block) = blocks.last_mut() {
                    for (status, count) in counts {
                        *block.totals.entry(*status).or_default() += count;
                    }
                }
            }
            _ => open &= line.said == Said::Nothing || line.said == Said::Alarm,
        }
    }
    // The same counts said again are no further cases.
    let mut seen = BTreeSet::new();
    blocks.retain(|block| {
        let some: Vec<_> = block.totals.iter().filter(|(_, count)| **count > 0).collect();
        let key = format!("{some:?}");
        block.totals.is_empty() || seen.insert(key)
    });
    blocks
}

/// Adds what blocks count and no line names. Returns the sums of the blocks.
fn add_blocks(kept: &[Kept], blocks: &[Block], named: &Totals, sink: &mut Sink) -> Totals {
    let mut sums = Totals::default();
    let mut left = *named;
    for block in blocks {
        let line = &kept[block.index];
        let name = if block.name.is_empty() { &line.text } else { &block.name };
        if block.totals.is_empty() && has_no_counts(kept, block.index) {
            sums.count(CheckStatus::Unknown);
            let mut entry = entry(line, name, CheckStatus::Unknown);
            entry.message = Some("a summary without a count: the log ends too early".to_owned());
            sink.push(entry);
        }
        for (status, count) in &block.totals {
            let here = left.of(*status).min(*count);
            left = minus(left, *status, here);
            let mut rest = count - here;
            sums = sums.plus(&times(*status, *count));
            if rest > 0 && fails(*status) {
                let mut entry = entry(line, name, *status);
                entry.message = Some(format!("{name}: {count} {status}"));
                sink.push(with_context(entry, kept, block.index));
                rest -= 1;
            }
            sink.unnamed(name, Some(line.number), *status, rest);
        }
    }
    if !blocks.iter().all(|block| block.totals.is_empty()) {
        compare(named, &sums, sink);
    }
    sums
}

/// Whether nothing follows the head of a block that it could be the head of.
fn has_no_counts(kept: &[Kept], index: usize) -> bool {
    !kept[index + 1..]
        .iter()
        .any(|line| line.outcome().is_some() || matches!(line.said, Said::Counts(_)))
}

/// More named than counted: the summary is wrong.
fn compare(named: &Totals, sums: &Totals, sink: &mut Sink) {
    for status in [CheckStatus::Failed, CheckStatus::Skipped, CheckStatus::NotRun] {
        let (found, declared) = (named.of(status), sums.of(status));
        if found > declared {
            let count = Count { name: status.word(), declared, found };
            sink.compare("", None, count, Effect::None);
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Ran {
    passed: bool,
    failed: bool,
}

/// Lines that speak for the run as a whole: cases of their own only where nothing else is.
fn runs(kept: &[Kept], known: bool, failing: bool, sink: &mut Sink) -> Ran {
    let mut ran = Ran::default();
    let mut known = known;
    for (index, line) in kept.iter().enumerate() {
        let Said::Run { name, status, facts } = &line.said else { continue };
        let fact = |keys: &[&str]| {
            let found = facts.iter().find(|(key, _)| keys.contains(&key.as_str()));
            found.and_then(|(_, value)| value.parse::<u64>().ok())
        };
        let assurance = facts.iter().find(|(key, _)| key == "assurance");
        if assurance.is_some_and(|(_, value)| !value.to_ascii_lowercase().starts_with("full"))
            && line.rule != Some(Says::Degraded)
        {
            degraded(line, sink);
        }
        let bad = fact(&["failed", "failures", "fail", "errors", "broken"]).unwrap_or(0);
        let status = if bad > 0 { CheckStatus::Failed } else { *status };
        let gaps = [
            (CheckStatus::Skipped, fact(&["skipped", "skip", "skips"]).unwrap_or(0)),
            (CheckStatus::NotRun, fact(&["not_run", "not run", "notrun"]).unwrap_or(0)),
        ];
        for (gap, count) in gaps {
            sink.unnamed(name, Some(line.number), gap, count);
        }
        let checks = fact(&["checks", "tests", "passed", "cases"]);
        match (status, checks) {
            (CheckStatus::Passed, Some(0)) => {
                let message =
                    format!("says that it passed, and that nothing was checked: {}", line.text);
                sink.remark(
                    Some(line.number),
                    RemarkKind::Contradiction,
                    Effect::Incomplete,
                    message,
                );
            }
            (CheckStatus::Passed, Some(checks)) => {
                sink.unnamed(name, Some(line.number), status, checks);
                (ran.passed, known) = (true, true);
            }
            (CheckStatus::Passed, None) if known => ran.passed = true,
            (status, _) if fails(status) && (failing || ran.failed) => ran.failed = true,
            (status, _) => {
                let mut entry = entry(line, name, status);
                entry.message = Some(line.text.clone());
                sink.push(with_context(entry, kept, index));
                ran.passed |= status == CheckStatus::Passed;
                ran.failed |= fails(status);
                known = true;
            }
        }
    }
    ran
}

/// Traces of trouble. Beside failures they only explain; alone they are failures; against a pass
/// they are a contradiction, unless they come after it or end the run.
fn traces(kept: &[Kept], failing: bool, passing: bool, sink: &mut Sink) {
    if failing {
        return;
    }
    let concluded = kept.iter().rposition(|line| {
        matches!(line.said, Said::Run { status: CheckStatus::Passed, .. } | Said::Counts(_))
    });
    let fallback = kept.iter().any(|line| line.rule == Some(Says::Degraded));
    let mut told = BTreeSet::new();
    for (index, line) in kept.iter().enumerate() {
        let alarm = line.said == Said::Alarm;
        let failure = line.rule == Some(Says::Failure) && !line.soft;
        let trouble = failure && line.said == Said::Nothing;
        if alarm && index > 0 && goes_on(&kept[index - 1], line) {
            continue;
        }
        if !(alarm || trouble) || !told.insert(&line.text) || told.len() > MAX_ALARMS {
            continue;
        }
        let before_the_end = concluded.is_some_and(|end| index < end);
        if !passing || (alarm && (!before_the_end || ends_the_run(&line.text))) {
            let mut entry = entry(line, &line.text, CheckStatus::Broken);
            entry.message = Some(line.text.clone());
            sink.push(with_context(entry, kept, index));
        } else {
            let effect = if fallback && !alarm { Effect::None } else { Effect::Incomplete };
            let message = format!("beside a pass: {}", line.text);
            sink.remark(Some(line.number), RemarkKind::Contradiction, effect, message);
        }
    }
}

/// Whether a line goes on with what the one before it began: `npm error …` on each line.
fn goes_on(before: &Kept, line: &Kept) -> bool {
    let start = |line: &Kept| {
        let mut words = line.text.split_whitespace();
        (words.next().map(str::to_owned), words.next().map(str::to_owned))
    };
    let prefix = start(line);
    let says = prefix.1.as_deref().is_some_and(|word| matches!(word, "error" | "ERR!"));
    before.said == Said::Alarm
        && before.number + 1 == line.number
        && says
        && start(before) == prefix
}

fn entry(line: &Kept, name: &str, status: CheckStatus) -> Entry {
    let mut entry = Entry::new(None, name.to_owned(), status);
    entry.line = Some(line.number);
    entry.bytes = Some(Span { start: line.offset, end: line.end });
    entry
}

/// What the log says around a failure: lines after it up to the next outcome, then lines before
/// it back to the last one, then the others.
fn with_context(mut entry: Entry, kept: &[Kept], index: usize) -> Entry {
    if !fails(entry.status) {
        return entry;
    }
    let speaks = |line: &&Kept| {
        line.said == Said::Alarm || line.rule == Some(Says::Failure) || line.failing()
    };
    // What only hints at a layer does so for what stands next to it.
    let hinted = entry.status == CheckStatus::Failed;
    let near = |line: &&Kept| speaks(line) || hinted && line.rule == Some(Says::Nothing);
    let until_outcome = |line: &&Kept| line.outcome().is_none();
    let mut detail = kept[index].text.clone();
    let after = kept[index + 1..].iter().take_while(until_outcome).filter(near);
    let before = kept[..index].iter().rev().take_while(until_outcome).filter(near);
    let anywhere = kept.iter().filter(speaks);
    for line in after.chain(before).chain(anywhere).take(40) {
        append(&mut detail, "\n", DETAIL);
        append(&mut detail, &line.text, DETAIL);
    }
    entry.detail = Some(detail);
    entry
}

fn times(status: CheckStatus, count: u64) -> Totals {
    let mut totals = Totals::default();
    totals.count(status);
    let scale = |one: u64| one.saturating_mul(count);
    Totals {
        total: scale(totals.total),
        passed: scale(totals.passed),
        failed: scale(totals.failed),
        broken: scale(totals.broken),
        skipped: scale(totals.skipped),
        not_run: scale(totals.not_run),
        unknown: scale(totals.unknown),
    }
}

fn minus(mut totals: Totals, status: CheckStatus, count: u64) -> Totals {
    let slot = match status {
        CheckStatus::Passed => &mut totals.passed,
        CheckStatus::Failed => &mut totals.failed,
        CheckStatus::Broken => &mut totals.broken,
        CheckStatus::Skipped => &mut totals.skipped,
        CheckStatus::NotRun => &mut totals.not_run,
        CheckStatus::Unknown => &mut totals.unknown,
    };
    *slot = slot.saturating_sub(count);
    totals
}
