//! Lists.

use std::rc::Rc;

use super::text::optional_text;
use super::{Answer, Call, Filter, flag_arg, int_arg, shown, text_arg};
use crate::engine::{Escape, Flaw};
use crate::ops;
use crate::value::{Absence, Missing, Tracked, Val};

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("length", length),
    ("count", length),
    ("list", |mut call| Ok(Val::list(call.items()?).into())),
    ("first", |mut call| pick(call.items()?.into_iter().next(), "first")),
    ("last", |mut call| pick(call.items()?.into_iter().next_back(), "last")),
    ("reverse", reverse),
    ("join", join),
    ("batch", batch),
    ("slice", slice),
];

fn length(call: Call<'_, '_>) -> Answer {
    let len = match &call.input.val {
        Val::Undefined(_) => 0,
        Val::List(items) => items.borrow().len(),
        Val::Tuple(items) | Val::Group(items) => items.len(),
        Val::Map(map) => map.borrow().len(),
        Val::Loop(state) => state.items.len(),
        text if text.is_text() => text.as_str().unwrap_or_default().chars().count(),
        other => return Err(Flaw::Error(format!("{} has no length", other.type_name()))),
    };
    Ok(Val::Int(i128::try_from(len).unwrap_or(i128::MAX)).into())
}

/// An item, or, of an empty list, something undefined.
fn pick(item: Option<Tracked>, which: &str) -> Answer {
    Ok(item.unwrap_or_else(|| {
        let path = format!("the {which} item of an empty list");
        let missing = Missing { path, src: crate::places::Src::None, kind: Absence::Local };
        Val::Undefined(Rc::new(missing)).into()
    }))
}

fn reverse(mut call: Call<'_, '_>) -> Answer {
    if call.input.val.is_text() {
        return call.like_input(call.text()?.chars().rev().collect());
    }
    let mut items = call.items()?;
    items.reverse();
    Ok(Val::Stream(Rc::new(items)).into())
}

fn join(mut call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["d", "attribute"])?;
    let separator = args[0].clone();
    let mut items = call.items()?;
    if let Some(attribute) = args[1].as_ref().filter(|a| !matches!(a.val, Val::None)) {
        let path = super::lookup::Path::new(&attribute.val)?;
        for item in &mut items {
            let found = path.of(&mut call, item)?;
            *item = call.machine.present(found, call.line)?;
        }
    }
    // Anything that stays undefined inside a list is missing here, too.
    for item in &mut items {
        *item = call.machine.present(item.clone(), call.line)?;
    }
    // The text as a whole is said to come from what holds the items, if they are many.
    for item in &items {
        call.machine.placeholders(call.line, &item.deep())?;
    }
    let separator_markup = separator.as_ref().is_some_and(|s| s.val.is_markup());
    let markup = call.machine.escape == Escape::Html
        && (separator_markup || items.iter().any(|item| item.val.is_markup()));
    let src = items.iter().fold(call.args.src(), |src, item| call.machine.join(&src, &item.deep()));
    let mut parts = Vec::with_capacity(items.len());
    for item in &items {
        parts.push(if markup { ops::escaped(&item.val)? } else { shown(&item.val)? });
    }
    let glue = match &separator {
        Some(glue) if markup => ops::escaped(&glue.val)?,
        glue => text_arg(glue.as_ref(), "")?,
    };
    let text = parts.join(&glue);
    let val = if markup { Val::safe(text) } else { Val::str(text) };
    Ok(Tracked { val, src })
}

fn batch(mut call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["linecount", "fill_with"])?;
    let size = usize::try_from(int_arg(args[0].as_ref(), 0)?).unwrap_or(0);
    if size == 0 {
        return Err(Flaw::Error("needs a line count above 0".to_owned()));
    }
    let items = call.items()?;
    let mut rows: Vec<Tracked> = Vec::new();
    for chunk in items.chunks(size) {
        let mut row = chunk.to_vec();
        if let Some(fill) = args[1].as_ref().filter(|fill| !matches!(fill.val, Val::None)) {
            row.resize(size.min(row.len() + (1 << 16)), fill.clone());
        }
        rows.push(Val::list(row).into());
    }
    Ok(Val::Stream(Rc::new(rows)).into())
}

fn slice(mut call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["slices", "fill_with"])?;
    let count = usize::try_from(int_arg(args[0].as_ref(), 0)?).unwrap_or(0);
    if count == 0 || count > 1 << 16 {
        return Err(Flaw::Error("needs a number of slices from 1 to 65536".to_owned()));
    }
    let items = call.items()?;
    let (each, longer) = (items.len() / count, items.len() % count);
    let mut rest = items.into_iter();
    let mut slices: Vec<Tracked> = Vec::new();
    for place in 0..count {
        let mut row: Vec<Tracked> =
            rest.by_ref().take(each + usize::from(place < longer)).collect();
        if let Some(fill) = args[1].as_ref().filter(|fill| !matches!(fill.val, Val::None))
            && place >= longer
        {
            row.push(fill.clone());
        }
        slices.push(Val::list(row).into());
    }
    Ok(Val::Stream(Rc::new(slices)).into())
}

/// The key that text is compared by: without case unless asked.
pub(super) fn folded(val: &Val, case_sensitive: bool) -> Val {
    match val.as_str() {
        Some(text) if !case_sensitive => Val::str(text.to_lowercase()),
        _ => val.clone(),
    }
}

/// An optional flag by position.
pub(super) fn is_set(args: &[Option<Tracked>], at: usize) -> bool {
    flag_arg(args[at].as_ref(), false)
}

/// The attribute argument as a path, if there is one.
pub(super) fn attribute(
    args: &[Option<Tracked>],
    at: usize,
) -> Result<Option<super::lookup::Path>, Flaw> {
    match &args[at] {
        Some(value) if matches!(value.val, Val::Int(_)) => {
            super::lookup::Path::new(&value.val).map(Some)
        }
        other => match optional_text(other.as_ref())? {
            Some(text) => super::lookup::Path::new(&Val::str(text)).map(Some),
            None => Ok(None),
        },
    }
}
