//! How a file differs from what the templates give now, and which values differ.

use std::collections::BTreeSet;
use std::ops::Range;

use similar::{ChangeTag, TextDiff};

use crate::engine::Piece;
use crate::places::{PlaceId, Places};

/// A file that is not what it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The unified diff, from the file to what it should be.
    pub diff: String,
    /// The values in the lines that differ: a line of the new text, the path, and what is there.
    pub values: Vec<(usize, String)>,
}

/// The difference between `old` and the document; `None` if there is none.
#[must_use]
pub fn drift(path: &str, old: &str, document: &Piece, places: &Places) -> Option<Drift> {
    if old == document.text {
        return None;
    }
    let diff = TextDiff::from_lines(old, &document.text);
    let unified = diff.unified_diff().header(path, &format!("{path} (rendered)")).to_string();
    let mut starts = vec![0];
    starts.extend(document.text.match_indices('\n').map(|(at, _)| at + 1));
    let mut values = Vec::new();
    let mut named = BTreeSet::new();
    let mut removed: Vec<&str> = Vec::new();
    let mut last_line = 0;
    for change in diff.iter_all_changes() {
        match change.tag() {
            ChangeTag::Delete => removed.push(change.value()),
            ChangeTag::Insert => {
                let line = change.new_index().unwrap_or(0);
                last_line = line;
                let start = starts.get(line).copied().unwrap_or(0);
                let (old, new) = (take(&mut removed), change.value());
                let differing = differing(old, new);
                let range = start + differing.start..start + differing.end;
                name(document, places, &range, line, &mut named, &mut values);
            }
            ChangeTag::Equal => {
                last_line = change.new_index().unwrap_or(last_line);
                removed.clear();
            }
        }
    }
    if values.is_empty() {
        decisions(document, places, &mut named, &mut values);
    }
    Some(Drift { diff: unified, values })
}

/// The next removed line, if there is one.
fn take<'t>(removed: &mut Vec<&'t str>) -> &'t str {
    if removed.is_empty() { "" } else { removed.remove(0) }
}

/// The bytes of `new` between what it shares with `old` at its start and at its end.
fn differing(old: &str, new: &str) -> Range<usize> {
    let prefix = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    let rest = (old.len() - prefix).min(new.len() - prefix);
    let suffix =
        old.bytes().rev().zip(new.bytes().rev()).take(rest).take_while(|(a, b)| a == b).count();
    prefix..new.len() - suffix
}

/// Names the values printed inside `range`.
fn name(
    document: &Piece,
    places: &Places,
    range: &Range<usize>,
    line: usize,
    named: &mut BTreeSet<PlaceId>,
    values: &mut Vec<(usize, String)>,
) {
    let from = document.printed.partition_point(|printed| printed.end < range.start);
    for printed in document.printed[from..].iter().take_while(|p| p.start <= range.end) {
        for id in printed.src.ids() {
            if named.insert(*id) {
                values.push((line + 1, places.path(*id)));
            }
        }
    }
}

/// Where only whole passages came or went: what decided about passages.
fn decisions(
    document: &Piece,
    places: &Places,
    named: &mut BTreeSet<PlaceId>,
    values: &mut Vec<(usize, String)>,
) {
    for decided in &document.decided {
        let line = document.text[..decided.at.min(document.text.len())].matches('\n').count();
        for id in decided.src.ids() {
            if named.insert(*id) {
                values.push((line + 1, places.path(*id)));
            }
        }
    }
}
