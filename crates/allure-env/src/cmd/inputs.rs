//! The files that were read, as documents list them.

use contract::InputRef;
use plumb::Digest;
use serde::{Serialize, Serializer};

/// Very many files. A name is one of them in one piece of memory, a digest its bytes; each becomes
/// text only while it is written.
#[derive(Default)]
pub struct Inputs {
    names: Vec<u8>,
    files: Vec<File>,
}

struct File {
    /// Where its name ends.
    end: usize,
    bytes: u64,
    sha256: [u8; 32],
}

impl Inputs {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.files.len() as u64
    }

    /// Adds a file.
    pub fn add(&mut self, digest: &Digest) {
        self.names.extend_from_slice(&digest.name);
        let (end, bytes, sha256) = (self.names.len(), digest.bytes, digest.sha256);
        self.files.push(File { end, bytes, sha256 });
    }

    fn refs(&self) -> impl Iterator<Item = InputRef> {
        let mut start = 0;
        self.files.iter().map(move |file| {
            let name = &self.names[start..file.end];
            start = file.end;
            InputRef::new(name, file.bytes, file.sha256)
        })
    }
}

impl Serialize for Inputs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.refs())
    }
}
