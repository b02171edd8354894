//! The chain of a manifest: each line names the SHA-256 of the one before. Pure.

use contract::cleanup_manifest::{ManifestEvent, ManifestLine, Problem};
use contract::{Document as _, PathText, Sha256, Tag};
use sha2::Digest as _;

use crate::document::Planned;

/// More entries than any plan has: what a manifest claims must not decide how much memory is taken.
const MOST_ENTRIES: u64 = 1 << 27;

/// The end of a chain, to which lines are added.
#[derive(Clone, Debug)]
pub struct Chain {
    head: Sha256,
    sequence: u64,
}

impl Default for Chain {
    fn default() -> Self {
        Self { head: Sha256::new([0; 32]), sequence: 0 }
    }
}

impl Chain {
    /// The digest of the last line.
    #[must_use]
    pub fn head(&self) -> &Sha256 {
        &self.head
    }

    /// How many lines it has.
    #[must_use]
    pub fn lines(&self) -> u64 {
        self.sequence
    }

    /// Appends the line of `event` and its newline to `out`.
    pub fn add(&mut self, event: ManifestEvent, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let previous = self.head.clone();
        let line = ManifestLine { schema: Tag::new(), previous, sequence: self.sequence, event };
        self.write(&line, out)
    }

    /// The same for the deletion of `entry`, of which there are many: nothing is copied.
    pub fn add_deleted(
        &mut self,
        index: u64,
        entry: &Planned<'_>,
        out: &mut Vec<u8>,
    ) -> serde_json::Result<()> {
        let start = out.len();
        out.extend_from_slice(b"{\"schema\":\"");
        out.extend_from_slice(ManifestLine::SCHEMA.as_bytes());
        out.extend_from_slice(b"\",\"previous\":\"");
        out.extend_from_slice(self.head.as_str().as_bytes());
        out.extend_from_slice(b"\",\"sequence\":");
        serde_json::to_writer(&mut *out, &self.sequence)?;
        out.extend_from_slice(b",\"event\":{\"deleted\":{\"entry\":");
        serde_json::to_writer(&mut *out, &index)?;
        out.extend_from_slice(b",\"path\":{\"path\":");
        string(&entry.path, out)?;
        if let Some(bytes) = &entry.path_bytes {
            out.extend_from_slice(b",\"path_bytes\":");
            string(bytes, out)?;
        }
        out.extend_from_slice(b"}}}}");
        self.end(start, out);
        Ok(())
    }

    fn write(&mut self, line: &ManifestLine, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let start = out.len();
        serde_json::to_writer(&mut *out, line)?;
        self.end(start, out);
        Ok(())
    }

    /// Ends the line that begins at `start`.
    fn end(&mut self, start: usize, out: &mut Vec<u8>) {
        escape::json::visible(out, start);
        self.head = digest(&out[start..]);
        self.sequence += 1;
        out.push(b'\n');
    }
}

/// Appends `text` as a JSON string; most have nothing to escape.
fn string(text: &str, out: &mut Vec<u8>) -> serde_json::Result<()> {
    if text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        return serde_json::to_writer(out, text);
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

/// Why a line cannot be read, without a place: its number is known better here.
fn unread(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    format!("is no line of a record: {}", text.strip_suffix(&place).unwrap_or(&text))
}

fn digest(line: &[u8]) -> Sha256 {
    Sha256::new(sha2::Sha256::digest(line).into())
}

/// How a manifest begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Began {
    /// Digest of the plan.
    pub digest: Sha256,
    /// Its root.
    pub root: PathText,
    /// How many entries it has.
    pub entries: u64,
    /// Where entries are moved to, if they are not deleted.
    pub quarantine: Option<PathText>,
}

/// Something that was moved to a quarantine.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Path below the root.
    pub path: PathText,
    /// Name in the quarantine.
    pub name: String,
    /// The time to give back to a folder.
    pub mtime_ns: Option<i64>,
}

/// What a manifest tells, as far as its chain holds.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// The first line, if it holds.
    pub began: Option<Began>,
    /// The chain's end.
    pub chain: Chain,
    /// Bytes of the lines that hold.
    pub length: u64,
    /// Whether each entry's fate is recorded.
    pub settled: Vec<bool>,
    /// Entries below this index were announced.
    pub announced: u64,
    /// Entries deleted or moved.
    pub done: u64,
    /// Entries kept.
    pub kept: u64,
    /// Entries gone after an interruption.
    pub gone: u64,
    /// Whether the run came to its end.
    pub ended: bool,
    /// What was moved and not put back, in the order of the moves.
    pub moves: Vec<Move>,
    /// What does not hold.
    pub problems: Vec<Problem>,
}

/// Reads a manifest, up to the first line that does not hold.
#[must_use]
pub fn read(text: &[u8]) -> History {
    let mut history = History::default();
    let mut lines = text.split_inclusive(|b| *b == b'\n');
    while lines.next().is_some_and(|line| history.take(line)) {}
    history.close();
    history
}

impl History {
    /// Takes the next line, with its newline if it has one; whether it holds. After one that does
    /// not, nothing is to be taken any more.
    pub fn take(&mut self, line: &[u8]) -> bool {
        let number = self.chain.lines() + 1;
        let held = match line.strip_suffix(b"\n") {
            None => Err("is cut off: it has no end".to_owned()),
            Some(text) => self.line(text),
        };
        match held {
            Ok(()) => self.length += line.len() as u64,
            Err(why) => self.problem(number, &why),
        }
        self.problems.is_empty()
    }

    /// There are no more lines: says what is missing.
    pub fn close(&mut self) {
        if self.problems.is_empty() && !self.ended {
            let last = self.chain.lines().max(1);
            self.problem(
                last,
                "is the last line, but not the end of the run: `resume` finishes it",
            );
        }
    }

    fn problem(&mut self, line: u64, reason: &str) {
        self.problems.push(Problem { line, reason: reason.to_owned() });
    }

    fn line(&mut self, text: &[u8]) -> Result<(), String> {
        let line: ManifestLine = serde_json::from_slice(text).map_err(|error| unread(&error))?;
        if line.previous != self.chain.head {
            return Err("is not tied to the line before: something was changed or taken out".into());
        }
        if line.sequence != self.chain.sequence {
            return Err(format!("has number {}, not {}", line.sequence, self.chain.sequence));
        }
        self.event(line.event)?;
        self.chain.head = digest(text);
        self.chain.sequence += 1;
        Ok(())
    }

    fn event(&mut self, event: ManifestEvent) -> Result<(), String> {
        if self.began.is_none() && !matches!(event, ManifestEvent::Began { .. }) {
            return Err("expected the beginning of a run".into());
        }
        match event {
            ManifestEvent::Began { digest, root, entries, quarantine, .. } => {
                if self.began.is_some() {
                    return Err("begins a second run".into());
                }
                self.began = Some(Began { digest, root, entries, quarantine });
            }
            ManifestEvent::Resumed { .. } => {}
            ManifestEvent::Intent { first, count } => {
                self.announced = self.announced.max(first.saturating_add(count));
            }
            ManifestEvent::Deleted { entry, .. } => {
                self.settle(entry, entry)?;
                self.done += 1;
            }
            ManifestEvent::Moved { entry, first, path, name, mtime_ns } => {
                self.settle(first, entry)?;
                self.done += entry.saturating_sub(first) + 1;
                self.moves.push(Move { path, name, mtime_ns });
            }
            ManifestEvent::Kept { entry, .. } => {
                self.settle(entry, entry)?;
                self.kept += 1;
            }
            ManifestEvent::GoneAfterIntent { entry, .. } => {
                self.settle(entry, entry)?;
                self.gone += 1;
            }
            ManifestEvent::Ended { .. } => self.ended = true,
            ManifestEvent::Restored { name, .. } => self.moves.retain(|it| it.name != name),
        }
        Ok(())
    }

    /// Notes that the fate of the entries `first` to `last` is known.
    fn settle(&mut self, first: u64, last: u64) -> Result<(), String> {
        let entries = self.began.as_ref().map_or(0, |began| began.entries);
        if first > last || last >= entries || last >= self.announced {
            return Err(format!("is about entry {last}, which was not announced"));
        }
        if last >= MOST_ENTRIES {
            return Err(format!("is about entry {last}: no plan has that many"));
        }
        let index = |entry| usize::try_from(entry).map_err(|_| "a huge number".to_owned());
        let (first, last) = (index(first)?, index(last)?);
        if self.settled.len() <= last {
            self.settled.resize(last + 1, false);
        }
        if self.settled[first..=last].iter().any(|settled| *settled) {
            return Err(format!("tells the fate of entry {last} a second time"));
        }
        self.settled[first..=last].fill(true);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::Generator;

    fn manifest() -> Vec<u8> {
        let path = PathText::new(b"a");
        let events = [
            ManifestEvent::Began {
                generator: Generator::new("cleanup-guard", "0"),
                digest: Sha256::new([7; 32]),
                root: PathText::new(b"/r"),
                entries: 2,
                quarantine: None,
                at_ms: 1,
            },
            ManifestEvent::Intent { first: 0, count: 2 },
            ManifestEvent::Deleted { entry: 0, path: path.clone() },
            ManifestEvent::GoneAfterIntent { entry: 1, path },
            ManifestEvent::Ended { done: 1, kept: 0, gone: 1, at_ms: 2 },
        ];
        let (mut chain, mut out) = (Chain::default(), Vec::new());
        for event in events {
            chain.add(event, &mut out).unwrap();
        }
        out
    }

    proptest::proptest! {
        #[test]
        fn both_ways_write_the_same(path: Vec<u8>, index: u64) {
            let text = PathText::new(&path);
            let identity = contract::cleanup::Identity {
                device: 0, inode: 0, mount: 0, mode: 0, links: 0, size: 0, mtime_ns: 0, ctime_ns: 0,
            };
            let entry = Planned {
                path: text.path.as_str().into(),
                path_bytes: text.path_bytes.as_deref().map(Into::into),
                kind: contract::cleanup::EntryType::File,
                identity,
            };
            let (mut one, mut other) = (Vec::new(), Vec::new());
            let (mut short, mut long) = (Chain::default(), Chain::default());
            for _ in 0..2 {
                short.add_deleted(index, &entry, &mut one).unwrap();
                let event = ManifestEvent::Deleted { entry: index, path: text.clone() };
                long.add(event, &mut other).unwrap();
            }
            proptest::prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn a_whole_chain_holds() {
        let history = read(&manifest());
        assert!(history.problems.is_empty() && history.ended, "{:?}", history.problems);
        assert_eq!((history.done, history.gone, history.length), (1, 1, manifest().len() as u64));
    }

    #[test]
    fn a_change_of_any_byte_shows() {
        let whole = manifest();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            let history = read(&changed);
            let same =
                history.problems.is_empty() && *history.chain.head() == *read(&whole).chain.head();
            assert!(!same, "byte {at}");
        }
    }

    #[test]
    fn a_line_taken_out_shows_and_a_cut_leaves_what_holds() {
        let whole = manifest();
        let lines: Vec<&[u8]> = whole.split_inclusive(|b| *b == b'\n').collect();
        let without = [lines[0], lines[1], lines[3], lines[4]].concat();
        assert_eq!(read(&without).problems[0].line, 3);
        let cut = read(&whole[..whole.len() - 3]);
        assert_eq!((cut.chain.lines(), cut.ended, cut.problems.len()), (4, false, 1));
    }
}
