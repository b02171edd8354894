//! Methods of lists and tuples.

use crate::engine::{Flaw, Machine, place};
use crate::filters::{Args, int_arg};
use crate::ops;
use crate::value::{Tracked, Val};

pub(super) const NAMES: [&str; 11] = [
    "append", "extend", "insert", "pop", "remove", "reverse", "sort", "count", "index", "copy",
    "clear",
];

/// Those that change the list.
pub(super) const CHANGE: [&str; 8] =
    ["append", "extend", "insert", "pop", "remove", "reverse", "sort", "clear"];

/// The most arguments of a method.
fn most(name: &str) -> usize {
    match name {
        "insert" => 2,
        "reverse" | "sort" | "copy" | "clear" => 0,
        _ => 1,
    }
}

pub(super) fn call(
    machine: &mut Machine<'_>,
    object: &Tracked,
    name: &str,
    args: &Args,
    line: u32,
) -> Result<Tracked, Flaw> {
    let by_name =
        |(known, _): &(std::rc::Rc<str>, Tracked)| name != "sort" || **known != *"reverse";
    if args.pos.len() > most(name) || args.named.iter().any(by_name) {
        return Err(Flaw::Error("is given more than it takes".to_owned()));
    }
    let first = args.pos.first().cloned();
    let needed = || first.clone().ok_or_else(|| Flaw::Error("needs an argument".to_owned()));
    if matches!(name, "count" | "index") {
        let wanted = needed()?;
        let items = machine.items(object, line)?;
        let same = |item: &Tracked| ops::equal(&item.val, &wanted.val);
        let number = match name {
            "count" => items.iter().filter(|item| same(item)).count(),
            _ => items
                .iter()
                .position(same)
                .ok_or_else(|| Flaw::Error("there is no such item".to_owned()))?,
        };
        return Ok(Val::Int(i128::try_from(number).unwrap_or(i128::MAX)).into());
    }
    let Val::List(list) = &object.val else {
        return Err(Flaw::Error("a tuple cannot be changed".to_owned()));
    };
    match name {
        "append" => list.borrow_mut().push(needed()?),
        "extend" => {
            let more = machine.items(&needed()?, line)?;
            list.borrow_mut().extend(more);
        }
        "insert" => {
            let at = int_arg(first.as_ref(), 0)?;
            let value = args.pos.get(1).cloned();
            let value = value.ok_or_else(|| Flaw::Error("needs what to insert".to_owned()))?;
            let len = i128::try_from(list.borrow().len()).unwrap_or(i128::MAX);
            let at = if at < 0 { at.saturating_add(len) } else { at }.clamp(0, len);
            list.borrow_mut().insert(usize::try_from(at).unwrap_or(0), value);
        }
        "pop" => {
            let at = place(list.borrow().len(), int_arg(first.as_ref(), -1)?);
            let at = at.ok_or_else(|| Flaw::Error("there is no such item".to_owned()))?;
            return Ok(list.borrow_mut().remove(at));
        }
        "remove" => {
            let wanted = needed()?;
            let at = list.borrow().iter().position(|item| ops::equal(&item.val, &wanted.val));
            let at = at.ok_or_else(|| Flaw::Error("there is no such item".to_owned()))?;
            list.borrow_mut().remove(at);
        }
        "sort" => {
            let items = sorted(&list.borrow(), args)?;
            *list.borrow_mut() = items;
        }
        "reverse" => list.borrow_mut().reverse(),
        "clear" => list.borrow_mut().clear(),
        _ => return Ok(Val::list(list.borrow().clone()).into()),
    }
    Ok(Val::None.into())
}

/// The items in order; an error if they have none.
fn sorted(items: &[Tracked], args: &Args) -> Result<Vec<Tracked>, Flaw> {
    let reverse = args.named.iter().any(|(_, reverse)| reverse.val.truth());
    let mut items = items.to_vec();
    let mut unordered = None;
    items.sort_by(|a, b| {
        let order = ops::compare(&a.val, &b.val).unwrap_or_else(|why| {
            unordered = Some(why);
            None
        });
        let order = order.unwrap_or(std::cmp::Ordering::Equal);
        if reverse { order.reverse() } else { order }
    });
    match unordered {
        Some(why) => Err(Flaw::Error(why)),
        None => Ok(items),
    }
}
