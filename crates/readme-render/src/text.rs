//! Values as text: Python's `str` and `repr`.

use std::fmt::Write;

use crate::unicode;
use crate::value::{Tracked, Val};

/// What `{{ value }}` prints before escaping, as Python's `str` gives it; `Err` names a value that
/// has no such text.
pub fn display(val: &Val) -> Result<String, String> {
    let mut out = String::new();
    write_display(val, &mut out)?;
    Ok(out)
}

/// The same, appended.
pub fn write_display(val: &Val, out: &mut String) -> Result<(), String> {
    match val {
        Val::Str(text) => out.push_str(text),
        Val::Safe(markup) => out.push_str(&markup.text),
        Val::Module(module) => out.push_str(&module.text.text),
        other => repr(other, out)?,
    }
    Ok(())
}

/// Python's `repr`, appended.
pub fn repr(val: &Val, out: &mut String) -> Result<(), String> {
    match val {
        Val::None => out.push_str("None"),
        Val::Bool(true) => out.push_str("True"),
        Val::Bool(false) => out.push_str("False"),
        Val::Int(value) => {
            let _ = write!(out, "{value}");
        }
        Val::Float(value) => out.push_str(&float(*value)),
        Val::Str(text) => quoted(text, out),
        Val::Safe(markup) if markup.plain => quoted(&markup.text, out),
        Val::Safe(markup) => {
            out.push_str("Markup(");
            quoted(&markup.text, out);
            out.push(')');
        }
        Val::List(items) => bracketed("[", &items.borrow(), "]", out)?,
        Val::Tuple(items) | Val::Group(items) => {
            let end = if items.len() == 1 { ",)" } else { ")" };
            bracketed("(", items, end, out)?;
        }
        Val::Map(map) => {
            out.push('{');
            for (place, (key, value)) in map.borrow().iter().enumerate() {
                if place > 0 {
                    out.push_str(", ");
                }
                repr(key, out)?;
                out.push_str(": ");
                repr(&value.val, out)?;
            }
            out.push('}');
        }
        Val::Undefined(_) => out.push_str("Undefined"),
        Val::Stream(_) => {
            return Err("the result of a lazy filter cannot be printed: add |list".to_owned());
        }
        other => return Err(format!("{} cannot be printed", other.type_name())),
    }
    Ok(())
}

fn bracketed(open: &str, items: &[Tracked], close: &str, out: &mut String) -> Result<(), String> {
    out.push_str(open);
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push_str(", ");
        }
        repr(&item.val, out)?;
    }
    out.push_str(close);
    Ok(())
}

/// Python's `ascii`: the same with everything beyond ASCII escaped.
pub fn ascii(val: &Val) -> Result<String, String> {
    let mut shown = String::new();
    repr(val, &mut shown)?;
    let mut out = String::with_capacity(shown.len());
    for c in shown.chars() {
        let _ = match c as u32 {
            ..0x80 => write!(out, "{c}"),
            code @ ..0x100 => write!(out, "\\x{code:02x}"),
            code @ ..0x1_0000 => write!(out, "\\u{code:04x}"),
            code => write!(out, "\\U{code:08x}"),
        };
    }
    Ok(out)
}

/// A quoted string: single quotes unless only those occur in it.
fn quoted(text: &str, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if (c as u32) < 0x100 && !unicode::is_printable(c) => {
                let _ = write!(out, "\\x{:02x}", c as u32);
            }
            c if !unicode::is_printable(c) && (c as u32) < 0x1_0000 => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c if !unicode::is_printable(c) => {
                let _ = write!(out, "\\U{:08x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push(quote);
}

/// A float as Python prints it: shortest digits that read back, with an exponent below 1e-4 and
/// from 1e16 on.
#[must_use]
pub fn float(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if value != 0.0 && !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    let plain = format!("{value}");
    if plain.contains('.') { plain } else { plain + ".0" }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values: CPython 3.
    #[test]
    fn floats_print_as_in_python() {
        let cases = [
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"),
            (-0.0, "-0.0"),
            (1e100, "1e+100"),
            (1.5e300, "1.5e+300"),
        ];
        for (value, expected) in cases {
            assert_eq!(float(value), expected);
        }
    }

    #[test]
    fn text_in_lists_is_quoted_as_in_python() {
        let list = |text: &str| display(&Val::list(vec![Val::str(text).into()])).unwrap();
        assert_eq!(list("a'b"), "[\"a'b\"]");
        assert_eq!(list("a'\"b\n"), "['a\\'\"b\\n']");
        assert_eq!(list("ä\u{200b}\u{7f}"), "['ä\\u200b\\x7f']");
    }
}
