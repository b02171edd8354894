//! Methods of text that look for a part of it.

use super::text::needed;
use crate::engine::Flaw;
use crate::filters::Args;
use crate::value::Val;

/// `find`, `rfind`, `index`, `rindex` and `count`, each with an optional start and end.
pub fn find(text: &str, name: &str, args: &Args) -> Result<Val, Flaw> {
    let part = needed(args.pos.first())?;
    let Some((before, text)) = window(text, args)? else {
        return match name {
            "count" => Ok(Val::Int(0)),
            "find" | "rfind" => Ok(Val::Int(-1)),
            _ => Err(absent()),
        };
    };
    let place = |at: usize| i128::try_from(before + text[..at].chars().count()).ok();
    let found = match name {
        "count" if part.is_empty() => i128::try_from(text.chars().count() + 1).ok(),
        "count" => i128::try_from(text.matches(part.as_str()).count()).ok(),
        "find" | "index" => text.find(&part).and_then(place),
        _ => text.rfind(&part).and_then(place),
    };
    match (found, name) {
        (Some(found), _) => Ok(Val::Int(found)),
        (None, "find" | "rfind") => Ok(Val::Int(-1)),
        (None, _) => Err(absent()),
    }
}

fn absent() -> Flaw {
    Flaw::Error("the text does not hold it".to_owned())
}

/// `startswith` and `endswith`: of one text or of any of a tuple.
pub fn affix(text: &str, at_end: bool, args: &Args) -> Result<bool, Flaw> {
    let window = window(text, args)?;
    let matches = |part: &str| {
        window.is_some_and(
            |(_, text)| {
                if at_end { text.ends_with(part) } else { text.starts_with(part) }
            },
        )
    };
    let needs = || Flaw::Error("needs text, or a tuple of texts".to_owned());
    match args.pos.first().map(|arg| &arg.val) {
        Some(Val::Tuple(options)) => {
            let texts: Option<Vec<&str>> = options.iter().map(|one| one.val.as_str()).collect();
            Ok(texts.ok_or_else(needs)?.into_iter().any(matches))
        }
        Some(val) => val.as_str().map(matches).ok_or_else(needs),
        None => Err(needs()),
    }
}

/// The text between the second and the third argument, and how many letters stand before it; none
/// if it would begin after its end.
fn window<'t>(text: &'t str, args: &Args) -> Result<Option<(usize, &'t str)>, Flaw> {
    let bound = |at: usize, default: i128| match args.pos.get(at).map(|arg| &arg.val) {
        None | Some(Val::None) => Ok(default),
        Some(Val::Int(bound)) => Ok(*bound),
        Some(Val::Bool(bound)) => Ok(i128::from(*bound)),
        Some(other) => {
            Err(Flaw::Error(format!("expected a whole number, found {}", other.type_name())))
        }
    };
    let (start, end) = (bound(1, 0)?, bound(2, i128::MAX)?);
    if (start, end) == (0, i128::MAX) {
        return Ok(Some((0, text)));
    }
    let len = i128::try_from(text.chars().count()).unwrap_or(i128::MAX);
    let from_start = |at: i128| if at < 0 { at.saturating_add(len).max(0) } else { at };
    let (start, end) = (from_start(start), from_start(end).min(len));
    if start > end {
        return Ok(None);
    }
    let byte = |at: i128| {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
    };
    let before = usize::try_from(start).unwrap_or(0);
    Ok(Some((before, &text[byte(start)..byte(end)])))
}
