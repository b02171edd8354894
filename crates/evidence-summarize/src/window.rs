//! Tries of one test stand close together. So only a window of a report has to be held to know
//! which entries belong together, however long it is.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use contract::part::{Attempt, Entry, Span};

use crate::packed::Passed;

/// Further apart than this many entries, two of one identity are two cases.
const WIDTH: usize = 4_096;

/// The last entries of an input.
#[derive(Debug, Default)]
pub struct Window {
    held: VecDeque<(Option<u64>, Held)>,
    /// How many entries of an id are in the window, and whether there was ever more than one. An id
    /// stands here by its hash: two that share one are looked at again where entries are joined.
    ids: HashMap<u64, (u32, bool)>,
    suite: Option<Arc<str>>,
}

/// What leaves the window.
#[derive(Debug)]
pub enum Held {
    /// An entry.
    Entry(Box<Entry>),
    /// A case that passed, and whether it may be one of several attempts.
    Passed(Slim, Attempt),
}

/// [`Passed`], owned.
#[derive(Debug)]
pub struct Slim {
    suite: Option<Arc<str>>,
    name: Box<str>,
    file: Option<Box<str>>,
    duration_ms: Option<u64>,
    line: Option<u64>,
    bytes: Option<Span>,
}

impl Slim {
    /// The case.
    pub fn passed(&self) -> Passed<'_> {
        Passed {
            suite: self.suite.as_deref(),
            name: &self.name,
            file: self.file.as_deref(),
            duration_ms: self.duration_ms,
            line: self.line,
            bytes: self.bytes,
        }
    }
}

impl Window {
    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// An entry comes in.
    pub fn push(&mut self, entry: Entry) {
        let id = (entry.attempt == Attempt::LastDecides).then(|| self.count(&entry.id));
        self.held.push_back((id, Held::Entry(Box::new(entry))));
    }

    /// A case that passed comes in.
    pub fn push_passed(&mut self, case: &Passed<'_>, attempt: Attempt) {
        let id = (attempt == Attempt::LastDecides).then(|| self.count(&case.id()));
        if self.suite.as_deref() != case.suite {
            self.suite = case.suite.map(Arc::from);
        }
        let slim = Slim {
            suite: self.suite.clone(),
            name: case.name.into(),
            file: case.file.map(Box::from),
            duration_ms: case.duration_ms,
            line: case.line,
            bytes: case.bytes,
        };
        self.held.push_back((id, Held::Passed(slim, attempt)));
    }

    fn count(&mut self, id: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let id = hasher.finish();
        let (count, several) = self.ids.entry(id).or_default();
        *count += 1;
        *several |= *count > 1;
        id
    }

    /// The next that leaves; with `all`, until none is left. One that was alone with its id is no
    /// attempt.
    pub fn pop(&mut self, all: bool) -> Option<Held> {
        if !all && self.held.len() <= WIDTH {
            return None;
        }
        let (id, mut held) = self.held.pop_front()?;
        if let Some(id) = id
            && let Some((count, several)) = self.ids.get_mut(&id)
        {
            *count -= 1;
            if !*several {
                match &mut held {
                    Held::Entry(entry) => entry.attempt = Attempt::Only,
                    Held::Passed(_, attempt) => *attempt = Attempt::Only,
                }
            }
            if *count == 0 {
                self.ids.remove(&id);
            }
        }
        Some(held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Attempt::{LastDecides, Only};
    use contract::CheckStatus;

    fn attempt(held: Held) -> Attempt {
        match held {
            Held::Entry(entry) => entry.attempt,
            Held::Passed(_, attempt) => attempt,
        }
    }

    fn push(window: &mut Window, name: &str, whole: bool) {
        let entry = entry(name);
        match Passed::of(&Entry { attempt: Only, ..entry.clone() }) {
            Some(passed) if !whole => window.push_passed(&passed, LastDecides),
            _ => window.push(entry),
        }
    }

    fn entry(name: &str) -> Entry {
        let mut entry = Entry::new(None, name.to_owned(), CheckStatus::Passed);
        entry.attempt = LastDecides;
        entry
    }

    #[test]
    fn only_entries_of_one_id_are_attempts() {
        let mut window = Window::default();
        for (name, whole) in [("a", true), ("b", false), ("a", false), ("c", true)] {
            push(&mut window, name, whole);
        }
        assert!(window.pop(false).is_none());
        let left: Vec<_> = std::iter::from_fn(|| window.pop(true)).map(attempt).collect();
        assert_eq!(left, [LastDecides, Only, LastDecides, Only]);
        assert!(window.is_empty() && window.ids.is_empty());
    }

    #[test]
    fn what_is_too_far_apart_does_not_belong_together() {
        let mut window = Window::default();
        let mut left = Vec::new();
        for index in 0..=WIDTH + 1 {
            let name = if index == WIDTH + 1 { "0".to_owned() } else { index.to_string() };
            push(&mut window, &name, index % 2 == 0);
            left.extend(window.pop(false));
        }
        assert_eq!(attempt(left.remove(0)), Only);
    }
}
