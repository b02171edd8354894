//! Single values of a suite file: durations, patterns, bytes.

use std::time::Duration;

use regex::bytes::{Regex, RegexBuilder};

/// Longest time a step may be given.
const LONGEST: Duration = Duration::from_secs(3600);

/// `20s`, `500ms`, `2m`: more than nothing, at most an hour.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let parsed = humantime::parse_duration(text)
        .map_err(|error| format!("expected a duration as 20s or 500ms, found {text:?}: {error}"))?;
    if parsed.is_zero() || parsed > LONGEST {
        return Err(format!("expected a duration above 0 and up to 1h, found {text:?}"));
    }
    Ok(parsed)
}

/// A pattern in the syntax of the `regex` crate; its matching time is linear in the text.
pub(super) fn pattern(text: &str) -> Result<Regex, String> {
    let compiled = RegexBuilder::new(text).size_limit(1 << 20).build();
    let regex = compiled.map_err(|error| {
        let why = error.to_string();
        let last = why.lines().last().unwrap_or_default().trim();
        format!("expected a pattern, found {text:?}: {}", last.trim_start_matches("error: "))
    })?;
    // A pattern that matches nothing at all holds, or fails, whatever was written.
    if regex.is_match(b"") {
        return Err(format!("{text:?} matches even where nothing was written: it proves nothing"));
    }
    Ok(regex)
}

/// Bytes as hexadecimal digits, blanks between them ignored.
pub(super) fn hex(text: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    data_encoding::HEXLOWER_PERMISSIVE
        .decode(&digits)
        .map_err(|_| format!("expected pairs of hexadecimal digits, found {text:?}"))
}

/// A name that is one plain path component.
pub(super) fn file_name(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if text.is_empty() || text.starts_with(['.', '-']) || !text.chars().all(plain) {
        return Err(format!("expected a file name of letters, digits, . _ and -, found {text:?}"));
    }
    Ok(text.to_owned())
}

/// An id: lower-case words joined by dots and dashes.
pub(super) fn id(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    if text.is_empty() || text.len() > 100 || !text.chars().all(plain) {
        return Err(format!(
            "expected an id of at most 100 lower-case letters, digits, . _ and -, found {text:?}"
        ));
    }
    Ok(text.to_owned())
}
