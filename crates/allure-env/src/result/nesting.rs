//! How deep a JSON text is nested, and what is left of it above some depth.
//!
//! A parser that follows a text down can be led to the end of its stack. So the depth is known
//! before a text is parsed, and what lies too deep is cut away.

/// The deepest level that is looked at; the parser itself stops at 128.
pub(super) const LOOKED_AT: usize = 120;
/// The deepest level that Allure 2 reads (Jackson's `StreamReadConstraints`).
pub(super) const ALLURE2: usize = 1000;
/// The longest string that Allure 2 reads, in characters (the same).
pub(super) const ALLURE2_STRING: usize = 20_000_000;

/// The greatest depth of a text; 0 is a scalar. Cheap for a text with few brackets.
pub(super) fn depth(text: &str) -> usize {
    // `[` and `{` differ in the bit 0x20.
    let opening = text.bytes().filter(|byte| byte | 0x20 == b'{').count();
    if opening <= LOOKED_AT {
        return opening;
    }
    let (mut depth, mut deepest) = (0_usize, 0);
    tokens(text, |byte, _| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    });
    deepest
}

/// `text` with every array and object below [`LOOKED_AT`] emptied.
pub(super) fn cut(text: &str) -> String {
    let (mut depth, mut kept, mut out) = (0_usize, 0, String::new());
    tokens(text, |byte, at| match byte {
        b'[' | b'{' => {
            depth += 1;
            if depth == LOOKED_AT {
                out.push_str(&text[kept..=at]);
            }
        }
        b']' | b'}' => {
            if depth == LOOKED_AT {
                kept = at;
            }
            depth = depth.saturating_sub(1);
        }
        _ => {}
    });
    out.push_str(&text[kept..]);
    out
}

/// The longest key and the longest number that Allure 2 reads, in characters (the same).
const ALLURE2_KEY: usize = 50_000;
const ALLURE2_NUMBER: usize = 1000;

/// Whether a key or a number of the text is longer than Allure 2 reads.
pub(super) fn long_token(text: &str) -> bool {
    // A long number lies across one of these places.
    let digits = |place: &u8| place.is_ascii_digit();
    if text.len() <= ALLURE2_KEY && !text.as_bytes().iter().step_by(ALLURE2_NUMBER).any(digits) {
        return false;
    }
    let long = |token: &str, is_key: bool, _: &str| {
        let long = match token.starts_with('"') {
            true => is_key && token.len() - 2 > ALLURE2_KEY,
            false => token.len() > ALLURE2_NUMBER,
        };
        long.then(String::new)
    };
    super::tokens::changed(text, long).is_some()
}

/// Whether a string of the text is longer than Allure 2 reads. Escapes count as they are written,
/// so that the answer errs on the side of telling.
pub(super) fn long_string(text: &str) -> bool {
    if text.len() <= ALLURE2_STRING {
        return false;
    }
    let (mut open, mut longest) = (0, 0);
    tokens(text, |byte, at| {
        if byte == b'"' {
            longest = longest.max(at - open);
            open = at;
        }
    });
    longest > ALLURE2_STRING
}

/// Calls `each` with every byte outside of strings, and with the quotes around them.
fn tokens(text: &str, mut each: impl FnMut(u8, usize)) {
    let (mut inside, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => {
                inside = !inside;
                each(byte, at);
            }
            _ if !inside => each(byte, at),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_do_not_nest() {
        let text = format!("[{}]", vec!["\"[[[\\\"[\""; 200].join(","));
        assert_eq!(depth(&text), 1);
        assert_eq!(depth(&format!("{}{}", "[".repeat(300), "]".repeat(300))), 300);
    }

    #[test]
    fn what_lies_too_deep_is_emptied() {
        let text = format!("{}7{}", "[".repeat(300), "]".repeat(300));
        let cut = cut(&text);
        assert_eq!(cut, format!("{}{}", "[".repeat(LOOKED_AT), "]".repeat(LOOKED_AT)));
        assert_eq!(super::cut("[{\"a\":[1]}]"), "[{\"a\":[1]}]");
    }
}
