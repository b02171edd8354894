//! What can be wrong, and the one report of it.

use std::rc::Rc;

use contract::ledger::AllowedBy;

use super::Machine;
use crate::paths;
use crate::value::{Absence, Missing, Tracked, Val};

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It was reported where it was found.
    Reported,
    /// It has yet to be reported.
    Error(String),
    /// A template that is not there.
    NoTemplate(String),
    /// The whole run has to end.
    Stop(String),
}

impl From<String> for Flaw {
    fn from(message: String) -> Self {
        Self::Error(message)
    }
}

/// What kind of thing is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The data has no such value.
    Missing,
    /// The value says that there is none (`N/A`, `TBD`, null).
    Placeholder,
    /// A word of success that nothing stands behind.
    Vacuous,
    /// The template cannot be parsed or run.
    Template,
    /// A missing value was let through because that was asked for.
    Lenient,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub fault: Fault,
    /// The template.
    pub template: Rc<str>,
    /// Its line, counted from 1.
    pub line: u32,
    /// What is wrong, in words.
    pub message: String,
    /// How often it was met at this line.
    pub count: u64,
}

impl Machine<'_> {
    /// Notes a problem; the same one at the same line, apart from indices, is counted.
    pub(super) fn problem(&mut self, fault: Fault, template: Rc<str>, line: u32, message: String) {
        let key = (template.clone(), line, fault, paths::without_indices(&message));
        if let Some(known) = self.known_problems.get(&key) {
            self.problems[*known].count += 1;
            return;
        }
        self.known_problems.insert(key, self.problems.len());
        self.problems.push(Problem { fault, template, line, message, count: 1 });
    }

    pub(super) fn here(&mut self, fault: Fault, line: u32, message: String) {
        let template = self.template.name.clone();
        self.problem(fault, template, line, message);
    }

    /// Reports what is not yet reported. Code that only probes may fail otherwise than by missing
    /// values: it works with values that are not there.
    pub(super) fn settle_flaw<T>(&mut self, line: u32, done: Result<T, Flaw>) {
        match done {
            Ok(_) | Err(Flaw::Reported) => {}
            Err(Flaw::Error(_) | Flaw::NoTemplate(_)) if self.probing > 0 => {}
            Err(Flaw::Error(message) | Flaw::Stop(message)) => {
                self.here(Fault::Template, line, message);
            }
            Err(Flaw::NoTemplate(name)) => {
                let message = format!("no template {name:?}: names count from the template root");
                self.here(Fault::Template, line, message);
            }
        }
    }

    /// A value that is about to be used: there, or allowed not to be.
    pub(crate) fn present(&mut self, value: Tracked, line: u32) -> Result<Tracked, Flaw> {
        let Val::Undefined(missing) = &value.val else { return Ok(value) };
        let missing = missing.clone();
        self.may_miss(&missing, line)?;
        Ok(value)
    }

    /// Whether code that says what happens without it (`default`, `is defined`) may ask for it.
    pub(crate) fn may_ask(&mut self, missing: &Missing, line: u32) -> Result<(), Flaw> {
        if missing.kind == Absence::Local {
            return Ok(());
        }
        self.may_miss(missing, line)
    }

    fn may_miss(&mut self, missing: &Missing, line: u32) -> Result<(), Flaw> {
        match missing.kind {
            Absence::Reported => return Err(Flaw::Reported),
            Absence::Nothing => return Ok(()),
            Absence::Data | Absence::Local => {}
        }
        if let Some(allowed) = self.allowance(&missing.path) {
            self.allowed.push(allowed);
            return Ok(());
        }
        if self.options.lenient {
            let message = format!("{} is undefined", missing.path);
            self.here(Fault::Lenient, line, message);
            return Ok(());
        }
        let message = match missing.kind {
            Absence::Local => format!("{} is undefined", missing.path),
            _ => format!("nothing at {}", missing.path),
        };
        self.here(Fault::Missing, line, message);
        Err(Flaw::Reported)
    }

    /// Whether the template or the command line says that `path` may be missing.
    pub(super) fn is_optional(&self, path: &str) -> bool {
        self.allowance(path).is_some()
    }

    /// The pattern that lets `path` be missing, and whose it is.
    fn allowance(&self, path: &str) -> Option<(String, AllowedBy)> {
        let covering = |patterns: &[String]| {
            patterns.iter().find(|pattern| paths::covers(pattern, path)).cloned()
        };
        let given = covering(&self.options.allowed).map(|path| (path, AllowedBy::CommandLine));
        given.or_else(|| {
            let declared = self.templates.values().find_map(|one| covering(&one.optional));
            declared.map(|path| (path, AllowedBy::Template))
        })
    }
}
