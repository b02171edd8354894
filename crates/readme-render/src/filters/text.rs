//! Text.

use super::entities::unescape;
use super::{Answer, Call, Filter, int_arg, length_arg, shown, text_arg};
use crate::engine::{Escape, Flaw};
use crate::landing::html_text;
use crate::methods::{case, text as python};
use crate::ops;
use crate::unicode;
use crate::value::{Tracked, Val};

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("upper", |call| call.like_input(call.text()?.to_uppercase())),
    ("lower", |call| call.like_input(call.text()?.to_lowercase())),
    ("capitalize", |call| call.like_input(case::capitalize(&call.text()?))),
    ("title", |call| Ok(Val::str(case::headline(&call.text()?)).into())),
    ("trim", trim),
    ("replace", replace),
    ("center", center),
    ("string", string),
    ("safe", safe),
    ("escape", escape),
    ("e", escape),
    ("forceescape", |call| Ok(Val::safe(html_text(&call.text()?)).into())),
    ("striptags", |call| Ok(Val::str(strip_tags(&call.text()?)).into())),
    ("wordcount", wordcount),
    ("format", format),
    ("urlencode", urlencode),
    ("md", |call| Ok(Val::safe(::escape::markdown::inline(&call.text()?)).into())),
    ("code", |call| Ok(Val::safe(::escape::markdown::code(&call.text()?)).into())),
    ("anchor", |call| Ok(Val::str(crate::anchor::slug(&call.text()?)).into())),
    ("mermaid", |call| Ok(Val::safe(mermaid(&call.text()?)).into())),
];

fn trim(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["chars"])?;
    let text = call.text()?;
    let trimmed = match &args[0] {
        Some(chars) if !matches!(chars.val, Val::None) => {
            let chars: Vec<char> = shown(&chars.val)?.chars().collect();
            text.trim_matches(|c| chars.contains(&c)).to_owned()
        }
        _ => text.trim_matches(python::is_space).to_owned(),
    };
    call.like_input(trimmed)
}

fn replace(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["old", "new", "count"])?;
    let (Some(old), Some(new)) = (&args[0], &args[1]) else {
        return Err(Flaw::Error("needs what to replace and by what".to_owned()));
    };
    let count = args[2].as_ref().filter(|count| !matches!(count.val, Val::None));
    let count = int_arg(count, -1)?;
    // As in markupsafe: what is looked for is taken as it is, what is put in becomes markup.
    let markup = call.input.val.is_markup() || old.val.is_markup() || new.val.is_markup();
    if call.machine.escape != Escape::Html || !markup {
        let text = call.text()?;
        let (old, new) = (shown(&old.val)?, shown(&new.val)?);
        return call.like_input(python::replace(&text, &old, &new, count));
    }
    let text = ops::escaped(&call.input.val)?;
    let (old, new) = (shown(&old.val)?, ops::escaped(&new.val)?);
    Ok(Val::safe(python::replace(&text, &old, &new, count)).into())
}

fn center(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["width"])?;
    let width = length_arg(args[0].as_ref(), 80)?;
    call.like_input(python::center(&call.text()?, width, ' '))
}

fn string(call: Call<'_, '_>) -> Answer {
    if call.input.val.is_markup() {
        return Ok(call.input);
    }
    Ok(Val::str(call.text()?).into())
}

/// Markup from here on; the ledger says so.
fn safe(call: Call<'_, '_>) -> Answer {
    if let Val::Safe(markup) = &call.input.val
        && !markup.plain
    {
        return Ok(call.input);
    }
    Ok(Val::safe(call.text()?).into())
}

/// HTML's escaping, whatever is written; in Markdown that of Markdown.
fn escape(call: Call<'_, '_>) -> Answer {
    if call.input.val.is_markup() {
        return Ok(call.input);
    }
    Ok(match call.machine.escape {
        Escape::Markdown => Val::safe(::escape::markdown::inline(&call.text()?)),
        _ => Val::safe(html_text(&call.text()?)),
    }
    .into())
}

/// Without tags and comments, white space joined, character references as characters.
pub(crate) fn strip_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let comment = rest[open..].starts_with("<!--");
        let (from, mark) = if comment { (open + 4, "-->") } else { (open, ">") };
        let Some(end) = rest[from..].find(mark) else { break };
        out.push_str(&rest[..open]);
        rest = &rest[from + end + mark.len()..];
    }
    out.push_str(rest);
    let words: Vec<&str> = out.split(python::is_space).filter(|word| !word.is_empty()).collect();
    unescape(&words.join(" "))
}

fn wordcount(call: Call<'_, '_>) -> Answer {
    let text = call.text()?;
    let mut words = 0;
    let mut inside = false;
    for c in text.chars() {
        let word = unicode::is_letter(c) || unicode::is_numeric(c) || c == '_';
        words += i128::from(word && !inside);
        inside = word;
    }
    Ok(Val::Int(words).into())
}

fn format(call: Call<'_, '_>) -> Answer {
    let template = call.text()?;
    let values = if call.args.named.is_empty() {
        Val::Tuple(std::rc::Rc::new(call.args.pos.clone()))
    } else if call.args.pos.is_empty() {
        let named = call.args.named.iter().map(|(k, v)| (Val::Str(k.clone()), v.clone()));
        Val::map(named.collect())
    } else {
        return Err(Flaw::Error("takes values by position or by name, not both".to_owned()));
    };
    let values = if call.input.val.is_markup() { ops::inert(&values) } else { values };
    call.like_input(crate::format::percent(&template, &values)?)
}

fn urlencode(mut call: Call<'_, '_>) -> Answer {
    let pairs =
        matches!(call.input.val, Val::Map(_) | Val::List(_) | Val::Tuple(_) | Val::Stream(_));
    if !pairs {
        return Ok(Val::str(percent_encode(&call.text()?, b"/")).into());
    }
    let pairs: Vec<(Val, Val)> = match &call.input.val {
        Val::Map(map) => map.borrow().iter().map(|(k, v)| (k.clone(), v.val.clone())).collect(),
        _ => {
            let mut pairs = Vec::new();
            for pair in call.items()? {
                match call.machine.items(&pair, call.line)?.as_slice() {
                    [key, value] => pairs.push((key.val.clone(), value.val.clone())),
                    _ => return Err(Flaw::Error("needs pairs".to_owned())),
                }
            }
            pairs
        }
    };
    let encode = |val: &Val| -> Result<String, Flaw> {
        Ok(percent_encode(&shown(val)?, b"").replace("%20", "+"))
    };
    let mut parts = Vec::with_capacity(pairs.len());
    for (key, value) in &pairs {
        parts.push(format!("{}={}", encode(key)?, encode(value)?));
    }
    Ok(Val::str(parts.join("&")).into())
}

/// Percent codes for everything but RFC 3986's unreserved characters and `keep`.
pub(super) fn percent_encode(text: &str, keep: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || keep.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Our own: text as a Mermaid label, quotes included.
fn mermaid(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '#' => out.push_str("#35;"),
            ';' => out.push_str("#59;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            '&' => out.push_str("#amp;"),
            '`' => out.push_str("#96;"),
            '\\' => out.push_str("#92;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The second argument of `join` and others that take text or nothing.
pub(super) fn optional_text(arg: Option<&Tracked>) -> Result<Option<String>, Flaw> {
    match arg {
        None => Ok(None),
        Some(value) if matches!(value.val, Val::None) => Ok(None),
        some => text_arg(some, "").map(Some),
    }
}
