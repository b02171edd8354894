//! Inputs are read through compression (RFC 1952, RFC 8878).

use std::io::{self, BufRead, BufReader, Read};

use plumb::{Failure, Reader};

use crate::buffered::{Buffered, Room};

const BUFFER: usize = 1 << 16;

/// What is made of an input.
pub trait Consume {
    /// The outcome.
    type Made;
    /// Reads `input` to its end.
    fn consume<R: BufRead>(self, input: R) -> io::Result<Self::Made>;
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
        Packed::Zstd => match ruzstd::decoding::StreamingDecoder::new(&mut buffered) {
            Ok(inner) => unpacked(inner, limit, made),
            Err(error) => Err(io::Error::other(format!("broken zstd data: {error}"))),
        },
    };
    read.map_err(|error| reader.failure(&error))
}

enum Packed {
    Not,
    Gzip,
    Zstd,
}

/// Reads what comes out of `inner`, up to the limit that holds for files, too.
fn unpacked<C: Consume>(inner: impl Read, limit: u64, made: C) -> io::Result<C::Made> {
    let mut text = BufReader::with_capacity(BUFFER, inner.take(limit.saturating_add(1)));
    let made = made.consume(&mut text)?;
    if text.get_ref().limit() == 0 {
        let message = format!(
            "decompressed more than the limit of {limit} bytes (raise it with --max-input)"
        );
        return Err(io::Error::other(message));
    }
    Ok(made)
}
