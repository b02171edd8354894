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

pub(super) fn read(line: &[u8]) -> Option<Event<'_>> {
    if !matches!(line[0], b'{' | b'[' | b',') {
        return None;
    }
    let text = line.trim_ascii_end();
    let text = text.strip_prefix(b"[").or(text.strip_prefix(b",")).unwrap_or(text);
    let text = text.strip_suffix(b"]").or(text.strip_suffix(b",")).unwrap_or(text);
    let text = text.trim_ascii();
    if !text.starts_with(b"{\"description\"") {
        return None;
    }
    serde_json::from_slice(text).ok().map(|sample| Event::Sample(Box::new(sample)))
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
                Some(Event::Sample(sample)) => {
                    assert_eq!(sample.parts(), ("RSA 2048".to_owned(), Some(Operation::Sign)));
                }
                other => panic!("{line}: {other:?}"),
            }
        }
    }
}
