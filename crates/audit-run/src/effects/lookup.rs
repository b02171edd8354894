//! Finding files of a target.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
use sha2::{Digest as _, Sha256};

/// Opens `path` as a process whose root is `root` would: no link leads out of it.
pub fn open(root: &Path, path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK;
    if root == Path::new("/") {
        return Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?));
    }
    let top = rustix::fs::openat(CWD, root, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
    Ok(File::from(openat2(top, path, flags, Mode::empty(), ResolveFlags::IN_ROOT)?))
}

/// A text of the target; its first MiB, if it is longer.
pub fn read(root: &Path, path: &Path) -> io::Result<String> {
    let mut text = String::new();
    open(root, path)?.take(1 << 20).read_to_string(&mut text)?;
    Ok(text)
}

/// Where `command` is, looked for along `search` (as `PATH`) unless it is a path itself; a relative
/// path is below `dir`.
pub fn command(root: &Path, command: &str, search: &OsStr, dir: &Path) -> Option<PathBuf> {
    let is_program = |path: &Path| {
        let meta = open(root, path).and_then(|file| file.metadata());
        meta.is_ok_and(|meta| meta.is_file() && executable(&meta))
    };
    if command.contains('/') {
        return Some(dir.join(command)).filter(|path| is_program(path));
    }
    let folders = search.as_bytes().split(|byte| *byte == b':').filter(|folder| !folder.is_empty());
    folders.map(|folder| Path::new(OsStr::from_bytes(folder)).join(command)).find(|p| is_program(p))
}

fn executable(meta: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o111 != 0
}

/// The digest of a file of the target.
pub fn sha256(root: &Path, path: &Path) -> Option<String> {
    let mut file = open(root, path).ok().filter(|f| f.metadata().is_ok_and(|m| m.is_file()))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).ok()? {
            0 => return Some(data_encoding::HEXLOWER.encode(&hash.finalize())),
            count => hash.update(&buffer[..count]),
        }
    }
}
