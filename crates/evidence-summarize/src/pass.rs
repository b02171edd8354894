//! One pass over the lines of a text: every reader sees the lines that can be its own, and those
//! that recognise what they see speak at the end.

use crate::formats;
use crate::formats::oplog::OpLog;
use crate::prefix::Prefix;
use crate::rules::Rules;
use crate::runs;
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader, shown};

/// Of a longer text only the lines at hand are held: what surrounds them is not known then.
const MAX_HELD: usize = 8 << 20;
/// The same in lines.
const MAX_HELD_LINES: usize = 200_000;

/// The pass.
pub struct Pass<'r> {
    rules: &'r Rules,
    held: Held,
    streaming: Option<(Prefix, Readers<'r>)>,
}

/// Lines of the text, as long as all of them are held.
#[derive(Default)]
struct Held {
    text: String,
    lines: Vec<Place>,
}

struct Place {
    start: usize,
    end: usize,
    number: u64,
    offset: u64,
}

struct Readers<'r> {
    readers: Vec<Box<dyn LineReader>>,
    log: OpLog<'r>,
}

impl<'r> Pass<'r> {
    /// A pass that knows every format of lines.
    pub fn new(rules: &'r Rules) -> Self {
        Self { rules, held: Held::default(), streaming: None }
    }

    /// Takes the next line.
    pub fn line(&mut self, line: &Line<'_>) {
        if let Some((prefix, readers)) = &mut self.streaming {
            readers.line(&prefix.strip(line), None);
            return;
        }
        let start = self.held.text.len();
        self.held.text.push_str(line.text);
        let end = self.held.text.len();
        let (number, offset) = (line.number, line.offset);
        self.held.lines.push(Place { start, end, number, offset });
        if end > MAX_HELD || self.held.lines.len() > MAX_HELD_LINES {
            let held = std::mem::take(&mut self.held);
            let prefix = Prefix::of(held.lines());
            let mut readers = Readers::new(self.rules);
            held.lines().for_each(|line| readers.line(&prefix.strip(&line), None));
            self.streaming = Some((prefix, readers));
        }
    }

    /// Lets those speak that recognised something.
    pub fn finish(self, sink: &mut Sink) {
        self.readers().finish(sink);
    }

    /// The text came before a document that holds the results, as what tests print does: only a
    /// reader that is sure speaks.
    pub fn finish_prelude(self, sink: &mut Sink) {
        let mut readers = self.readers();
        readers.speak(Claim::Sure, usize::MAX, sink);
        readers.log.finish_prelude(sink);
    }

    /// The text came behind a document that holds results: no test of it printed that.
    pub fn finish_behind(self, sink: &mut Sink) {
        let mut readers = self.readers();
        readers.speak(Claim::Sure, usize::MAX, sink);
        readers.log.finish_behind(sink);
    }

    fn readers(self) -> Readers<'r> {
        match self.streaming {
            Some((_, readers)) => readers,
            None => self.held.read(self.rules),
        }
    }
}

impl Held {
    fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        self.lines.iter().map(|place| Line {
            text: &self.text[place.start..place.end],
            number: place.number,
            offset: place.offset,
        })
    }

    /// Shows each line to the reader whose run it stands in, and the others to all.
    fn read<'r>(&self, rules: &'r Rules) -> Readers<'r> {
        let prefix = Prefix::of(self.lines());
        let order = prefix.order(self.lines());
        let runs = runs::of(order.iter().map(|line| shown(line.text)));
        let mut readers = Readers::new(rules);
        let mut runs = runs.iter().peekable();
        for (index, line) in order.iter().enumerate() {
            while runs.next_if(|run| run.last < index).is_some() {}
            let owners = runs.peek().filter(|run| run.first <= index).map(|run| run.owners);
            readers.line(line, owners);
        }
        readers
    }
}

impl<'r> Readers<'r> {
    fn new(rules: &'r Rules) -> Self {
        Self { readers: formats::line_readers(), log: OpLog::new(rules) }
    }

    /// Shows a line to every reader, or to the owners of the run it stands in.
    fn line(&mut self, line: &Line<'_>, owners: Option<&[&str]>) {
        let text = shown(line.text);
        let line = Line { text: &text, ..*line };
        let was_inside = self.readers.iter().any(|reader| reader.inside());
        for reader in &mut self.readers {
            if owners.is_none_or(|owners| owners.contains(&reader.name())) {
                reader.line(&line);
            }
        }
        let taken = self.readers.iter().any(|reader| reader.takes());
        let alone = owners.is_none() && !taken;
        if alone && (!was_inside || !self.readers.iter().any(|reader| reader.inside())) {
            self.log.line(&line);
        }
    }

    fn finish(mut self, sink: &mut Sink) {
        let sure = self.speak(Claim::Sure, usize::MAX, sink);
        let spoke = sure || self.speak(Claim::Weak, 1, sink) || self.speak(Claim::Faint, 1, sink);
        self.log.finish(spoke, sink);
    }

    fn speak(&mut self, claim: Claim, at_most: usize, sink: &mut Sink) -> bool {
        let overridden: Vec<_> = self
            .readers
            .iter()
            .filter(|reader| reader.claim() == claim)
            .flat_map(|reader| reader.overrides())
            .collect();
        let claiming = self
            .readers
            .iter_mut()
            .filter(|reader| reader.claim() == claim && !overridden.contains(&&reader.name()));
        claiming.take(at_most).map(|reader| reader.finish(sink)).count() > 0
    }
}
