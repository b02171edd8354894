//! Where the document goes: standard output, or a file that is complete or not there.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd as _;
use std::path::Path;

use crate::Failure;
use crate::staged::Staged;

/// An open output. What is written to a file shows only after [`Out::commit`].
pub struct Out {
    to: To,
    /// As it was given: also where a link leads elsewhere.
    name: String,
    bytes: u64,
}

enum To {
    Stdout(BufWriter<Box<dyn Write>>),
    /// Something that cannot be replaced by a rename: a device, a FIFO.
    Special(BufWriter<File>),
    File(BufWriter<Staged>),
}

impl Out {
    /// Standard output, or `path` (`-` is standard output, too).
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Self { to: stdout(), name: "stdout".to_owned(), bytes: 0 });
        };
        let name = path.display().to_string();
        let to =
            open_file(path).map_err(|error| Failure::io(name.as_str(), "cannot write", &error))?;
        Ok(Self { to, name, bytes: 0 })
    }

    /// The name people know the output by.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.clone()
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
        let name = self.name;
        let done = match self.to {
            To::Stdout(mut out) => out.flush(),
            To::Special(mut out) => out.flush(),
            To::File(out) => show(out),
        };
        done.map_err(|error| Failure::write(&name, &error))
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = match &mut self.to {
            To::Stdout(out) => out.write(bytes),
            To::Special(out) => out.write(bytes),
            To::File(out) => out.write(bytes),
        }?;
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            To::Stdout(out) => out.flush(),
            To::Special(out) => out.flush(),
            To::File(out) => out.flush(),
        }
    }
}

/// Standard output by a descriptor of its own: the handle of the standard library looks through
/// whatever it is given for the end of a line.
fn stdout() -> To {
    To::Stdout(BufWriter::new(match io::stdout().as_fd().try_clone_to_owned() {
        Ok(descriptor) => Box::new(File::from(descriptor)),
        Err(_) => Box::new(io::stdout().lock()),
    }))
}

fn open_file(path: &Path) -> io::Result<To> {
    if let Some(staged) = Staged::new(path)? {
        return Ok(To::File(BufWriter::new(staged)));
    }
    if path.is_dir() {
        return Err(io::Error::other("is a directory: a file is expected"));
    }
    let file = File::options().write(true).open(path)?;
    Ok(To::Special(BufWriter::new(file)))
}

fn show(out: BufWriter<Staged>) -> io::Result<()> {
    let staged = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    if let Some(file) = staged.file() {
        file.sync_data()?;
    }
    staged.show()
}
