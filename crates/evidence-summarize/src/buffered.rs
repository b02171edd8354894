//! A buffered reader whose buffer serves one input after the other.

use std::io::{self, BufRead, Read};

/// Room for what is read at once.
const SIZE: usize = 1 << 16;

/// The room; a thread needs one.
pub struct Room(Vec<u8>);

impl Room {
    /// Some room.
    pub fn new() -> Self {
        Self(vec![0; SIZE])
    }
}

/// Reads `R` through a room.
pub struct Buffered<'a, R> {
    inner: R,
    room: &'a mut [u8],
    start: usize,
    end: usize,
}

impl<'a, R: Read> Buffered<'a, R> {
    /// Reads through `inner`.
    pub fn new(inner: R, room: &'a mut Room) -> Self {
        Self { inner, room: &mut room.0, start: 0, end: 0 }
    }
}

impl<R: Read> BufRead for Buffered<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start >= self.end {
            (self.start, self.end) = (0, 0);
            self.end = self.inner.read(self.room)?;
        }
        Ok(&self.room[self.start..self.end])
    }

    fn consume(&mut self, count: usize) {
        self.start = self.end.min(self.start + count);
    }
}

impl<R: Read> Read for Buffered<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}
