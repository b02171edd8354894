//! Texts that one of the generators reads although they are no JSON in UTF-8.

use serde_json::{Map, Value};

/// The text of UTF-16 or UTF-32, with or without a byte order mark: Jackson recognises both by
/// their zeros.
pub(super) fn wide(bytes: &[u8]) -> Option<String> {
    let text = match bytes.get(..4)? {
        [0xff, 0xfe, 0, 0] | [_, 0, 0, 0] => utf32(bytes, u32::from_le_bytes)?,
        [0, 0, 0xfe, 0xff] | [0, 0, 0, _] => utf32(bytes, u32::from_be_bytes)?,
        [0xff, 0xfe, ..] | [_, 0, ..] => utf16(bytes, u16::from_le_bytes)?,
        [0xfe, 0xff, ..] | [0, ..] => utf16(bytes, u16::from_be_bytes)?,
        _ => return None,
    };
    Some(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16(&units).ok()
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Option<String> {
    let units = bytes.chunks_exact(4).map(|four| unit([four[0], four[1], four[2], four[3]]));
    units.map(char::from_u32).collect()
}

/// `text` with U+FFFD for each escaped surrogate that has no partner (Python writes them for names
/// that are not UTF-8); `None` if there is none.
pub(super) fn surrogates(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut found) = (text, false);
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (unit(rest), rest.get(6..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => 12,
            (Some(0xd800..=0xdfff), _) => {
                out.push_str("\\ufffd");
                rest = &rest[6..];
                found = true;
                continue;
            }
            _ => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out.push_str(rest);
    found.then_some(out)
}

/// The code unit of a `\uXXXX` at the beginning of `text`.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

/// The keys that Jackson knows in any case.
const KEYS: [&str; 15] = [
    "uuid",
    "historyId",
    "testCaseId",
    "fullName",
    "name",
    "labels",
    "links",
    "status",
    "steps",
    "attachments",
    "parameters",
    "start",
    "stop",
    "value",
    "excluded",
];

/// `text` with known keys in the case in which they are known.
pub(super) fn case(text: &str) -> Option<String> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = renamed(values.next()?.ok()?);
    serde_json::to_string(&value).ok()
}

fn renamed(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(renamed).collect(),
        Value::Object(map) => {
            let mut out = Map::new();
            for (key, value) in map {
                let known = KEYS.iter().find(|known| known.eq_ignore_ascii_case(&key));
                out.insert(known.map_or(key, |known| (*known).to_owned()), renamed(value));
            }
            Value::Object(out)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lone_surrogates_are_replaced_and_pairs_stay() {
        assert_eq!(
            surrogates(r#""\udcff \ud83d\udd12 \\ud800""#).unwrap(),
            r#""\ufffd \ud83d\udd12 \\ud800""#
        );
        assert_eq!(surrogates(r#""\ud83d\udd12""#), None);
    }

    #[test]
    fn wide_encodings_are_recognised() {
        assert_eq!(wide(b"{\0}\0").unwrap(), "{}");
        assert_eq!(wide(b"\xfe\xff\0{\0}").unwrap(), "{}");
        assert_eq!(wide(b"{\0\0\0}\0\0\0").unwrap(), "{}");
        assert_eq!(wide(b"{  }"), None);
    }
}
