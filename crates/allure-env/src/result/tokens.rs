//! A JSON text, token by token, and changed in places.

/// What is changed: a token, whether it is a key, and the key it stands under.
pub(super) type Change = fn(token: &str, is_key: bool, under: &str) -> Option<String>;

/// `text` with some of its strings and numbers changed; `None` if none is. What is no JSON stays.
pub(super) fn changed(text: &str, change: Change) -> Option<String> {
    let (mut out, mut under) = (String::new(), "");
    let (mut at, mut kept) = (0, 0);
    while let Some(offset) = text[at..].find(starts) {
        let start = at + offset;
        let end = start + length(&text[start..]);
        let token = &text[start..end];
        let is_key = token.starts_with('"') && text[end..].trim_start().starts_with(':');
        if let Some(new) = change(token, is_key, under) {
            out.push_str(&text[kept..start]);
            out.push_str(&new);
            kept = end;
        }
        if is_key {
            under = token.trim_matches('"');
        }
        at = end;
    }
    if kept == 0 {
        return None;
    }
    out.push_str(&text[kept..]);
    Some(out)
}

/// Whether a string or a number begins here.
fn starts(c: char) -> bool {
    c == '"' || c == '-' || c.is_ascii_digit()
}

fn length(token: &str) -> usize {
    if !token.starts_with('"') {
        let number = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
        return token.find(|c| !number(c)).unwrap_or(token.len());
    }
    let mut escaped = false;
    let end = token[1..].find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    end.map_or(token.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_seen_with_the_key_they_stand_under() {
        let change: Change = |token, is_key, under| match (token, is_key, under) {
            ("\"a\\\"1\"", true, "") => Some("\"A\"".to_owned()),
            ("-1.5e+3", false, "a\\\"1") => Some("7".to_owned()),
            _ => None,
        };
        let text = r#"{"a\"1" : -1.5e+3, "b": ["-1.5e+3", 2, "é"]}"#;
        let expected = r#"{"A" : 7, "b": ["-1.5e+3", 2, "é"]}"#;
        assert_eq!(changed(text, change).unwrap(), expected);
        assert_eq!(changed("{\"b\": \"unended", change), None);
    }
}
