//! `cleanup-manifest`: the record of cleanup-guard, line by line. It is believed as far as each line
//! is tied to the one before.

use std::collections::BTreeMap;

use contract::cleanup_manifest::{ManifestEvent, ManifestLine};
use contract::part::{Effect, Entry, RemarkKind};
use contract::{CheckStatus, Document as _, PathText, Sha256};
use sha2::Digest as _;

use super::cleanup_applied::{MOST, case, kept};
use crate::sink::{Count, Sink};
use crate::text::{Claim, Line, LineReader};

/// The reader. Several manifests may follow one another.
#[derive(Default)]
pub struct CleanupManifest {
    runs: Vec<Run>,
    inside: bool,
}

/// One manifest, as far as it holds.
struct Run {
    /// Digest of its last line, and how many lines it has.
    head: Sha256,
    lines: u64,
    /// Digest of the plan and how many entries that has.
    plan: Option<(Sha256, u64)>,
    announced: u64,
    /// Entries whose fate is told: first and last of each stretch.
    settled: BTreeMap<u64, u64>,
    done: u64,
    kept: u64,
    gone: u64,
    restored: u64,
    /// Line of the end, and what it declares done, kept and gone.
    ended: Option<(u64, [u64; 3])>,
    entries: Vec<Entry>,
    /// Line, path and number of entries that went along with one that is named.
    along: Vec<(u64, String, u64)>,
    /// The first line that does not hold.
    problem: Option<(u64, String)>,
    /// A line that is no whole line of a manifest.
    torn: Option<u64>,
    last: u64,
}

impl LineReader for CleanupManifest {
    fn line(&mut self, line: &Line<'_>) {
        self.inside = line.text.starts_with('{') && line.text.contains(ManifestLine::SCHEMA);
        if !self.inside {
            return;
        }
        let read = serde_json::from_str::<ManifestLine>(line.text);
        let begins = |read: &ManifestLine| {
            read.sequence == 0 && matches!(read.event, ManifestEvent::Began { .. })
        };
        if self.runs.is_empty() && read.is_err() {
            self.inside = false;
            return;
        }
        if self.runs.is_empty() || read.as_ref().is_ok_and(begins) {
            self.runs.push(Run::new());
        }
        let Some(run) = self.runs.last_mut() else { return };
        if run.problem.is_some() {
            return;
        }
        run.last = line.number;
        if let Some(torn) = run.torn {
            run.problem = Some((torn, "is no whole line of a manifest".to_owned()));
            return;
        }
        match read {
            Ok(read) => {
                if let Err(why) = run.line(read, line) {
                    run.problem = Some((line.number, why));
                }
            }
            Err(_) => run.torn = Some(line.number),
        }
    }

    fn claim(&self) -> Claim {
        if self.runs.is_empty() { Claim::No } else { Claim::Sure }
    }

    fn inside(&self) -> bool {
        self.inside
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("cleanup-manifest");
        for run in self.runs.drain(..) {
            run.finish(sink);
        }
    }
}

impl Run {
    fn new() -> Self {
        Self {
            head: Sha256::new([0; 32]),
            lines: 0,
            plan: None,
            announced: 0,
            settled: BTreeMap::new(),
            done: 0,
            kept: 0,
            gone: 0,
            restored: 0,
            ended: None,
            entries: Vec::new(),
            along: Vec::new(),
            problem: None,
            torn: None,
            last: 0,
        }
    }

    fn line(&mut self, read: ManifestLine, line: &Line<'_>) -> Result<(), String> {
        if read.previous != self.head || read.sequence != self.lines {
            return Err("is not tied to the line before: something was changed or taken out".into());
        }
        if let ManifestEvent::Began { digest, entries, .. } = read.event {
            if entries > MOST {
                return Err("names more entries than a plan can have".into());
            }
            self.plan = Some((digest, entries));
        } else {
            let Some((plan, entries)) = self.plan.clone() else {
                return Err("is no beginning of a run".into());
            };
            self.event(read.event, &plan, entries, line)?;
        }
        self.head = Sha256::new(sha2::Sha256::digest(line.text.as_bytes()).into());
        self.lines += 1;
        Ok(())
    }

    fn event(
        &mut self,
        event: ManifestEvent,
        plan: &Sha256,
        entries: u64,
        line: &Line<'_>,
    ) -> Result<(), String> {
        match event {
            ManifestEvent::Began { .. } | ManifestEvent::Resumed { .. } => {}
            ManifestEvent::Intent { first, count } => {
                self.announced = self.announced.max(first.saturating_add(count)).min(entries);
            }
            ManifestEvent::Deleted { entry, path } => {
                self.done += self.settle(entry, entry)?;
                self.add(done(&path, plan), line);
            }
            ManifestEvent::Moved { entry, first, path, .. } => {
                let count = self.settle(first, entry)?;
                self.done += count;
                self.along.push((line.number, path.path.clone(), count - 1));
                self.add(done(&path, plan), line);
            }
            ManifestEvent::Kept { entry, path, rule, reason } => {
                self.kept += self.settle(entry, entry)?;
                self.add(kept(&path, rule, &reason, plan), line);
            }
            ManifestEvent::GoneAfterIntent { entry, path } => {
                self.gone += self.settle(entry, entry)?;
                let mut gone = case(&path, CheckStatus::Unknown, plan);
                gone.message = Some("not there after an interruption; nothing saw it go".into());
                gone.remedy = Some("find out who removed what an interrupted run announced".into());
                self.add(gone, line);
            }
            ManifestEvent::Ended { done, kept, gone, .. } => {
                self.ended = Some((line.number, [done, kept, gone]));
            }
            ManifestEvent::Restored { .. } => self.restored += 1,
        }
        Ok(())
    }

    /// Notes that the fate of the entries `first` to `last` is told. Returns how many they are.
    fn settle(&mut self, first: u64, last: u64) -> Result<u64, String> {
        if first > last || last >= self.announced {
            return Err(format!("is about entry {last}, which was not announced"));
        }
        let before = self.settled.range(..=last).next_back().map(|(from, to)| (*from, *to));
        match before {
            Some((_, to)) if to >= first => {
                return Err(format!("tells the fate of entry {last} a second time"));
            }
            // Entries come in order, so that one stretch holds them all.
            Some((from, to)) if to + 1 == first => self.settled.insert(from, last),
            _ => self.settled.insert(first, last),
        };
        Ok(last - first + 1)
    }

    fn add(&mut self, mut entry: Entry, line: &Line<'_>) {
        entry.line = Some(line.number);
        entry.bytes = Some(contract::part::Span { start: line.offset, end: line.end() });
        self.entries.push(entry);
    }

    fn finish(self, sink: &mut Sink) {
        self.entries.into_iter().for_each(|entry| sink.push(entry));
        for (line, path, count) in self.along {
            sink.unnamed(&path, Some(line), CheckStatus::Passed, count);
        }
        if let Some((line, declared)) = self.ended {
            let found = [self.done, self.kept, self.gone];
            for ((name, declared), found) in
                ["done", "kept", "gone"].iter().zip(declared).zip(found)
            {
                let count = Count { name, declared, found };
                sink.compare("", Some(line), count, Effect::Incomplete);
            }
            let declared = self.plan.map_or(0, |(_, entries)| entries);
            let count = Count { name: "entries", declared, found: found.iter().sum() };
            sink.compare("", Some(line), count, Effect::Incomplete);
        }
        if self.restored > 0 {
            let message =
                format!("paths that were put back from the quarantine: {}", self.restored);
            sink.remark(None, RemarkKind::Contradiction, Effect::None, message);
        }
        if let Some((line, why)) = self.problem {
            sink.complete = false;
            let message = format!("the line {why}; nothing from here on is believed");
            sink.remark(Some(line), RemarkKind::Contradiction, Effect::Fail, message);
        } else if let Some(torn) = self.torn {
            sink.cut_off(torn);
        } else if self.ended.is_none() {
            sink.complete = false;
            let message =
                "the record does not say that the run ended: `cleanup-guard resume` ends it";
            sink.remark(Some(self.last), RemarkKind::Omission, Effect::Incomplete, message);
        }
    }
}

/// What was deleted or moved. Without a target it is counted and need not be kept: no other
/// document names it.
fn done(path: &PathText, plan: &Sha256) -> Entry {
    let mut entry = case(path, CheckStatus::Passed, plan);
    entry.target = None;
    entry
}
