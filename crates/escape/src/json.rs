//! JSON text in which nothing acts on who looks at it.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write;

use crate::acts;

/// Writes the characters of `json` from `start` on that act (bidirectional and zero-width ones, DEL,
/// C1 controls) as JSON escapes (`\u202e`). They occur in strings only, so the value stays what it is
/// for every reader; line ends and other controls are escaped in strings already. `json` has to be
/// whole characters of UTF-8.
pub fn visible(json: &mut Vec<u8>, start: usize) {
    let text = json.get(start..).unwrap_or_default();
    // Nearly all text is ASCII: this much is seen at the speed of memory.
    if text
        .chunks(64)
        .all(|chunk| chunk.iter().fold(0, |high, byte| high | byte.wrapping_add(1) | byte) < 0x80)
    {
        return;
    }
    let Ok(text) = core::str::from_utf8(text) else { return };
    if !text.chars().any(hidden) {
        return;
    }
    let mut out = String::with_capacity(text.len() + 64);
    for c in text.chars() {
        if hidden(c) {
            // None of them is above U+FFFF.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    json.truncate(start);
    json.extend_from_slice(out.as_bytes());
}

fn hidden(c: char) -> bool {
    c >= '\u{7f}' && acts(c)
}

#[cfg(test)]
mod tests {
    use super::visible;

    fn shown(text: &str) -> alloc::string::String {
        let mut json = text.as_bytes().to_vec();
        visible(&mut json, 0);
        alloc::string::String::from_utf8(json).unwrap()
    }

    #[test]
    fn what_acts_is_an_escape_and_the_rest_stays() {
        assert_eq!(shown("{\"a\":\"x\u{202e}y\"}\n"), "{\"a\":\"x\\u202ey\"}\n");
        assert_eq!(
            shown("\"\u{7f}\u{85}\u{200b}\u{feff}\u{2028}\""),
            "\"\\u007f\\u0085\\u200b\\ufeff\\u2028\""
        );
        for same in ["{\n  \"a\": 1\n}\n", "\"größe 漢字 🙂 \u{a0}\"", "\"\\u202e\\n\""] {
            assert_eq!(shown(same), same);
        }
    }

    #[test]
    fn what_stands_before_the_start_is_left_alone() {
        let mut json = "\u{202e}\u{202e}".as_bytes().to_vec();
        visible(&mut json, 3);
        assert_eq!(json, "\u{202e}\\u202e".as_bytes());
    }
}
