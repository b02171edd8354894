//! Where the document goes: standard output, or a file that is complete or not there.

use std::fs::{self, File};
use std::io::{self, BufWriter, StdoutLock, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::Failure;

/// An open output. What is written to a file shows only after [`Out::commit`].
pub struct Out {
    to: To,
    bytes: u64,
}

enum To {
    Stdout(BufWriter<StdoutLock<'static>>),
    /// Something that cannot be replaced by a rename: a device, a FIFO.
    Special(PathBuf, BufWriter<File>),
    Beside(PathBuf, BufWriter<NamedTempFile>),
}

impl Out {
    /// Standard output, or `path` (`-` is standard output, too).
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let to = match path {
            None => To::Stdout(BufWriter::new(io::stdout().lock())),
            Some(path) if path == Path::new("-") => To::Stdout(BufWriter::new(io::stdout().lock())),
            Some(path) => open_file(path)
                .map_err(|error| Failure::io(path.display().to_string(), "cannot write", &error))?,
        };
        Ok(Self { to, bytes: 0 })
    }

    /// The name people know the output by.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.to {
            To::Stdout(_) => "stdout".to_owned(),
            To::Special(path, _) | To::Beside(path, _) => path.display().to_string(),
        }
    }

    /// How many bytes were written.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The failure that an error while writing amounts to. Silent if the reader went away.
    #[must_use]
    pub fn failure(&self, error: &io::Error) -> Failure {
        Failure::write(&self.name(), error)
    }

    /// Ends the output: from here on the file is there, whole.
    pub fn commit(self) -> Result<(), Failure> {
        let name = self.name();
        let done = match self.to {
            To::Stdout(mut out) => out.flush(),
            To::Special(_, mut out) => out.flush(),
            To::Beside(path, out) => persist(&path, out),
        };
        done.map_err(|error| Failure::write(&name, &error))
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = match &mut self.to {
            To::Stdout(out) => out.write(bytes),
            To::Special(_, out) => out.write(bytes),
            To::Beside(_, out) => out.write(bytes),
        }?;
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::Stdout(out) => out.flush(),
            To::Special(_, out) => out.flush(),
            To::Beside(_, out) => out.flush(),
        }
    }
}

fn open_file(path: &Path) -> io::Result<To> {
    // A link is written through, as a shell's `>` does: its target is what is replaced.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let existing = fs::metadata(&target).ok();
    match existing {
        Some(meta) if meta.is_dir() => Err(io::Error::other("is a directory: a file is expected")),
        Some(meta) if !meta.is_file() => {
            let file = File::options().write(true).open(&target)?;
            Ok(To::Special(path.to_owned(), BufWriter::new(file)))
        }
        existing => {
            let mode = existing.map_or(0o666, |meta| meta.permissions().mode());
            let folder = match target.parent() {
                Some(parent) if parent != Path::new("") => parent,
                _ => Path::new("."),
            };
            let file = tempfile::Builder::new()
                .prefix(".proofline-")
                .permissions(fs::Permissions::from_mode(mode & 0o7777))
                .tempfile_in(folder)?;
            Ok(To::Beside(target, BufWriter::new(file)))
        }
    }
}

fn persist(path: &Path, out: BufWriter<NamedTempFile>) -> io::Result<()> {
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_data()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}
