//! The file a chain is written to.

use std::fs::File;
use std::io::{self, Read, Write};

use contract::cleanup_manifest::ManifestEvent;
use rustix::fs::{CWD, FallocateFlags, FlockOperation, Mode, OFlags, ResolveFlags};
use rustix::fs::{fallocate, flock, openat, openat2};
use rustix::io::Errno;

use crate::chain::{Chain, History, read};
use crate::document::Planned;
use crate::seen::Seen;

/// Outcomes are written in blocks of about this size.
const BLOCK: usize = 1 << 16;

/// A manifest that is being written.
pub struct Manifest {
    file: File,
    chain: Chain,
    buffer: Vec<u8>,
}

impl Manifest {
    /// Makes a new manifest at `path`: there must be nothing yet, and no link on the way.
    pub fn create(path: &[u8]) -> io::Result<Self> {
        let file = open(path, OFlags::CREATE | OFlags::EXCL | OFlags::WRONLY)?;
        lock(&file)?;
        Ok(Self { file, chain: Chain::default(), buffer: Vec::new() })
    }

    /// Opens the manifest of an interrupted run. What follows its last whole line is cut off; the
    /// number of those bytes is given back.
    pub fn reopen(path: &[u8]) -> io::Result<(Self, History, u64)> {
        let mut file = open(path, OFlags::RDWR)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("is not a regular file"));
        }
        lock(&file)?;
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let history = read(&text);
        let torn = text.len() as u64 - history.length;
        let tail = &text[usize::try_from(history.length).unwrap_or(usize::MAX)..];
        if tail.contains(&b'\n') {
            let why = history.problems.first().map_or("", |problem| problem.reason.as_str());
            let line = history.chain.lines() + 1;
            return Err(io::Error::other(format!("line {line} {why}")));
        }
        file.set_len(history.length)?;
        io::Seek::seek(&mut file, io::SeekFrom::End(0))?;
        let chain = history.chain.clone();
        Ok((Self { file, chain, buffer: Vec::new() }, history, torn))
    }

    /// The file's device and inode.
    pub fn key(&self) -> io::Result<(u64, u64)> {
        Ok(Seen::of(&self.file)?.key())
    }

    /// The chain as it stands.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Takes `bytes` of the disk for this file alone. A file system that cannot promise that is no
    /// error: then a full disk stops the work where it is met.
    pub fn reserve(&self, bytes: u64) -> io::Result<()> {
        let written = self.file.metadata()?.len();
        match fallocate(&self.file, FallocateFlags::KEEP_SIZE, written, bytes.max(1)) {
            Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Adds an event; it may stay in memory for a while.
    pub fn add(&mut self, event: ManifestEvent) -> io::Result<()> {
        self.chain.add(event, &mut self.buffer)?;
        if self.buffer.len() >= BLOCK { self.flush() } else { Ok(()) }
    }

    /// Adds that `entry` was deleted.
    pub fn deleted(&mut self, index: u64, entry: &Planned<'_>) -> io::Result<()> {
        self.chain.add_deleted(index, entry, &mut self.buffer)?;
        if self.buffer.len() >= BLOCK { self.flush() } else { Ok(()) }
    }

    /// Everything added so far is on disk when this returns.
    pub fn sync(&mut self) -> io::Result<()> {
        self.flush()?;
        self.file.sync_data()
    }

    /// Ends the file: what was reserved and not needed is given back.
    pub fn end(&mut self) -> io::Result<()> {
        self.flush()?;
        self.file.set_len(self.file.metadata()?.len())?;
        self.file.sync_all()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}

/// Opens `path` without following a link anywhere on it.
fn open(path: &[u8], flags: OFlags) -> io::Result<File> {
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    let mode = if flags.contains(OFlags::CREATE) { Mode::RUSR | Mode::WUSR } else { Mode::empty() };
    match openat2(CWD, path, flags, mode, ResolveFlags::NO_SYMLINKS) {
        Err(Errno::NOSYS | Errno::PERM) => {}
        Err(Errno::LOOP) => {
            return Err(io::Error::other("has a link on its way: give the real path"));
        }
        other => return Ok(other?.into()),
    }
    // Without openat2 each folder on the way is opened by itself.
    let (folder, name) = match path.iter().rposition(|b| *b == b'/') {
        Some(end) => (&path[..end + 1], &path[end + 1..]),
        None => (&b"."[..], path),
    };
    let start = if folder.starts_with(b"/") { c"/" } else { c"." };
    let way = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let mut fd = openat(CWD, start, way, Mode::empty())?;
    for component in folder.split(|b| *b == b'/').filter(|c| !c.is_empty() && *c != b".") {
        fd = openat(&fd, component, way, Mode::empty())?;
    }
    Ok(openat(&fd, name, flags, mode)?.into())
}

fn lock(file: &File) -> io::Result<()> {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::WOULDBLOCK) => Err(io::Error::other("another run is writing it")),
        other => Ok(other?),
    }
}
