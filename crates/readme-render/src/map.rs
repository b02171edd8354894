//! Dictionaries: any key Python takes, in the order of insertion.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::ops;
use crate::value::{Tracked, Val};

/// From this size on, names are found by an index.
const INDEXED: usize = 12;

/// A dictionary.
#[derive(Clone, Debug, Default)]
pub struct Map {
    entries: Vec<(Val, Tracked)>,
    names: BTreeMap<Rc<str>, usize>,
}

impl Map {
    /// How many entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Entries in the order of insertion.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &(Val, Tracked)> {
        self.entries.iter()
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tracked> {
        if self.entries.len() > INDEXED {
            return self.names.get(name).map(|place| &self.entries[*place].1);
        }
        self.entries.iter().find(|(key, _)| key.as_str() == Some(name)).map(|(_, value)| value)
    }

    /// The value of any key.
    #[must_use]
    pub fn get_key(&self, key: &Val) -> Option<&Tracked> {
        if let Some(name) = key.as_str() {
            return self.get(name);
        }
        self.entries.iter().find(|(known, _)| ops::equal(known, key)).map(|(_, value)| value)
    }

    /// Sets a key; one that is there keeps its place.
    pub fn insert(&mut self, key: Val, value: Tracked) {
        let found = match key.as_str() {
            Some(name) if self.entries.len() > INDEXED => self.names.get(name).copied(),
            _ => self.entries.iter().position(|(known, _)| ops::equal(known, &key)),
        };
        if let Some(place) = found {
            self.entries[place].1 = value;
            return;
        }
        self.entries.push((key, value));
        if self.entries.len() > INDEXED {
            self.index();
        }
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &Val) -> Option<Tracked> {
        let place = self.entries.iter().position(|(known, _)| ops::equal(known, key))?;
        let (_, value) = self.entries.remove(place);
        self.names.clear();
        self.index();
        Some(value)
    }

    fn index(&mut self) {
        for place in self.names.len()..self.entries.len() {
            let name: Rc<str> = match &self.entries[place].0 {
                Val::Str(name) => name.clone(),
                other => other.as_str().unwrap_or_default().into(),
            };
            // A key that is no text takes a slot too, so that `names.len()` stays the place up to
            // which entries are indexed; two of them would share one and end the index early, so
            // their slots carry the position.
            let name =
                if self.entries[place].0.is_text() { name } else { format!("\0{place}").into() };
            self.names.insert(name, place);
        }
    }
}

impl FromIterator<(Val, Tracked)> for Map {
    fn from_iter<I: IntoIterator<Item = (Val, Tracked)>>(entries: I) -> Self {
        let mut map = Self::default();
        entries.into_iter().for_each(|(key, value)| map.insert(key, value));
        map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_large_dictionaries_find_the_same() {
        for size in [3, 12, 13, 40] {
            let mut map = Map::default();
            for n in 0..size {
                map.insert(Val::str(format!("k{n}")), Val::Int(n).into());
                map.insert(Val::Int(n), Val::Int(-n).into());
            }
            assert_eq!(map.iter().count(), map.len());
            assert!(matches!(map.get("k2").map(|v| &v.val), Some(Val::Int(2))));
            assert!(matches!(map.get_key(&Val::Int(2)).map(|v| &v.val), Some(Val::Int(-2))));
            assert!(map.remove(&Val::str("k1")).is_some());
            assert!(map.get("k1").is_none() && map.get("k2").is_some());
        }
    }
}
