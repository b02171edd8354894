//! Data files as values: JSON, JSON lines, CSV and TOML, every value with its place.

use std::fmt;
use std::rc::Rc;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::map::Map;
use crate::places::{PlaceId, Places, Src, Step};
use crate::value::{Tracked, Val};

/// How a data file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// One JSON document.
    Json,
    /// A JSON document per line: a list of them.
    JsonLines,
    /// A header and rows: a list of dictionaries of text.
    Csv,
    /// A TOML document.
    Toml,
}

impl Syntax {
    /// The syntax that a file's name speaks of; JSON unless it says otherwise.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).as_deref() {
            Some("ndjson" | "jsonl") => Self::JsonLines,
            Some("csv") => Self::Csv,
            Some("toml") => Self::Toml,
            _ => Self::Json,
        }
    }
}

/// Why data cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataError {
    /// Line, counted from 1, if it is known.
    pub line: Option<u64>,
    /// The reason.
    pub message: String,
    /// Whether it is no JSON at all, so that it may be something else.
    pub no_json: bool,
}

impl DataError {
    fn new(line: Option<usize>, message: impl Into<String>) -> Self {
        Self { line: line.map(|line| line as u64), message: message.into(), no_json: false }
    }
}

/// Data before it has places.
#[derive(Clone, Debug)]
pub enum Tree {
    /// None, a boolean, a number or text.
    Scalar(Val),
    /// An array.
    List(Vec<Tree>),
    /// An object, in the order of the file.
    Map(Vec<(Rc<str>, Tree)>),
}

/// Reads `bytes` as `syntax`.
pub fn read(syntax: Syntax, bytes: &[u8]) -> Result<Tree, DataError> {
    match syntax {
        Syntax::Json => json_tree(bytes),
        Syntax::JsonLines => json_lines(bytes),
        Syntax::Csv => csv_tree(bytes),
        Syntax::Toml => toml_tree(bytes),
    }
}

/// One JSON document. Duplicate keys and numbers that would lose digits are errors.
pub fn json_tree(bytes: &[u8]) -> Result<Tree, DataError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(DataError::new(None, "expected a JSON document, found nothing"));
    }
    serde_json::from_slice(bytes).map_err(|error| json_error(&error, 0))
}

fn json_error(error: &serde_json::Error, lines_before: usize) -> DataError {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    let what = text.strip_suffix(&place).unwrap_or(&text);
    let message = match error.classify() {
        serde_json::error::Category::Data => what.to_owned(),
        serde_json::error::Category::Eof => {
            format!("expected JSON, found its end too early: {what}")
        }
        _ => format!("expected JSON: {what}"),
    };
    let no_json = error.classify() == serde_json::error::Category::Syntax;
    DataError { no_json, ..DataError::new(Some(lines_before + error.line().max(1)), message) }
}

fn json_lines(bytes: &[u8]) -> Result<Tree, DataError> {
    let mut rows = Vec::new();
    for (place, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if !line.iter().all(u8::is_ascii_whitespace) {
            rows.push(serde_json::from_slice(line).map_err(|error| json_error(&error, place))?);
        }
    }
    if rows.is_empty() {
        return Err(DataError::new(None, "expected JSON lines, found nothing"));
    }
    Ok(Tree::List(rows))
}

fn csv_tree(bytes: &[u8]) -> Result<Tree, DataError> {
    let mut reader = csv::ReaderBuilder::new().has_headers(true).from_reader(bytes);
    let line = |error: &csv::Error| error.position().and_then(|at| usize::try_from(at.line()).ok());
    let refused = |error: csv::Error| match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => DataError::new(
            line(&error),
            format!("expected {expected_len} fields as in the header, found {len}"),
        ),
        csv::ErrorKind::Utf8 { .. } => {
            DataError::new(line(&error), "expected UTF-8 text, found other bytes")
        }
        _ => DataError::new(line(&error), format!("expected CSV: {error}")),
    };
    let header: Vec<Rc<str>> =
        reader.headers().map_err(refused)?.iter().map(|name| name.trim().into()).collect();
    if header.is_empty() {
        return Err(DataError::new(None, "expected CSV with a header, found nothing"));
    }
    for (place, name) in header.iter().enumerate() {
        if header[..place].contains(name) {
            return Err(DataError::new(Some(1), format!("two columns are called {name:?}")));
        }
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(refused)?;
        let fields = record.iter().map(|field| Tree::Scalar(Val::str(field)));
        rows.push(Tree::Map(header.iter().cloned().zip(fields).collect()));
    }
    Ok(Tree::List(rows))
}

fn toml_tree(bytes: &[u8]) -> Result<Tree, DataError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| DataError::new(None, "expected UTF-8 text, found other bytes"))?;
    toml::from_str(text).map_err(|error: toml::de::Error| {
        let line =
            error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        DataError::new(line, format!("expected TOML: {}", error.message()))
    })
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

/// From here on a whole number read as a float may have lost digits.
const EXACT: f64 = 18_446_744_073_709_551_616.0;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Scalar(Val::None))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Scalar(Val::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Scalar(Val::Int(value.into())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Scalar(Val::Int(value.into())))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Tree, E> {
        if value.abs() >= EXACT {
            return Err(E::custom(format_args!(
                "a number of {value:e} may have lost digits: write numbers above 2^64 as text"
            )));
        }
        Ok(Tree::Scalar(Val::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Scalar(Val::str(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(1 << 12));
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries: Vec<(Rc<str>, Tree)> = Vec::new();
        let mut known = std::collections::BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            let key: Rc<str> = key.into();
            if !known.insert(key.clone()) {
                return Err(de::Error::custom(format_args!("the key {key:?} is there twice")));
            }
            entries.push((key, map.next_value()?));
        }
        Ok(Tree::Map(entries))
    }
}

/// Gives every value of `tree` its place below `step`.
pub fn plant(tree: &Tree, parent: Option<PlaceId>, step: Step, places: &Places) -> Tracked {
    let id = places.add(parent, step, None);
    let val = match tree {
        Tree::Scalar(val) => val.clone(),
        Tree::List(items) => {
            let item = |(at, item)| plant(item, Some(id), Step::Index(at), places);
            Val::list(items.iter().enumerate().map(item).collect())
        }
        Tree::Map(entries) => {
            let entry = |(key, value): &(Rc<str>, Tree)| {
                (Val::Str(key.clone()), plant(value, Some(id), Step::Key(key.clone()), places))
            };
            Val::map(entries.iter().map(entry).collect::<Map>())
        }
    };
    places.fill(id, val.clone());
    Tracked { val, src: Src::One(id) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_lose_something_is_refused() {
        for (text, why) in [
            (r#"{"a":1,"a":2}"#, "there twice"),
            ("NaN", "expected JSON"),
            ("1e400", "number out of range"),
            ("18446744073709551617", "lost digits"),
            ("[1", "end too early"),
            ("  ", "found nothing"),
        ] {
            let error = json_tree(text.as_bytes()).unwrap_err();
            assert!(error.message.contains(why), "{text}: {}", error.message);
        }
        assert!(json_tree(b"18446744073709551615").is_ok());
    }

    #[test]
    fn ragged_rows_are_refused_with_their_line() {
        let error = read(Syntax::Csv, b"a,b\n1,2\n3\n").unwrap_err();
        assert_eq!(error.line, Some(3));
        assert!(read(Syntax::Csv, b"a,a\n1,2\n").is_err());
    }
}
