//! Texts that one of the generators reads although they are no JSON in UTF-8.

use super::tokens::changed;

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
/// Keys of texts by which results are told apart.
const TEXTS: [&str; 4] = ["testCaseId", "fullName", "name", "value"];

/// `text` with known keys in the case in which they are known, and with numbers as text where
/// Jackson reads text: it keeps their digits as they are written. `None` if nothing is to be done.
pub(super) fn jackson(text: &str) -> Option<String> {
    let keys = changed(text, |token, is_key, _| {
        let key = token.trim_matches('"');
        let new = KEYS.iter().find(|known| known.eq_ignore_ascii_case(key))?;
        (is_key && *new != key).then(|| format!("\"{new}\""))
    });
    let texts = changed(keys.as_deref().unwrap_or(text), |token, _, under| {
        let number = !token.starts_with('"') && TEXTS.contains(&under);
        number.then(|| format!("\"{token}\""))
    });
    texts.or(keys)
}

/// `text` with the largest number there is in the place of each that is larger: to JavaScript it is
/// infinite.
pub(super) fn infinite(text: &str) -> Option<String> {
    changed(text, |token, _, _| {
        let number: f64 = token.parse().ok()?;
        number.is_infinite().then(|| format!("{:e}", f64::MAX.copysign(number)))
    })
}

/// `bytes` as Jackson decodes them. It does not mind a character in more bytes than it takes;
/// `None` where it gives up.
pub(super) fn lenient(bytes: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        let (mut code, more) = match first {
            0x00..=0x7f => (u32::from(*first), 0),
            0xc0..=0xdf => (u32::from(first & 0x1f), 1),
            0xe0..=0xef => (u32::from(first & 0x0f), 2),
            0xf0..=0xf7 => (u32::from(first & 0x07), 3),
            _ => return None,
        };
        for byte in tail.get(..more)? {
            if byte & 0xc0 != 0x80 {
                return None;
            }
            code = code << 6 | u32::from(byte & 0x3f);
        }
        text.push(char::from_u32(code)?);
        rest = &tail[more..];
    }
    Some(text)
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
    fn jackson_s_view_is_written_out() {
        let text = r#"{"Status":"a","fullName":1.50,"value":7,"start":1.5,"x":"Status"}"#;
        let expected = r#"{"status":"a","fullName":"1.50","value":"7","start":1.5,"x":"Status"}"#;
        assert_eq!(jackson(text).unwrap(), expected);
        assert_eq!(jackson(r#"{"status":"a","start":1.5}"#), None);
    }

    #[test]
    fn numbers_beyond_all_bounds_are_the_largest() {
        let expected = format!("[1e3,{:e},\"1e999\"]", f64::MIN);
        assert_eq!(infinite("[1e3,-1e400,\"1e999\"]").unwrap(), expected);
        assert_eq!(infinite("[1e308]"), None);
    }

    #[test]
    fn bytes_are_decoded_as_leniently_as_jackson_does() {
        assert_eq!(lenient(b"a\xc0\xafb").unwrap(), "a/b");
        assert_eq!(lenient(b"a\xed\xa0\x80"), None);
        assert_eq!(lenient("aü🔒".as_bytes()).unwrap(), "aü🔒");
        assert_eq!(lenient(b"a\xfc"), None);
        assert_eq!(lenient(b"a\xc3"), None);
    }

    #[test]
    fn wide_encodings_are_recognised() {
        assert_eq!(wide(b"{\0}\0").unwrap(), "{}");
        assert_eq!(wide(b"\xfe\xff\0{\0}").unwrap(), "{}");
        assert_eq!(wide(b"{\0\0\0}\0\0\0").unwrap(), "{}");
        assert_eq!(wide(b"{  }"), None);
    }
}
