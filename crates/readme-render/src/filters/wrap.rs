//! Text over several lines.

use super::{Answer, Call, Filter, flag_arg, length_arg, text_arg};
use crate::engine::Flaw;
use crate::methods::text::split_lines;
use crate::ops;
use crate::value::Val;

pub(super) const FILTERS: &[(&str, Filter)] =
    &[("indent", indent), ("wordwrap", wordwrap), ("truncate", truncate)];

fn indent(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["width", "first", "blank"])?;
    let first = flag_arg(args[1].as_ref(), false);
    let blank = flag_arg(args[2].as_ref(), false);
    let indention = match args[0].as_ref().map(|width| &width.val) {
        Some(Val::Str(text)) => text.to_string(),
        Some(Val::Safe(markup)) => markup.text.clone(),
        _ => " ".repeat(length_arg(args[0].as_ref(), 4)?),
    };
    let mut lines = split_lines(&(own_text(&call)?.to_owned() + "\n"), false);
    for (place, line) in lines.iter_mut().enumerate() {
        let wanted = if place == 0 { first } else { blank || !line.is_empty() };
        if wanted {
            line.insert_str(0, &indention);
        }
    }
    call.like_input(lines.join("\n"))
}

/// The text that the input has to be: no number is cut into lines.
fn own_text<'c>(call: &'c Call<'_, '_>) -> Result<&'c str, Flaw> {
    let found = || Flaw::Error(format!("needs text, found {}", call.input.val.type_name()));
    call.input.val.as_str().ok_or_else(found)
}

fn wordwrap(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["width", "break_long_words", "wrapstring", "break_on_hyphens"])?;
    let width = length_arg(args[0].as_ref(), 79)?;
    if width == 0 {
        return Err(Flaw::Error("needs a width above 0".to_owned()));
    }
    let break_long = flag_arg(args[1].as_ref(), true);
    let newline = text_arg(args[2].as_ref().filter(|s| !matches!(s.val, Val::None)), "\n")?;
    let hyphens = flag_arg(args[3].as_ref(), true);
    let lines = split_lines(own_text(&call)?, false);
    let wrapped: Vec<String> = lines
        .iter()
        .map(|line| wrap_line(line, width, break_long, hyphens).join(&newline))
        .collect();
    Ok(Val::str(wrapped.join(&newline)).into())
}

/// One line as several of at most `width` characters, white space inside kept.
fn wrap_line(line: &str, width: usize, break_long: bool, hyphens: bool) -> Vec<String> {
    let mut chunks: Vec<String> = chunks(line, hyphens);
    chunks.reverse();
    let len = |text: &str| text.chars().count();
    let mut lines = Vec::new();
    while !chunks.is_empty() {
        let (mut current, mut used) = (Vec::new(), 0);
        if !lines.is_empty() && chunks.last().is_some_and(|chunk| chunk.trim().is_empty()) {
            chunks.pop();
        }
        while let Some(chunk) = chunks.last() {
            if used + len(chunk) > width {
                break;
            }
            used += len(chunk);
            current.extend(chunks.pop());
        }
        if let Some(chunk) = chunks.last().filter(|chunk| len(chunk) > width).cloned() {
            let room = width - used;
            if break_long {
                let cut = break_at(&chunk, room, hyphens);
                current.push(chunk.chars().take(cut).collect());
                let rest: String = chunk.chars().skip(cut).collect();
                chunks.pop();
                chunks.push(rest);
            } else if current.is_empty() {
                current.extend(chunks.pop());
            }
        }
        if current.last().is_some_and(|chunk: &String| chunk.trim().is_empty()) {
            current.pop();
        }
        if !current.is_empty() {
            lines.push(current.concat());
        }
    }
    lines
}

/// Where a word longer than the line is broken: after a hyphen if one fits.
fn break_at(chunk: &str, room: usize, hyphens: bool) -> usize {
    let room = room.max(1);
    let head: Vec<char> = chunk.chars().take(room).collect();
    let hyphen = head.iter().rposition(|c| *c == '-');
    match hyphen {
        Some(at) if hyphens && at > 0 && head[..at].iter().any(|c| *c != '-') => at + 1,
        _ => room,
    }
}

/// Words, the white space between them, and the parts of hyphenated words.
fn chunks(line: &str, hyphens: bool) -> Vec<String> {
    let mut chunks: Vec<String> = Vec::new();
    let mut current = String::new();
    let chars: Vec<char> = line.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| chars[before]);
        let boundary = before.is_some_and(|before| before.is_whitespace() != c.is_whitespace());
        let letter = |place: Option<usize>| {
            place.and_then(|p| chars.get(p)).is_some_and(|c| c.is_alphabetic())
        };
        let after_hyphen = hyphens
            && before == Some('-')
            && letter(at.checked_sub(2))
            && letter(Some(at))
            && (letter(at.checked_sub(3)) || chars.get(at.wrapping_sub(3)) == Some(&'-'))
            && (letter(Some(at + 1)) || chars.get(at + 1) == Some(&'-'));
        if (boundary || after_hyphen) && !current.is_empty() {
            chunks.push(std::mem::take(&mut current));
        }
        current.push(*c);
    }
    if !current.is_empty() {
        chunks.push(current);
    }
    chunks
}

fn truncate(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["length", "killwords", "end", "leeway"])?;
    let length = length_arg(args[0].as_ref(), 255)?;
    let kill = flag_arg(args[1].as_ref(), false);
    let end = match &args[2] {
        Some(end) => end.val.as_str().ok_or("the end has to be text".to_owned())?.to_owned(),
        None => "...".to_owned(),
    };
    let leeway = length_arg(args[3].as_ref().filter(|l| !matches!(l.val, Val::None)), 5)?;
    let end_length = end.chars().count();
    if length < end_length {
        return Err(Flaw::Error(format!("expected a length of {end_length} or more")));
    }
    // A list that is short enough is left alone, as in Python, where it has a length, too.
    let items = match &call.input.val {
        Val::List(items) => Some(items.borrow().len()),
        Val::Tuple(items) => Some(items.len()),
        Val::Map(map) => Some(map.borrow().len()),
        Val::Undefined(_) => Some(0),
        _ => None,
    };
    if items.is_some_and(|items| items <= length + leeway) {
        return Ok(call.input);
    }
    let chars: Vec<char> = own_text(&call)?.chars().collect();
    if chars.len() <= length + leeway {
        return Ok(call.input);
    }
    let end = if call.input.val.is_markup() { ops::escaped(&Val::str(end))? } else { end };
    let cut: String = chars[..length - end_length].iter().collect();
    let kept = if kill { cut.as_str() } else { cut.rsplit_once(' ').map_or(&*cut, |(k, _)| k) };
    call.like_input(format!("{kept}{end}"))
}
