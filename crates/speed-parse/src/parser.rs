//! From lines to runs: which line begins a run, and what each adds to it.

mod machine;

use contract::speed::Pairing;

use crate::decoration::Decoration;
use crate::formats::{
    self, Begin, Done, Event, Fault, KeyRow, Meta, Object, Sample, Subject, Work,
};
use crate::intern::Names;
use crate::item::Item;
use crate::lines::Line;
use crate::resolve;
use crate::rows::{read_cells, read_key_cells, sizes_of};
use crate::run::{Blame, FaultLine, KeyCells, Open, Outcome, Progress, Row};
use crate::text::{lossy, owned};

/// Where the pieces go.
pub type Sink<'a> = dyn FnMut(Item<'_>) + 'a;

/// Reads lines, one input after the other, and gives away what it finds, run by run.
#[derive(Default)]
pub struct Parser {
    names: Names,
    decoration: Decoration,
    run: Option<Box<Open>>,
    /// The run that was given away last: its room is for the next.
    last: Option<Box<Open>>,
    /// A version line that counts only if the build date follows.
    banner: Option<(String, String, u64)>,
    /// An object of JSON that is not complete.
    object: Object,
    input: u64,
    line: u64,
    /// How many runs were given away.
    runs: u64,
    /// How many figures were given away.
    figures: u64,
}

impl Parser {
    /// Begins with the input of this index.
    pub fn begin(&mut self, input: u64) {
        self.input = input;
        self.line = 0;
        self.decoration = Decoration::default();
        self.object = Object::default();
    }

    /// Ends the input: what was cut off is known now.
    pub fn end(&mut self, sink: &mut Sink<'_>) {
        self.close(sink);
        self.banner = None;
    }

    /// Forgets that runs above this number and their figures were given away.
    pub fn forget(&mut self, runs: u64, figures: u64) {
        (self.runs, self.figures) = (runs, figures);
    }

    /// How many runs were found in all inputs.
    #[must_use]
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// How many figures were found in all inputs.
    #[must_use]
    pub fn figures(&self) -> u64 {
        self.figures
    }

    /// Reads one line. `cut` if it is the last and had no newline.
    pub fn line(&mut self, raw: Line<'_>, cut: bool, sink: &mut Sink<'_>) {
        self.line += 1;
        let stripped = self.decoration.strip(raw);
        let text = stripped.trim_ascii_start();
        // Most lines are of the first two kinds: they take the short way.
        if let Some(begin) = formats::begin(text) {
            self.banner = None;
            self.begin_measurement(begin, cut, sink);
        } else if let Some(done) = formats::done(text) {
            self.banner = None;
            self.done(done);
        } else if self.object.takes(text) {
            let samples = self.object.add(text, self.line);
            self.samples(samples, self.object.line, sink);
        } else if let Some(event) = formats::read(text) {
            self.event(event, cut, sink);
        } else if cut && let Some(run) = &mut self.run {
            run.cut = Some(self.line);
        }
    }

    fn event(&mut self, event: Event<'_>, cut: bool, sink: &mut Sink<'_>) {
        let banner = self.banner.take();
        match event {
            Event::Version { version, released, certain } => {
                let text = (lossy(version), lossy(released.trim_ascii()), self.line);
                if certain { self.version(text, sink) } else { self.banner = Some(text) }
            }
            Event::Meta(meta, value) => {
                if let (Meta::BuiltOn, Some(text)) = (meta, banner) {
                    self.version(text, sink);
                }
                self.meta(meta, value, sink);
            }
            Event::Elapsed => self.fresh_unless(Open::is_empty, sink).run.elapsed = Some(true),
            Event::Numbers => {
                let run = self.fresh_unless(|run| !run.has_results() && !run.has_numbers, sink);
                run.has_numbers = true;
            }
            Event::Sizes(text) => self.sizes(text, sink),
            Event::Row { name, cells } => self.row(name, cells, cut),
            Event::Columns(columns) => {
                let run = self.fresh_unless(|_| true, sink);
                run.columns = Some(columns);
                run.has_sizes = false;
            }
            Event::KeyRow(row) => self.key_row(row, cut, sink),
            Event::Forked => {
                let run = self.fresh_unless(|run| !run.has_results(), sink);
                run.forked += 1;
            }
            Event::Got { line, child } => self.child(line, child, sink),
            Event::Fault(fault) => self.fault(fault, sink),
            Event::Begins(pairing) => self.series(*pairing, sink),
            Event::Ends(end) => {
                if let Some(run) = &mut self.run {
                    run.run.end = Some(end);
                    self.close(sink);
                }
            }
            Event::Samples(samples) => self.samples(samples, self.line, sink),
            Event::MachineSizes(_) | Event::MachineRow { .. } | Event::MachineKeys { .. } => {
                self.machine(&event, cut, sink);
            }
        }
    }

    /// The open run if it is `fit` for what comes, or else a new one.
    fn fresh_unless(&mut self, fit: impl Fn(&Open) -> bool, sink: &mut Sink<'_>) -> &mut Open {
        self.fresh_with_names(fit, sink).0
    }

    /// The same with the names: no id from before is valid after a run was given away.
    fn fresh_with_names(
        &mut self,
        fit: impl Fn(&Open) -> bool,
        sink: &mut Sink<'_>,
    ) -> (&mut Open, &mut Names) {
        let keep = self.run.as_ref().is_some_and(|run| fit(run) && !run.is_too_large());
        if !keep {
            self.close(sink);
        }
        let Self { run, last, names, .. } = self;
        let run = run.get_or_insert_with(|| {
            let mut run = last.take().unwrap_or_default();
            run.begin(self.input, self.line);
            run
        });
        (run, names)
    }

    /// Gives the open run away.
    fn close(&mut self, sink: &mut Sink<'_>) {
        if let Some(mut run) = self.run.take() {
            let mut count = 0;
            resolve::give(&mut run, &mut self.names, &mut self.runs, &mut |item| {
                count += u64::from(matches!(item, Item::Figure(_)));
                sink(item);
            });
            self.figures += count;
            self.names.tidy();
            self.last = Some(run);
        }
    }

    fn close_first_segment(&mut self, sink: &mut Sink<'_>) {
        let Self { run: Some(run), names, runs, figures, .. } = self else { return };
        resolve::give_first_segment(run, names, runs, &mut |item| {
            *figures += u64::from(matches!(item, Item::Figure(_)));
            sink(item);
        });
    }

    fn series(&mut self, pairing: Pairing, sink: &mut Sink<'_>) {
        self.fresh_unless(|_| false, sink).run.pairing = Some(pairing);
    }

    fn version(&mut self, (version, released, line): (String, String, u64), sink: &mut Sink<'_>) {
        let fresh = self.run.is_none();
        let run = self.fresh_unless(|run| !run.has_results() && !run.has_header, sink);
        if fresh || run.is_empty() && run.run.pairing.is_none() {
            run.run.line = line;
        }
        run.has_header = true;
        run.run.version = Some(version);
        run.run.released = (!released.is_empty()).then_some(released);
    }

    fn meta(&mut self, meta: Meta, value: &[u8], sink: &mut Sink<'_>) {
        // Alone, such a line is that of any program: only the build date begins a run.
        if meta != Meta::BuiltOn && !self.run.as_ref().is_some_and(|run| run.has_header) {
            return;
        }
        let run = self.fresh_unless(|run| !run.has_results(), sink);
        run.has_header = true;
        let slot = match meta {
            Meta::BuiltOn => &mut run.run.built_on,
            Meta::Options => &mut run.run.options,
            Meta::Compiler => &mut run.run.compiler,
            Meta::CpuInfo => &mut run.run.cpuinfo,
        };
        // Longer than other text is allowed to be: compiler flags are.
        *slot = Some(owned(&value[..value.len().min(8192)]));
    }

    fn sizes(&mut self, text: &[u8], sink: &mut Sink<'_>) {
        let sizes = sizes_of(text);
        let run = self
            .fresh_unless(|run| !run.has_results() || run.has_numbers && run.rows.is_empty(), sink);
        run.sizes = sizes;
        run.has_sizes = true;
    }

    /// A row counts only below a line of sizes, or below the header of a `-multi` run.
    fn row(&mut self, name: &[u8], cells: &[u8], cut: bool) {
        let line = self.line;
        let Some(run) = &mut self.run else { return };
        let below_header = run.has_header && !run.children.is_empty() && run.columns.is_none();
        if !run.has_sizes && !below_header {
            return;
        }
        let first = run.cells.len();
        let Some(was_cut) = read_cells(cells, cut, &run.sizes, &mut run.cells) else { return };
        let name = self.names.id(name);
        run.rows.push(Row { name, line, number: None, first });
        if was_cut {
            run.cut = Some(line);
        }
    }

    fn key_row(&mut self, row: KeyRow<'_>, cut: bool, sink: &mut Sink<'_>) {
        let line = self.line;
        let (run, names) = self.fresh_with_names(|_| true, sink);
        let name = names.id(row.label);
        let columns = run.columns.filter(|columns| row.named == columns.is_named());
        let first = run.key_cells.len();
        let was_cut = read_key_cells(row.cells, columns, cut, &mut run.key_cells);
        let kind = columns.filter(|_| row.named).map(formats::Columns::kind);
        let headless = row.named && kind.is_none();
        let raw = if headless { lossy(row.cells).into() } else { Box::default() };
        run.keys.push(KeyCells { name, kind, headless, raw, line, first });
        run.has_sizes = false;
        if was_cut {
            run.cut = Some(line);
        }
    }

    fn begin_measurement(&mut self, begin: Begin<'_>, cut: bool, sink: &mut Sink<'_>) {
        let line = self.line;
        let (run, names) = self.fresh_with_names(|run| !run.has_results() && !run.has_header, sink);
        let name = names.id(begin.name);
        let progress = Progress { name, work: begin.work, line, outcome: Outcome::Open };
        let same = |other: &Progress| other.name == name && other.work == begin.work;
        if let Some(open) = run.open {
            run.mixed |= same(&run.progress[open]);
        }
        let first = run.segments.last().copied().unwrap_or(0);
        if run.progress.get(first).is_some_and(same) && !run.mixed {
            run.segments.push(run.progress.len());
        }
        run.open = Some(run.progress.len());
        run.progress.push(progress);
        let rest = begin.rest.trim_ascii();
        if run.segments.len() > 2 {
            self.close_first_segment(sink);
        }
        if !rest.is_empty() {
            if let Some(done) = formats::done(rest) {
                return self.done(done);
            }
            // A measurement does not begin inside of another.
            if let Some(event) = formats::read(rest) {
                self.event(event, cut, sink);
            }
        }
    }

    fn done(&mut self, done: Done<'_>) {
        let Some(run) = &mut self.run else { return };
        let Some(open) = run.open.take() else { return };
        // A public-key benchmark that failed still prints a result, which means nothing.
        if matches!(run.progress[open].outcome, Outcome::Fault(_)) {
            return;
        }
        let is_named = matches!(run.progress[open].work, Work::Named(_));
        let kind = if is_named { done.kind() } else { None };
        run.progress[open].outcome =
            Outcome::Done { count: done.count, seconds: done.seconds, kind };
        // rsa2048 is measured as a KEM and again as a signature algorithm: no new run.
        if let (Some(kind), Some(last)) = (kind, run.segments.last().copied())
            && last == open
        {
            let before = run.segments.len().checked_sub(2).map_or(0, |at| run.segments[at]);
            if let Outcome::Done { kind: Some(other), .. } = run.progress[before].outcome
                && other != kind
            {
                run.segments.pop();
            }
        }
    }

    fn fault(&mut self, fault: Fault<'_>, sink: &mut Sink<'_>) {
        let (text, line) = (lossy(fault.text), self.line);
        let open = self.run.as_ref().and_then(|run| Some((run.open?, run)));
        let blame = match (fault.subject, open) {
            (Subject::Name(name), Some((at, run)))
                if self.names.text(run.progress[at].name) == name =>
            {
                Blame::Name(run.progress[at].name)
            }
            (Subject::Current, Some((at, run))) => Blame::Name(run.progress[at].name),
            (Subject::Name(_) | Subject::Current, _) => return,
            (Subject::Family(_, _), Some((at, run))) if run.progress[at].work == Work::Key => {
                Blame::Name(run.progress[at].name)
            }
            (Subject::Family(family, operation), _) => Blame::Family(lossy(family), operation),
            (Subject::Named(name), _) => Blame::Named(lossy(name)),
            (Subject::Argument(name), _) => Blame::Argument(lossy(name)),
        };
        let run = self.fresh_unless(|run| !run.has_results() && !run.has_header, sink);
        let at = run.faults.len();
        let during = matches!(blame, Blame::Name(_));
        if during && run.open.is_none() {
            // The measurement ended with the run it belonged to, and its name with it.
            return;
        }
        run.faults.push(FaultLine { text, line, blame });
        if let (true, Some(open)) = (during, run.open) {
            run.progress[open].outcome = Outcome::Fault(at);
            // A throughput benchmark ends with its first error; a public-key one still has a result.
            if run.progress[open].work != Work::Key {
                run.open = None;
            }
        }
    }

    fn samples(&mut self, samples: Vec<Sample>, line: u64, sink: &mut Sink<'_>) {
        for sample in samples {
            let foreign =
                |run: &Open| run.has_results() || run.has_header || !run.progress.is_empty();
            self.fresh_unless(|run| !foreign(run), sink).samples.push((line, sample));
        }
    }
}
