//! Methods of text.

use super::{case, search};
use crate::engine::{Flaw, Machine};
use crate::filters::{Args, int_arg, length_arg};
use crate::format;
use crate::ops;
use crate::value::{Tracked, Val};

/// Methods with the most arguments they take.
const METHODS: [(&str, usize); 44] = [
    ("upper", 0),
    ("lower", 0),
    ("capitalize", 0),
    ("casefold", 0),
    ("title", 0),
    ("swapcase", 0),
    ("strip", 1),
    ("lstrip", 1),
    ("rstrip", 1),
    ("split", 2),
    ("rsplit", 2),
    ("splitlines", 1),
    ("replace", 3),
    ("startswith", 3),
    ("endswith", 3),
    ("join", 1),
    ("format", usize::MAX),
    ("find", 3),
    ("rfind", 3),
    ("index", 3),
    ("rindex", 3),
    ("count", 3),
    ("isdigit", 0),
    ("isalpha", 0),
    ("isalnum", 0),
    ("isascii", 0),
    ("isspace", 0),
    ("isupper", 0),
    ("islower", 0),
    ("istitle", 0),
    ("isnumeric", 0),
    ("isdecimal", 0),
    ("isprintable", 0),
    ("zfill", 1),
    ("rjust", 2),
    ("ljust", 2),
    ("center", 2),
    ("removeprefix", 1),
    ("removesuffix", 1),
    ("partition", 1),
    ("rpartition", 1),
    ("expandtabs", 1),
    ("striptags", 0),
    ("unescape", 0),
];

/// Whether text has the method `name`; two only markup has.
#[must_use]
pub fn has(name: &str, markup: bool) -> bool {
    METHODS.iter().any(|(known, _)| *known == name)
        && (markup || !matches!(name, "striptags" | "unescape"))
}

/// What Python takes for white space.
#[must_use]
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

pub(super) fn call(
    machine: &mut Machine<'_>,
    object: &Tracked,
    name: &str,
    args: &Args,
    line: u32,
) -> Result<Tracked, Flaw> {
    bounded(name, args)?;
    let text = object.val.as_str().unwrap_or_default();
    let markup = object.val.is_markup();
    let like = |text: String| if markup { Val::safe(text) } else { Val::str(text) };
    let list = |parts: Vec<String>| Val::list(parts.into_iter().map(|p| like(p).into()).collect());
    let arg = |at: usize| args.pos.get(at);
    // What is put into markup becomes markup first.
    let put = |arg: Option<&Tracked>| match arg {
        Some(value) if markup => Ok(ops::escaped(&value.val)?),
        arg => needed(arg),
    };
    let val = match name {
        "upper" => like(text.to_uppercase()),
        "lower" => like(text.to_lowercase()),
        "casefold" if text.is_ascii() => like(text.to_ascii_lowercase()),
        "casefold" => return Err(Flaw::Error("works on ASCII text only".to_owned())),
        "capitalize" => like(case::capitalize(text)),
        "title" => like(case::title(text)),
        "swapcase" => like(case::swapped(text)),
        "strip" | "lstrip" | "rstrip" => like(strip(text, name, arg(0))?),
        "split" | "rsplit" => list(split(text, name == "rsplit", args)?),
        "splitlines" => list(split_lines(text, arg(0).is_some_and(|keep| keep.val.truth()))),
        "replace" => {
            let old = needed(arg(0))?;
            like(replace(text, &old, &put(arg(1))?, int_arg(arg(2), -1)?))
        }
        "join" => {
            let items = arg(0).cloned().ok_or_else(|| Flaw::Error("needs a list".to_owned()))?;
            let mut parts = Vec::new();
            for item in machine.items(&items, line)? {
                let item = machine.present(item, line)?;
                if !item.val.is_text() && !markup {
                    let found = item.val.type_name();
                    return Err(Flaw::Error(format!("joins text, found {found}")));
                }
                parts.push(put(Some(&item))?);
            }
            like(parts.join(text))
        }
        "format" => like(format(text, markup, args)?),
        "removeprefix" => {
            like(text.strip_prefix(needed(arg(0))?.as_str()).unwrap_or(text).to_owned())
        }
        "removesuffix" => {
            like(text.strip_suffix(needed(arg(0))?.as_str()).unwrap_or(text).to_owned())
        }
        "partition" | "rpartition" => {
            let parts = parted(text, &needed(arg(0))?, name == "rpartition")?;
            Val::Tuple(std::rc::Rc::new(parts.map(|part| like(part).into()).to_vec()))
        }
        "expandtabs" => like(expand_tabs(text, length_arg(arg(0), 8)?)),
        "striptags" => Val::str(crate::filters::strip_tags(text)),
        "unescape" => Val::str(crate::filters::unescape(text)),
        "zfill" | "rjust" | "ljust" | "center" => like(padded(text, name, args)?),
        "find" | "rfind" | "index" | "rindex" | "count" => search::find(text, name, args)?,
        "startswith" | "endswith" => Val::Bool(search::affix(text, name == "endswith", args)?),
        _ => Val::Bool(case::asks(text, name)),
    };
    Ok(val.into())
}

/// Text that has to be given.
pub(super) fn needed(arg: Option<&Tracked>) -> Result<String, Flaw> {
    match arg {
        Some(arg) => only_text(&arg.val).map(str::to_owned),
        None => Err(Flaw::Error("needs text".to_owned())),
    }
}

fn only_text(val: &Val) -> Result<&str, Flaw> {
    val.as_str().ok_or_else(|| Flaw::Error(format!("needs text, found {}", val.type_name())))
}

/// More arguments than the method takes, or ones by name where it has none, are an error: they
/// would be ignored without a word.
fn bounded(name: &str, args: &Args) -> Result<(), Flaw> {
    let most = METHODS.iter().find(|(known, _)| *known == name).map_or(0, |(_, most)| *most);
    let by_name = matches!(name, "format" | "split" | "rsplit");
    match (args.pos.len() > most, args.named.first()) {
        (true, _) => Err(Flaw::Error(format!("takes {most} arguments at most"))),
        (_, Some((known, _))) if !by_name => {
            Err(Flaw::Error(format!("takes {known} by its place only")))
        }
        _ => Ok(()),
    }
}

fn format(text: &str, markup: bool, args: &Args) -> Result<String, String> {
    let own = |value: &Tracked| match markup {
        true => Tracked { val: ops::inert(&value.val), src: value.src.clone() },
        false => value.clone(),
    };
    let pos: Vec<Tracked> = args.pos.iter().map(own).collect();
    let named =
        |name: &str| args.named.iter().find(|(known, _)| **known == *name).map(|(_, v)| own(v));
    format::braces(text, &pos, &named)
}

/// Before, the separator, after; where there is none, the whole text is at the far side of it.
fn parted(text: &str, separator: &str, from_end: bool) -> Result<[String; 3], Flaw> {
    if separator.is_empty() {
        return Err(Flaw::Error("an empty separator".to_owned()));
    }
    let cut = if from_end { text.rsplit_once(separator) } else { text.split_once(separator) };
    Ok(match (cut, from_end) {
        (Some((before, after)), _) => [before, separator, after],
        (None, false) => [text, "", ""],
        (None, true) => ["", "", text],
    }
    .map(str::to_owned))
}

/// Tabs as blanks up to the next multiple of `size`.
fn expand_tabs(text: &str, size: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = 0;
    for c in text.chars() {
        match c {
            '\t' if size > 0 => {
                let blanks = size - column % size;
                out.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
            }
            '\t' => {}
            c => {
                column = if matches!(c, '\n' | '\r') { 0 } else { column + 1 };
                out.push(c);
            }
        }
    }
    out
}

fn strip(text: &str, name: &str, chars: Option<&Tracked>) -> Result<String, Flaw> {
    let chars: Option<Vec<char>> = match chars.map(|chars| &chars.val) {
        None | Some(Val::None) => None,
        Some(chars) => Some(only_text(chars)?.chars().collect()),
    };
    let drop = |c: char| chars.as_ref().map_or_else(|| is_space(c), |chars| chars.contains(&c));
    Ok(match name {
        "lstrip" => text.trim_start_matches(drop),
        "rstrip" => text.trim_end_matches(drop),
        _ => text.trim_matches(drop),
    }
    .to_owned())
}

fn split(text: &str, from_end: bool, args: &Args) -> Result<Vec<String>, Flaw> {
    let args = args.bind(&["sep", "maxsplit"])?;
    let most = usize::try_from(int_arg(args[1].as_ref(), -1)?).unwrap_or(usize::MAX - 1);
    let separator = match args[0].as_ref().map(|sep| &sep.val) {
        None | Some(Val::None) => None,
        Some(sep) => Some(only_text(sep)?.to_owned()),
    };
    let mut parts: Vec<String> = match separator {
        Some(sep) if sep.is_empty() => {
            return Err(Flaw::Error("an empty separator".to_owned()));
        }
        Some(sep) if from_end => text.rsplitn(most + 1, sep.as_str()).map(str::to_owned).collect(),
        Some(sep) => text.splitn(most + 1, sep.as_str()).map(str::to_owned).collect(),
        None => return Ok(split_space(text, most, from_end)),
    };
    if from_end {
        parts.reverse();
    }
    Ok(parts)
}

fn split_space(text: &str, most: usize, from_end: bool) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text.trim_matches(is_space);
    while !rest.is_empty() && parts.len() < most {
        let cut = if from_end { rest.rfind(is_space) } else { rest.find(is_space) };
        let Some(at) = cut else { break };
        let width = rest[at..].chars().next().map_or(1, char::len_utf8);
        let (before, after) = (&rest[..at], &rest[at + width..]);
        let (part, left) = if from_end { (after, before) } else { (before, after) };
        parts.push(part.to_owned());
        rest = left.trim_matches(is_space);
    }
    if !rest.is_empty() {
        parts.push(rest.to_owned());
    }
    if from_end {
        parts.reverse();
    }
    parts
}

/// Lines as `str.splitlines` cuts them.
#[must_use]
pub fn split_lines(text: &str, keep: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let breaks = matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'
                ..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        );
        if !breaks {
            line.push(c);
            continue;
        }
        if keep {
            line.push(c);
        }
        if c == '\r' && chars.peek() == Some(&'\n') {
            chars.next();
            if keep {
                line.push('\n');
            }
        }
        lines.push(std::mem::take(&mut line));
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// The first `count` occurrences replaced; all if it is negative.
#[must_use]
pub fn replace(text: &str, old: &str, new: &str, count: i128) -> String {
    match usize::try_from(count) {
        Ok(count) => text.replacen(old, new, count),
        Err(_) => text.replace(old, new),
    }
}

/// In the middle of `width`; an odd blank goes where Python puts it.
#[must_use]
pub fn center(text: &str, width: usize, fill: char) -> String {
    let length = text.chars().count();
    let missing = width.saturating_sub(length);
    let left = missing / 2 + (missing & width & 1);
    let pad = |count: usize| fill.to_string().repeat(count);
    format!("{}{text}{}", pad(left), pad(missing - left))
}

fn padded(text: &str, name: &str, args: &Args) -> Result<String, Flaw> {
    let width = length_arg(args.pos.first(), 0)?;
    let fill = args.pos.get(1).map_or(Ok(" "), |fill| only_text(&fill.val))?;
    let mut one = fill.chars();
    let (Some(fill), None) = (one.next(), one.next()) else {
        return Err(Flaw::Error(format!("fills up with one character, not {fill:?}")));
    };
    let missing = width.saturating_sub(text.chars().count());
    let pad = |c: char| c.to_string().repeat(missing);
    Ok(match name {
        "rjust" => pad(fill) + text,
        "ljust" => text.to_owned() + &pad(fill),
        "center" => center(text, width, fill),
        _ => {
            let sign = text.len() - text.trim_start_matches(['+', '-']).len();
            let sign = sign.min(1);
            format!("{}{}{}", &text[..sign], pad('0'), &text[sign..])
        }
    })
}
