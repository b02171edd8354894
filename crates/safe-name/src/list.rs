//! Lists of names, read as a stream.

use std::io::{self, BufRead, BufReader};

use plumb::{Digest, Failure, Reader};

/// The longest line that can be a name: far more than any rule takes. Above it, the list is
/// something else.
const MAX_NAME: usize = 1 << 16;
const CHUNK: usize = 1 << 17;

/// Reads `list` to its end and shows each name to `each`, with its number, counted from 1.
///
/// `end` is what ends a name: a newline or NUL. The last one may lack it.
///
/// # Errors
/// The list is no list of names, cannot be read, or `each` fails.
pub fn read(
    list: Reader,
    end: u8,
    mut each: impl FnMut(&[u8], u64) -> Result<(), Failure>,
) -> Result<Digest, Failure> {
    let source = list.failure(&io::Error::other("")).source.unwrap_or_default();
    let mut line = 0;
    let mut take = |name: &[u8]| {
        line += 1;
        match unfit(name, end, line) {
            Some(why) => Err(Failure::new(why).at(&source).line(line)),
            None => each(name, line),
        }
    };
    let mut list = BufReader::with_capacity(CHUNK, list);
    // The start of a name that is not in the buffer any more.
    let mut start = Vec::new();
    loop {
        let chunk = match list.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(list.get_ref().failure(&error)),
        };
        let used = match memchr::memchr(end, chunk) {
            _ if chunk.is_empty() => break,
            Some(at) => {
                let (name, _) = chunk.split_at(at);
                if start.is_empty() {
                    take(name)?;
                } else {
                    start.extend_from_slice(name);
                    take(&start)?;
                    start.clear();
                }
                at + 1
            }
            None => {
                start.extend_from_slice(chunk);
                if start.len() > MAX_NAME {
                    take(&start)?;
                }
                chunk.len()
            }
        };
        list.consume(used);
    }
    if !start.is_empty() {
        take(&start)?;
    }
    let read = list.into_inner().finish()?;
    if read.bytes == 0 {
        return Err(Failure::new("expected names, one per line, found nothing").at(source));
    }
    Ok(read)
}

/// Why the list cannot be one of names.
fn unfit(name: &[u8], end: u8, line: u64) -> Option<String> {
    if name.len() > MAX_NAME {
        return Some(format!("expected names, found one of more than {MAX_NAME} bytes"));
    }
    if end == 0 {
        return None;
    }
    if memchr::memchr(0, name).is_some() {
        let why =
            "expected names, one per line, found binary data (-0 for names that end with NUL)";
        return Some(why.to_owned());
    }
    let found = match name {
        [b'{', b'"', ..] => "JSON",
        [b'<', b'?', b'x', b'm', b'l', ..] => "XML",
        _ => return None,
    };
    (line == 1).then(|| format!("expected names, one per line, found {found}: take the names out"))
}
