//! What stands after `is`, as Jinja2 defines it.

use crate::engine::{Flaw, Machine};
use crate::filters::{self, Args};
use crate::ops::{self, Number};
use crate::value::{Tracked, Val};

/// `operand is name(args)`.
pub(crate) fn apply(
    machine: &mut Machine<'_>,
    name: &str,
    operand: Tracked,
    args: Args,
    line: u32,
) -> Result<Tracked, Flaw> {
    if matches!(name, "defined" | "undefined") {
        if let Val::Undefined(missing) = &operand.val {
            machine.may_ask(missing, line)?;
        }
        let there = !operand.val.is_undefined();
        let val = Val::Bool(there == (name == "defined"));
        return Ok(Tracked { val, src: operand.deep() });
    }
    let operand = machine.present(operand, line);
    let args = args.present(machine, line);
    let (operand, args) = (operand?, args?);
    let src = machine.join(&operand.deep(), &args.src());
    let holds = match args.pos.first() {
        None => plain(machine, name, &operand.val),
        Some(other) => with_argument(name, &operand.val, &other.val).map(Some),
    };
    match holds {
        Ok(Some(holds)) => Ok(Tracked { val: Val::Bool(holds), src }),
        Ok(None) => Err(Flaw::Error(format!("there is no test {name:?}"))),
        Err(why) => Err(Flaw::Error(format!("test {name}: {why}"))),
    }
}

/// Tests without an argument.
fn plain(machine: &Machine<'_>, name: &str, val: &Val) -> Result<Option<bool>, String> {
    let rest = |wanted: i8| match Number::of(val) {
        Some(Number::Int(value)) => Ok(value.rem_euclid(2) == i128::from(wanted)),
        Some(Number::Float(value)) => Ok(value.rem_euclid(2.0) == f64::from(wanted)),
        None => Err(format!("needs a number, found {}", val.type_name())),
    };
    Ok(Some(match name {
        "none" => matches!(val, Val::None),
        "boolean" => matches!(val, Val::Bool(_)),
        "true" => matches!(val, Val::Bool(true)),
        "false" => matches!(val, Val::Bool(false)),
        "integer" => matches!(val, Val::Int(_)),
        "float" => matches!(val, Val::Float(_)),
        "number" => Number::of(val).is_some(),
        "string" => val.is_text(),
        "mapping" => matches!(val, Val::Map(_)),
        "sequence" => {
            val.is_text()
                || matches!(val, Val::List(_) | Val::Tuple(_) | Val::Group(_) | Val::Map(_))
                || val.is_undefined()
        }
        "iterable" => {
            val.is_text()
                || val.is_undefined()
                || matches!(
                    val,
                    Val::List(_)
                        | Val::Tuple(_)
                        | Val::Group(_)
                        | Val::Stream(_)
                        | Val::Map(_)
                        | Val::Loop(_)
                )
        }
        "callable" => matches!(
            val,
            Val::Macro(_)
                | Val::Global(_)
                | Val::Method(_)
                | Val::Loop(_)
                | Val::Joiner(_)
                | Val::BlockRef(_)
                | Val::Undefined(_)
        ),
        "escaped" => val.is_markup(),
        "lower" => cased(val, char::is_lowercase, char::is_uppercase)?,
        "upper" => cased(val, char::is_uppercase, char::is_lowercase)?,
        "even" => rest(0)?,
        "odd" => rest(1)?,
        "filter" | "test" if matches!(val, Val::List(_) | Val::Map(_)) => {
            return Err(format!("needs a name, found {}", val.type_name()));
        }
        "filter" => val.as_str().is_some_and(|name| filters::find(name).is_some()),
        "test" => val.as_str().is_some_and(|name| known(machine, name)),
        _ => return Ok(None),
    }))
}

fn known(machine: &Machine<'_>, name: &str) -> bool {
    const WITH_ARGUMENT: [&str; 21] = [
        "defined",
        "undefined",
        "divisibleby",
        "in",
        "sameas",
        "eq",
        "equalto",
        "==",
        "ne",
        "!=",
        "lt",
        "lessthan",
        "<",
        "le",
        "<=",
        "gt",
        "greaterthan",
        ">",
        "ge",
        ">=",
        "escaped",
    ];
    WITH_ARGUMENT.contains(&name)
        || plain(machine, name, &Val::Int(0)).map_or(true, |found| found.is_some())
}

fn cased(
    val: &Val,
    wanted: impl Fn(char) -> bool,
    other: impl Fn(char) -> bool,
) -> Result<bool, String> {
    let text = crate::text::display(val)?;
    Ok(text.chars().any(&wanted) && !text.chars().any(other))
}

/// Tests with an argument.
fn with_argument(name: &str, val: &Val, other: &Val) -> Result<bool, String> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let ordered = |wanted: &[std::cmp::Ordering]| {
        Ok(ops::compare(val, other)?.is_some_and(|order| wanted.contains(&order)))
    };
    match name {
        "eq" | "equalto" | "==" => Ok(ops::equal(val, other)),
        "ne" | "!=" => Ok(!ops::equal(val, other)),
        "lt" | "lessthan" | "<" => ordered(&[Less]),
        "le" | "<=" => ordered(&[Less, Equal]),
        "gt" | "greaterthan" | ">" => ordered(&[Greater]),
        "ge" | ">=" => ordered(&[Greater, Equal]),
        "in" => ops::contains(other, val),
        "sameas" => Ok(match (val, other) {
            (Val::None, Val::None) => true,
            (Val::Bool(a), Val::Bool(b)) => a == b,
            (Val::Int(a), Val::Int(b)) => a == b,
            (Val::Str(a), Val::Str(b)) => a == b,
            (Val::List(a), Val::List(b)) => std::rc::Rc::ptr_eq(a, b),
            (Val::Map(a), Val::Map(b)) => std::rc::Rc::ptr_eq(a, b),
            _ => false,
        }),
        "divisibleby" => match (val, other) {
            (_, Val::Int(0)) => Err("division by zero".to_owned()),
            (Val::Int(a), Val::Int(b)) => Ok(a % b == 0),
            _ => match (Number::of(val), Number::of(other)) {
                (Some(a), Some(b)) => Ok(a.float() % b.float() == 0.0),
                _ => Err("needs numbers".to_owned()),
            },
        },
        _ => Err("takes no argument, or is unknown".to_owned()),
    }
}
