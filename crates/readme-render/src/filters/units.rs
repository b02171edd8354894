//! Our own filters: figures in the units people read.

use super::{Answer, Call, Filter, int_arg, text_arg};
use crate::calendar;
use crate::engine::Flaw;
use crate::ops::Number;
use crate::value::Val;

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("si", si),
    ("bytes", bytes),
    ("duration", duration),
    ("duration_between", duration_between),
    ("percent", percent),
    ("date", date),
    ("thousands", thousands),
];

fn number(call: &Call<'_, '_>) -> Result<f64, Flaw> {
    match Number::of(&call.input.val) {
        Some(number) if number.float().is_finite() => Ok(number.float()),
        _ => {
            let found = call.input.val.type_name();
            Err(Flaw::Error(format!("needs a number, found {found}")))
        }
    }
}

/// Three significant digits and a prefix: `1234567|si('B/s')` is `1.23 MB/s`.
fn si(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["unit"])?;
    let unit = text_arg(args[0].as_ref(), "")?;
    let text = scaled(number(&call)?, 1000.0, &["", "k", "M", "G", "T", "P", "E"], 3);
    Ok(Val::str(join_unit(&text, &unit)).into())
}

/// Binary prefixes: `1536|bytes` is `1.5 KiB`.
fn bytes(call: Call<'_, '_>) -> Answer {
    let text = scaled(number(&call)?, 1024.0, &["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"], 3);
    Ok(Val::str(join_unit(&text, "B")).into())
}

/// A figure with its unit; a unit of `bytes` has binary prefixes.
pub(super) fn figure(value: f64, unit: &str) -> String {
    if unit == "bytes" {
        return join_unit(
            &scaled(value, 1024.0, &["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"], 3),
            "B",
        );
    }
    escape::html::text(&join_unit(
        &scaled(value, 1000.0, &["", "k", "M", "G", "T", "P", "E"], 3),
        unit,
    ))
}

fn join_unit((figure, prefix): &(String, &str), unit: &str) -> String {
    let unit = format!("{prefix}{unit}");
    if unit.is_empty() { figure.clone() } else { format!("{figure} {unit}") }
}

/// The figure in the largest unit that leaves it at 1 or more, with `digits` significant digits
/// and no trailing zeros.
fn scaled<'p>(value: f64, base: f64, prefixes: &[&'p str], digits: usize) -> (String, &'p str) {
    let mut at = 0;
    let mut shown = value;
    while shown.abs() >= base && at + 1 < prefixes.len() {
        shown /= base;
        at += 1;
    }
    let mut figure = significant(shown, digits);
    // 999.9995 rounds to 1000: that is 1 of the next unit.
    if figure.trim_start_matches('-').parse().is_ok_and(|f: f64| f >= base)
        && at + 1 < prefixes.len()
    {
        at += 1;
        figure = significant(shown / base, digits);
    }
    (figure, prefixes[at])
}

fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let mut whole = 0;
    let mut rest = value.abs();
    while rest >= 1.0 && whole < digits {
        rest /= 10.0;
        whole += 1;
    }
    let decimals = digits.saturating_sub(whole.max(1));
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// Time for people; the argument is the unit of the number: `ms` (default), `s`, `us`, `ns`.
fn duration(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["unit"])?;
    let seconds = match text_arg(args[0].as_ref(), "ms")?.as_str() {
        "ns" => 1e-9,
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        other => return Err(Flaw::Error(format!("the unit is ns, us, ms or s, not {other:?}"))),
    } * number(&call)?;
    Ok(Val::str(time_text(seconds)).into())
}

fn time_text(seconds: f64) -> String {
    let size = seconds.abs();
    let (figure, unit) = match size {
        _ if size == 0.0 => (0.0, "s"),
        _ if size < 999.5e-9 => (seconds * 1e9, "ns"),
        _ if size < 999.5e-6 => (seconds * 1e6, "µs"),
        _ if size < 999.5e-3 => (seconds * 1e3, "ms"),
        _ if size < 59.95 => (seconds, "s"),
        _ => {
            let total = seconds.abs().round();
            let (minutes, rest) = ((total / 60.0).floor(), total % 60.0);
            let sign = if seconds < 0.0 { "-" } else { "" };
            let (hours, minutes) = ((minutes / 60.0).floor(), minutes % 60.0);
            return match hours > 0.0 {
                true => format!("{sign}{hours:.0} h {minutes:.0} min"),
                false => format!("{sign}{minutes:.0} min {rest:.0} s"),
            };
        }
    };
    format!("{} {unit}", significant(figure, 3))
}

/// Seconds from the input to the argument, both RFC 3339 times.
fn duration_between(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["end"])?;
    let read = |text: String| {
        calendar::parse(&text).ok_or_else(|| Flaw::Error(format!("{text:?} is no RFC 3339 time")))
    };
    let (start, end) = (read(call.text()?)?, read(text_arg(args[0].as_ref(), "")?)?);
    #[allow(clippy::cast_precision_loss)]
    let seconds = (end - start) as f64 / 1000.0;
    Ok(Val::Float(seconds).into())
}

/// A share as percent: `0.1234|percent` is `12.3 %`; the argument is the number of decimals.
fn percent(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["decimals"])?;
    let decimals = usize::try_from(int_arg(args[0].as_ref(), 1)?).unwrap_or(1).min(15);
    Ok(Val::str(format!("{:.decimals$} %", number(&call)? * 100.0)).into())
}

/// A point in time, UTC: from milliseconds since the Unix epoch or an RFC 3339 text.
fn date(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["format"])?;
    let format = text_arg(args[0].as_ref(), "%Y-%m-%d %H:%M:%S UTC")?;
    let ms = match &call.input.val {
        Val::Int(ms) => i64::try_from(*ms).ok(),
        other => other.as_str().and_then(calendar::parse),
    };
    let Some(ms) = ms else {
        return Err(Flaw::Error("needs milliseconds since 1970 or an RFC 3339 time".to_owned()));
    };
    Ok(Val::str(calendar::format(ms, &format)?).into())
}

/// A whole number in groups of three: `1234567|thousands` is `1 234 567`, with narrow spaces.
fn thousands(call: Call<'_, '_>) -> Answer {
    let Val::Int(value) = call.input.val else {
        let found = call.input.val.type_name();
        return Err(Flaw::Error(format!("needs a whole number, found {found}")));
    };
    let digits = value.unsigned_abs().to_string();
    let mut out = String::from(if value < 0 { "-" } else { "" });
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    Ok(Val::str(out).into())
}

#[cfg(test)]
mod tests {
    use super::{scaled, time_text};

    #[test]
    fn figures_keep_three_digits() {
        let si = |value| {
            let (figure, prefix) = scaled(value, 1000.0, &["", "k", "M", "G"], 3);
            format!("{figure}{prefix}")
        };
        let cases = [
            (0.0, "0"),
            (1.0, "1"),
            (999.4, "999"),
            (999.6, "1k"),
            (1234.0, "1.23k"),
            (12345.0, "12.3k"),
            (999_999.0, "1M"),
            (-1500.0, "-1.5k"),
            (0.123_45, "0.12"),
        ];
        for (value, expected) in cases {
            assert_eq!(si(value), expected);
        }
    }

    #[test]
    fn times_are_in_the_unit_people_use() {
        let cases = [
            (0.0, "0 s"),
            (0.001, "1 ms"),
            (0.9996, "1 s"),
            (12.34, "12.3 s"),
            (59.96, "1 min 0 s"),
            (3725.0, "1 h 2 min"),
            (2e-7, "200 ns"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(time_text(seconds), expected);
        }
    }
}
