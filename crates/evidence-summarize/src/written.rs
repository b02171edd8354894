//! Cases as JSON, written straight into a buffer: the same bytes that their types give, for those of
//! which there are millions.

use contract::part::Span;
use contract::summary::Evidence;

use crate::packed::Passed;

/// A case that passed at the first attempt, up to its evidence.
pub fn passed(case: &Passed<'_>, out: &mut Vec<u8>) -> serde_json::Result<()> {
    out.extend_from_slice(b"{\"id\":\"");
    if let Some(suite) = case.suite {
        inner(suite, out)?;
        out.extend_from_slice(b"::");
    }
    let name = out.len();
    inner(case.name, out)?;
    let end = out.len();
    out.extend_from_slice(b"\",\"name\":\"");
    out.extend_from_within(name..end);
    out.push(b'"');
    for (key, word) in [(",\"suite\":\"", case.suite), (",\"file\":\"", case.file)] {
        if let Some(word) = word {
            out.extend_from_slice(key.as_bytes());
            inner(word, out)?;
            out.push(b'"');
        }
    }
    out.extend_from_slice(br#","status":"passed","flaky":false,"attempts":["passed"]"#);
    if let Some(duration) = case.duration_ms {
        out.extend_from_slice(b",\"duration_ms\":");
        serde_json::to_writer(&mut *out, &duration)?;
    }
    Ok(())
}

/// The start of the evidence of every case of an input.
pub fn origin(evidence: &Evidence) -> serde_json::Result<Vec<u8>> {
    let mut out = b",\"evidence\":{\"path\":\"".to_vec();
    inner(&evidence.path, &mut out)?;
    out.extend_from_slice(b"\",\"sha256\":\"");
    out.extend_from_slice(evidence.sha256.as_str().as_bytes());
    out.push(b'"');
    Ok(out)
}

/// The evidence of one case.
pub fn evidence(
    origin: &[u8],
    line: Option<u64>,
    bytes: Option<Span>,
    out: &mut Vec<u8>,
) -> serde_json::Result<()> {
    out.extend_from_slice(origin);
    if let Some(line) = line {
        out.extend_from_slice(b",\"line\":");
        serde_json::to_writer(&mut *out, &line)?;
    }
    if let Some(span) = bytes {
        out.extend_from_slice(b",\"bytes\":");
        serde_json::to_writer(&mut *out, &span)?;
    }
    out.push(b'}');
    Ok(())
}

/// A string without its quotes.
fn inner(text: &str, out: &mut Vec<u8>) -> serde_json::Result<()> {
    // Without an early exit the loop is vectorised.
    let escape = text
        .bytes()
        .fold(false, |found, byte| found | (byte < 0x20) | (byte == b'"') | (byte == b'\\'));
    if !escape {
        out.extend_from_slice(text.as_bytes());
        return Ok(());
    }
    let quote = out.len();
    serde_json::to_writer(&mut *out, text)?;
    out.pop();
    out.remove(quote);
    Ok(())
}
