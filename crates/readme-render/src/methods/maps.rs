//! Methods of dictionaries.

use std::rc::Rc;

use crate::engine::{Flaw, Machine};
use crate::filters::{Args, pair};
use crate::map::Map;
use crate::value::{Tracked, Val};

pub(super) const NAMES: [&str; 10] =
    ["items", "keys", "values", "get", "update", "pop", "setdefault", "copy", "clear", "popitem"];

/// Those that change the dictionary.
pub(super) const CHANGE: [&str; 5] = ["update", "pop", "setdefault", "clear", "popitem"];

pub(super) fn call(
    machine: &mut Machine<'_>,
    object: &Tracked,
    name: &str,
    args: &Args,
    line: u32,
) -> Result<Tracked, Flaw> {
    let Val::Map(map) = &object.val else { return Ok(Val::None.into()) };
    let all = |of: fn(&(Val, Tracked)) -> Tracked| -> Vec<Tracked> {
        map.borrow().iter().map(of).collect()
    };
    let view = |items: Vec<Tracked>| Ok(Val::Stream(Rc::new(items)).into());
    match name {
        "items" => view(all(|(key, value)| pair(key.clone(), value.clone()))),
        "keys" => view(all(|(key, value)| Tracked { val: key.clone(), src: value.src.clone() })),
        "values" => view(all(|(_, value)| value.clone())),
        "copy" => Ok(Val::map(map.borrow().clone()).into()),
        "clear" => {
            *map.borrow_mut() = Map::default();
            Ok(Val::None.into())
        }
        "get" => get(machine, object, args, line),
        "setdefault" => {
            let [key, default] = two(args)?;
            let found = map.borrow().get_key(&key.val).cloned();
            Ok(found.unwrap_or_else(|| {
                map.borrow_mut().insert(key.val.clone(), default.clone());
                default
            }))
        }
        "pop" => {
            let [key, default] = two(args)?;
            let found = map.borrow_mut().remove(&key.val);
            match found {
                Some(value) => Ok(value),
                None if args.pos.len() > 1 => Ok(default),
                None => Err(Flaw::Error("there is no such key".to_owned())),
            }
        }
        "popitem" => {
            let last = map.borrow().iter().next_back().map(|(key, _)| key.clone());
            let key = last.ok_or_else(|| Flaw::Error("the dictionary is empty".to_owned()))?;
            let value = map.borrow_mut().remove(&key);
            Ok(pair(key, value.unwrap_or_else(|| Val::None.into())))
        }
        _ => {
            if let Some(Val::Map(other)) = args.pos.first().map(|other| &other.val) {
                let entries: Vec<(Val, Tracked)> = other.borrow().iter().cloned().collect();
                entries.into_iter().for_each(|(key, value)| map.borrow_mut().insert(key, value));
            }
            for (key, value) in &args.named {
                map.borrow_mut().insert(Val::Str(key.clone()), value.clone());
            }
            Ok(Val::None.into())
        }
    }
}

fn two(args: &Args) -> Result<[Tracked; 2], Flaw> {
    let key = args.pos.first().cloned();
    let key = key.ok_or_else(|| Flaw::Error("needs a key".to_owned()))?;
    Ok([key, args.pos.get(1).cloned().unwrap_or_else(|| Val::None.into())])
}

/// `get` is a way of saying what happens without a value, as `default` is.
fn get(
    machine: &mut Machine<'_>,
    object: &Tracked,
    args: &Args,
    line: u32,
) -> Result<Tracked, Flaw> {
    let [key, default] = two(args)?;
    let found = machine.lookup(object, &key.val);
    let Val::Undefined(missing) = &found.val else { return Ok(found) };
    if !machine.options.lenient {
        machine.may_ask(missing, line)?;
    }
    let src = machine.join(&missing.src, &default.deep());
    Ok(Tracked { val: default.val, src })
}
