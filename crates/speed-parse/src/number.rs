//! The numbers of a log, read strictly: what a C format printed, or not a number at all.

use contract::speed::Cause;

/// A printed figure, or why there is none.
pub(crate) type Figure = Result<f64, Cause>;

/// `text` as a whole number without sign or blanks.
pub(crate) fn whole(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 19 {
        return None;
    }
    let mut value: u64 = 0;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + u64::from(digit);
    }
    Some(value)
}

/// `text` as digits, a point and exactly `decimals` digits: what `%.2f` prints for a number that
/// is not negative. The value is exact below 2^53 units of the last digit.
pub(crate) fn fixed(text: &[u8], decimals: usize) -> Option<f64> {
    const SCALE: [f64; 7] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6];
    let point = text.len().checked_sub(decimals + 1)?;
    if text[point] != b'.' || point == 0 {
        return None;
    }
    match (whole(&text[..point]), whole(&text[point + 1..])) {
        (Some(integer), Some(fraction)) if text.len() <= 16 => {
            #[allow(clippy::cast_precision_loss)] // at most 15 digits: exact
            let units = (integer * 10_u64.pow(u32::try_from(decimals).ok()?) + fraction) as f64;
            Some(units / SCALE[decimals])
        }
        _ => {
            let digits = text.iter().enumerate().all(|(at, b)| at == point || b.is_ascii_digit());
            digits.then(|| std::str::from_utf8(text).ok()?.parse().ok())?
        }
    }
}

/// A figure with exactly `decimals` decimals, or the reason why it is none.
pub(crate) fn figure(text: &[u8], decimals: usize) -> Figure {
    if let Some(value) = fixed(text, decimals) {
        return match value {
            0.0 => Err(Cause::Zero),
            value if value < 1e18 => Ok(value),
            _ => Err(Cause::NotFinite),
        };
    }
    let magnitude = text.strip_prefix(b"-").unwrap_or(text);
    if is_not_finite(magnitude) {
        return Err(Cause::NotFinite);
    }
    match fixed(magnitude, decimals) {
        Some(0.0) => Err(Cause::Zero),
        Some(_) => Err(Cause::Negative),
        None => Err(Cause::Unreadable),
    }
}

/// What C prints for a division by zero.
fn is_not_finite(text: &[u8]) -> bool {
    [&b"inf"[..], b"nan", b"-nan", b"infinity", b"1.#INF", b"1.#IND", b"-1.#IND"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
}

/// A cell of the throughput table, in bytes per second: `4820328.45k`, or plain up to 10 000.
///
/// A larger number without its `k` is one that was cut off.
pub(crate) fn cell(text: &[u8]) -> Figure {
    match text.strip_suffix(b"k") {
        Some(thousands) => figure(thousands, 2).map(|value| nearest(value * 100.0) * 10.0),
        None => match figure(text, 2) {
            Ok(value) if value > 10_000.0 => Err(Cause::Unreadable),
            other => other,
        },
    }
}

/// The nearest whole number to one that is not negative. `f64::round` calls a function.
#[inline]
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates
#[allow(clippy::cast_precision_loss)] // what is above 2^53 is whole already
pub(crate) fn nearest(value: f64) -> f64 {
    if value < 1e15 { (value + 0.5) as u64 as f64 } else { value }
}

/// Whether `text` can be a cell of a table, right or broken: it begins as a number does.
pub(crate) fn looks_numeric(text: &[u8]) -> bool {
    let unsigned = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    match unsigned.first() {
        Some(b'0'..=b'9' | b'.') => true,
        Some(b'i' | b'n' | b'I' | b'N' | b'-') => {
            let unit = unsigned.strip_suffix(b"k").or(unsigned.strip_suffix(b"s"));
            is_not_finite(unit.unwrap_or(unsigned))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_bytes_per_second() {
        assert_eq!(cell(b"4820328.45k"), Ok(4_820_328_450.0));
        assert_eq!(cell(b"51790.21k"), Ok(51_790_210.0));
        assert_eq!(cell(b"9999.99"), Ok(9999.99));
        assert_eq!(cell(b"0.00"), Err(Cause::Zero));
        assert_eq!(cell(b"0.00k"), Err(Cause::Zero));
        assert_eq!(cell(b"-1040172814.93"), Err(Cause::Negative));
        assert_eq!(cell(b"-0.00"), Err(Cause::Zero));
        assert_eq!(cell(b"inf"), Err(Cause::NotFinite));
        assert_eq!(cell(b"infk"), Err(Cause::NotFinite));
        assert_eq!(cell(b"-nan"), Err(Cause::NotFinite));
    }

    #[test]
    fn a_number_that_was_cut_off_is_no_number() {
        for cut in [&b"51790.2"[..], b"51790.", b"51790", b"51790.21", b"", b".", b"1e999k"] {
            assert_eq!(cell(cut), Err(Cause::Unreadable), "{}", String::from_utf8_lossy(cut));
        }
    }

    #[test]
    fn numbers_of_any_length_end_with_an_answer() {
        assert_eq!(cell(&[b'9'; 400]), Err(Cause::Unreadable));
        let mut long = vec![b'9'; 400];
        long.extend(b".00k");
        assert_eq!(cell(&long), Err(Cause::NotFinite));
        assert_eq!(figure(b"123456789012345678.12", 2), Ok(123_456_789_012_345_678.12));
        assert_eq!(whole(b"99999999999999999999"), None);
    }

    #[test]
    fn options_are_no_numbers() {
        assert!(
            looks_numeric(b"-1040172814.93") && looks_numeric(b"-nank") && looks_numeric(b"infs")
        );
        assert!(
            !looks_numeric(b"-bytes") && !looks_numeric(b"-") && !looks_numeric(&[b'-'; 100_000])
        );
    }

    #[test]
    fn decimals_are_counted() {
        assert_eq!(figure(b"9723.0", 1), Ok(9723.0));
        assert_eq!(figure(b"9723", 1), Err(Cause::Unreadable));
        assert_eq!(figure(b"4875.000000", 6), Ok(4875.0));
        assert_eq!(figure(b"4875.00000", 6), Err(Cause::Unreadable));
    }
}
