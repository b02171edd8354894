//! Operators, as Python defines them.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::ast::Binary;
use crate::format;
use crate::landing::html_text;
use crate::text;
use crate::value::{Tracked, Val};

/// Longest text or list that `*` makes.
const LONGEST: usize = 16 << 20;

type Answer = Result<Val, String>;

/// A number as Python's arithmetic sees it; booleans are 0 and 1.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// Whole.
    Int(i128),
    /// Floating point.
    Float(f64),
}

impl Number {
    /// The number that `val` is, if it is one.
    #[must_use]
    pub fn of(val: &Val) -> Option<Self> {
        match val {
            Val::Int(value) => Some(Self::Int(*value)),
            Val::Bool(value) => Some(Self::Int(i128::from(*value))),
            Val::Float(value) => Some(Self::Float(*value)),
            _ => None,
        }
    }

    /// As a float; whole numbers above 2^53 are rounded, as Python does.
    #[must_use]
    pub fn float(self) -> f64 {
        match self {
            #[allow(clippy::cast_precision_loss)]
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

/// `left op right`.
pub fn binary(op: Binary, left: &Val, right: &Val) -> Answer {
    if let (Binary::Rem, Some(template)) = (op, left.as_str()) {
        if !left.is_markup() {
            return format::percent(template, right).map(Val::str);
        }
        return format::percent(template, &inert(right)).map(Val::safe);
    }
    match (Number::of(left), Number::of(right)) {
        (Some(a), Some(b)) => arithmetic(op, a, b),
        _ => sequences(op, left, right),
    }
    .map_err(|why| {
        if why.is_empty() {
            let (left, right) = (left.type_name(), right.type_name());
            format!("{} does not work between {left} and {right}", symbol(op))
        } else {
            why
        }
    })
}

/// The values that are filled into markup: text becomes markup first.
#[must_use]
pub fn inert(val: &Val) -> Val {
    let items = |items: &[Tracked]| {
        items.iter().map(|item| Tracked { val: inert(&item.val), src: item.src.clone() }).collect()
    };
    match val {
        Val::Str(text) => Val::str(html_text(text)),
        Val::Safe(markup) if markup.plain => Val::str(html_text(&markup.text)),
        Val::Safe(markup) => Val::str(&*markup.text),
        Val::Tuple(values) => Val::Tuple(Rc::new(items(values))),
        Val::Map(map) => {
            let entry = |(key, item): &(Val, Tracked)| {
                (key.clone(), Tracked { val: inert(&item.val), src: item.src.clone() })
            };
            Val::map(map.borrow().iter().map(entry).collect())
        }
        other => other.clone(),
    }
}

fn symbol(op: Binary) -> &'static str {
    match op {
        Binary::Add => "+",
        Binary::Sub => "-",
        Binary::Mul => "*",
        Binary::Div => "/",
        Binary::FloorDiv => "//",
        Binary::Rem => "%",
        Binary::Pow => "**",
        Binary::Concat => "~",
    }
}

fn arithmetic(op: Binary, a: Number, b: Number) -> Answer {
    let zero = || "division by zero".to_owned();
    let large = || "the result is too large for a whole number".to_owned();
    if let (Number::Int(a), Number::Int(b)) = (a, b) {
        let whole = match op {
            Binary::Add => a.checked_add(b),
            Binary::Sub => a.checked_sub(b),
            Binary::Mul => a.checked_mul(b),
            Binary::FloorDiv | Binary::Rem if b == 0 => return Err(zero()),
            Binary::FloorDiv => Some(floor_div(a, b)),
            Binary::Rem => Some(a - floor_div(a, b) * b),
            Binary::Pow if b >= 0 => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
            _ => return float_arithmetic(op, Number::Int(a).float(), Number::Int(b).float()),
        };
        return whole.map(Val::Int).ok_or_else(large);
    }
    float_arithmetic(op, a.float(), b.float())
}

fn float_arithmetic(op: Binary, a: f64, b: f64) -> Answer {
    let zero = matches!(op, Binary::Div | Binary::FloorDiv | Binary::Rem) && b == 0.0;
    if zero || (op == Binary::Pow && a == 0.0 && b < 0.0) {
        return Err("division by zero".to_owned());
    }
    let value = match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::FloorDiv => (a / b).floor(),
        Binary::Rem => a - b * (a / b).floor(),
        Binary::Pow => a.powf(b),
        Binary::Concat => return Err(String::new()),
    };
    Ok(Val::Float(value))
}

fn floor_div(a: i128, b: i128) -> i128 {
    let quotient = a / b;
    if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient }
}

fn sequences(op: Binary, left: &Val, right: &Val) -> Answer {
    match (op, left, right) {
        (Binary::Add, a, b) if a.is_text() && b.is_text() && (a.is_markup() || b.is_markup()) => {
            Ok(Val::safe(escaped(a)? + &escaped(b)?))
        }
        (Binary::Add, a, b) if a.is_text() && b.is_text() => {
            Ok(Val::str([a.as_str(), b.as_str()].map(Option::unwrap_or_default).concat()))
        }
        (Binary::Add, Val::List(a), Val::List(b)) => {
            Ok(Val::list([a.borrow().as_slice(), b.borrow().as_slice()].concat()))
        }
        (Binary::Add, Val::Tuple(a), Val::Tuple(b)) => {
            Ok(Val::Tuple(Rc::new([a.as_slice(), b.as_slice()].concat())))
        }
        (Binary::Mul, sequence, Val::Int(times)) | (Binary::Mul, Val::Int(times), sequence) => {
            repeat(sequence, usize::try_from(*times).unwrap_or(0))
        }
        _ => Err(String::new()),
    }
}

/// Text as HTML: markup as it is, anything else escaped.
pub fn escaped(val: &Val) -> Result<String, String> {
    Ok(match val {
        Val::Safe(markup) if !markup.plain => markup.text.clone(),
        Val::Undefined(_) => String::new(),
        other => html_text(&text::display(other)?),
    })
}

fn repeat(sequence: &Val, times: usize) -> Answer {
    let bounded = |len: usize| {
        let total = len.checked_mul(times).filter(|total| *total <= LONGEST);
        total.map(|_| ()).ok_or_else(|| format!("* would make more than {LONGEST} items"))
    };
    match sequence {
        Val::Str(text) => bounded(text.len()).map(|()| Val::str(text.repeat(times))),
        Val::Safe(markup) => {
            bounded(markup.text.len()).map(|()| Val::safe(markup.text.repeat(times)))
        }
        Val::List(items) => {
            bounded(items.borrow().len()).map(|()| Val::list(repeated(&items.borrow(), times)))
        }
        Val::Tuple(items) => {
            bounded(items.len()).map(|()| Val::Tuple(Rc::new(repeated(items, times))))
        }
        _ => Err(String::new()),
    }
}

fn repeated(items: &[Tracked], times: usize) -> Vec<Tracked> {
    items.iter().cycle().take(items.len() * times).cloned().collect()
}

/// `-val`.
pub fn negate(val: &Val) -> Answer {
    match Number::of(val) {
        Some(Number::Int(value)) => {
            value.checked_neg().map(Val::Int).ok_or_else(|| "too large to negate".to_owned())
        }
        Some(Number::Float(value)) => Ok(Val::Float(-value)),
        None => Err(format!("{} cannot be negated", val.type_name())),
    }
}

/// `a == b`: values of different kinds are different, never an error.
#[must_use]
pub fn equal(a: &Val, b: &Val) -> bool {
    if let (Some(a), Some(b)) = (Number::of(a), Number::of(b)) {
        return compare_numbers(a, b) == Some(Ordering::Equal);
    }
    match (a, b) {
        (Val::None, Val::None) | (Val::Undefined(_), Val::Undefined(_)) => true,
        (Val::List(a), Val::List(b)) => Rc::ptr_eq(a, b) || same_items(&a.borrow(), &b.borrow()),
        (Val::Tuple(a), Val::Tuple(b)) => same_items(a, b),
        (Val::Map(a), Val::Map(b)) => {
            let (a, b) = (a.borrow(), b.borrow());
            a.len() == b.len()
                && a.iter().all(|(key, value)| {
                    b.get_key(key).is_some_and(|other| equal(&value.val, &other.val))
                })
        }
        _ => match (a.as_str(), b.as_str()) {
            (Some(a), Some(b)) => a == b,
            _ => false,
        },
    }
}

fn same_items(a: &[Tracked], b: &[Tracked]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(&a.val, &b.val))
}

/// The order of two values; an error if Python has none.
pub fn compare(a: &Val, b: &Val) -> Result<Option<Ordering>, String> {
    if let (Some(a), Some(b)) = (Number::of(a), Number::of(b)) {
        return Ok(compare_numbers(a, b));
    }
    if let (Some(a), Some(b)) = (a.as_str(), b.as_str()) {
        return Ok(Some(a.cmp(b)));
    }
    let items = |val: &Val| match val {
        Val::List(items) => Some(items.borrow().clone()),
        _ => None,
    };
    let tuple = |val: &Val| match val {
        Val::Tuple(items) => Some(items.to_vec()),
        _ => None,
    };
    let pair = items(a).zip(items(b)).or_else(|| tuple(a).zip(tuple(b)));
    let Some((left, right)) = pair else {
        return Err(format!("{} and {} have no order", a.type_name(), b.type_name()));
    };
    for (a, b) in left.iter().zip(&right) {
        if !equal(&a.val, &b.val) {
            return compare(&a.val, &b.val);
        }
    }
    Ok(Some(left.len().cmp(&right.len())))
}

fn compare_numbers(a: Number, b: Number) -> Option<Ordering> {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => Some(a.cmp(&b)),
        (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b),
        (Number::Int(a), Number::Float(b)) => int_with_float(a, b),
        (Number::Float(a), Number::Int(b)) => int_with_float(b, a).map(Ordering::reverse),
    }
}

/// Exact, also where a whole number has no float of its own.
fn int_with_float(a: i128, b: f64) -> Option<Ordering> {
    if b.is_nan() {
        return None;
    }
    if b.abs() >= 1.7e38 {
        return Some(if b > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    #[allow(clippy::cast_possible_truncation)]
    let whole = b.trunc() as i128;
    Some(a.cmp(&whole).then_with(|| 0.0_f64.partial_cmp(&b.fract()).unwrap_or(Ordering::Equal)))
}

/// `needle in haystack`.
pub fn contains(haystack: &Val, needle: &Val) -> Result<bool, String> {
    match haystack {
        Val::Str(_) | Val::Safe(_) => match (haystack.as_str(), needle.as_str()) {
            (Some(text), Some(part)) => Ok(text.contains(part)),
            _ => Err(format!("expected text before `in`, found {}", needle.type_name())),
        },
        Val::List(items) => Ok(items.borrow().iter().any(|item| equal(&item.val, needle))),
        Val::Tuple(items) | Val::Group(items) | Val::Stream(items) => {
            Ok(items.iter().any(|item| equal(&item.val, needle)))
        }
        Val::Map(_) if matches!(needle, Val::List(_) | Val::Map(_)) => {
            Err(format!("{} cannot be a key", needle.type_name()))
        }
        Val::Map(map) => Ok(map.borrow().get_key(needle).is_some()),
        Val::Undefined(_) => Ok(false),
        other => Err(format!("{} cannot be searched with `in`", other.type_name())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: CPython 3.
    #[test]
    fn division_and_remainder_floor() {
        let of = |op, a, b| match binary(op, &Val::Int(a), &Val::Int(b)) {
            Ok(Val::Int(value)) => value,
            other => panic!("{other:?}"),
        };
        assert_eq!(of(Binary::FloorDiv, -7, 2), -4);
        assert_eq!(of(Binary::Rem, -7, 2), 1);
        assert_eq!(of(Binary::Rem, 7, -2), -1);
        assert!(binary(Binary::Div, &Val::Int(1), &Val::Int(0)).is_err());
    }

    #[test]
    fn numbers_compare_exactly_across_kinds() {
        assert!(equal(&Val::Int(1), &Val::Float(1.0)) && equal(&Val::Bool(true), &Val::Int(1)));
        let big = Val::Int((1 << 53) + 1);
        assert!(!equal(&big, &Val::Float(9_007_199_254_740_992.0)));
        assert!(!equal(&Val::Int(1), &Val::str("1")));
    }
}
