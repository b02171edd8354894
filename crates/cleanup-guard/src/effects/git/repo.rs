//! Where a repository begins, and what its index says.

use crate::effects::look;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use contract::cleanup::EntryType;
use rustix::fd::BorrowedFd;
use rustix::io::{Errno, Result};

use crate::effects::regular;
use cleanup_guard::git::{Repo, Tracked, parse};

/// A larger index, and a larger file that points at one, is not read.
const LARGEST_INDEX: u64 = 1 << 30;

/// How a folder belongs to version control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It has a `.git` of any type: the top of a working tree, a linked worktree or a submodule.
    Top,
    /// It is a bare repository, or the data of one.
    Bare,
    /// It is the top of another system's working tree.
    Foreign,
}

/// How the open folder `dir` belongs to version control, if it does.
pub fn probe(dir: BorrowedFd<'_>) -> Result<Option<Kind>> {
    if look(dir, b".git")?.is_some() {
        return Ok(Some(Kind::Top));
    }
    if look(dir, b"HEAD")?.is_some()
        && look(dir, b"refs")? == Some(EntryType::Directory)
        && look(dir, b"objects")? == Some(EntryType::Directory)
    {
        return Ok(Some(Kind::Bare));
    }
    for name in [&b".hg"[..], b".svn", b".jj", b".bzr", b"_darcs"] {
        if look(dir, name)? == Some(EntryType::Directory) {
            return Ok(Some(Kind::Foreign));
        }
    }
    Ok(None)
}

fn look(dir: BorrowedFd<'_>, name: &[u8]) -> Result<Option<EntryType>> {
    match look::at(dir, name) {
        Ok(seen) => Ok(Some(seen.kind)),
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads the index of the working tree at `top` (absolute), which has a `.git`. `None` if that
/// is no repository at all.
#[must_use]
pub fn read(top: &[u8]) -> Option<Repo> {
    let data = match data_folder(top) {
        Ok(data) => data,
        Err(why) => return Some(Repo { top: top.to_vec(), tracked: Err(why) }),
    };
    let exists = |name: &str| data.join(name).symlink_metadata().is_ok();
    if !exists("index") && !exists("HEAD") {
        return None;
    }
    Some(Repo { top: top.to_vec(), tracked: index(&data) })
}

/// The folder with the repository's own data: `.git`, or what the file `.git` names.
fn data_folder(top: &[u8]) -> std::result::Result<PathBuf, String> {
    let top = Path::new(OsStr::from_bytes(top));
    let dot_git = top.join(".git");
    let meta = std::fs::metadata(&dot_git).map_err(|error| format!("its .git: {error}"))?;
    if meta.is_dir() {
        return Ok(dot_git);
    }
    let text = regular::read(&dot_git, 64 * 1024).map_err(|error| format!("its .git: {error}"))?;
    let named = text.strip_prefix(b"gitdir: ").ok_or("its .git is not one git writes")?;
    let named = named.strip_suffix(b"\n").unwrap_or(named);
    Ok(top.join(OsStr::from_bytes(named)))
}

fn index(data: &Path) -> std::result::Result<Tracked, String> {
    let read = |name: &str| regular::read(&data.join(name), LARGEST_INDEX);
    let bytes = match read("index") {
        Ok(bytes) => bytes,
        // A repository without an index has nothing tracked yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Tracked::default()),
        Err(error) => return Err(error.to_string()),
    };
    let (tracked, shared) = parse(&bytes)?;
    let Some(id) = shared else { return Ok(tracked) };
    let name = format!("sharedindex.{id}");
    let bytes = read(&name).map_err(|error| format!("its {name}: {error}"))?;
    // What the split index took away from the shared one is taken for tracked still: more is kept.
    Ok(tracked.with(parse(&bytes)?.0))
}

/// The folders of objects that the repository of the working tree at `top` borrows, and those that
/// these borrow (gitrepository-layout(5), `objects/info/alternates`): absolute, free of links.
pub fn borrowed(top: &[u8]) -> Vec<Vec<u8>> {
    let Ok(data) = data_folder(top) else { return Vec::new() };
    // A linked worktree has its objects where its repository has them.
    let common = regular::read(&data.join("commondir"), 64 * 1024).unwrap_or_default();
    let own = data.join(OsStr::from_bytes(common.trim_ascii_end())).join("objects");
    let mut found: Vec<PathBuf> = Vec::new();
    let mut open = vec![own];
    while let Some(objects) = open.pop() {
        let lines = regular::read(&objects.join("info/alternates"), 1 << 20).unwrap_or_default();
        for line in lines.split(|b| *b == b'\n').filter(|l| !l.is_empty() && !l.starts_with(b"#")) {
            let Ok(path) = std::fs::canonicalize(objects.join(OsStr::from_bytes(line))) else {
                continue;
            };
            if !found.contains(&path) && found.len() < 100 {
                found.push(path.clone());
                open.push(path);
            }
        }
    }
    found.into_iter().map(|path| path.into_os_string().into_encoded_bytes()).collect()
}
