//! Documents of the family are read through their own type before a template sees them.

use contract::{Document, Visitor};

use crate::data::Tree;
use crate::value::Val;

/// The schema that a document of the family names; `None` for anything else.
#[must_use]
pub fn schema(tree: &Tree) -> Option<&str> {
    let Tree::Map(entries) = tree else { return None };
    let (_, value) = entries.iter().find(|(key, _)| **key == *"schema")?;
    match value {
        Tree::Scalar(Val::Str(id)) if id.starts_with("proofline/") => Some(id),
        _ => None,
    }
}

/// Reads `bytes`, which say that they are a document `id`, through its type. `Err`: the line, if
/// it is known, and the reason.
pub fn check(id: &str, bytes: &[u8]) -> Result<(), (Option<u64>, String)> {
    let mut typed = Typed { id, bytes, found: None, newer: false };
    contract::each_document(&mut typed);
    match typed.found {
        Some(result) => result,
        None if typed.newer => Err((
            Some(1),
            format!("{id:?} is a later version than this one knows: update proofline"),
        )),
        None => Err((Some(1), format!("expected a document this version knows, found {id:?}"))),
    }
}

struct Typed<'a> {
    id: &'a str,
    bytes: &'a [u8],
    found: Option<Result<(), (Option<u64>, String)>>,
    newer: bool,
}

impl Visitor for Typed<'_> {
    fn visit<D: Document>(&mut self) {
        if D::SCHEMA == self.id {
            let read = serde_json::from_slice::<D>(self.bytes).map(drop);
            self.found = Some(read.map_err(|error| {
                let text = error.to_string();
                let place = format!(" at line {} column {}", error.line(), error.column());
                let what = text.strip_suffix(&place).unwrap_or(&text).to_owned();
                (Some(error.line().max(1) as u64), what)
            }));
        }
        let split = |id: &str| {
            let (name, version) = id.rsplit_once('/')?;
            Some((name.to_owned(), version.parse::<u64>().ok()?))
        };
        if let (Some((name, version)), Some((known, newest))) = (split(self.id), split(D::SCHEMA)) {
            self.newer |= name == known && version > newest;
        }
    }
}
