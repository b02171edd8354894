//! Names that Windows keeps for devices, in every folder and with any extension.
//!
//! The list is that of "Naming Files, Paths, and Namespaces" in Microsoft's documentation, with the
//! console's `CONIN$` and `CONOUT$`, and with `COM0`, `LPT0` and `CLOCK$`, which some versions take.

const WORDS: [&str; 7] = ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"];

/// Whether `stem`, a name without its extension, is a device in any case of its letters.
pub(crate) fn is_device(stem: &str) -> bool {
    // Nearly every name is told apart by its length.
    if !(3..=7).contains(&stem.len()) {
        return false;
    }
    WORDS.iter().any(|word| stem.eq_ignore_ascii_case(word)) || is_port(stem)
}

fn is_port(stem: &str) -> bool {
    let Some((kind, number)) = stem.split_at_checked(3) else { return false };
    // Windows takes the superscripts ¹ ² ³ for digits.
    let numbered = matches!(number.as_bytes(), [b'0'..=b'9'])
        || matches!(number, "\u{b9}" | "\u{b2}" | "\u{b3}");
    numbered && (kind.eq_ignore_ascii_case("com") || kind.eq_ignore_ascii_case("lpt"))
}

#[cfg(test)]
mod tests {
    use super::is_device;

    #[test]
    fn devices_in_any_case_and_with_superscripts() {
        for device in ["con", "NUL", "Com1", "lpt9", "COM¹", "lpt³", "com0", "CONOUT$"] {
            assert!(is_device(device), "{device}");
        }
        for name in ["", "co", "cone", "com", "com10", "com⁴", "comä", "äon", "nul_", "lpt１"]
        {
            assert!(!is_device(name), "{name}");
        }
    }
}
