//! `pprint`: a value over several lines, as Python's `pprint.pformat` lays it out.

use crate::methods::text::{is_space, split_lines};
use crate::ops;
use crate::text;
use crate::value::{Tracked, Val};

/// Columns that are filled at most.
const WIDTH: isize = 80;

/// `val` in as few lines as fit; dictionaries in the order of their keys.
pub fn pretty(val: &Val) -> Result<String, String> {
    let mut out = String::new();
    let val = in_order(val);
    write(&val, Room { indent: 0, after: 0, level: 1 }, &mut out)?;
    Ok(out)
}

/// Where something is written: its column, the columns that have to be left after it, and how
/// deep inside other values it is.
#[derive(Clone, Copy)]
struct Room {
    indent: usize,
    after: usize,
    level: usize,
}

impl Room {
    fn fits(self, text: &str) -> bool {
        columns(text) <= WIDTH - signed(self.indent) - signed(self.after)
    }
}

fn signed(count: usize) -> isize {
    isize::try_from(count).unwrap_or(isize::MAX / 4)
}

fn columns(text: &str) -> isize {
    signed(text.chars().count())
}

/// The same value with every dictionary sorted by its keys.
fn in_order(val: &Val) -> Val {
    let each = |items: &[Tracked]| items.iter().map(|item| in_order(&item.val).into()).collect();
    match val {
        Val::List(items) => Val::list(each(&items.borrow())),
        Val::Tuple(items) => Val::Tuple(std::rc::Rc::new(each(items))),
        Val::Map(map) => {
            let mut entries: Vec<(Val, Tracked)> =
                map.borrow().iter().map(|(k, v)| (k.clone(), in_order(&v.val).into())).collect();
            // Keys without an order among themselves go by their kind, as in Python.
            entries.sort_by(|(a, _), (b, _)| match ops::compare(a, b) {
                Ok(Some(order)) => order,
                _ => a.type_name().cmp(b.type_name()),
            });
            Val::map(entries.into_iter().collect())
        }
        other => other.clone(),
    }
}

fn repr(val: &Val) -> Result<String, String> {
    let mut out = String::new();
    text::repr(val, &mut out)?;
    Ok(out)
}

fn write(val: &Val, room: Room, out: &mut String) -> Result<(), String> {
    let line = repr(val)?;
    if room.fits(&line) {
        out.push_str(&line);
        return Ok(());
    }
    match val {
        Val::List(items) => list(&items.borrow(), ("[", "]"), room, out),
        Val::Tuple(items) if items.len() == 1 => list(items, ("(", ",)"), room, out),
        Val::Tuple(items) => list(items, ("(", ")"), room, out),
        Val::Map(map) => {
            let map = map.borrow();
            let indent = room.indent + 1;
            out.push('{');
            for (place, (key, value)) in map.iter().enumerate() {
                begin(place, indent, out);
                let key = repr(key)?;
                out.push_str(&key);
                out.push_str(": ");
                let after = if place + 1 == map.len() { room.after + 1 } else { 1 };
                let indent = indent + key.chars().count() + 2;
                write(&value.val, Room { indent, after, level: room.level + 1 }, out)?;
            }
            out.push('}');
            Ok(())
        }
        Val::Str(text) if !text.is_empty() => {
            chunks(text, room, out);
            Ok(())
        }
        _ => {
            out.push_str(&line);
            Ok(())
        }
    }
}

fn list(
    items: &[Tracked],
    (open, close): (&str, &str),
    room: Room,
    out: &mut String,
) -> Result<(), String> {
    let indent = room.indent + 1;
    out.push_str(open);
    for (place, item) in items.iter().enumerate() {
        begin(place, indent, out);
        let after = if place + 1 == items.len() { room.after + close.len() } else { 1 };
        write(&item.val, Room { indent, after, level: room.level + 1 }, out)?;
    }
    out.push_str(close);
    Ok(())
}

/// A line of its own for every item but the first.
fn begin(place: usize, indent: usize, out: &mut String) {
    if place > 0 {
        out.push_str(",\n");
        out.push_str(&" ".repeat(indent));
    }
}

/// Long text as several literals, cut at its line ends and, where a line is too long, after blanks.
fn chunks(text: &str, mut room: Room, out: &mut String) {
    let outermost = room.level == 1;
    if outermost {
        room.indent += 1;
        room.after += 1;
    }
    let width = WIDTH - signed(room.indent);
    let lines = split_lines(text, true);
    let mut parts: Vec<String> = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let last = place + 1 == lines.len();
        let whole = literal(line);
        if columns(&whole) <= width - if last { signed(room.after) } else { 0 } {
            parts.push(whole);
            continue;
        }
        let words = words(line);
        let mut current = String::new();
        let mut room_here = width;
        for (at, word) in words.iter().enumerate() {
            if last && at + 1 == words.len() {
                room_here -= signed(room.after);
            }
            let longer = format!("{current}{word}");
            if columns(&literal(&longer)) > room_here {
                if !current.is_empty() {
                    parts.push(literal(&current));
                }
                current.clone_from(word);
            } else {
                current = longer;
            }
        }
        if !current.is_empty() {
            parts.push(literal(&current));
        }
    }
    let glue = format!("\n{}", " ".repeat(room.indent));
    let joined = parts.join(&glue);
    out.push_str(&if outermost && parts.len() > 1 { format!("({joined})") } else { joined });
}

fn literal(text: &str) -> String {
    repr(&Val::str(text)).unwrap_or_default()
}

/// Words, each with the white space after it.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut blank = true;
    for c in line.chars() {
        let space = is_space(c);
        match words.last_mut() {
            Some(word) if space || !blank => word.push(c),
            _ => words.push(c.to_string()),
        }
        blank = space;
    }
    words
}
