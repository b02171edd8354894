//! A stream of bytes, line by line.

/// A line longer than this is no line of a log.
pub const LONGEST_LINE: usize = 1 << 20;

/// A line that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// Its number, counted from 1.
    pub line: u64,
}

/// A line without its newline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Whether it is known that no carriage return and no escape is in it.
    pub plain: bool,
}

/// Cuts chunks of bytes into lines; holds what is left of a line until its end comes.
#[derive(Default)]
pub struct Lines {
    held: Vec<u8>,
    count: u64,
}

impl Lines {
    /// Gives each line that ends in `chunk` to `line`.
    pub fn push(&mut self, chunk: &[u8], mut line: impl FnMut(Line<'_>)) -> Result<(), TooLong> {
        // Asked once for thousands of lines, of which most are plain.
        let plain = is_plain(chunk);
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', chunk) {
            let part = &chunk[start..end];
            start = end + 1;
            self.count += 1;
            if self.held.len() + part.len() > LONGEST_LINE {
                return Err(TooLong { line: self.count });
            }
            if self.held.is_empty() {
                line(Line { bytes: part, plain });
            } else {
                self.held.extend_from_slice(part);
                line(Line { bytes: &self.held, plain: false });
                self.held.clear();
            }
        }
        let rest = &chunk[start..];
        if self.held.len() + rest.len() > LONGEST_LINE {
            return Err(TooLong { line: self.count + 1 });
        }
        self.held.extend_from_slice(rest);
        Ok(())
    }

    /// What stands behind the last newline, if anything.
    #[must_use]
    pub fn rest(self) -> Option<Vec<u8>> {
        (!self.held.is_empty()).then_some(self.held)
    }
}

/// Whether no carriage return and no escape is in a text.
pub(crate) fn is_plain(text: &[u8]) -> bool {
    memchr::memchr2(b'\r', 0x1b, text).is_none()
}

impl<'a> From<&'a [u8]> for Line<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { bytes, plain: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_however_the_bytes_come() {
        let text = b"one\n\ntwo\r\nthree";
        for size in 1..=text.len() {
            let (mut lines, mut found) = (Lines::default(), Vec::new());
            for chunk in text.chunks(size) {
                lines.push(chunk, |line| found.push(line.bytes.to_vec())).unwrap();
            }
            assert_eq!(found, [&b"one"[..], b"", b"two\r"]);
            assert_eq!(lines.rest().as_deref(), Some(&b"three"[..]));
        }
    }

    #[test]
    fn a_line_without_end_is_refused_before_it_fills_the_memory() {
        let mut lines = Lines::default();
        let chunk = vec![b'x'; 1 << 16];
        let refused = (0..17).find_map(|_| lines.push(&chunk, |_| {}).err());
        assert_eq!(refused, Some(TooLong { line: 1 }));
    }
}
