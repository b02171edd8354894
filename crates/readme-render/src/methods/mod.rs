//! Methods of text, lists and dictionaries that templates use, as in Python.

pub mod case;
mod lists;
mod maps;
mod search;
pub mod text;

use std::rc::Rc;

use crate::engine::{Flaw, Machine};
use crate::filters::Args;
use crate::places::Src;
use crate::value::{Tracked, Val};

/// Whether `val` has a method `name`.
pub(crate) fn has(val: &Val, name: &str) -> bool {
    match val {
        Val::Map(_) => maps::NAMES.contains(&name),
        Val::List(_) => lists::NAMES.contains(&name),
        Val::Tuple(_) => matches!(name, "count" | "index"),
        Val::Loop(_) => matches!(name, "cycle" | "changed"),
        Val::Cycler(_) => matches!(name, "next" | "reset"),
        other => other.is_text() && text::has(name, other.is_markup()),
    }
}

/// Whether the value is a list or dictionary of the data itself, not a copy.
fn is_evidence(machine: &Machine<'_>, object: &Tracked) -> bool {
    let Src::One(id) = object.src else { return false };
    match (machine.places.get(id).and_then(|place| place.val), &object.val) {
        (Some(Val::List(a)), Val::List(b)) => Rc::ptr_eq(&a, b),
        (Some(Val::Map(a)), Val::Map(b)) => Rc::ptr_eq(&a, b),
        _ => false,
    }
}

/// `object.name(args)`.
pub(crate) fn call(
    machine: &mut Machine<'_>,
    object: &Tracked,
    name: &Rc<str>,
    args: Args,
    line: u32,
) -> Result<Tracked, Flaw> {
    let args = args.present(machine, line)?;
    let changes = lists::CHANGE.contains(&&**name) || maps::CHANGE.contains(&&**name);
    if changes && !machine.options.lenient && is_evidence(machine, object) {
        let message = format!(".{name}(): data cannot be changed: work on a copy (|list, dict())");
        return Err(Flaw::Error(message));
    }
    let named = args.named.iter().map(|(_, value)| value);
    if matches!(object.val, Val::List(_) | Val::Map(_))
        && args.pos.iter().chain(named).any(|value| value.val.holds(&object.val))
    {
        return Err(Flaw::Error(format!(".{name}(): it would contain itself")));
    }
    let src = machine.join(&object.deep(), &args.src());
    let answer = match &object.val {
        Val::Map(_) => maps::call(machine, object, name, &args, line),
        Val::List(_) | Val::Tuple(_) => lists::call(machine, object, name, &args, line),
        Val::Loop(state) => match &**name {
            "cycle" => crate::engine::cycle(state, &args),
            _ => Ok(crate::engine::changed(state, &args)),
        },
        Val::Cycler(state) => {
            if **name == *"reset" {
                state.1.set(0);
                return Ok(Val::None.into());
            }
            let item = state.0[state.1.get()].clone();
            state.1.set((state.1.get() + 1) % state.0.len());
            Ok(item)
        }
        _ => text::call(machine, object, name, &args, line),
    };
    match answer {
        Ok(Tracked { val, src: Src::None }) if !val.is_undefined() => Ok(Tracked { val, src }),
        Err(Flaw::Error(why)) => Err(Flaw::Error(format!(".{name}(): {why}"))),
        other => other,
    }
}
