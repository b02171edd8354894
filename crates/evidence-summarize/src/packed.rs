//! Cases that only the list of all cases needs, in little memory: most cases of most inputs passed,
//! and a record of a few numbers holds what is known of one.

use std::ops::Range;

use contract::CheckStatus;
use contract::part::{Attempt, Entry, Span};
use contract::summary::{Case, Evidence};

use crate::fold;
use crate::sink::MESSAGE;
use crate::written;

/// How many cases share a table of words.
const BLOCK: usize = 4_096;
/// Stands for a number that is not known.
const NONE: u32 = u32::MAX;

/// Cases of one input, in its order.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    pub(crate) blocks: Vec<Block>,
}

/// Consecutive cases.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    records: Vec<Record>,
    /// The names of the records, one behind the other.
    names: String,
    /// Suites and files.
    words: Vec<Box<str>>,
}

/// One case.
#[derive(Clone, Debug)]
enum Record {
    Plain(Plain),
    Whole(Box<Whole>),
}

/// A case that passed at the first attempt.
#[derive(Clone, Copy, Debug)]
struct Plain {
    start: u64,
    length: u32,
    line: u32,
    duration_ms: u32,
    /// Where its name ends among the names of the block.
    name_end: u32,
    /// Index among the words, plus one; 0 for none.
    suite: u16,
    file: u16,
}

/// Any other case, and its place, which is not in the case.
#[derive(Clone, Debug)]
struct Whole {
    case: Case,
    line: Option<u64>,
    bytes: Option<Span>,
    /// Where the name of the record before it ends.
    name_end: u32,
}

/// A case that passed, as a reader has it in its hands.
#[derive(Clone, Copy, Debug)]
pub struct Passed<'a> {
    /// Its suite; not empty.
    pub suite: Option<&'a str>,
    /// Its name; together with the suite no longer than a message.
    pub name: &'a str,
    /// Its source file.
    pub file: Option<&'a str>,
    /// How long it took.
    pub duration_ms: Option<u64>,
    /// Its line.
    pub line: Option<u64>,
    /// Its bytes.
    pub bytes: Option<Span>,
}

impl Passed<'_> {
    /// What [`Entry::new`] gives such a case for an id.
    pub fn id(&self) -> String {
        match self.suite {
            Some(suite) => format!("{suite}::{}", self.name),
            None => self.name.to_owned(),
        }
    }

    /// Whether nothing of it has to be cut.
    pub fn is_short(&self) -> bool {
        self.suite.map_or(0, |suite| suite.len() + 2) + self.name.len() <= MESSAGE
    }

    /// The same as an entry.
    pub fn entry(&self) -> Entry {
        let suite = self.suite.map(str::to_owned);
        let mut entry = Entry::new(suite, self.name.to_owned(), CheckStatus::Passed);
        entry.file = self.file.map(str::to_owned);
        entry.duration_ms = self.duration_ms;
        entry.line = self.line;
        entry.bytes = self.bytes;
        entry
    }

    /// What is known of the entry, if that is all that is known of it.
    pub(crate) fn of(entry: &Entry) -> Option<Passed<'_>> {
        let passed = Passed {
            suite: entry.suite.as_deref(),
            name: &entry.name,
            file: entry.file.as_deref(),
            duration_ms: entry.duration_ms,
            line: entry.line,
            bytes: entry.bytes,
        };
        let known = entry.status == CheckStatus::Passed
            && entry.attempt == Attempt::Only
            && entry.target.is_none()
            && entry.requirement.is_none()
            && entry.layer.is_none()
            && entry.remedy.is_none()
            && entry.message.is_none()
            && is_id(&entry.id, passed.suite, passed.name);
        known.then_some(passed)
    }
}

/// Whether `id` is made of `suite` and `name`.
fn is_id(id: &str, suite: Option<&str>, name: &str) -> bool {
    match suite {
        None => id == name,
        Some(suite) => {
            let rest = id.strip_prefix(suite).and_then(|rest| rest.strip_prefix("::"));
            rest == Some(name)
        }
    }
}

impl Packed {
    /// Adds a case.
    pub(crate) fn push(&mut self, case: &Passed<'_>) {
        let block = self.open();
        match block.plain(case) {
            Some(plain) => block.records.push(Record::Plain(plain)),
            None => self.push_case(fold::alone(case.entry()).case, case.line, case.bytes),
        }
    }

    /// Adds the case of an entry that no other belongs to.
    pub(crate) fn push_entry(&mut self, entry: Entry) {
        match Passed::of(&entry) {
            Some(passed) => self.push(&passed),
            None => {
                let (line, bytes) = (entry.line, entry.bytes);
                self.push_case(fold::alone(entry).case, line, bytes);
            }
        }
    }

    /// Adds a case without evidence that stands at this place.
    pub(crate) fn push_case(&mut self, case: Case, line: Option<u64>, bytes: Option<Span>) {
        let block = self.open();
        let name_end = block.name_end();
        block.records.push(Record::Whole(Box::new(Whole { case, line, bytes, name_end })));
    }

    /// Nothing more comes.
    pub(crate) fn close(&mut self) {
        self.blocks.shrink_to_fit();
        if let Some(block) = self.blocks.last_mut() {
            block.records.shrink_to_fit();
            block.names.shrink_to_fit();
            block.words.shrink_to_fit();
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    fn open(&mut self) -> &mut Block {
        if self.blocks.last().is_none_or(|block| block.records.len() == BLOCK) {
            self.close();
            self.blocks.push(Block::default());
        }
        let last = self.blocks.len() - 1;
        &mut self.blocks[last]
    }
}

impl Block {
    pub fn len(&self) -> usize {
        self.records.len()
    }

    fn plain(&mut self, case: &Passed<'_>) -> Option<Plain> {
        let (start, length) = match case.bytes {
            Some(span) => (span.start, number(Some(span.end.checked_sub(span.start)?))?),
            None => (0, NONE),
        };
        let (line, duration_ms) = (number(case.line)?, number(case.duration_ms)?);
        let name_end = u32::try_from(self.names.len() + case.name.len()).ok()?;
        let before = match self.records.last() {
            Some(Record::Plain(plain)) => (plain.suite, plain.file),
            _ => (0, 0),
        };
        let suite = self.word(case.suite, before.0)?;
        let file = self.word(case.file, before.1)?;
        self.names.push_str(case.name);
        Some(Plain { start, length, line, duration_ms, name_end, suite, file })
    }

    /// The index of `word`; cases of one suite stand together, so only that of the case before is
    /// worth a look.
    fn word(&mut self, word: Option<&str>, before: u16) -> Option<u16> {
        let Some(word) = word else { return Some(0) };
        if self.text(before) == Some(word) {
            return Some(before);
        }
        self.words.push(word.into());
        u16::try_from(self.words.len()).ok()
    }

    fn text(&self, word: u16) -> Option<&str> {
        self.words.get(usize::from(word).checked_sub(1)?).map(|word| &**word)
    }

    fn name_end(&self) -> u32 {
        self.records.last().map_or(0, Record::name_end)
    }

    /// The cases of `range`, each with its evidence.
    pub fn cases(&self, range: Range<usize>, origin: &Evidence) -> impl Iterator<Item = Case> {
        range.map(move |index| self.case(index, origin))
    }

    fn case(&self, index: usize, origin: &Evidence) -> Case {
        let (mut case, line, bytes) = match &self.records[index] {
            Record::Plain(plain) => {
                let passed = self.passed(index, plain);
                (fold::alone(passed.entry()).case, passed.line, passed.bytes)
            }
            Record::Whole(whole) => (whole.case.clone(), whole.line, whole.bytes),
        };
        case.evidence = Some(Evidence { line, bytes, ..origin.clone() });
        case
    }

    /// Writes the cases of `range` as JSON, the byte `after` behind each; `origin` is the start of
    /// their evidence.
    pub fn write(
        &self,
        range: Range<usize>,
        origin: &[u8],
        after: u8,
        out: &mut Vec<u8>,
    ) -> serde_json::Result<()> {
        for index in range {
            match &self.records[index] {
                Record::Plain(plain) => {
                    let passed = self.passed(index, plain);
                    written::passed(&passed, out)?;
                    written::evidence(origin, passed.line, passed.bytes, out)?;
                }
                Record::Whole(whole) => {
                    serde_json::to_writer(&mut *out, &whole.case)?;
                    out.pop();
                    written::evidence(origin, whole.line, whole.bytes, out)?;
                }
            }
            out.push(b'}');
            out.push(after);
        }
        Ok(())
    }

    fn passed(&self, index: usize, plain: &Plain) -> Passed<'_> {
        let before = index.checked_sub(1).map_or(0, |before| self.records[before].name_end());
        let known = |number: u32| (number != NONE).then_some(u64::from(number));
        Passed {
            suite: self.text(plain.suite),
            name: self.names.get(before as usize..plain.name_end as usize).unwrap_or_default(),
            file: self.text(plain.file),
            duration_ms: known(plain.duration_ms),
            line: known(plain.line),
            bytes: known(plain.length)
                .map(|length| Span { start: plain.start, end: plain.start + length }),
        }
    }
}

impl Record {
    fn name_end(&self) -> u32 {
        match self {
            Self::Plain(plain) => plain.name_end,
            Self::Whole(whole) => whole.name_end,
        }
    }
}

/// `None` for a number that is too large.
fn number(number: Option<u64>) -> Option<u32> {
    match number {
        None => Some(NONE),
        Some(number) => u32::try_from(number).ok().filter(|number| *number != NONE),
    }
}
