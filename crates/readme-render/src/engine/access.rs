//! Attributes, items, slices, and what can be looped over.

use std::rc::Rc;

use super::{Flaw, Machine};
use crate::methods;
use crate::places::{Src, Step};
use crate::value::{Absence, Missing, Tracked, Val};

type Answer = Result<Tracked, Flaw>;

impl Machine<'_> {
    /// `object.name`: a method or a field of the engine's own values, then an item.
    pub(crate) fn attr(&mut self, object: &Tracked, name: &Rc<str>, line: u32) -> Answer {
        match &object.val {
            Val::Undefined(missing) => return self.below(missing, &Step::Key(name.clone()), line),
            Val::Loop(state) => {
                if let Some(value) = super::looping::field(state, name) {
                    return Ok(value);
                }
            }
            Val::Module(module) => {
                let private = name.starts_with('_');
                if let Some(value) = module.frame.own(name).filter(|_| !private) {
                    return Ok(value);
                }
            }
            Val::Namespace(map) => {
                if let Some(value) = map.borrow().get(name) {
                    return Ok(value.clone());
                }
            }
            Val::Macro(closure) => return super::call::macro_field(closure, name),
            Val::Cycler(state) if **name == *"current" => {
                return Ok(state.0[state.1.get()].clone());
            }
            Val::Blocks => return self.block_ref(name),
            // One more template up, if the block is there, too.
            Val::BlockRef(reference) if **name == *"super" => {
                return Ok(self.super_ref(&reference.0, reference.1 + 1));
            }
            _ => {}
        }
        if methods::has(&object.val, name) {
            return Ok(Val::Method(Rc::new((object.clone(), name.clone()))).into());
        }
        Ok(self.lookup(object, &Val::Str(name.clone())))
    }

    /// `object[key]`.
    pub(crate) fn item(&mut self, object: &Tracked, key: &Tracked, line: u32) -> Answer {
        if let Val::Undefined(missing) = &object.val {
            return self.below(missing, &step_of(&key.val), line);
        }
        let found = self.lookup(object, &key.val);
        if found.val.is_undefined()
            && let Val::Str(name) = &key.val
            && (methods::has(&object.val, name)
                || matches!(object.val, Val::Module(_) | Val::Loop(_)))
        {
            return self.attr(object, name, line);
        }
        Ok(found)
    }

    /// An item, or the knowledge that there is none.
    pub(crate) fn lookup(&mut self, object: &Tracked, key: &Val) -> Tracked {
        let found = match (&object.val, key) {
            (Val::Map(map) | Val::Namespace(map), key) => map.borrow().get_key(key).cloned(),
            (Val::List(items), Val::Int(index)) => at(&items.borrow(), *index),
            (Val::Tuple(items) | Val::Group(items), Val::Int(index)) => at(items, *index),
            (Val::Group(items), Val::Str(name)) => match &**name {
                "grouper" => items.first().cloned(),
                "list" => items.get(1).cloned(),
                _ => None,
            },
            (text, Val::Int(index)) if text.is_text() => {
                let chars: Vec<char> = text.as_str().unwrap_or_default().chars().collect();
                let one = |at: usize| match text.is_markup() {
                    true => Val::safe(chars[at]),
                    false => Val::str(chars[at].to_string()),
                };
                place(chars.len(), *index)
                    .map(|at| Tracked { val: one(at), src: object.src.clone() })
            }
            _ => None,
        };
        match found {
            // An item of a computed list knows its own place, or else that of the list.
            Some(item)
                if item.src == Src::None && !matches!(item.val, Val::List(_) | Val::Map(_)) =>
            {
                Tracked { val: item.val, src: object.src.clone() }
            }
            Some(item) => item,
            None => self.absent(object, &step_of(key)),
        }
    }

    /// What is missing at a step from a value that is there.
    fn absent(&mut self, object: &Tracked, step: &Step) -> Tracked {
        let missing = match (&object.src, &object.val) {
            (Src::One(id), Val::Map(_) | Val::List(_)) => {
                let place = self.places.absent(Some(*id), step.clone());
                let path = self.places.path(place);
                Missing { path, src: Src::One(place), kind: Absence::Data }
            }
            _ => {
                let name = object.val.type_name();
                let path = match step {
                    Step::Key(key) | Step::Root(_, key) => format!("{key:?} of {name}"),
                    Step::Index(index) => format!("[{index}] of {name}"),
                };
                Missing { path, src: object.src.clone(), kind: Absence::Local }
            }
        };
        Val::Undefined(Rc::new(missing)).into()
    }

    /// A step from what is missing: still missing. Jinja2 refuses that, so the lenient mode does.
    fn below(&mut self, missing: &Missing, step: &Step, line: u32) -> Answer {
        if missing.kind == Absence::Reported {
            return Err(Flaw::Reported);
        }
        let optional = self.is_optional(&missing.path);
        if (self.options.lenient || missing.kind == Absence::Local) && !optional {
            return Err(Flaw::Error(format!("{} is undefined", missing.path)));
        }
        let _ = line;
        let (src, path) = match &missing.src {
            Src::One(id) => {
                let place = self.places.absent(Some(*id), step.clone());
                (Src::One(place), self.places.path(place))
            }
            src => (src.clone(), missing.path.clone()),
        };
        Ok(Val::Undefined(Rc::new(Missing { path, src, kind: missing.kind })).into())
    }

    /// The items of what is looped over; an item without a place of its own has that of the list.
    pub(crate) fn items(&mut self, value: &Tracked, line: u32) -> Result<Vec<Tracked>, Flaw> {
        let value = self.present(value.clone(), line)?;
        let items = match &value.val {
            Val::List(items) => items.borrow().clone(),
            Val::Tuple(items) | Val::Group(items) | Val::Stream(items) => items.to_vec(),
            Val::Map(map) => map
                .borrow()
                .iter()
                .map(|(key, item)| Tracked { val: key.clone(), src: item.src.clone() })
                .collect(),
            Val::Undefined(_) => Vec::new(),
            Val::Loop(state) => {
                state.items[(state.index.get() + 1).min(state.items.len())..].to_vec()
            }
            text if text.is_text() => {
                let chars = text.as_str().unwrap_or_default().chars();
                chars.map(|c| Val::str(c.to_string()).into()).collect()
            }
            other => {
                return Err(Flaw::Error(format!("{} cannot be looped over", other.type_name())));
            }
        };
        let own = |item: Tracked| match item.src {
            Src::None if !matches!(item.val, Val::List(_) | Val::Map(_) | Val::Tuple(_)) => {
                Tracked { val: item.val, src: value.src.clone() }
            }
            _ => item,
        };
        Ok(items.into_iter().map(own).collect())
    }
}

fn step_of(key: &Val) -> Step {
    match key {
        Val::Int(index) => Step::Index(usize::try_from(*index).unwrap_or(0)),
        Val::Str(name) => Step::Key(name.clone()),
        other => Step::Key(crate::text::display(other).unwrap_or_default().into()),
    }
}

fn at(items: &[Tracked], index: i128) -> Option<Tracked> {
    place(items.len(), index).map(|at| items[at].clone())
}

/// A Python index as a position.
pub(crate) fn place(len: usize, index: i128) -> Option<usize> {
    let len = i128::try_from(len).ok()?;
    let index = if index < 0 { index + len } else { index };
    usize::try_from(index).ok().filter(|at| i128::try_from(*at).is_ok_and(|at| at < len))
}

/// `object[start:stop:step]`.
pub(super) fn slice(object: &Tracked, [start, stop, step]: [Option<i128>; 3]) -> Answer {
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err(Flaw::Error("a slice with step 0".to_owned()));
    }
    let pick = |len: usize| -> Vec<usize> {
        let len = i128::try_from(len).unwrap_or(i128::MAX);
        let (low, high) = if step > 0 { (0, len) } else { (-1, len - 1) };
        let bound = |value: Option<i128>, default: i128| {
            value
                .map_or(default, |v| if v < 0 { v.saturating_add(len) } else { v }.clamp(low, high))
        };
        let mut at = bound(start, if step > 0 { 0 } else { len - 1 });
        let end = bound(stop, if step > 0 { len } else { -1 });
        let mut places = Vec::new();
        while (step > 0 && at < end) || (step < 0 && at > end) {
            places.extend(usize::try_from(at));
            at = at.saturating_add(step);
        }
        places
    };
    let list =
        |items: &[Tracked]| pick(items.len()).into_iter().map(|at| items[at].clone()).collect();
    let val = match &object.val {
        Val::List(items) => Val::list(list(&items.borrow())),
        Val::Tuple(items) => Val::Tuple(Rc::new(list(items))),
        text if text.is_text() => {
            let chars: Vec<char> = text.as_str().unwrap_or_default().chars().collect();
            let cut: String = pick(chars.len()).into_iter().map(|at| chars[at]).collect();
            if text.is_markup() { Val::safe(cut) } else { Val::str(cut) }
        }
        other => return Err(Flaw::Error(format!("{} cannot be sliced", other.type_name()))),
    };
    Ok(Tracked { val, src: object.src.clone() })
}
