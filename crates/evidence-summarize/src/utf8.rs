//! A reader that yields valid UTF-8, whatever lies below it, and counts lines.

use std::io::{self, BufRead, Read};

/// Replaces what is not UTF-8 by U+FFFD, notes control characters that no text format allows, and
/// counts the newlines that were consumed.
pub struct Utf8<R> {
    inner: R,
    /// How many bytes of the inner buffer are known to be valid.
    valid: usize,
    /// A character that straddled two buffers, or a replacement; not consumed yet.
    carry: [u8; 8],
    carry_at: usize,
    carry_len: usize,
    lines: u64,
    bytes: u64,
    controls: bool,
    replaced: bool,
    /// Whether what is not UTF-8 is ISO 8859-1.
    latin1: bool,
}

impl<R: BufRead> Utf8<R> {
    /// Reads through `inner`.
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            valid: 0,
            carry: [0; 8],
            latin1: false,
            carry_at: 0,
            carry_len: 0,
            lines: 0,
            bytes: 0,
            controls: false,
            replaced: false,
        }
    }

    /// Reads through `inner`, which begins at this line and offset of the input.
    pub fn at(inner: R, line: u64, offset: u64) -> Self {
        Self { lines: line.saturating_sub(1), bytes: offset, ..Self::new(inner) }
    }

    /// From here on, what is not UTF-8 is ISO 8859-1, as the document says of itself.
    pub fn expect_latin1(&mut self) {
        self.latin1 = true;
    }

    /// Line of the next byte, counted from 1.
    pub fn line(&self) -> u64 {
        self.lines + 1
    }

    /// How many bytes were consumed.
    pub fn offset(&self) -> u64 {
        self.bytes
    }

    /// Whether control characters were seen that make an XML document malformed.
    pub fn controls(&self) -> bool {
        self.controls
    }

    /// Whether bytes that are not UTF-8 were replaced.
    pub fn replaced(&self) -> bool {
        self.replaced
    }

    /// Fills `carry` with the character that begins at the inner buffer's first byte, which the
    /// buffer does not hold whole, or with a replacement.
    fn straddle(&mut self) -> io::Result<()> {
        let (mut bytes, mut len) = ([0_u8; 4], 0);
        while len < 4 {
            let Some(byte) = self.inner.fill_buf()?.first().copied() else { break };
            bytes[len] = byte;
            match std::str::from_utf8(&bytes[..=len]) {
                Ok(_) => {
                    self.inner.consume(1);
                    self.carry[..4].copy_from_slice(&bytes);
                    (self.carry_at, self.carry_len) = (0, len + 1);
                    return Ok(());
                }
                // Cut off so far: one more byte may complete it.
                Err(error) if error.error_len().is_none() => {
                    self.inner.consume(1);
                    len += 1;
                }
                Err(_) => {
                    if len == 0 {
                        self.inner.consume(1);
                        len = 1;
                    }
                    break;
                }
            }
        }
        if self.latin1 {
            self.carry_at = 0;
            self.carry_len = 0;
            for byte in &bytes[..len.min(3)] {
                let rest = &mut self.carry[self.carry_len..];
                self.carry_len += char::from(*byte).encode_utf8(rest).len();
            }
            return Ok(());
        }
        self.replaced = true;
        self.carry[..3].copy_from_slice("\u{fffd}".as_bytes());
        (self.carry_at, self.carry_len) = (0, 3);
        Ok(())
    }
}

impl<R: BufRead> BufRead for Utf8<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.carry_at == self.carry_len && self.valid == 0 {
            let buffer = self.inner.fill_buf()?;
            if buffer.is_empty() {
                return Ok(&[]);
            }
            self.valid = match std::str::from_utf8(buffer) {
                Ok(text) => text.len(),
                Err(error) => error.valid_up_to(),
            };
            self.controls |= has_controls(&buffer[..self.valid]);
            if self.valid == 0 {
                self.straddle()?;
            }
        }
        if self.carry_at < self.carry_len {
            return Ok(&self.carry[self.carry_at..self.carry_len]);
        }
        let valid = self.valid;
        Ok(&self.inner.fill_buf()?[..valid])
    }

    fn consume(&mut self, count: usize) {
        self.bytes += count as u64;
        if self.carry_at < self.carry_len {
            self.carry_at += count;
            return;
        }
        if let Ok(buffer) = self.inner.fill_buf() {
            let end = count.min(buffer.len());
            self.lines += memchr::memchr_iter(b'\n', &buffer[..end]).count() as u64;
        }
        self.inner.consume(count);
        self.valid -= count.min(self.valid);
    }
}

impl<R: BufRead> Read for Utf8<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

/// Whether `bytes` hold a C0 control that is no white space.
fn has_controls(bytes: &[u8]) -> bool {
    // Without an early exit the loop is vectorised.
    bytes.iter().fold(false, |found, byte| {
        found | (*byte < 0x20) & (*byte != b'\n') & (*byte != b'\t') & (*byte != b'\r')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    fn read(bytes: &[u8], capacity: usize) -> (String, bool, bool, u64) {
        let mut reader = Utf8::new(BufReader::with_capacity(capacity, bytes));
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        (text, reader.replaced(), reader.controls(), reader.line())
    }

    #[test]
    fn every_buffer_size_gives_the_same_text() {
        let text = "aä漢🙂\nb".repeat(3);
        for capacity in 1..20 {
            assert_eq!(read(text.as_bytes(), capacity), (text.clone(), false, false, 4));
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_replaced_and_said() {
        for capacity in 1..6 {
            let (text, replaced, _, _) = read(b"a\xffb\xe6\xbcc\xf0\x9f", capacity);
            assert!(replaced);
            assert_eq!(text.chars().filter(|c| *c != '\u{fffd}').collect::<String>(), "abc");
        }
    }

    #[test]
    fn what_says_so_is_latin_1() {
        for capacity in 1..8 {
            let inner =
                BufReader::with_capacity(capacity, &b"caf\xe9\xf0\x9f\x98x\xe9\xa9 \xe4"[..]);
            let mut reader = Utf8::new(inner);
            reader.expect_latin1();
            let mut text = String::new();
            reader.read_to_string(&mut text).unwrap();
            assert_eq!(
                (text.as_str(), reader.replaced()),
                ("caf\u{e9}\u{f0}\u{9f}\u{98}x\u{e9}\u{a9} \u{e4}", false)
            );
        }
    }

    #[test]
    fn controls_are_noticed() {
        assert!(read(b"a\x1b[0m", 64).2 && read(b"a\0", 64).2 && !read(b"a\t\r\n", 64).2);
    }
}
