//! JSON that breaks the rules of JSON in ways that hide nothing: control characters in strings,
//! halves of surrogate pairs, escapes that are none, `NaN`, numbers without bounds, a comma too many.

/// The same text with everything of that kind replaced, length and lines unchanged; nothing, if
/// there is nothing of that kind.
pub fn tidy(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    let mut changed = false;
    let mut at = 0;
    // The last byte outside of strings that is no white space, and where it stands.
    let mut last = (0, b' ');
    while at < bytes.len() {
        let byte = bytes[at];
        at = match byte {
            b'"' => {
                last = (at, byte);
                string(&mut bytes, at + 1, &mut changed)
            }
            b'-' | b'+' | b'.' | b'0'..=b'9' | b'N' | b'I' => {
                last = (at, byte);
                number(&mut bytes, at, &mut changed)
            }
            b'}' | b']' => {
                if last.1 == b',' {
                    (bytes[last.0], changed) = (b' ', true);
                }
                last = (at, byte);
                at + 1
            }
            // Quotes of a text that is not JSON: it is no better for being looked at on.
            b'\'' => return None,
            byte => {
                if !byte.is_ascii_whitespace() {
                    last = (at, byte);
                }
                at + 1
            }
        };
    }
    // Only bytes of ASCII were replaced, or whole escapes by others.
    changed.then(|| String::from_utf8(bytes).ok()).flatten()
}

/// Goes through a string; returns where it ends.
fn string(bytes: &mut [u8], from: usize, changed: &mut bool) -> usize {
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' => match bytes.get(at + 1) {
                Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => at += 2,
                Some(b'u') => at = unicode(bytes, at, changed),
                _ => {
                    (bytes[at], *changed) = (b' ', true);
                    at += 1;
                }
            },
            byte => {
                if byte < 0x20 {
                    (bytes[at], *changed) = (b' ', true);
                }
                at += 1;
            }
        }
    }
    at
}

/// Goes over an escape `\uXXXX`, or two that make one character.
fn unicode(bytes: &mut [u8], at: usize, changed: &mut bool) -> usize {
    let unit = |at: usize| {
        let digits = bytes.get(at..at + 6).filter(|escape| escape.starts_with(b"\\u"))?;
        u32::from_str_radix(std::str::from_utf8(&digits[2..]).ok()?, 16).ok()
    };
    match unit(at) {
        Some(0xd800..=0xdbff) if matches!(unit(at + 6), Some(0xdc00..=0xdfff)) => at + 12,
        Some(0xd800..=0xdfff) => {
            bytes[at..at + 6].copy_from_slice(b"\\ufffd");
            *changed = true;
            at + 6
        }
        Some(_) => at + 6,
        None => {
            (bytes[at], *changed) = (b' ', true);
            at + 1
        }
    }
}

/// Goes over a number; one that has no bounds or is none becomes 0.
fn number(bytes: &mut [u8], at: usize, changed: &mut bool) -> usize {
    let part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
    let end = at + bytes[at..].iter().position(|byte| !part(byte)).unwrap_or(bytes.len() - at);
    let token = std::str::from_utf8(&bytes[at..end]).unwrap_or_default();
    let known = matches!(token, "NaN" | "-NaN" | "Infinity" | "-Infinity" | "Inf" | "-Inf");
    let boundless = token.parse::<f64>().is_ok_and(|number| !number.is_finite());
    if known || boundless {
        bytes[at..end].fill(b' ');
        (bytes[at], *changed) = (b'0', true);
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, to: &str) {
        assert_eq!(tidy(from).as_deref(), Some(to));
        assert!(serde_json::from_str::<serde::de::IgnoredAny>(to).is_ok());
        assert_eq!(from.len(), to.len());
    }

    #[test]
    fn what_breaks_the_rules_is_replaced_in_place() {
        check("[\"a\x1bb\0\n\"]", "[\"a b  \"]");
        check(r#"["\ud800 x"]"#, r#"["\ufffd x"]"#);
        check(r#"["\udfff\ud83d\ude00"]"#, r#"["\ufffd\ud83d\ude00"]"#);
        check(r#"["a\xb"]"#, r#"["a xb"]"#);
        check(r#"[NaN,-Infinity,1e999]"#, r#"[0  ,0        ,0    ]"#);
        check(r#"{"a":[1, 2, ],}"#, r#"{"a":[1, 2  ] }"#);
    }

    #[test]
    fn what_keeps_the_rules_stays() {
        for text in [r#"{"a":"\ud83d\ude00 ,]NaN","b":[1,-2.5e3]}"#, "", "\"", "\\u", "{'a':1}"] {
            assert_eq!(tidy(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn length_and_newlines_outside_of_strings_are_kept(text in "[\\[\\]{}\",\\\\u0d8-9NaI. \n\x01é]{0,60}") {
            if let Some(tidied) = tidy(&text) {
                proptest::prop_assert_eq!(tidied.len(), text.len());
            }
        }
    }
}
