//! `bssl speed -json` of BoringSSL and AWS-LC: one object a line.

use contract::speed::Operation;
use serde::Deserialize;

use super::Event;

/// One figure of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sample {
    /// Words: `AES-256-GCM (16 bytes) seal`, `RSA 2048 signing`.
    pub description: String,
    pub num_calls: u64,
    pub microseconds: u64,
    /// Absent where it counts operations.
    #[serde(default)]
    pub bytes_per_call: Option<u64>,
}

/// One object or several, with the brackets and commas of an array.
pub(super) fn read(line: &[u8]) -> Option<Event<'_>> {
    if !matches!(line[0], b'{' | b'[' | b',') {
        return None;
    }
    let samples = samples(line);
    (!samples.is_empty()).then_some(Event::Samples(samples))
}

fn samples(line: &[u8]) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut rest = line;
    loop {
        let between = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'[' | b']' | b',');
        let Some(start) = rest.iter().position(|byte| !between(byte)) else { break };
        rest = &rest[start..];
        let inner = rest.strip_prefix(b"{").map(<[u8]>::trim_ascii_start);
        if !inner.is_some_and(|inner| inner.starts_with(b"\"description\"")) {
            break;
        }
        let mut objects = serde_json::Deserializer::from_slice(rest).into_iter::<Sample>();
        let Some(Ok(sample)) = objects.next() else { break };
        samples.push(sample);
        rest = &rest[objects.byte_offset()..];
    }
    samples
}

/// An object over several lines, as pretty-printers write it: what was read of it so far.
#[derive(Debug, Default)]
pub(crate) struct Object {
    text: Vec<u8>,
    /// The line it begins with.
    pub line: u64,
}

/// No object is longer.
const LONGEST: usize = 4096;

impl Object {
    /// Whether a line is one of an object.
    #[inline]
    pub fn takes(&self, text: &[u8]) -> bool {
        match text.first() {
            Some(b'{' | b'[' | b'}') => begins(text) || !self.text.is_empty(),
            Some(b'"') => !self.text.is_empty(),
            _ => false,
        }
    }

    /// Adds a line; gives the object, once its last line was read.
    pub fn add(&mut self, text: &[u8], line: u64) -> Vec<Sample> {
        let text = text.trim_ascii_end();
        let last = text.starts_with(b"}") || self.text.len() > LONGEST;
        self.text.extend_from_slice(text);
        let found = if last { samples(&std::mem::take(&mut self.text)) } else { Vec::new() };
        if begins(text) {
            *self = Self { text: b"{".to_vec(), line };
        }
        found
    }
}

/// Whether an object begins at the end of a line.
fn begins(text: &[u8]) -> bool {
    matches!(text.trim_ascii_end(), b"{" | b"[{" | b"}, {" | b"},{" | b"[ {")
}

/// The words at the end of a description that say what was done.
const OPERATIONS: [(&str, Operation); 12] = [
    (" signing", Operation::Sign),
    (" sign", Operation::Sign),
    (" verify", Operation::Verify),
    (" key generation", Operation::Keygen),
    (" keygen", Operation::Keygen),
    (" encap", Operation::Encaps),
    (" encaps", Operation::Encaps),
    (" decap", Operation::Decaps),
    (" decaps", Operation::Decaps),
    (" seal", Operation::Encrypt),
    (" open", Operation::Decrypt),
    (" encrypt", Operation::Encrypt),
];

impl Sample {
    /// What was done, if the description says so, and the rest of it without the block size.
    pub fn parts(&self) -> (String, Option<Operation>) {
        let found = OPERATIONS
            .iter()
            .find_map(|(word, operation)| Some((self.description.strip_suffix(word)?, *operation)));
        let (rest, operation) = match found {
            Some((rest, operation)) => (rest, Some(operation)),
            None => (self.description.as_str(), None),
        };
        let name = match (rest.find(" ("), self.bytes_per_call) {
            (Some(at), Some(_)) if rest.ends_with(')') => &rest[..at],
            _ => rest,
        };
        (name.to_owned(), operation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_a_line_is_read_with_its_brackets_and_commas() {
        let object = r#"{"description": "RSA 2048 signing", "numCalls": 5, "microseconds": 9}"#;
        for line in
            [object.to_owned(), format!("[{object},"), format!(",{object}"), format!("{object}]")]
        {
            match read(line.as_bytes()) {
                Some(Event::Samples(samples)) => {
                    let parts: Vec<_> = samples.iter().map(Sample::parts).collect();
                    assert_eq!(parts, [("RSA 2048".to_owned(), Some(Operation::Sign))]);
                }
                other => panic!("{line}: {other:?}"),
            }
        }
    }

    #[test]
    fn several_objects_on_a_line_and_one_over_several_lines_are_read() {
        let object = r#"{ "description": "RSA 2048 signing", "numCalls": 5, "microseconds": 9}"#;
        assert_eq!(samples(format!("[{object},{object}][{object}]").as_bytes()).len(), 3);
        assert_eq!(samples(b"[{\"description\": 3}]").len(), 0);
        let mut over = Object::default();
        let lines =
            ["{", "\"description\": \"x sign\",", "\"numCalls\": 5, \"microseconds\": 9", "},"];
        let found: Vec<_> = lines.iter().flat_map(|line| over.add(line.as_bytes(), 7)).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(over.line, 7);
    }
}
