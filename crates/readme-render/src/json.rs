//! JSON text to values and back, for the filters.

use std::fmt::Write;

use crate::data::{self, Tree};
use crate::text;
use crate::value::{Tracked, Val};

/// A value as JSON: keys sorted and everything outside ASCII as `\u` codes, as Jinja2's `tojson`.
pub fn write(val: &Val, indent: Option<usize>) -> Result<String, String> {
    let mut out = String::new();
    put(val, indent, 0, &mut out)?;
    Ok(out)
}

fn put(val: &Val, indent: Option<usize>, depth: usize, out: &mut String) -> Result<(), String> {
    match val {
        Val::None => out.push_str("null"),
        Val::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Val::Int(_) => text::write_display(val, out)?,
        Val::Float(value) if value.is_finite() => out.push_str(&text::float(*value)),
        Val::Float(_) => return Err("JSON has no infinity and no NaN".to_owned()),
        Val::List(items) => array(&items.borrow(), indent, depth, out)?,
        Val::Tuple(items) | Val::Group(items) => array(items, indent, depth, out)?,
        Val::Map(map) => {
            let map = map.borrow();
            let mut entries = Vec::with_capacity(map.len());
            for (key, value) in map.iter() {
                let key = match key {
                    Val::Str(key) => key.to_string(),
                    Val::None | Val::Bool(_) | Val::Int(_) | Val::Float(_) => write(key, None)?,
                    other => return Err(format!("{} is no key in JSON", other.type_name())),
                };
                entries.push((key, value));
            }
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            object(&entries, indent, depth, out)?;
        }
        other => match other.as_str() {
            Some(text) => string(text, out),
            None => return Err(format!("{} has no JSON", other.type_name())),
        },
    }
    Ok(())
}

fn object(
    entries: &[(String, &Tracked)],
    indent: Option<usize>,
    depth: usize,
    out: &mut String,
) -> Result<(), String> {
    out.push('{');
    for (place, (key, value)) in entries.iter().enumerate() {
        separate(place, indent, depth + 1, out);
        string(key, out);
        out.push_str(": ");
        put(&value.val, indent, depth + 1, out)?;
    }
    if !entries.is_empty() {
        line(indent, depth, out);
    }
    out.push('}');
    Ok(())
}

fn array(
    items: &[Tracked],
    indent: Option<usize>,
    depth: usize,
    out: &mut String,
) -> Result<(), String> {
    out.push('[');
    for (place, item) in items.iter().enumerate() {
        separate(place, indent, depth + 1, out);
        put(&item.val, indent, depth + 1, out)?;
    }
    if !items.is_empty() {
        line(indent, depth, out);
    }
    out.push(']');
    Ok(())
}

fn separate(place: usize, indent: Option<usize>, depth: usize, out: &mut String) {
    if place > 0 {
        out.push_str(if indent.is_some() { "," } else { ", " });
    }
    line(indent, depth, out);
}

fn line(indent: Option<usize>, depth: usize, out: &mut String) {
    if let Some(width) = indent {
        out.push('\n');
        out.push_str(&" ".repeat(width * depth));
    }
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

/// JSON text as a value without places.
pub fn read(text: &str) -> Result<Val, String> {
    let tree = data::json_tree(text.as_bytes()).map_err(|error| error.message)?;
    Ok(bare(&tree))
}

/// A tree as a value without places.
pub fn bare(tree: &Tree) -> Val {
    match tree {
        Tree::Scalar(val) => val.clone(),
        Tree::List(items) => Val::list(items.iter().map(|item| bare(item).into()).collect()),
        Tree::Map(entries) => Val::map(
            entries
                .iter()
                .map(|(key, value)| (Val::Str(key.clone()), bare(value).into()))
                .collect(),
        ),
    }
}
