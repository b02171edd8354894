//! `'{} of {total:d}'.format(a, total=b)`.

use super::spec::Spec;
use crate::text;
use crate::value::{Tracked, Val};

/// `template.format(*pos, **named)`, as Python does it. Attributes and items (`{a.b}`, `{a[0]}`)
/// are looked up in dictionaries and lists only.
pub fn braces(
    template: &str,
    pos: &[Tracked],
    named: &dyn Fn(&str) -> Option<Tracked>,
) -> Result<String, String> {
    let mut out = String::with_capacity(template.len());
    let mut auto = 0;
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            out.push_str(brace);
            rest = after;
            continue;
        }
        if brace == "}" {
            return Err("a single `}` in a format".to_owned());
        }
        let end = closing(rest).ok_or("a `{` without `}` in a format")?;
        let (field, after) = (&rest[..end], &rest[end + 1..]);
        let (name, spec) = field.split_once(':').unwrap_or((field, ""));
        let (name, conversion) = name.split_once('!').unwrap_or((name, ""));
        let value = lookup(name, pos, named, &mut auto)?;
        let value = match conversion {
            "" => value.val,
            "s" => Val::str(text::display(&value.val)?),
            "r" => {
                let mut shown = String::new();
                text::repr(&value.val, &mut shown)?;
                Val::str(shown)
            }
            "a" => Val::str(text::ascii(&value.val)?),
            other => return Err(format!("unknown conversion !{other}")),
        };
        let spec = if spec.contains('{') { braces(spec, pos, named)? } else { spec.to_owned() };
        out.push_str(&parse(&spec)?.write(&value)?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn lookup(
    name: &str,
    pos: &[Tracked],
    named: &dyn Fn(&str) -> Option<Tracked>,
    auto: &mut usize,
) -> Result<Tracked, String> {
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let (first, mut path) = name.split_at(end);
    let mut value = if first.is_empty() {
        *auto += 1;
        pos.get(*auto - 1).cloned()
    } else if let Ok(place) = first.parse::<usize>() {
        pos.get(place).cloned()
    } else {
        named(first)
    }
    .ok_or_else(|| format!("no value for {{{name}}}"))?;
    while !path.is_empty() {
        let (key, rest) = match path.strip_prefix('[') {
            Some(inner) => inner.split_once(']').ok_or("a `[` without `]` in a format")?,
            None => {
                let path = &path[1..];
                let end = path.find(['.', '[']).unwrap_or(path.len());
                path.split_at(end)
            }
        };
        let found = match &value.val {
            Val::Map(map) => map.borrow().get(key).cloned(),
            Val::List(items) => {
                key.parse().ok().and_then(|n: usize| items.borrow().get(n).cloned())
            }
            _ => None,
        };
        value = found.ok_or_else(|| format!("no value for {{{name}}}"))?;
        path = rest;
    }
    Ok(value)
}

/// `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
fn parse(text: &str) -> Result<Spec, String> {
    let mut spec = Spec::default();
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    let is_align = |place: usize| chars.get(place).is_some_and(|c| "<>^=".contains(*c));
    if is_align(1) {
        (spec.fill, spec.align) = (Some(chars[0]), Some(chars[1]));
        at = 2;
    } else if is_align(0) {
        spec.align = Some(chars[0]);
        at = 1;
    }
    let peek = |at: usize| chars.get(at).copied();
    if let Some(sign @ ('+' | '-' | ' ')) = peek(at) {
        spec.sign = Some(sign);
        at += 1;
    }
    if peek(at) == Some('#') {
        spec.alternate = true;
        at += 1;
    }
    if peek(at) == Some('0') {
        spec.zero = true;
        at += 1;
    }
    let digits = |mut at: usize| {
        let start = at;
        while peek(at).is_some_and(|c| c.is_ascii_digit()) {
            at += 1;
        }
        (chars[start..at].iter().collect::<String>().parse::<usize>().ok(), at)
    };
    let (width, next) = digits(at);
    (spec.width, at) = (width.unwrap_or(0), next);
    if let Some(mark @ (',' | '_')) = peek(at) {
        spec.grouping = Some(mark);
        at += 1;
    }
    if peek(at) == Some('.') {
        let (precision, next) = digits(at + 1);
        spec.precision = Some(precision.ok_or("a format without the digits after `.`")?);
        at = next;
    }
    spec.kind = peek(at);
    match chars.len() > at + 1 {
        true => Err(format!("a format that is not understood: {text:?}")),
        false => Ok(spec),
    }
}

#[cfg(test)]
mod tests {
    use super::braces;
    use crate::value::{Tracked, Val};

    // Expected values: CPython 3.
    #[test]
    fn formats_are_filled_as_in_python() {
        let cases = [
            ("{:.1%}", Val::Float(0.1234), "12.3%"),
            ("{:,}", Val::Int(1_234_567), "1,234,567"),
            ("{:,.2f}", Val::Float(1234.5), "1,234.50"),
            ("{:>6}|", Val::str("ab"), "    ab|"),
            ("{:*^7}", Val::str("ab"), "**ab***"),
            ("{:06.2f}", Val::Float(-1.5), "-01.50"),
            ("{:x}", Val::Int(255), "ff"),
            ("{0!r:>5}", Val::str("a"), "  'a'"),
            ("{:.3}", Val::Float(1234.5), "1.23e+03"),
            ("{:10}|", Val::Int(5), "         5|"),
            ("{{}}", Val::None, "{}"),
        ];
        for (template, value, expected) in cases {
            let found = braces(template, &[Tracked::bare(value)], &|_| None).unwrap();
            assert_eq!(found, expected, "{template}");
        }
        assert!(braces("{", &[], &|_| None).is_err() && braces("{}", &[], &|_| None).is_err());
    }
}
