//! Inputs are read through compression (RFC 1952, RFC 8878).

use std::io::{self, BufRead, BufReader, Read};

use plumb::{Failure, Reader};

use crate::buffered::{Buffered, Room};
use crate::frames::{Forgiving, Frames};

const BUFFER: usize = 1 << 16;

/// What is made of an input.
pub trait Consume {
    /// The outcome.
    type Made;
    /// Reads `input` to its end.
    fn consume<R: BufRead>(self, input: R) -> io::Result<Self::Made>;
    /// The input could not be unpacked to its end. What was made of the rest may hold all the
    /// same; unless an implementor says so, it does not.
    fn damaged(_made: &mut Self::Made, why: io::Error) -> io::Result<()> {
        Err(why)
    }
}

/// Hands over what `reader` reads, decompressed if it is compressed; at most `limit` bytes.
pub fn through<C: Consume>(
    reader: &mut Reader,
    room: &mut Room,
    limit: u64,
    made: C,
) -> Result<C::Made, Failure> {
    let mut buffered = Buffered::new(&mut *reader, room);
    let head = match buffered.fill_buf() {
        Ok([0x1f, 0x8b, ..]) => Packed::Gzip,
        Ok([0x28, 0xb5, 0x2f, 0xfd, ..]) => Packed::Zstd,
        _ => Packed::Not,
    };
    let read = match head {
        Packed::Not => made.consume(&mut buffered),
        Packed::Gzip => {
            let inner = flate2::bufread::MultiGzDecoder::new(&mut buffered);
            unpacked(inner, limit, made)
        }
        Packed::Zstd => unpacked(Frames::new(&mut buffered), limit, made),
    };
    read.map_err(|error| reader.failure(&error))
}

enum Packed {
    Not,
    Gzip,
    Zstd,
}

/// Reads what comes out of `inner`, up to the limit that holds for files, too. Damage hides
/// nothing of what comes before it.
fn unpacked<C: Consume>(inner: impl Read, limit: u64, made: C) -> io::Result<C::Made> {
    let inner = Forgiving::new(inner);
    let mut text = BufReader::with_capacity(BUFFER, inner.take(limit.saturating_add(1)));
    let mut made = made.consume(&mut text)?;
    // A reader that knows what it has stops before the end: the rest may be broken, too.
    io::copy(&mut text, &mut io::sink())?;
    if text.get_ref().limit() == 0 {
        let message = format!(
            "decompressed more than the limit of {limit} bytes (raise it with --max-input)"
        );
        return Err(io::Error::other(message));
    }
    if let Some(failure) = text.into_inner().into_inner().failure {
        C::damaged(&mut made, failure)?;
    }
    Ok(made)
}
