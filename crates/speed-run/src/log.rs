//! The raw log: what each run printed, between lines that say which run it is.

use contract::speed::{END_MARKER, MARKER, Pairing, RunEnd};

/// One run's part of the log. `output` is kept byte for byte; if it does not end its last line,
/// the line is ended, so that the next marker stands on its own.
pub fn entry(pairing: &Pairing, output: &[u8], end: &RunEnd) -> Result<Vec<u8>, serde_json::Error> {
    let mut entry = Vec::with_capacity(output.len() + 256);
    entry.extend_from_slice(MARKER.as_bytes());
    serde_json::to_writer(&mut entry, pairing)?;
    entry.push(b'\n');
    entry.extend_from_slice(output);
    if !entry.ends_with(b"\n") {
        entry.push(b'\n');
    }
    entry.extend_from_slice(END_MARKER.as_bytes());
    serde_json::to_writer(&mut entry, end)?;
    entry.push(b'\n');
    Ok(entry)
}

/// The last thing a run said, for the message that it failed.
#[must_use]
pub fn last_line(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    line.unwrap_or("it said nothing").chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::speed::Target;

    #[test]
    fn output_is_kept_between_its_markers() {
        let pairing = Pairing {
            round: 1,
            pair: 1,
            target: Target::A,
            label: "x\n# proofline".to_owned(),
            argv: vec!["openssl".to_owned(), "speed".to_owned()],
        };
        let end = RunEnd { exit_code: Some(0), wall_ms: 7 };
        let entry = entry(&pairing, b"sha256 \xff 1k", &end).unwrap();
        let expected = b"# proofline speed-run {\"round\":1,\"pair\":1,\"target\":\"a\",\
            \"label\":\"x\\n# proofline\",\"argv\":[\"openssl\",\"speed\"]}\nsha256 \xff 1k\n\
            # proofline speed-run-end {\"exit_code\":0,\"wall_ms\":7}\n";
        assert_eq!(entry, expected);
    }

    #[test]
    fn the_last_line_is_the_last_that_says_something() {
        assert_eq!(last_line(b"a\nspeed: no such cipher\n \n"), "speed: no such cipher");
        assert_eq!(last_line(b""), "it said nothing");
    }
}
