//! `'%s of %d' % (a, b)`.

use super::spec::Spec;
use crate::ops::Number;
use crate::text;
use crate::value::{Tracked, Val};

/// `template % values`, as Python does it.
pub fn percent(template: &str, values: &Val) -> Result<String, String> {
    let items: Vec<Tracked> = match values {
        Val::Tuple(items) => items.to_vec(),
        other => vec![other.clone().into()],
    };
    let mut out = String::with_capacity(template.len());
    let mut next = items.iter();
    let mut by_name = false;
    let mut rest = template;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            out.push('%');
            rest = after;
            continue;
        }
        let mut named = None;
        if let Some(inner) = rest.strip_prefix('(') {
            let end = inner.find(')').ok_or("a format key without `)`")?;
            let Val::Map(map) = values else {
                return Err("a format with keys needs a dictionary".to_owned());
            };
            let value = map.borrow().get(&inner[..end]).cloned();
            named = Some(value.ok_or_else(|| format!("no key {:?} to format", &inner[..end]))?);
            by_name = true;
            rest = &inner[end + 1..];
        }
        let (spec, conversion, after) = parse(rest, &mut next)?;
        rest = after;
        let value = match named {
            Some(value) => value,
            None => next.next().cloned().ok_or("not enough values for the format")?,
        };
        out.push_str(&convert(&spec, conversion, &value.val)?);
    }
    out.push_str(rest);
    let all_used = next.next().is_none() || by_name || matches!(values, Val::Map(_));
    if all_used { Ok(out) } else { Err("more values than the format takes".to_owned()) }
}

/// Flags, width, precision and the conversion character.
fn parse<'t, 'v>(
    text: &'t str,
    values: &mut impl Iterator<Item = &'v Tracked>,
) -> Result<(Spec, char, &'t str), String> {
    let mut spec = Spec::default();
    let mut rest = text;
    while let Some(flag) = rest.chars().next() {
        match flag {
            '-' => spec.align = Some('<'),
            '+' => spec.sign = Some('+'),
            ' ' => spec.sign = spec.sign.or(Some(' ')),
            '#' => spec.alternate = true,
            '0' => spec.zero = true,
            _ => break,
        }
        rest = &rest[1..];
    }
    (spec.width, rest) = number(rest, values)?;
    if let Some(after) = rest.strip_prefix('.') {
        let (precision, after) = number(after, values)?;
        spec.precision = Some(precision);
        rest = after;
    }
    rest = rest.trim_start_matches(['l', 'h', 'L']);
    let conversion = rest.chars().next().ok_or("an incomplete format")?;
    Ok((spec, conversion, &rest[conversion.len_utf8()..]))
}

fn number<'t, 'v>(
    text: &'t str,
    values: &mut impl Iterator<Item = &'v Tracked>,
) -> Result<(usize, &'t str), String> {
    if let Some(after) = text.strip_prefix('*') {
        return match values.next().map(|value| &value.val) {
            Some(Val::Int(width)) => Ok((usize::try_from(*width).unwrap_or(0), after)),
            _ => Err("`*` needs a whole number".to_owned()),
        };
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    Ok((text[..digits].parse().unwrap_or(0), &text[digits..]))
}

fn convert(spec: &Spec, conversion: char, val: &Val) -> Result<String, String> {
    let mut spec = spec.clone();
    if spec.align == Some('<') {
        spec.zero = false;
    }
    match conversion {
        's' | 'r' | 'a' => {
            let mut shown = String::new();
            match conversion {
                's' => text::write_display(val, &mut shown)?,
                'r' => text::repr(val, &mut shown)?,
                _ => shown = text::ascii(val)?,
            }
            spec.kind = Some('s');
            spec.zero = false;
            spec.align = spec.align.or(Some('>'));
            spec.write(&Val::str(shown))
        }
        'c' => match val {
            Val::Int(code) => u32::try_from(*code).ok().and_then(char::from_u32).map(String::from),
            other => other.as_str().filter(|text| text.chars().count() == 1).map(str::to_owned),
        }
        .ok_or_else(|| "%c needs one character".to_owned()),
        'd' | 'i' | 'u' | 'x' | 'X' | 'o' => {
            let whole = match Number::of(val) {
                Some(Number::Int(value)) => value,
                #[allow(clippy::cast_possible_truncation)]
                Some(Number::Float(value)) if value.is_finite() && "diu".contains(conversion) => {
                    value.trunc() as i128
                }
                _ => {
                    return Err(format!("%{conversion} needs a number, found {}", val.type_name()));
                }
            };
            spec.kind = Some(if "iu".contains(conversion) { 'd' } else { conversion });
            spec.precision = None;
            spec.write(&Val::Int(whole))
        }
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' => {
            let number = Number::of(val).ok_or_else(|| {
                format!("%{conversion} needs a number, found {}", val.type_name())
            })?;
            spec.kind = Some(conversion);
            spec.write(&Val::Float(number.float()))
        }
        other => Err(format!("unknown format %{other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::percent;
    use crate::value::Val;

    // Expected values: CPython 3.
    #[test]
    fn formats_are_filled_as_in_python() {
        let cases = [
            ("%5.1f|", Val::Float(2.25), "  2.2|"),
            ("%05d", Val::Int(-42), "-0042"),
            ("%-5s|", Val::str("ab"), "ab   |"),
            ("%5s|", Val::str("ab"), "   ab|"),
            ("%x %%", Val::Int(255), "ff %"),
            ("%g", Val::Float(1e-5), "1e-05"),
            ("%e", Val::Float(12345.678), "1.234568e+04"),
            ("%r", Val::str("a"), "'a'"),
            ("%d", Val::Float(3.9), "3"),
        ];
        for (template, value, expected) in cases {
            assert_eq!(percent(template, &value).unwrap(), expected, "{template}");
        }
        assert!(percent("%d", &Val::str("x")).is_err());
        assert!(percent("%s %s", &Val::str("x")).is_err());
        assert!(percent("plain", &Val::str("x")).is_err());
    }
}
