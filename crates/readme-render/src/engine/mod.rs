//! Runs templates. Every value carries where it came from; nothing that is missing passes in
//! silence; an error does not end the run, so that one report names them all.

mod access;
mod blocks;
mod call;
mod concat;
mod expr;
mod faults;
mod frame;
mod looping;
mod print;
mod stmt;

use std::collections::BTreeMap;
use std::rc::Rc;

use contract::ledger::AllowedBy;

use crate::ast::Template;
use crate::places::{PlaceId, Places, Src};
use crate::syntax::{self, Whitespace};
use crate::value::Tracked;

pub(crate) use access::place;
pub use faults::{Fault, Flaw, Problem};
pub use frame::{Frame, LoopState};
pub(crate) use looping::{changed, cycle};
pub use print::{Decision, Escape, Piece, Printed, escape_for};

/// Deepest nesting of calls, includes, blocks and recursive loops.
const DEEPEST: usize = 100;

/// Most expressions inside each other, over all calls.
const NESTED: usize = 50_000;

/// What a run is allowed and told.
#[derive(Clone, Debug)]
pub struct Options {
    /// Treat missing values as Jinja2 does by default, with a warning for each.
    pub lenient: bool,
    /// Escape every template so; `None`: by the template's name.
    pub escape: Option<Escape>,
    /// White space around tags.
    pub whitespace: Whitespace,
    /// Data paths that may be missing, whatever the templates declare.
    pub allowed: Vec<String>,
    /// Statements and expressions after which a run is stopped.
    pub max_steps: u64,
    /// Bytes after which a document is stopped.
    pub max_output: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lenient: false,
            escape: None,
            whitespace: Whitespace::default(),
            allowed: Vec::new(),
            max_steps: 50_000_000,
            max_output: 64 << 20,
        }
    }
}

/// Why a template is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// No such template.
    NotFound,
    /// It may not or cannot be read.
    Refused(String),
}

/// How a template learns of its data files and of what it cites.
#[derive(Clone, Copy)]
pub struct Evidence<'a> {
    /// The value of `evidence` for these citations.
    pub list: &'a dyn Fn(&[Src]) -> Tracked,
    /// All citations, if an earlier run found them.
    pub known: Option<&'a [Src]>,
}

/// Gives the text of a template by its name.
pub type Load<'a> = &'a dyn Fn(&str) -> Result<String, LoadError>;

/// A block, and the template it stands in.
type BlockVersion = (Rc<Template>, Rc<crate::ast::Block>);

/// One run of one template.
pub struct Machine<'a> {
    pub(crate) places: &'a Places,
    pub(crate) options: &'a Options,
    load: Load<'a>,
    templates: BTreeMap<String, Rc<Template>>,
    /// Where output goes; the last is the innermost capture.
    out: Vec<Piece>,
    problems: Vec<Problem>,
    allowed: Vec<(String, AllowedBy)>,
    /// What was cited, in order; a citation's number is its place.
    cited: Vec<Src>,
    /// The number of each citation.
    numbers: BTreeMap<Src, usize>,
    evidence: Evidence<'a>,
    /// How much was cited when the template last asked for the list.
    listed: Option<usize>,
    known_problems: BTreeMap<(Rc<str>, u32, Fault, String), usize>,
    steps: u64,
    depth: usize,
    /// Expressions inside each other, over all calls.
    nesting: usize,
    /// Depth of code that is run only to find out what it misses.
    probing: usize,
    pub(crate) escape: Escape,
    /// The template whose code runs.
    pub(crate) template: Rc<Template>,
    /// Data, and what the outermost template sets.
    root: Rc<Frame>,
    /// The blocks of the template that runs and of those that extend it, by name; the
    /// outermost child first.
    blocks: BTreeMap<Rc<str>, Vec<BlockVersion>>,
    /// The template that the running one extends, once it said so.
    parent: Option<Rc<Template>>,
    /// For each condition and loop around the code that runs: the place because of which it
    /// proves nothing, if there is one.
    control: Vec<Option<PlaceId>>,
    /// The line of the innermost of them.
    control_line: u32,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The document and what was printed into it.
    pub piece: Piece,
    /// Everything that was wrong, in the order in which it was met.
    pub problems: Vec<Problem>,
    /// What was let through although it was missing, a path or pattern for each use.
    pub allowed: Vec<(String, AllowedBy)>,
    /// What was cited, in order.
    pub cited: Vec<Src>,
    /// Whether more was cited after the template had asked for the list.
    pub listed_too_early: bool,
}

/// Runs the template `name` over `root`.
pub fn run(
    name: &str,
    root: &Rc<Frame>,
    places: &Places,
    options: &Options,
    load: Load<'_>,
    evidence: Evidence<'_>,
) -> Outcome {
    let mut machine = Machine::new(name, root.clone(), places, options, load, evidence);
    match machine.template(name, 0) {
        Ok(template) => {
            machine.template = template.clone();
            machine.escape = machine.escape_of(name);
            let done = machine.whole(&template);
            machine.settle_flaw(1, done);
        }
        Err(flaw) => machine.settle_flaw(1, Err::<(), _>(flaw)),
    }
    let piece = machine.out.pop().unwrap_or_default();
    let listed_too_early = evidence.known.is_none()
        && machine.listed.is_some_and(|listed| listed < machine.cited.len());
    let Machine { problems, allowed, cited, .. } = machine;
    Outcome { piece, problems, allowed, cited, listed_too_early }
}

impl<'a> Machine<'a> {
    fn new(
        name: &str,
        root: Rc<Frame>,
        places: &'a Places,
        options: &'a Options,
        load: Load<'a>,
        evidence: Evidence<'a>,
    ) -> Self {
        let nothing = Template {
            name: name.into(),
            body: Vec::new(),
            blocks: BTreeMap::new(),
            assigned: std::collections::BTreeSet::new(),
            optional: Vec::new(),
        };
        Self {
            places,
            options,
            load,
            templates: BTreeMap::new(),
            out: vec![Piece::default()],
            problems: Vec::new(),
            allowed: Vec::new(),
            cited: Vec::new(),
            numbers: BTreeMap::new(),
            evidence,
            listed: None,
            known_problems: BTreeMap::new(),
            steps: 0,
            depth: 0,
            nesting: 0,
            probing: 0,
            escape: Escape::None,
            template: Rc::new(nothing),
            root,
            blocks: BTreeMap::new(),
            parent: None,
            control: Vec::new(),
            control_line: 1,
        }
    }

    /// The parsed template `name`, asked for at `line` of the running one.
    fn template(&mut self, name: &str, line: u32) -> Result<Rc<Template>, Flaw> {
        if let Some(template) = self.templates.get(name) {
            return Ok(template.clone());
        }
        let source = (self.load)(name).map_err(|error| match error {
            LoadError::NotFound => Flaw::NoTemplate(name.to_owned()),
            LoadError::Refused(why) => Flaw::Error(format!("cannot use template {name:?}: {why}")),
        })?;
        match syntax::parse(name, &source, self.options.whitespace) {
            Ok(template) => {
                let template = Rc::new(template);
                self.templates.insert(name.to_owned(), template.clone());
                Ok(template)
            }
            Err(error) => {
                let line = if error.line == 0 { u64::from(line) } else { error.line };
                let line = u32::try_from(line).unwrap_or(u32::MAX);
                self.problem(Fault::Template, name.into(), line, error.message);
                Err(Flaw::Reported)
            }
        }
    }

    fn escape_of(&self, template: &str) -> Escape {
        self.options.escape.unwrap_or_else(|| escape_for(template))
    }

    /// The union of two sets of sources, bounded.
    pub(crate) fn join(&self, a: &Src, b: &Src) -> Src {
        let both = a.and(b);
        if both.too_many() { self.places.gather(both) } else { both }
    }

    /// The number of the citation of `src`, counted from 1.
    pub(crate) fn cite(&mut self, src: &Src) -> usize {
        if let Some(known) = self.numbers.get(src) {
            return *known;
        }
        self.cited.push(src.clone());
        self.numbers.insert(src.clone(), self.cited.len());
        self.cited.len()
    }

    /// `evidence`, with what was cited so far, or, on the second run, with all that will be.
    pub(super) fn evidence(&mut self) -> Tracked {
        self.listed = Some(self.cited.len());
        (self.evidence.list)(self.evidence.known.unwrap_or(&self.cited))
    }

    /// Counts one step; too many stop the run.
    pub(crate) fn step(&mut self) -> Result<(), Flaw> {
        self.steps += 1;
        if self.steps > self.options.max_steps {
            return Err(Flaw::Stop(format!(
                "stopped after {} steps: the template runs away",
                self.options.max_steps
            )));
        }
        Ok(())
    }

    /// Runs `work` one level deeper.
    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, Flaw>) -> Result<T, Flaw> {
        if self.depth >= DEEPEST {
            return Err(Flaw::Stop(format!("nested more than {DEEPEST} deep: endless recursion")));
        }
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        done
    }
}
