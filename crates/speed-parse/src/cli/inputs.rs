//! One input, as a stream.

use std::io::Read;

use plumb::{Digest, Failure, Reader, Run, Source};
use speed_parse::{Decoder, LONGEST_LINE, Lines, Parser, Sink};

/// Reads a source to its end, or says why it is no log.
pub fn read(
    run: &Run,
    source: &Source,
    parser: &mut Parser,
    sink: &mut Sink<'_>,
) -> Result<Digest, Failure> {
    let mut reader = run.open(source)?;
    let before = parser.runs();
    let first = stream(source, &mut reader, parser, sink)?;
    let digest = reader.finish()?;
    if parser.runs() == before
        && let Some(found) = foreign(&first)
    {
        let message = format!("expected the output of openssl speed, found {found}");
        return Err(Failure::new(message).at(source.to_string()));
    }
    Ok(digest)
}

/// Gives all lines to the parser, and back the first bytes.
fn stream(
    source: &Source,
    reader: &mut Reader,
    parser: &mut Parser,
    sink: &mut Sink<'_>,
) -> Result<Vec<u8>, Failure> {
    let mut first = Vec::new();
    let mut lines = Lines::default();
    let mut decoder = Decoder::default();
    let mut buffer = vec![0; 1 << 16];
    let mut held = 0;
    loop {
        let count = match reader.read(&mut buffer[held..]) {
            Ok(0) if held == 0 => break,
            // The first bytes come alone only from a slow pipe.
            Ok(1) if first.is_empty() && held == 0 => {
                held = 1;
                continue;
            }
            Ok(count) => held + count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(reader.failure(&error)),
        };
        held = 0;
        let chunk = decoder.utf8(&buffer[..count]);
        if first.len() < 4096 {
            first.extend_from_slice(&chunk[..chunk.len().min(4096)]);
        }
        lines.push(chunk, |line| parser.line(line, false, sink)).map_err(|too_long| {
            let found = format!("expected lines of a log, found one above {LONGEST_LINE} bytes");
            Failure::new(found).at(source.to_string()).line(too_long.line)
        })?;
    }
    if let Some(rest) = lines.rest() {
        parser.line(rest.as_slice().into(), true, sink);
    }
    parser.end(sink);
    Ok(first)
}

/// What an input without a single line of ours is, unless it is plain text.
fn foreign(first: &[u8]) -> Option<&'static str> {
    if first.contains(&0) {
        return Some("binary data");
    }
    let text = first.trim_ascii_start();
    let inner = text.get(1..).unwrap_or_default().trim_ascii_start().first();
    match text.first() {
        None if first.is_empty() => Some("nothing"),
        // A time in brackets begins a line of many logs.
        Some(b'[') if inner.is_some_and(u8::is_ascii_digit) => None,
        Some(b'{' | b'[') => Some("a JSON document of another kind"),
        Some(b'<') => Some("an XML or HTML document"),
        _ => None,
    }
}
