//! Facts about files of a target that are taken only where a suite asks for them.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Component, Path, PathBuf};

use audit_run::owner::{self, Entry};
use audit_run::suite::{Aspect, FileFact};
use rustix::fs::{CWD, FileType, Mode, OFlags, ResolveFlags, fstat, openat, openat2, readlinkat};
use walkdir::WalkDir;

use super::lookup;

/// Shells, and the folders they are in.
const SHELLS: [&str; 13] = [
    "ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "mksh", "pwsh", "sh", "tcsh", "toybox",
    "zsh",
];
const FOLDERS: [&str; 5] = ["/bin", "/sbin", "/usr/bin", "/usr/local/bin", "/usr/sbin"];

/// More names than this say no more.
const NAMED: usize = 20;

/// The most links on the way to one file, as in the kernel.
const LINKS: usize = 40;

/// The answer to what was asked about a file; none: there is no such file.
pub fn fact(root: &Path, asked: &FileFact) -> Option<String> {
    match asked.aspect {
        Aspect::Sha256 => lookup::sha256(root, &asked.path),
        Aspect::Mode => {
            let meta = lookup::open(root, &asked.path).and_then(|file| file.metadata()).ok()?;
            Some(format!("{:04o}", meta.permissions().mode() & 0o7777))
        }
        Aspect::Writers => Some(owner::writers(&chain(root, &asked.path).ok()?)),
    }
}

/// The shells of an image, or `none`.
pub fn shells(root: &Path) -> String {
    let known =
        FOLDERS.into_iter().flat_map(|folder| SHELLS.map(|name| format!("{folder}/{name}")));
    let listed = lookup::read(root, Path::new("/etc/shells")).unwrap_or_default();
    let listed = listed.lines().map(str::trim).filter(|line| line.starts_with('/'));
    let there = |path: &String| {
        let meta = lookup::open(root, Path::new(path)).and_then(|file| file.metadata());
        meta.is_ok_and(|meta| meta.is_file() && meta.mode() & 0o111 != 0)
    };
    named(known.chain(listed.map(str::to_owned)).filter(there).collect())
}

/// The files of an image that lend their owner's or group's rights to whoever runs them, or `none`.
pub fn set_ids(root: &Path) -> io::Result<String> {
    let mut found = BTreeSet::new();
    for entry in WalkDir::new(root).same_file_system(true) {
        let entry = entry?;
        if entry.file_type().is_file() && entry.metadata()?.mode() & 0o6000 != 0 {
            let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
            found.insert(format!("/{}", path.display()));
        }
    }
    Ok(named(found))
}

fn named(names: BTreeSet<String>) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    let more = names.len().saturating_sub(NAMED);
    let mut text = names.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// Every folder on the way to a file, over links and all, and the file.
fn chain(root: &Path, path: &Path) -> io::Result<Vec<Entry>> {
    let mut found = vec![entry(&look(root, Path::new("/"))?)?];
    let mut at = PathBuf::from("/");
    let mut left: Vec<OsString> = parts(path);
    let mut links = 0;
    while let Some(name) = left.pop() {
        if name == ".." {
            at.pop();
            continue;
        }
        let next = at.join(&name);
        let file = look(root, &next)?;
        let stat = fstat(&file)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::Symlink {
            found.push(entry(&file)?);
            at = next;
            continue;
        }
        links += 1;
        if links > LINKS {
            return Err(io::Error::other("too many links"));
        }
        let target = readlinkat(&file, "", Vec::new())?;
        let target = PathBuf::from(OsString::from_vec(target.into_bytes()));
        if target.is_absolute() {
            at = "/".into();
        }
        left.extend(parts(&target));
    }
    Ok(found)
}

/// The components of a path, the first one last.
fn parts(path: &Path) -> Vec<OsString> {
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    });
    let mut names: Vec<OsString> = names.collect();
    names.reverse();
    names
}

/// A file below `root`, itself and not what it may link to, without reading it.
fn look(root: &Path, path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let top = openat(CWD, root, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
    let below = path.strip_prefix("/").unwrap_or(path);
    let below = if below.as_os_str().is_empty() { OsStr::new(".") } else { below.as_os_str() };
    Ok(openat2(top, below.as_bytes(), flags, Mode::empty(), ResolveFlags::IN_ROOT)?)
}

fn entry(file: &OwnedFd) -> io::Result<Entry> {
    let stat = fstat(file)?;
    let folder = FileType::from_raw_mode(stat.st_mode) == FileType::Directory;
    Ok(Entry { user: stat.st_uid, group: stat.st_gid, mode: stat.st_mode & 0o7777, folder })
}
