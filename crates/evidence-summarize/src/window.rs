//! Tries of one test stand close together. So only a window of a report has to be held to know
//! which entries belong together, however long it is.

use std::collections::{BTreeMap, VecDeque};

use contract::part::{Attempt, Entry};

/// Further apart than this many entries, two of one identity are two cases.
const WIDTH: usize = 4_096;

/// The last entries of an input.
#[derive(Debug, Default)]
pub struct Window {
    entries: VecDeque<Entry>,
    /// How many entries of an id are in the window, and whether there was ever more than one.
    ids: BTreeMap<String, (u32, bool)>,
}

impl Window {
    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// An entry comes in.
    pub fn push(&mut self, entry: Entry) {
        if entry.attempt == Attempt::LastDecides {
            let (count, several) = self.ids.entry(entry.id.clone()).or_default();
            *count += 1;
            *several |= *count > 1;
        }
        self.entries.push_back(entry);
    }

    /// The next entry that leaves; with `all`, until none is left. One that was alone with its id
    /// is no attempt.
    pub fn pop(&mut self, all: bool) -> Option<Entry> {
        if !all && self.entries.len() <= WIDTH {
            return None;
        }
        let mut entry = self.entries.pop_front()?;
        if let Some((count, several)) = self.ids.get_mut(&entry.id)
            && entry.attempt == Attempt::LastDecides
        {
            *count -= 1;
            if !*several {
                entry.attempt = Attempt::Only;
            }
            if *count == 0 {
                self.ids.remove(&entry.id);
            }
        }
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::CheckStatus;

    fn entry(name: &str) -> Entry {
        let mut entry = Entry::new(None, name.to_owned(), CheckStatus::Passed);
        entry.attempt = Attempt::LastDecides;
        entry
    }

    #[test]
    fn only_entries_of_one_id_are_attempts() {
        let mut window = Window::default();
        for name in ["a", "b", "a"] {
            window.push(entry(name));
        }
        assert!(window.pop(false).is_none());
        let left: Vec<_> = std::iter::from_fn(|| window.pop(true)).map(|e| e.attempt).collect();
        assert_eq!(left, [Attempt::LastDecides, Attempt::Only, Attempt::LastDecides]);
        assert!(window.is_empty() && window.ids.is_empty());
    }

    #[test]
    fn what_is_too_far_apart_does_not_belong_together() {
        let mut window = Window::default();
        let mut left = Vec::new();
        for index in 0..=WIDTH + 1 {
            let name = if index == WIDTH + 1 { "0".to_owned() } else { index.to_string() };
            window.push(entry(&name));
            left.extend(window.pop(false));
        }
        assert_eq!(left[0].attempt, Attempt::Only);
    }
}
