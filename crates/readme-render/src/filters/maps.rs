//! Dictionaries, JSON, and what happens without a value.

use std::rc::Rc;

use super::lists::{folded, is_set};
use super::{Answer, Call, Filter, flag_arg, int_arg, shown, text_arg};
use crate::engine::Flaw;
use crate::json;
use crate::ops;
use crate::value::{Tracked, Val};

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("default", default),
    ("d", default),
    ("dictsort", dictsort),
    ("items", items),
    ("tojson", tojson),
    ("fromjson", fromjson),
    ("from_json", fromjson),
    ("xmlattr", xmlattr),
    ("attr", attr),
    ("pprint", |call| Ok(Val::str(super::pretty::pretty(&call.input.val)?).into())),
];

/// The value, or, if there is none (with `true`: if it is false), another. The answer goes back
/// to the place where nothing was.
fn default(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["default_value", "boolean"])?;
    let instead = args[0].clone().unwrap_or_else(|| Val::str("").into());
    let boolean = flag_arg(args[1].as_ref(), false);
    let src = match &call.input.val {
        Val::Undefined(missing) => {
            let missing = missing.clone();
            call.machine.may_ask(&missing, call.line)?;
            missing.src.clone()
        }
        val if boolean && !val.truth() => call.input.deep(),
        _ => return Ok(call.input),
    };
    let src = call.machine.join(&src, &instead.deep());
    Ok(Tracked { val: instead.val, src })
}

fn dictsort(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["case_sensitive", "by", "reverse"])?;
    let Val::Map(map) = &call.input.val else {
        let found = call.input.val.type_name();
        return Err(Flaw::Error(format!("needs a dictionary, found {found}")));
    };
    let by_value = match text_arg(args[1].as_ref(), "key")?.as_str() {
        "key" => false,
        "value" => true,
        other => return Err(Flaw::Error(format!("sorts by key or value, not by {other:?}"))),
    };
    let case_sensitive = is_set(&args, 0);
    let mut pairs: Vec<(Val, Tracked)> = map.borrow().iter().cloned().collect();
    let mut unordered = None;
    pairs.sort_by(|a, b| {
        let key = |pair: &(Val, Tracked)| {
            folded(if by_value { &pair.1.val } else { &pair.0 }, case_sensitive)
        };
        let order = ops::compare(&key(a), &key(b)).unwrap_or_else(|why| {
            unordered = Some(why);
            None
        });
        let order = order.unwrap_or(std::cmp::Ordering::Equal);
        if is_set(&args, 2) { order.reverse() } else { order }
    });
    if let Some(why) = unordered {
        return Err(Flaw::Error(why));
    }
    Ok(Val::list(pairs.into_iter().map(|(key, value)| pair(key, value)).collect()).into())
}

/// A key and its value; the key comes from where the value does.
pub(crate) fn pair(key: Val, value: Tracked) -> Tracked {
    let key = Tracked { val: key, src: value.src.clone() };
    Val::Tuple(Rc::new(vec![key, value])).into()
}

fn items(call: Call<'_, '_>) -> Answer {
    match &call.input.val {
        Val::Undefined(_) => Ok(Val::Stream(Rc::default()).into()),
        Val::Map(map) => {
            let pairs = map.borrow().iter().cloned().map(|(key, value)| pair(key, value)).collect();
            Ok(Val::Stream(Rc::new(pairs)).into())
        }
        other => Err(Flaw::Error(format!("needs a dictionary, found {}", other.type_name()))),
    }
}

fn tojson(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["indent"])?;
    let indent = match args[0].as_ref().map(|indent| &indent.val) {
        None | Some(Val::None) => None,
        _ => Some(usize::try_from(int_arg(args[0].as_ref(), 0)?).unwrap_or(0).min(64)),
    };
    let text = json::write(&call.input.val, indent)?;
    // Inert in HTML text, in single-quoted attributes and in scripts.
    let mut inert = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => inert.push_str("\\u003c"),
            '>' => inert.push_str("\\u003e"),
            '&' => inert.push_str("\\u0026"),
            '\'' => inert.push_str("\\u0027"),
            c => inert.push(c),
        }
    }
    Ok(Val::safe(inert).into())
}

/// Our own: JSON text as a value.
fn fromjson(call: Call<'_, '_>) -> Answer {
    let text = call.text()?;
    json::read(&text).map(Tracked::bare).map_err(Flaw::Error)
}

fn xmlattr(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["autospace"])?;
    let Val::Map(map) = &call.input.val else {
        return Err(Flaw::Error("needs a dictionary".to_owned()));
    };
    let mut parts = Vec::new();
    for (key, value) in map.borrow().iter() {
        if matches!(value.val, Val::None | Val::Undefined(_)) {
            continue;
        }
        let key = shown(key)?;
        if key.contains(|c: char| c.is_whitespace() || "/>=".contains(c)) {
            return Err(Flaw::Error(format!("{key:?} is no name of an attribute")));
        }
        parts.push(format!("{}=\"{}\"", escape::html::text(&key), ops::escaped(&value.val)?));
    }
    let mut text = parts.join(" ");
    if flag_arg(args[0].as_ref(), true) && !text.is_empty() {
        text.insert(0, ' ');
    }
    Ok(Val::safe(text).into())
}

fn attr(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["name"])?;
    let name = text_arg(args[0].as_ref(), "")?;
    let (input, line) = (call.input.clone(), call.line);
    match &input.val {
        // As in Jinja2, items of dictionaries are no attributes.
        Val::Map(_) => {
            let found = call.machine.attr(&input, &name.as_str().into(), line)?;
            if matches!(found.val, Val::Method(_)) {
                return Ok(found);
            }
            let missing = crate::value::Missing {
                path: format!("attribute {name:?} of a dictionary (its items are ['{name}'])"),
                src: input.src.clone(),
                kind: crate::value::Absence::Local,
            };
            Ok(Val::Undefined(Rc::new(missing)).into())
        }
        _ => call.machine.attr(&input, &name.as_str().into(), line),
    }
}
