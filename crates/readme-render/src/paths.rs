//! Data paths as people write them: `summary.failures[].message`.

/// Whether `pattern` names `path` or something that holds it. `[]` stands for any index or key in
/// brackets, `*` for any name.
#[must_use]
pub fn covers(pattern: &str, path: &str) -> bool {
    let mut path = segments(path);
    segments(pattern).all(|wanted| {
        path.next().is_some_and(|found| {
            wanted == found || wanted == "*" || (wanted == "[]" && found.starts_with('['))
        })
    })
}

/// `a.b[0]` as `a`, `b`, `[0]`.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        if rest.is_empty() {
            return None;
        }
        let end = if rest.starts_with('[') {
            rest.find(']').map_or(rest.len(), |at| at + 1)
        } else {
            rest.find(['.', '[']).unwrap_or(rest.len())
        };
        let (segment, after) = rest.split_at(end);
        rest = after;
        Some(segment)
    })
}

/// The text with `[3]` as `[]`: what is said of one item is said of all.
#[must_use]
pub fn without_indices(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        if digits > 0 && rest[digits..].starts_with(']') {
            rest = &rest[digits..];
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::{covers, without_indices};

    #[test]
    fn a_pattern_covers_a_path_and_what_is_below_it() {
        assert!(covers("a.b", "a.b") && covers("a.b", "a.b.c") && covers("a.b", "a.b[0]"));
        assert!(covers("a[].c", "a[12].c") && covers("a.*.c", "a.x.c"));
        assert!(!covers("a.b", "a.bc") && !covers("a.b.c", "a.b") && !covers("a[]", "a.x"));
    }

    #[test]
    fn indices_are_left_out() {
        assert_eq!(without_indices("nothing at a[10].b[2]"), "nothing at a[].b[]");
        assert_eq!(without_indices("a[\"x\"] [] [1"), "a[\"x\"] [] [1");
    }
}
