//! Filters that look into the items of a list.

use std::cmp::Ordering;
use std::rc::Rc;

use super::lists::{attribute, folded, is_set};
use super::{Answer, Call, Filter, apply};
use crate::engine::{Flaw, Machine};
use crate::ops;
use crate::places::Src;
use crate::predicates;
use crate::value::{Tracked, Val};

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("map", map),
    ("select", |call| select(call, true, false)),
    ("reject", |call| select(call, false, false)),
    ("selectattr", |call| select(call, true, true)),
    ("rejectattr", |call| select(call, false, true)),
    ("sort", sort),
    ("unique", unique),
    ("groupby", groupby),
    ("min", |call| extreme(call, Ordering::Less)),
    ("max", |call| extreme(call, Ordering::Greater)),
    ("sum", sum),
];

/// A dotted attribute: `a.b.0`.
#[derive(Clone, Debug)]
pub(super) struct Path(Vec<Val>);

impl Path {
    /// The path that `val` names.
    pub fn new(val: &Val) -> Result<Self, Flaw> {
        if let Val::Int(_) = val {
            return Ok(Self(vec![val.clone()]));
        }
        let Some(text) = val.as_str() else {
            let found = val.type_name();
            return Err(Flaw::Error(format!("expected the name of an attribute, found {found}")));
        };
        let step = |step: &str| match step.parse::<i128>() {
            Ok(index) if step.bytes().all(|b| b.is_ascii_digit()) => Val::Int(index),
            _ => Val::str(step),
        };
        Ok(Self(text.split('.').map(step).collect()))
    }

    /// What an item has there; perhaps nothing.
    pub fn of(&self, call: &mut Call<'_, '_>, item: &Tracked) -> Answer {
        self.on(call.machine, item, call.line)
    }

    /// What an item has there, or the default, which takes the place of each step that is missing.
    fn or(&self, call: &mut Call<'_, '_>, item: &Tracked, default: Option<&Tracked>) -> Answer {
        let mut value = item.clone();
        for step in &self.0 {
            value = call.machine.item(&value, &Tracked::bare(step.clone()), call.line)?;
            if let (Val::Undefined(missing), Some(default)) = (&value.val, default) {
                let missing = missing.clone();
                call.machine.may_ask(&missing, call.line)?;
                value = Tracked { val: default.val.clone(), src: missing.src.clone() };
            }
        }
        call.machine.present(value, call.line)
    }

    fn on(&self, machine: &mut Machine<'_>, item: &Tracked, line: u32) -> Answer {
        let mut value = item.clone();
        for step in &self.0 {
            value = machine.item(&value, &Tracked::bare(step.clone()), line)?;
        }
        Ok(value)
    }
}

fn stream(items: Vec<Tracked>) -> Answer {
    Ok(Val::Stream(Rc::new(items)).into())
}

fn map(mut call: Call<'_, '_>) -> Answer {
    let items = call.items()?;
    let mut out = Vec::with_capacity(items.len());
    if call.args.pos.is_empty() {
        let args = call.args.bind(&["attribute", "default"])?;
        let Some(path) = attribute(&args, 0)? else {
            return Err(Flaw::Error("needs a filter or attribute=".to_owned()));
        };
        for item in &items {
            out.push(path.or(&mut call, item, args[1].as_ref())?);
        }
        return stream(out);
    }
    let name = super::shown(&call.args.pos.remove(0).val)?;
    for item in items {
        out.push(apply(call.machine, &name, item, call.args.clone(), call.line)?);
    }
    stream(out)
}

fn select(mut call: Call<'_, '_>, wanted: bool, by_attribute: bool) -> Answer {
    let items = call.items()?;
    let path = if by_attribute {
        if call.args.pos.is_empty() {
            return Err(Flaw::Error("needs the name of an attribute".to_owned()));
        }
        Some(Path::new(&call.args.pos.remove(0).val)?)
    } else {
        None
    };
    let test = match call.args.pos.is_empty() {
        true => None,
        false => Some(super::shown(&call.args.pos.remove(0).val)?),
    };
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let tested = match &path {
            Some(path) => path.of(&mut call, &item)?,
            None => item.clone(),
        };
        let holds = match &test {
            Some(test) => {
                let args = call.args.clone();
                predicates::apply(call.machine, test, tested, args, call.line)?.val.truth()
            }
            None => call.machine.truth(&tested, call.line)?,
        };
        if holds == wanted {
            out.push(item);
        }
    }
    stream(out)
}

/// Each item with the value it is compared by.
fn keyed(
    call: &mut Call<'_, '_>,
    path: Option<&Path>,
    case_sensitive: bool,
) -> Result<Vec<(Val, Tracked)>, Flaw> {
    let items = call.items()?;
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let key = match path {
            Some(path) => path.of(call, &item)?,
            None => item.clone(),
        };
        let key = call.machine.present(key, call.line)?;
        out.push((folded(&key.val, case_sensitive), item));
    }
    Ok(out)
}

/// Sorted by one key after another, in a stable order; the first values without an order are an
/// error.
fn sorted(keyed: &mut [(Vec<Val>, Tracked)], reverse: bool) -> Result<(), Flaw> {
    let mut unordered = None;
    keyed.sort_by(|(a, _), (b, _)| {
        let mut order = Ordering::Equal;
        for (a, b) in a.iter().zip(b) {
            if ops::equal(a, b) {
                continue;
            }
            match ops::compare(a, b) {
                Ok(found) => order = found.unwrap_or(Ordering::Equal),
                Err(why) => unordered = Some(why),
            }
            break;
        }
        if reverse { order.reverse() } else { order }
    });
    unordered.map_or(Ok(()), |why| Err(Flaw::Error(why)))
}

fn sort(mut call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["reverse", "case_sensitive", "attribute"])?;
    let case_sensitive = is_set(&args, 1);
    let paths: Vec<Path> = match &args[2] {
        Some(names) if names.val.is_text() => {
            let names = super::shown(&names.val)?;
            names.split(',').map(|name| Path::new(&Val::str(name))).collect::<Result<_, _>>()?
        }
        _ => attribute(&args, 2)?.into_iter().collect(),
    };
    let items = call.items()?;
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        let mut keys = Vec::with_capacity(paths.len().max(1));
        for path in &paths {
            let key = path.of(&mut call, &item)?;
            keys.push(folded(&call.machine.present(key, call.line)?.val, case_sensitive));
        }
        if paths.is_empty() {
            let item = call.machine.present(item.clone(), call.line)?;
            keys.push(folded(&item.val, case_sensitive));
        }
        keyed.push((keys, item));
    }
    sorted(&mut keyed, is_set(&args, 0))?;
    Ok(Val::list(keyed.into_iter().map(|(_, item)| item).collect()).into())
}

fn unique(mut call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["case_sensitive", "attribute"])?;
    let path = attribute(&args, 1)?;
    let mut seen: Vec<Val> = Vec::new();
    let mut out = Vec::new();
    for (key, item) in keyed(&mut call, path.as_ref(), is_set(&args, 0))? {
        if matches!(key, Val::List(_) | Val::Map(_)) {
            return Err(Flaw::Error(format!("{} cannot be told apart by hash", key.type_name())));
        }
        if !seen.iter().any(|known| ops::equal(known, &key)) {
            seen.push(key);
            out.push(item);
        }
    }
    stream(out)
}

fn groupby(mut call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["attribute", "default", "case_sensitive"])?;
    let Some(path) = attribute(&args, 0)? else {
        return Err(Flaw::Error("needs the name of an attribute".to_owned()));
    };
    let case_sensitive = is_set(&args, 2);
    let mut entries: Vec<(Vec<Val>, Tracked)> = Vec::new();
    for item in call.items()? {
        let key = path.or(&mut call, &item, args[1].as_ref())?;
        if let Val::Undefined(missing) = &key.val {
            return Err(Flaw::Error(format!("{} is undefined", missing.path)));
        }
        entries.push((vec![folded(&key.val, case_sensitive), key.val], item));
    }
    sorted_by_first(&mut entries)?;
    let mut groups: Vec<(Val, Tracked, Vec<Tracked>)> = Vec::new();
    for (keys, item) in entries {
        let src = item.src.clone();
        match groups.last_mut() {
            Some((key, _, items)) if ops::equal(key, &keys[0]) => items.push(item),
            _ => {
                let shown = Tracked { val: keys[1].clone(), src };
                groups.push((keys[0].clone(), shown, vec![item]));
            }
        }
    }
    let groups = groups
        .into_iter()
        .map(|(_, key, items)| Val::Group(Rc::new(vec![key, Val::list(items).into()])).into());
    Ok(Val::list(groups.collect()).into())
}

fn sorted_by_first(entries: &mut [(Vec<Val>, Tracked)]) -> Result<(), Flaw> {
    let mut firsts: Vec<(Vec<Val>, Tracked)> = Vec::with_capacity(entries.len());
    for (place, (keys, _)) in entries.iter().enumerate() {
        let place = Val::Int(i128::try_from(place).unwrap_or(i128::MAX));
        firsts.push((vec![keys[0].clone()], place.into()));
    }
    sorted(&mut firsts, false)?;
    let order: Vec<usize> = firsts
        .iter()
        .map(|(_, place)| match place.val {
            Val::Int(place) => usize::try_from(place).unwrap_or(0),
            _ => 0,
        })
        .collect();
    let sorted: Vec<_> = order.into_iter().map(|place| entries[place].clone()).collect();
    entries.clone_from_slice(&sorted);
    Ok(())
}

fn extreme(mut call: Call<'_, '_>, wanted: Ordering) -> Answer {
    let args = call.args.bind(&["case_sensitive", "attribute"])?;
    let path = attribute(&args, 1)?;
    let keyed = keyed(&mut call, path.as_ref(), is_set(&args, 0))?;
    // The answer depends on every item, not only on the one that wins.
    let src = keyed
        .iter()
        .fold(call.input.src.clone(), |src, (_, item)| call.machine.join(&src, &item.deep()));
    let mut best: Option<(Val, Tracked)> = None;
    for (key, item) in keyed {
        let better = match &best {
            None => true,
            Some((known, _)) => ops::compare(&key, known)? == Some(wanted),
        };
        if better {
            best = Some((key, item));
        }
    }
    match best {
        Some((_, item)) if matches!(item.val, Val::Map(_) | Val::List(_)) => Ok(item),
        Some((_, item)) => Ok(Tracked { val: item.val, src }),
        None => {
            let missing = crate::value::Missing {
                path: "the extreme of an empty list".to_owned(),
                src: Src::None,
                kind: crate::value::Absence::Local,
            };
            Ok(Val::Undefined(Rc::new(missing)).into())
        }
    }
}

fn sum(mut call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["attribute", "start"])?;
    let path = attribute(&args, 0)?;
    let start = args[1].clone().unwrap_or_else(|| Val::Int(0).into());
    let mut total = start.val;
    let mut src = call.input.src.clone();
    for item in call.items()? {
        let value = match &path {
            Some(path) => path.of(&mut call, &item)?,
            None => item,
        };
        let value = call.machine.present(value, call.line)?;
        src = call.machine.join(&src, &value.deep());
        total = ops::binary(crate::ast::Binary::Add, &total, &value.val)?;
    }
    Ok(Tracked { val: total, src })
}
