//! `${name}` in a suite: values that a caller may set.

use std::collections::{BTreeMap, BTreeSet};

use super::{WORK, WORK_WRITTEN};

/// The parameters of a suite: every declared name, and those that have a value.
pub(super) struct Parameters {
    declared: BTreeSet<String>,
    pub values: BTreeMap<String, String>,
}

/// Why a text with place-holders cannot be filled in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Hole {
    /// Not declared, or not a place-holder at all.
    Wrong(String),
    /// Declared, but it has no value.
    Empty(String),
}

impl Parameters {
    /// `declared` with their defaults, overridden by what was `set`.
    pub(super) fn new(
        declared: impl Iterator<Item = (String, Option<String>)>,
        set: &BTreeMap<String, String>,
    ) -> Result<Self, String> {
        let declared: BTreeMap<_, _> = declared.collect();
        if let Some(unknown) = set.keys().find(|name| !declared.contains_key(*name)) {
            let known: Vec<_> = declared.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
            return Err(format!("--set {unknown}: no such parameter (this suite has: {known})"));
        }
        let names = declared.keys().cloned().collect();
        let mut values: BTreeMap<_, _> =
            declared.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        values.extend(set.iter().map(|(name, value)| (name.clone(), value.clone())));
        Ok(Self { declared: names, values })
    }

    /// Whether `name` is declared.
    pub(super) fn has(&self, name: &str) -> bool {
        self.declared.contains(name)
    }

    /// `text` with every place-holder replaced by its value as `write` writes it, that of the
    /// private folder by [`WORK`], and one without a value that is `required` by any text.
    pub(super) fn fill(
        &self,
        text: &str,
        required: &dyn Fn(&str) -> bool,
        write: fn(&str) -> String,
    ) -> Result<String, Hole> {
        if text.contains(WORK) {
            return Err(Hole::Wrong("a suite cannot hold a NUL".to_owned()));
        }
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let (before, from) = rest.split_at(start);
            filled.push_str(before);
            let end = from.find('}').ok_or_else(|| {
                Hole::Wrong("\"${\" begins a place-holder that no \"}\" ends".to_owned())
            })?;
            let name = &from[2..end];
            if &from[..=end] == WORK_WRITTEN {
                filled.push(WORK);
            } else if let Some(value) = self.values.get(name) {
                filled.push_str(&write(value));
            } else if !self.has(name) {
                return Err(Hole::Wrong(format!(
                    "${{{name}}} is neither a parameter of this suite nor {WORK_WRITTEN}"
                )));
            } else if required(name) {
                filled.push_str("unset");
            } else {
                return Err(Hole::Empty(name.to_owned()));
            }
            rest = &from[end + 1..];
        }
        filled.push_str(rest);
        Ok(filled)
    }
}
