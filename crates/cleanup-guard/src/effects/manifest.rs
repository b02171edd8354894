//! The file a chain is written to.

use crate::effects::look;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};

use contract::Sha256;
use contract::cleanup_manifest::ManifestEvent;
use rustix::fd::{AsRawFd as _, OwnedFd};
use rustix::fs::{
    AtFlags, CWD, FallocateFlags, FlockOperation, Mode, OFlags, ResolveFlags, fallocate, flock,
    fsync, linkat, openat, openat2, unlinkat,
};
use rustix::io::Errno;

use cleanup_guard::chain::{Chain, History};
use cleanup_guard::document::Planned;

/// Outcomes are written in blocks of about this size.
const BLOCK: usize = 1 << 16;

/// No line is longer: a path has at most 64 KiB, of which each byte takes at most 6.
const LONGEST_LINE: u64 = 1 << 20;

/// A manifest that is being written.
pub struct Manifest {
    file: File,
    chain: Chain,
    buffer: Vec<u8>,
}

impl Manifest {
    /// Makes a new manifest at `path`: there must be nothing yet, and no link on the way. It gets
    /// its name once `begin` has written the first line, so that a manifest without one never
    /// exists, whenever the run may be killed.
    pub fn create(
        path: &[u8],
        begin: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<Self> {
        let (folder, name) = folder_of(path)?;
        if look::at(&folder, name).is_ok() {
            return Err(Errno::EXIST.into());
        }
        let flags = OFlags::WRONLY | OFlags::CLOEXEC;
        let mode = Mode::RUSR | Mode::WUSR;
        let (fd, named) = match openat(&folder, c".", flags | OFlags::TMPFILE, mode) {
            Ok(fd) => (fd, false),
            // Not every file system has files without a name.
            Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => {
                let flags = flags | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW;
                (openat(&folder, name, flags, mode)?, true)
            }
            Err(error) => return Err(error.into()),
        };
        let file = File::from(fd);
        lock(&file)?;
        let mut manifest = Self { file, chain: Chain::default(), buffer: Vec::new() };
        let begun = begin(&mut manifest);
        if named {
            if begun.is_err() {
                let _ = unlinkat(&folder, name, AtFlags::empty());
            }
            return begun.map(|()| manifest);
        }
        begun?;
        let open = format!("/proc/self/fd/{}", manifest.file.as_raw_fd());
        linkat(CWD, &*open, &folder, name, AtFlags::SYMLINK_FOLLOW)?;
        fsync(&folder)?;
        Ok(manifest)
    }

    /// Opens the manifest of an interrupted run. What follows its last whole line is cut off; the
    /// number of those bytes is given back.
    pub fn reopen(path: &[u8]) -> io::Result<(Self, History, u64)> {
        let mut file = open(path, OFlags::RDWR)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("is not a regular file"));
        }
        lock(&file)?;
        let history = replay(&mut BufReader::new(&file))?;
        let torn = file.metadata()?.len().saturating_sub(history.length);
        file.seek(SeekFrom::Start(history.length))?;
        // A line that was cut off is the last one. Anything else is no work of an interruption.
        if has_newline(&mut BufReader::new(&file))? {
            let why = history.problems.first().map_or("", |problem| problem.reason.as_str());
            let line = history.chain.lines() + 1;
            return Err(io::Error::other(format!("line {line} {why}")));
        }
        file.set_len(history.length)?;
        file.seek(SeekFrom::End(0))?;
        let chain = history.chain.clone();
        Ok((Self { file, chain, buffer: Vec::new() }, history, torn))
    }

    /// The file's device and inode.
    pub fn key(&self) -> io::Result<(u64, u64)> {
        Ok(look::of(&self.file)?.key())
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

/// Reads a manifest line by line, up to the first that does not hold.
pub fn replay(from: &mut impl BufRead) -> io::Result<History> {
    let (mut history, mut line) = (History::default(), Vec::new());
    loop {
        line.clear();
        from.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() || !history.take(&line) {
            history.close();
            return Ok(history);
        }
    }
}

/// The digest of the plan whose record is at `path`, if its first line holds.
pub fn began(path: &[u8]) -> io::Result<Option<Sha256>> {
    let file = open(path, OFlags::RDONLY)?;
    if !file.metadata()?.is_file() {
        return Ok(None);
    }
    let (mut history, mut line) = (History::default(), Vec::new());
    BufReader::new(file).take(LONGEST_LINE).read_until(b'\n', &mut line)?;
    Ok(if history.take(&line) { history.began.map(|began| began.digest) } else { None })
}

fn has_newline(rest: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let block = rest.fill_buf()?;
        if block.is_empty() || memchr::memchr(b'\n', block).is_some() {
            return Ok(!block.is_empty());
        }
        let length = block.len();
        rest.consume(length);
    }
}

/// Opens `path` without following a link anywhere on it.
fn open(path: &[u8], flags: OFlags) -> io::Result<File> {
    let (folder, name) = folder_of(path)?;
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK;
    Ok(openat(&folder, name, flags, Mode::empty())?.into())
}

/// The folder that holds `path`, opened without following a link, and the name in it.
fn folder_of(path: &[u8]) -> io::Result<(OwnedFd, &[u8])> {
    let (folder, name) = match path.iter().rposition(|b| *b == b'/') {
        Some(end) => (&path[..=end], &path[end + 1..]),
        None => (&b"."[..], path),
    };
    if name.is_empty() || name == b"." || name == b".." {
        return Err(io::Error::other("is no name for a file"));
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match openat2(CWD, folder, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS) {
        Err(Errno::NOSYS | Errno::PERM) => {}
        Err(Errno::LOOP) => {
            return Err(io::Error::other("has a link on its way: give the real path"));
        }
        other => return Ok((other?, name)),
    }
    // Without openat2 each folder on the way is opened by itself.
    let start = if folder.starts_with(b"/") { c"/" } else { c"." };
    let mut fd = openat(CWD, start, flags, Mode::empty())?;
    for component in folder.split(|b| *b == b'/').filter(|c| !c.is_empty() && *c != b".") {
        fd = openat(&fd, component, flags, Mode::empty())?;
    }
    Ok((fd, name))
}

fn lock(file: &File) -> io::Result<()> {
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::WOULDBLOCK) => Err(io::Error::other("another run is writing it")),
        other => Ok(other?),
    }
}
