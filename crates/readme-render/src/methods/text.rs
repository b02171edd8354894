//! Methods of text.

use crate::engine::{Flaw, Machine};
use crate::filters::{Args, int_arg, length_arg, shown, text_arg};
use crate::format;
use crate::value::{Tracked, Val};

pub(super) const NAMES: [&str; 35] = [
    "upper",
    "lower",
    "capitalize",
    "title",
    "strip",
    "lstrip",
    "rstrip",
    "split",
    "rsplit",
    "splitlines",
    "replace",
    "startswith",
    "endswith",
    "join",
    "format",
    "find",
    "rfind",
    "index",
    "count",
    "isdigit",
    "isalpha",
    "isalnum",
    "isspace",
    "isupper",
    "islower",
    "isnumeric",
    "isdecimal",
    "zfill",
    "rjust",
    "ljust",
    "center",
    "swapcase",
    "removeprefix",
    "removesuffix",
    "partition",
];

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
    let text = object.val.as_str().unwrap_or_default();
    let like = |text: String| if object.val.is_markup() { Val::safe(text) } else { Val::str(text) };
    let arg = |at: usize| args.pos.get(at);
    let val = match name {
        "upper" => like(text.to_uppercase()),
        "lower" => like(text.to_lowercase()),
        "capitalize" => like(capitalize(text)),
        "title" => like(title(text)),
        "swapcase" => like(swapcase(text)),
        "strip" | "lstrip" | "rstrip" => like(strip(text, name, arg(0))?),
        "split" | "rsplit" => split(text, name == "rsplit", args)?,
        "splitlines" => list(split_lines(text, arg(0).is_some_and(|keep| keep.val.truth()))),
        "replace" => {
            let (old, new) = (text_arg(arg(0), "")?, text_arg(arg(1), "")?);
            like(replace(text, &old, &new, int_arg(arg(2), -1)?))
        }
        "startswith" => Val::Bool(affix(arg(0), |affix| text.starts_with(affix))?),
        "endswith" => Val::Bool(affix(arg(0), |affix| text.ends_with(affix))?),
        "join" => {
            let items = arg(0).cloned().ok_or_else(|| Flaw::Error("needs a list".to_owned()))?;
            let mut parts = Vec::new();
            for item in machine.items(&items, line)? {
                let item = machine.present(item, line)?;
                let part = item.val.as_str().map(str::to_owned);
                parts.push(part.ok_or_else(|| {
                    Flaw::Error(format!("joins text, found {}", item.val.type_name()))
                })?);
            }
            like(parts.join(text))
        }
        "format" => {
            let named = |name: &str| {
                args.named.iter().find(|(known, _)| **known == *name).map(|(_, v)| v.clone())
            };
            like(format::braces(text, &args.pos, &named)?)
        }
        "removeprefix" => {
            like(text.strip_prefix(text_arg(arg(0), "")?.as_str()).unwrap_or(text).to_owned())
        }
        "removesuffix" => {
            like(text.strip_suffix(text_arg(arg(0), "")?.as_str()).unwrap_or(text).to_owned())
        }
        "partition" => {
            let sep = text_arg(arg(0), "")?;
            let (before, found, after) = match text.split_once(sep.as_str()) {
                Some((before, after)) => (before, sep.as_str(), after),
                None => (text, "", ""),
            };
            let parts = [before, found, after].map(|part| Val::str(part).into());
            Val::Tuple(std::rc::Rc::new(parts.to_vec()))
        }
        "zfill" | "rjust" | "ljust" | "center" => like(padded(text, name, args)?),
        "find" | "rfind" | "index" | "count" => searched(text, name, &text_arg(arg(0), "")?)?,
        _ => Val::Bool(asks(text, name)),
    };
    Ok(val.into())
}

fn list(parts: Vec<String>) -> Val {
    Val::list(parts.into_iter().map(|part| Val::str(part).into()).collect())
}

/// First letter upper case, the rest lower.
#[must_use]
pub fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect(),
        None => String::new(),
    }
}

/// `str.title`: a word begins after anything that is no letter.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            out.extend(c.to_uppercase());
        }
        inside = c.is_alphabetic();
    }
    out
}

fn swapcase(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_uppercase() { out.extend(c.to_lowercase()) } else { out.extend(c.to_uppercase()) }
    }
    out
}

fn strip(text: &str, name: &str, chars: Option<&Tracked>) -> Result<String, Flaw> {
    let chars: Option<Vec<char>> = match chars.map(|chars| &chars.val) {
        None | Some(Val::None) => None,
        Some(chars) => Some(shown(chars)?.chars().collect()),
    };
    let drop = |c: char| chars.as_ref().map_or_else(|| is_space(c), |chars| chars.contains(&c));
    Ok(match name {
        "lstrip" => text.trim_start_matches(drop),
        "rstrip" => text.trim_end_matches(drop),
        _ => text.trim_matches(drop),
    }
    .to_owned())
}

fn split(text: &str, from_end: bool, args: &Args) -> Result<Val, Flaw> {
    let args = args.bind(&["sep", "maxsplit"])?;
    let most = usize::try_from(int_arg(args[1].as_ref(), -1)?).unwrap_or(usize::MAX - 1);
    let separator = match args[0].as_ref().map(|sep| &sep.val) {
        None | Some(Val::None) => None,
        Some(sep) => Some(shown(sep)?),
    };
    let mut parts: Vec<String> = match separator {
        Some(sep) if sep.is_empty() => {
            return Err(Flaw::Error("an empty separator".to_owned()));
        }
        Some(sep) if from_end => text.rsplitn(most + 1, sep.as_str()).map(str::to_owned).collect(),
        Some(sep) => text.splitn(most + 1, sep.as_str()).map(str::to_owned).collect(),
        None => return Ok(list(split_space(text, most, from_end))),
    };
    if from_end {
        parts.reverse();
    }
    Ok(list(parts))
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
    let fill = text_arg(args.pos.get(1), " ")?.chars().next().unwrap_or(' ');
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

fn affix(arg: Option<&Tracked>, matches: impl Fn(&str) -> bool) -> Result<bool, Flaw> {
    match arg.map(|arg| &arg.val) {
        Some(Val::Tuple(options)) => {
            Ok(options.iter().filter_map(|option| option.val.as_str()).any(matches))
        }
        Some(val) if val.is_text() => Ok(matches(val.as_str().unwrap_or_default())),
        _ => Err(Flaw::Error("needs text".to_owned())),
    }
}

fn searched(text: &str, name: &str, part: &str) -> Result<Val, Flaw> {
    let place = |at: usize| i128::try_from(text[..at].chars().count()).unwrap_or(i128::MAX);
    let found = match name {
        "count" if part.is_empty() => place(text.len()) + 1,
        "count" => i128::try_from(text.matches(part).count()).unwrap_or(i128::MAX),
        "rfind" => text.rfind(part).map_or(-1, place),
        "find" => text.find(part).map_or(-1, place),
        _ => text
            .find(part)
            .map(place)
            .ok_or_else(|| Flaw::Error("the text does not hold it".to_owned()))?,
    };
    Ok(Val::Int(found))
}

fn asks(text: &str, name: &str) -> bool {
    let all = |test: fn(char) -> bool| !text.is_empty() && text.chars().all(test);
    match name {
        "isdigit" | "isdecimal" => all(|c| c.is_ascii_digit()),
        "isnumeric" => all(char::is_numeric),
        "isalpha" => all(char::is_alphabetic),
        "isalnum" => all(char::is_alphanumeric),
        "isspace" => all(is_space),
        "isupper" => text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase),
        _ => text.chars().any(char::is_lowercase) && !text.chars().any(char::is_uppercase),
    }
}
