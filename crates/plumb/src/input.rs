//! Inputs: bounded, hashed while they are read.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::voice::Voice;
use crate::{Event, Failure, Looks, Source};

/// What is known of an input once it was read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Bytes of the name; `-` for standard input.
    pub name: Vec<u8>,
    /// How many bytes were read.
    pub bytes: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

/// A source that is hashed while it is read and ends with an error above the limit.
pub struct Reader {
    source: Source,
    inner: Box<dyn Read>,
    hash: Sha256,
    bytes: u64,
    limit: u64,
    /// Whether the end was reached.
    ended: bool,
    /// Who says that the end was reached.
    voice: Arc<Voice>,
}

impl Reader {
    /// Opens `source`; at most `limit` bytes can be read from it.
    pub(crate) fn open(source: &Source, limit: u64, voice: &Arc<Voice>) -> Result<Self, Failure> {
        let inner: Box<dyn Read> = match source {
            Source::Stdin => Box::new(io::stdin().lock()),
            Source::File(path) => Box::new(
                File::open(path)
                    .map_err(|error| Failure::io(source.to_string(), "cannot read", &error))?,
            ),
        };
        let (source, voice) = (source.clone(), Arc::clone(voice));
        Ok(Self { source, inner, hash: Sha256::new(), bytes: 0, limit, ended: false, voice })
    }

    /// Reads what is left and says what was read in all.
    pub fn finish(mut self) -> Result<Digest, Failure> {
        if !self.ended {
            io::copy(&mut self, &mut io::sink()).map_err(|error| self.failure(&error))?;
        }
        self.voice.say(&Event::InputRead { path: &self.source.to_string(), bytes: self.bytes });
        Ok(Digest {
            name: self.source.name_bytes().to_vec(),
            bytes: self.bytes,
            sha256: self.hash.finalize().into(),
        })
    }

    /// SHA-256 of what was read so far, followed by `more`.
    #[must_use]
    pub fn sha256_with(&self, more: &[u8]) -> [u8; 32] {
        self.hash.clone().chain_update(more).finalize().into()
    }

    /// The failure that an error while reading amounts to.
    #[must_use]
    pub fn failure(&self, error: &io::Error) -> Failure {
        Failure::io(self.source.to_string(), "cannot read", error)
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.ended |= count == 0 && !buffer.is_empty();
        self.hash.update(&buffer[..count]);
        self.bytes += count as u64;
        if self.bytes > self.limit {
            // Found by reading on, not by asking for the size: a FIFO has none, and a file can
            // grow while it is read. "Exactly full" is not over the limit.
            return Err(io::Error::other(format!(
                "more than the limit of {} bytes (raise it with --max-input)",
                self.limit
            )));
        }
        Ok(count)
    }
}

/// One input, whole.
#[derive(Clone, Debug)]
pub struct Input {
    /// Where it came from.
    pub source: Source,
    /// Its content.
    pub bytes: Vec<u8>,
    /// What documents say of it.
    pub digest: Digest,
}

impl Input {
    /// Reads `source` to its end.
    pub(crate) fn read(source: &Source, limit: u64, voice: &Arc<Voice>) -> Result<Self, Failure> {
        let mut reader = Reader::open(source, limit, voice)?;
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).map_err(|error| reader.failure(&error))?;
        Ok(Self { source: source.clone(), bytes, digest: reader.finish()? })
    }

    /// The content as text, or the line at which it stops being UTF-8.
    pub fn text(&self) -> Result<&str, Failure> {
        std::str::from_utf8(&self.bytes).map_err(|error| {
            let line =
                1 + self.bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count();
            self.failure("expected UTF-8 text, found other bytes").line(line as u64)
        })
    }

    /// The content as one JSON document of type `D`.
    pub fn json<D: DeserializeOwned>(&self) -> Result<D, Failure> {
        if self.bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(self.failure("expected a JSON document, found nothing"));
        }
        serde_json::from_slice(&self.bytes).map_err(|error| self.json_failure(&error))
    }

    /// A failure that concerns this input.
    #[must_use]
    pub fn failure(&self, message: impl Into<String>) -> Failure {
        Failure::new(message).at(self.source.to_string())
    }

    fn json_failure(&self, error: &serde_json::Error) -> Failure {
        let text = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let what = text.strip_suffix(&place).unwrap_or(&text);
        let wrong_type = error.classify() == serde_json::error::Category::Data;
        if let Some(looks) = Looks::like(&self.bytes)
            && (looks == Looks::JsonLines || !wrong_type)
        {
            let advice = looks.advice();
            return self.failure(format!("expected one JSON document, found {looks}{advice}"));
        }
        let message = match error.classify() {
            serde_json::error::Category::Data => what.to_owned(),
            serde_json::error::Category::Eof => {
                format!("expected JSON, found its end too early: {what}")
            }
            _ => format!("expected JSON: {what}"),
        };
        self.failure(message).line(error.line().max(1) as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_can_be_asked_for_on_the_way() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "abcdef").unwrap();
        let voice = Arc::new(Voice::new("x", &crate::Common::default()));
        let mut reader = Reader::open(&Source::File(file.path().to_owned()), 6, &voice).unwrap();
        reader.read_exact(&mut [0; 3]).unwrap();
        assert_eq!(reader.sha256_with(b"x"), <[u8; 32]>::from(Sha256::digest(b"abcx")));
        assert_eq!(reader.finish().unwrap().sha256, <[u8; 32]>::from(Sha256::digest(b"abcdef")));
    }
}
