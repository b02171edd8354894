//! A cell that a spreadsheet opens as text.

use alloc::borrow::Cow;
use alloc::format;

/// `text` with a leading apostrophe if a spreadsheet would take it for a formula (the characters
/// of OWASP's "CSV Injection" page). Quoting is the CSV writer's work.
#[must_use]
pub fn cell(text: &str) -> Cow<'_, str> {
    // A dash alone (standard input, "no value") is no formula anywhere.
    if text != "-"
        && text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn formulas_become_text() {
        assert_eq!(cell("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(cell("-1+2"), "'-1+2");
        assert_eq!(cell("aes-128-cbc"), "aes-128-cbc");
        assert_eq!(cell("-"), "-");
    }
}
