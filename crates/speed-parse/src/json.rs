//! JSON, piece by piece, as `serde_json` writes it: logs hold hundreds of thousands of figures, and
//! what is fixed about them shall cost a copy and no more.

use serde::Serialize;

/// The longest run of pieces between two [`Text::flush`].
const ROOM: usize = 256;

/// Pieces that are gathered in place before they are appended as one.
pub(crate) struct Text<'a> {
    out: &'a mut Vec<u8>,
    bytes: [u8; ROOM],
    length: usize,
}

impl<'a> Text<'a> {
    pub fn new(out: &'a mut Vec<u8>) -> Self {
        Self { out, bytes: [0; ROOM], length: 0 }
    }

    /// Text that needs no quoting.
    #[inline]
    pub fn literal<const N: usize>(&mut self, text: &[u8; N]) {
        self.room(N);
        self.bytes[self.length..][..N].copy_from_slice(text);
        self.length += N;
    }

    /// The same for one of a few words.
    pub fn word(&mut self, text: &'static str) {
        self.room(text.len());
        self.bytes[self.length..][..text.len()].copy_from_slice(text.as_bytes());
        self.length += text.len();
    }

    /// A whole number.
    pub fn whole(&mut self, value: u64) {
        #[allow(clippy::cast_possible_truncation)] // below 100 000 000
        let digits = eight_digits((value % 100_000_000) as u32);
        let zeros = if value < 100_000_000 {
            (digits.trailing_zeros() / 8).min(7)
        } else {
            self.whole(value / 100_000_000);
            0
        };
        self.eight(digits >> (8 * zeros), 8 - zeros as usize);
    }

    /// A number with a point.
    ///
    /// A decimal of at most 15 digits is the shortest that means its number: it needs no search.
    pub fn decimal(&mut self, value: f64) {
        if !(self.scaled::<2>(value) || self.scaled::<7>(value)) {
            self.value(&value);
        }
    }

    /// Writes a number that is a decimal of so many digits behind the point.
    fn scaled<const DIGITS: u32>(&mut self, value: f64) -> bool {
        let scale = 10_u32.pow(DIGITS);
        #[allow(clippy::cast_possible_truncation)] // below 1e14
        let units = (value * f64::from(scale) + 0.5) as i64;
        #[allow(clippy::cast_precision_loss)] // likewise
        let is_it = units as f64 / f64::from(scale) == value && (1e-3..1e7).contains(&value);
        let Some(units) = u64::try_from(units).ok().filter(|_| is_it) else { return false };
        self.whole(units / u64::from(scale));
        self.literal(b".");
        #[allow(clippy::cast_possible_truncation)] // below the scale
        let fraction = (units % u64::from(scale)) as u32;
        let digits = eight_digits(fraction * 10_u32.pow(8 - DIGITS));
        let zeros = (digits.leading_zeros() / 8).min(7);
        self.eight(digits, 8 - zeros as usize);
        true
    }

    /// The first of eight digits.
    fn eight(&mut self, digits: u64, count: usize) {
        self.room(8);
        let text = (digits | 0x3030_3030_3030_3030).to_le_bytes();
        self.bytes[self.length..][..8].copy_from_slice(&text);
        self.length += count;
    }

    /// A string, quoted.
    pub fn string(&mut self, text: &str) {
        // Not `any`: without a way out in the middle it takes many bytes at a time.
        if text.bytes().fold(false, |found, byte| found | (byte < 0x20)) {
            return self.value(text);
        }
        self.literal(b"\"");
        self.flush();
        let mut rest = text.as_bytes();
        while let Some(at) = memchr::memchr2(b'"', b'\\', rest) {
            self.out.extend_from_slice(&rest[..at]);
            self.out.extend_from_slice(&[b'\\', rest[at]]);
            rest = &rest[at + 1..];
        }
        self.out.extend_from_slice(rest);
        self.out.push(b'"');
    }

    /// Anything. None of ours can fail, nor can a `Vec`.
    pub fn value<T: Serialize + ?Sized>(&mut self, value: &T) {
        self.flush();
        let written = serde_json::to_writer(&mut *self.out, value);
        debug_assert!(written.is_ok());
    }

    /// Appends what was gathered.
    pub fn flush(&mut self) {
        self.out.extend_from_slice(&self.bytes[..self.length]);
        self.length = 0;
    }

    #[inline]
    fn room(&mut self, needed: usize) {
        if self.length + needed > ROOM {
            self.flush();
        }
    }
}

/// The eight digits of a number below 100 000 000, the first in the lowest byte: halves, quarters
/// and eighths are divided side by side.
fn eight_digits(value: u32) -> u64 {
    let halves = u64::from(value / 10_000) | u64::from(value % 10_000) << 32;
    let hundreds = ((halves * 5243) >> 19) & 0x0000_007f_0000_007f;
    let quarters = hundreds | (halves - 100 * hundreds) << 16;
    let tens = ((quarters * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | (quarters - 10 * tens) << 8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(write: impl FnOnce(&mut Text<'_>)) -> String {
        let mut out = Vec::new();
        let mut text = Text::new(&mut out);
        write(&mut text);
        text.flush();
        String::from_utf8(out).unwrap()
    }

    fn expected<T: Serialize + ?Sized>(value: &T) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn decimals_of_logs_are_written_as_serde_json_does() {
        for units in (1..200_000_u32).chain([99_999_999, 999_999_999]) {
            let hundredths = f64::from(units) / 100.0;
            assert_eq!(written(|text| text.decimal(hundredths)), expected(&hundredths));
            let share = (1.0 / f64::from(units) * 1e7).round() / 1e7;
            assert_eq!(written(|text| text.decimal(share)), expected(&share));
        }
    }

    #[test]
    fn eight_digits_are_those_of_the_number() {
        for value in (0..100_000_000).step_by(977).chain([9, 99, 9_999, 99_999_999]) {
            let text = eight_digits(value).to_le_bytes().map(|digit| digit + b'0');
            assert_eq!(String::from_utf8_lossy(&text), format!("{value:08}"));
        }
    }

    #[test]
    fn more_than_there_is_room_for_is_written_nevertheless() {
        let many = written(|text| (0..1000).for_each(|at| text.whole(at)));
        assert_eq!(many, (0..1000).map(|at| at.to_string()).collect::<String>());
    }

    proptest! {
        #[test]
        fn numbers_are_written_as_serde_json_does(whole: u64, part: u32, float: f64) {
            prop_assert_eq!(written(|text| text.whole(whole)), expected(&whole));
            for value in [float, f64::from(part) / 1e5, f64::from(part) / 1e6, f64::from(part) / 1e3] {
                prop_assert_eq!(written(|text| text.decimal(value)), expected(&value));
            }
        }

        #[test]
        fn strings_are_written_as_serde_json_does(value: String, plain in "[ -~é]{0,300}") {
            prop_assert_eq!(written(|text| text.string(&value)), expected(&value));
            prop_assert_eq!(written(|text| text.string(&plain)), expected(&plain));
        }
    }
}
