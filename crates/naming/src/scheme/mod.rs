//! The injective scheme.
//!
//! The letters `a`-`z`, the digits, `.` and `-` stand for themselves. Every other byte of the name
//! (as UTF-8) is written with `_`:
//!
//! | byte | written |
//! |---|---|
//! | `_` | `__` |
//! | `/` | `_s` |
//! | `:` | `_c` |
//! | `@` | `_a` |
//! | `A`-`Z` | `_u` and the small letter |
//! | any other | `_x` and two small hexadecimal digits |
//!
//! A `.` or `-` at the start and a `.` at the end are "any other": no name is hidden, looks like an
//! option or loses its end on Windows. A name whose part before the first dot is a device on Windows
//! begins with `_r`. What would be longer than [`MAX_BYTES`] is cut between two characters so that
//! it has at most [`CUT_BYTES`], and ends with `_h` and the SHA-256 of the whole name in
//! hexadecimal; that alone cannot be decoded.
//!
//! The result is lower-case ASCII: neither case folding nor Unicode normalisation changes it or
//! makes two of them one. The scheme never changes: folders made with it must be found again.

mod decode;

pub use decode::decode;

use sha2::{Digest, Sha256};

use crate::device::is_device;

/// The longest safe name. 55 bytes of the 255 that file systems take are left for what is put
/// around it.
pub const MAX_BYTES: usize = 200;

/// The longest readable part of a name that ends in a hash.
pub const CUT_BYTES: usize = MAX_BYTES - HASH_MARK.len() - 64;

const HASH_MARK: &str = "_h";
const DEVICE_MARK: &str = "_r";
const HEX: &[u8; 16] = b"0123456789abcdef";
/// The longest token.
const TOKEN: usize = 4;

/// How each byte is written, and in how many bytes. Looking it up is several times as fast as
/// telling the kinds of bytes apart.
static TOKENS: [([u8; TOKEN], usize); 256] = tokens();

/// The safe name of `name`.
///
/// Every text has one, `""` among them (`""`); whether a name is fit to be used at all is for
/// [`crate::image`] and [`crate::asset`] to say.
#[must_use]
pub fn encode(name: &str) -> String {
    let mut made = Made::new(name, MAX_BYTES);
    if !made.all(name.as_bytes(), 0, name.len()) {
        made = shortened(name);
    }
    // The tokens are ASCII: this never fails.
    std::str::from_utf8(made.bytes()).unwrap_or_default().to_owned()
}

/// A safe name in the making, of bounded length.
struct Made {
    /// With room for a whole token behind the last byte, however short the token is.
    bytes: [u8; MAX_BYTES + TOKEN],
    length: usize,
    most: usize,
}

impl Made {
    /// What comes before the first token, of at most `most` bytes.
    fn new(name: &str, most: usize) -> Self {
        let mut made = Self { bytes: [0; MAX_BYTES + TOKEN], length: 0, most };
        // No device has a longer name than seven bytes.
        let stem = name.bytes().take(8).position(|byte| byte == b'.').unwrap_or(name.len());
        if name.get(..stem).is_some_and(is_device) {
            made.push(DEVICE_MARK.as_bytes());
        }
        made
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Adds a few bytes; beyond the end, nothing.
    fn push(&mut self, bytes: &[u8]) {
        if let Some(place) = self.bytes.get_mut(self.length..self.length + bytes.len()) {
            place.copy_from_slice(bytes);
            self.length += bytes.len();
        }
    }

    /// Adds the tokens of `bytes`, which stand at `at` in a name of `end` bytes. Says whether they
    /// fit.
    fn all(&mut self, bytes: &[u8], at: usize, end: usize) -> bool {
        let (first, bytes) = match bytes {
            [first @ (b'.' | b'-'), rest @ ..] if at == 0 => (Some(*first), rest),
            _ => (None, bytes),
        };
        let (last, bytes) = match bytes {
            [rest @ .., last @ b'.']
                if at + rest.len() + usize::from(first.is_some()) + 1 == end =>
            {
                (Some(*last), rest)
            }
            _ => (None, bytes),
        };
        if let Some(byte) = first {
            self.push(&hexadecimal(byte));
        }
        for byte in bytes {
            let (token, length) = TOKENS[usize::from(*byte)];
            let Some(place) = self.bytes.get_mut(self.length..self.length + TOKEN) else {
                return false;
            };
            place.copy_from_slice(&token);
            self.length += length;
        }
        if let Some(byte) = last {
            self.push(&hexadecimal(byte));
        }
        self.length <= self.most
    }
}

const fn tokens() -> [([u8; TOKEN], usize); 256] {
    let mut tokens = [([0; TOKEN], 0); 256];
    let mut byte: u8 = 0;
    loop {
        tokens[byte as usize] = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' => ([byte, 0, 0, 0], 1),
            b'_' => (*b"__\0\0", 2),
            b'/' => (*b"_s\0\0", 2),
            b':' => (*b"_c\0\0", 2),
            b'@' => (*b"_a\0\0", 2),
            b'A'..=b'Z' => ([b'_', b'u', byte.to_ascii_lowercase(), 0], 3),
            _ => (hexadecimal(byte), 4),
        };
        if byte == u8::MAX {
            return tokens;
        }
        byte += 1;
    }
}

const fn hexadecimal(byte: u8) -> [u8; TOKEN] {
    [b'_', b'x', HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]]
}

/// The readable start and the hash.
fn shortened(name: &str) -> Made {
    let mut made = Made::new(name, CUT_BYTES);
    for (at, c) in name.char_indices() {
        let before = made.length;
        if !made.all(c.encode_utf8(&mut [0; 4]).as_bytes(), at, name.len()) {
            made.length = before;
            break;
        }
    }
    made.push(HASH_MARK.as_bytes());
    for byte in Sha256::digest(name.as_bytes()) {
        made.push(&hexadecimal(byte)[2..]);
    }
    made
}
