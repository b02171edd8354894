//! Character references as characters, as Python's `html.unescape` reads them.

/// Names of the HTML standard, sorted, each with its code points in hexadecimal digits.
const NAMES: &str = include_str!("entities.txt");

/// Longest name that is looked at, `&` not counted.
const LONGEST: usize = 32;

/// Windows-1252, which numbers from 128 to 159 stand for.
const C1: [u32; 32] = [
    0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039,
    0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc,
    0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
];

/// `text` with each `&name;`, `&#8364;` and `&#x20ac;` replaced; unknown ones stay.
#[must_use]
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let used = numeric(rest, &mut out).or_else(|| named(rest, &mut out));
        match used {
            Some(used) => rest = &rest[used..],
            None => out.push('&'),
        }
    }
    out + rest
}

/// `#123;` or `#x7b;`: appends the character and says how many bytes that was.
fn numeric(text: &str, out: &mut String) -> Option<usize> {
    let digits = text.strip_prefix('#')?;
    let (digits, base, head) = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 2),
        None => (digits, 10, 1),
    };
    let len = digits.find(|c: char| !c.is_digit(base)).unwrap_or(digits.len());
    if len == 0 {
        return None;
    }
    let end = usize::from(digits[len..].starts_with(';'));
    // More digits than a code point has: none that exists.
    let code = u32::from_str_radix(digits[..len].trim_start_matches('0'), base);
    out.extend(character(code.unwrap_or(if digits[..len].bytes().all(|b| b == b'0') {
        0
    } else {
        u32::MAX
    })));
    Some(head + len + end)
}

fn character(code: u32) -> Option<char> {
    match code {
        0 | 0xd800..=0xdfff | 0x11_0000.. => Some('\u{fffd}'),
        0x80..=0x9f => char::from_u32(C1[code as usize - 0x80]),
        0xd => Some('\r'),
        0x1..=0x8 | 0xb | 0xe..=0x1f | 0x7f | 0xfdd0..=0xfdef => None,
        code if code & 0xfffe == 0xfffe => None,
        code => char::from_u32(code),
    }
}

/// The longest known name that `text` begins with.
fn named(text: &str, out: &mut String) -> Option<usize> {
    let stop = |c: char| matches!(c, '\t' | '\n' | '\u{c}' | ' ' | '<' | '&' | '#' | ';');
    let mut len = text.find(stop).unwrap_or(text.len());
    if text[..len].chars().count() > LONGEST {
        len = text.char_indices().nth(LONGEST).map_or(len, |(at, _)| at);
    } else if text[len..].starts_with(';') {
        len += 1;
    }
    while len > 1 {
        if let Some(code_points) = text.get(..len).and_then(lookup) {
            let code = |hex| u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
            out.extend(code_points.split(' ').filter_map(code));
            return Some(len);
        }
        len -= 1;
    }
    None
}

/// The code points of a name.
fn lookup(name: &str) -> Option<&'static str> {
    let (mut low, mut high) = (0, NAMES.len());
    while low < high {
        let middle = low.midpoint(high);
        let start = NAMES[..middle].rfind('\n').map_or(0, |at| at + 1);
        let end = NAMES[middle..].find('\n').map_or(NAMES.len(), |at| middle + at);
        let (known, code_points) = NAMES[start..end].split_once(' ')?;
        match name.cmp(known) {
            std::cmp::Ordering::Equal => return Some(code_points),
            std::cmp::Ordering::Less => high = start,
            std::cmp::Ordering::Greater => low = end + 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::unescape;

    // Expected values: CPython 3, html.unescape.
    #[test]
    fn references_are_read_as_in_python() {
        let cases = [
            ("a &amp; b &nbsp;c", "a & b \u{a0}c"),
            ("&lt&gt;", "<>"),
            ("&notit;", "¬it;"),
            ("&nope; & &; &#; &#x;", "&nope; & &; &#; &#x;"),
            ("&#34;&#x27;&#128;&#0;&#1;", "\"'€\u{fffd}"),
            ("&#99999999999;", "\u{fffd}"),
            ("&CounterClockwiseContourIntegral;", "∳"),
            ("&fjlig;&AMP;&zwnj;", "fj&\u{200c}"),
            ("&ampx", "&x"),
            ("&#000;|&#65", "\u{fffd}|A"),
        ];
        for (text, expected) in cases {
            assert_eq!(unescape(text), expected, "{text}");
        }
    }
}
