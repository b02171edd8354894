//! Lists of names, read as a stream.

use std::io::{self, BufRead, BufReader, Read};

use plumb::{Digest, Failure, Reader};

/// The longest line that can be a name. Ten times what any rule takes; above it, the list is
/// something else.
const MAX_NAME: usize = 1 << 16;

/// Reads `list` to its end and shows each name to `each`.
///
/// `end` is what ends a name: a newline or NUL. The last one may lack it.
///
/// # Errors
/// The list is no list of names, cannot be read, or `each` fails.
pub fn read(
    list: Reader,
    end: u8,
    mut each: impl FnMut(&[u8]) -> Result<(), Failure>,
) -> Result<Digest, Failure> {
    let source = list.failure(&io::Error::other("")).source.unwrap_or_default();
    let mut list = BufReader::with_capacity(1 << 17, list);
    let mut name = Vec::new();
    let mut line = 0;
    loop {
        name.clear();
        let limit = MAX_NAME as u64 + 1;
        let count = list.by_ref().take(limit).read_until(end, &mut name);
        if count.map_err(|error| list.get_ref().failure(&error))? == 0 {
            break;
        }
        line += 1;
        let ended = name.pop_if(|byte| *byte == end).is_some();
        let why = match unfit(&name, ended, end, line) {
            Some(why) => why,
            None => {
                each(&name)?;
                continue;
            }
        };
        return Err(Failure::new(why).at(source).line(line));
    }
    if line == 0 {
        return Err(Failure::new("expected names, one per line, found nothing").at(source));
    }
    list.into_inner().finish()
}

/// Why the list cannot be one of names.
fn unfit(name: &[u8], ended: bool, end: u8, line: u64) -> Option<String> {
    if name.len() > MAX_NAME || (!ended && name.len() == MAX_NAME + 1) {
        return Some(format!("expected names, found one of more than {MAX_NAME} bytes"));
    }
    if end == b'\n' && name.contains(&0) {
        return Some(
            "expected names, one per line, found binary data (-0 for names that end \
                     with NUL)"
                .to_owned(),
        );
    }
    if end == b'\n' && line == 1 && (name.starts_with(b"{\"") || name.starts_with(b"<?xml")) {
        let found = if name[0] == b'{' { "JSON" } else { "XML" };
        return Some(format!("expected names, one per line, found {found}: take the names out"));
    }
    None
}
