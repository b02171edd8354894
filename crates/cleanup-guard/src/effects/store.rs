//! A private copy of a plan: what was confirmed is what is worked off, whatever becomes of the file
//! meanwhile.

use std::fs::File;
use std::io::{self, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, openat};

/// Where the copy is.
pub enum Store {
    /// In a file without a name: nobody else can open it.
    File(File),
    /// In memory, where there can be no such file.
    Memory(Vec<u8>),
}

impl Store {
    /// An empty one, in `folder` if that is possible.
    pub fn beside(folder: &Path) -> Self {
        let flags = OFlags::RDWR | OFlags::TMPFILE | OFlags::EXCL | OFlags::CLOEXEC;
        match openat(CWD, folder, flags, Mode::RUSR | Mode::WUSR) {
            Ok(fd) => Self::File(File::from(fd)),
            Err(_) => Self::Memory(Vec::new()),
        }
    }

    /// Adds `text` at the end.
    pub fn add(&mut self, text: &[u8]) -> io::Result<()> {
        match self {
            Self::File(file) => file.write_all(text),
            Self::Memory(memory) => {
                memory.extend_from_slice(text);
                Ok(())
            }
        }
    }

    /// Puts the bytes `range` into `into`, in place of what is there.
    pub fn read(&self, range: &Range<u64>, into: &mut Vec<u8>) -> io::Result<()> {
        let wrong = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let length = range.end.checked_sub(range.start).ok_or_else(wrong)?;
        let length = usize::try_from(length).map_err(|_| wrong())?;
        into.resize(length, 0);
        match self {
            Self::File(file) => file.read_exact_at(into, range.start),
            Self::Memory(memory) => {
                let start = usize::try_from(range.start).map_err(|_| wrong())?;
                into.copy_from_slice(memory.get(start..start + length).ok_or_else(wrong)?);
                Ok(())
            }
        }
    }
}
