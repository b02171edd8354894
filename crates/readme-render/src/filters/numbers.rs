//! Numbers.

use super::{Answer, Call, Filter, flag_arg, int_arg, text_arg};
use crate::engine::Flaw;
use crate::methods::text::is_space;
use crate::ops::Number;
use crate::unicode;
use crate::value::{Tracked, Val};

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("int", int),
    ("float", float),
    ("round", round),
    ("abs", abs),
    ("filesizeformat", filesizeformat),
];

fn int(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["default", "base"])?;
    let base = u32::try_from(int_arg(args[1].as_ref(), 10)?).unwrap_or(10);
    let default = args[0].clone().unwrap_or_else(|| Val::Int(0).into());
    let found = match Number::of(&call.input.val) {
        Some(Number::Int(value)) => Some(value),
        Some(Number::Float(value)) if value.is_finite() => {
            Some(whole(value).ok_or("the number has more than 128 bits".to_owned())?)
        }
        Some(Number::Float(_)) => None,
        None => match call.input.val.as_str() {
            Some(text) => parse_int(text, base)?,
            None => None,
        },
    };
    Ok(found.map_or(default, |value| Val::Int(value).into()))
}

fn whole(value: f64) -> Option<i128> {
    #[allow(clippy::cast_possible_truncation)]
    (value.is_finite() && value.abs() < 1.7e38).then(|| value.trunc() as i128)
}

/// Without the white space around it, the digits of any script as 0 to 9.
fn western(text: &str) -> String {
    let digit = |c: char| match unicode::decimal(c) {
        Some(value) => char::from_digit(value, 10).unwrap_or(c),
        None => c,
    };
    text.trim_matches(is_space).chars().map(digit).collect()
}

/// What Python's `int(text, base)` reads, or else `int(float(text))`.
fn parse_int(text: &str, base: u32) -> Result<Option<i128>, String> {
    let text = &western(text);
    let trimmed = text.to_ascii_lowercase();
    let (negative, digits) = match trimmed.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, trimmed.strip_prefix('+').unwrap_or(&trimmed)),
    };
    let prefix = match base {
        16 => "0x",
        8 => "0o",
        2 => "0b",
        _ => "",
    };
    let digits = digits.strip_prefix(prefix).unwrap_or(digits);
    let plain = !digits.starts_with('_') && !digits.ends_with('_') && !digits.contains("__");
    let starts_right = digits.starts_with(|c: char| c.is_ascii_alphanumeric());
    if plain && starts_right && (2..=36).contains(&base) {
        let digits = digits.replace('_', "");
        match i128::from_str_radix(&digits, base) {
            Ok(value) => return Ok(Some(if negative { -value } else { value })),
            Err(_) if digits.chars().all(|c| c.is_digit(base)) => {
                return Err(format!("{text} has more than 128 bits"));
            }
            Err(_) => {}
        }
    }
    match parse_float(text).filter(|value| value.is_finite()) {
        Some(value) => match whole(value) {
            None => Err(format!("{text} has more than 128 bits")),
            whole => Ok(whole),
        },
        None => Ok(None),
    }
}

/// What Python's `float(text)` reads.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let text = western(text);
    let plain = !text.starts_with('_') && !text.ends_with('_') && !text.contains("__");
    let shape = text.chars().all(|c| c.is_ascii_digit() || "+-.eE_".contains(c));
    if plain && shape {
        return text.replace('_', "").parse().ok();
    }
    match text.to_ascii_lowercase().trim_start_matches(['+', '-']) {
        "inf" | "infinity" | "nan" => text.to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

fn float(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["default"])?;
    let default = args[0].clone().unwrap_or_else(|| Val::Float(0.0).into());
    let found = match Number::of(&call.input.val) {
        Some(number) => Some(number.float()),
        None => call.input.val.as_str().and_then(parse_float),
    };
    Ok(found.map_or(default, |value| Val::Float(value).into()))
}

fn round(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["precision", "method"])?;
    let precision = i32::try_from(int_arg(args[0].as_ref(), 0)?).unwrap_or(0).clamp(-300, 300);
    let method = text_arg(args[1].as_ref(), "common")?;
    let Some(number) = Number::of(&call.input.val) else {
        let found = call.input.val.type_name();
        return Err(Flaw::Error(format!("needs a number, found {found}")));
    };
    let scale = 10_f64.powi(precision);
    let value = match (method.as_str(), number) {
        ("common", Number::Int(value)) if precision >= 0 => return Ok(Val::Int(value).into()),
        ("common", Number::Int(value)) => {
            return Ok(Val::Int(round_int(value, precision)).into());
        }
        ("common", Number::Float(value)) => nearest(value, precision),
        ("ceil", number) => (number.float() * scale).ceil() / scale,
        ("floor", number) => (number.float() * scale).floor() / scale,
        (other, _) => {
            return Err(Flaw::Error(format!("rounds common, ceil or floor, not {other:?}")));
        }
    };
    Ok(Val::Float(value).into())
}

/// Half to even on tens, hundreds, …
fn round_int(value: i128, precision: i32) -> i128 {
    let Some(unit) = 10_i128.checked_pow(precision.unsigned_abs()) else { return 0 };
    let rest = value.rem_euclid(unit);
    let down = value - rest;
    let up = rest * 2 > unit || (rest * 2 == unit && (down / unit) % 2 != 0);
    if up { down + unit } else { down }
}

/// The nearest number with that many decimals, of the exact value (`2.675` is below its half).
fn nearest(value: f64, precision: i32) -> f64 {
    match usize::try_from(precision) {
        // `format!` rounds the exact binary value, halves to even, as Python does.
        Ok(decimals) => format!("{value:.decimals$}").parse().unwrap_or(value),
        Err(_) => {
            let scale = 10_f64.powi(-precision);
            (value / scale).round_ties_even() * scale
        }
    }
}

fn abs(call: Call<'_, '_>) -> Answer {
    let val = match Number::of(&call.input.val) {
        Some(Number::Int(value)) => Val::Int(value.saturating_abs()),
        Some(Number::Float(value)) => Val::Float(value.abs()),
        None => {
            let found = call.input.val.type_name();
            return Err(Flaw::Error(format!("needs a number, found {found}")));
        }
    };
    Ok(Tracked::bare(val))
}

fn filesizeformat(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["binary"])?;
    let binary = flag_arg(args[0].as_ref(), false);
    let bytes = match Number::of(&call.input.val) {
        Some(number) => number.float(),
        None => call.input.val.as_str().and_then(parse_float).ok_or_else(|| {
            Flaw::Error(format!("needs a number, found {}", call.input.val.type_name()))
        })?,
    };
    let base: f64 = if binary { 1024.0 } else { 1000.0 };
    let units: [&str; 8] = if binary {
        ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"]
    } else {
        ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"]
    };
    let text = if bytes == 1.0 {
        "1 Byte".to_owned()
    } else if bytes < base {
        format!("{:.0} Bytes", bytes.trunc()).replace("-0 ", "0 ")
    } else {
        let mut scale = base;
        let mut at = 0;
        while bytes >= scale * base && at + 1 < units.len() {
            scale *= base;
            at += 1;
        }
        format!("{:.1} {}", bytes / scale, units[at])
    };
    Ok(Val::str(text).into())
}
