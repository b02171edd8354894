//! Several files that change together: each is written out of sight first, then all are put in
//! their places.
//!
//! What is out of sight has no name (`O_TMPFILE`), so a process that is killed at any moment leaves
//! nothing behind: each file is the old one or the new one. Only the moment between giving a new
//! file a name and renaming it over an old one remains, and file systems without nameless files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{Failure, Out};

/// Open files that the rest of the process may need.
const OTHERS: u64 = 64;

/// Above this many files the file system is asked once to keep them, not once for each.
const SYNC_EACH: usize = 16;

/// A file that is complete and out of sight.
enum Staged {
    Nameless { file: File, target: PathBuf },
    Beside(Out),
}

/// Writes every file or, if anything goes wrong before the first is in its place, none. Folders
/// that are missing are made.
pub(crate) fn replace_all(files: &[(PathBuf, &[u8])]) -> Result<(), Failure> {
    let mut staged = Vec::with_capacity(files.len());
    let nameless_at_most = may_open(files.len());
    for (place, (path, content)) in files.iter().enumerate() {
        let refused =
            |error: &io::Error| Failure::io(path.display().to_string(), "cannot write", error);
        if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
            fs::create_dir_all(folder).map_err(|error| refused(&error))?;
        }
        let sync = files.len() <= SYNC_EACH;
        let nameless =
            if place < nameless_at_most { nameless(path, content, sync) } else { Ok(None) };
        match nameless.map_err(|error| refused(&error))? {
            Some(one) => staged.push(one),
            None => {
                let mut out = Out::open(Some(path))?;
                out.write_all(content).map_err(|error| out.failure(&error))?;
                staged.push(Staged::Beside(out));
            }
        }
    }
    if files.len() > SYNC_EACH
        && let Some(Staged::Nameless { file, .. }) = staged.first()
    {
        // Best effort: what matters for the promise is the order, old before new.
        let _ = rustix::fs::syncfs(file);
    }
    for (one, (path, _)) in staged.into_iter().zip(files) {
        match one {
            Staged::Beside(out) => out.commit()?,
            Staged::Nameless { file, target } => show(&file, &target)
                .map_err(|error| Failure::io(path.display().to_string(), "cannot write", &error))?,
        }
    }
    Ok(())
}

/// How many of `wanted` files can be held open; those above it are written beside their places
/// under names of their own.
fn may_open(wanted: usize) -> usize {
    let needed = OTHERS.saturating_add(wanted as u64);
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < needed) {
        let current = limit.maximum.map_or(needed, |maximum| maximum.min(needed));
        if setrlimit(Resource::Nofile, Rlimit { current: Some(current), ..limit }).is_ok() {
            limit.current = Some(current);
        }
    }
    let free = limit.current.map_or(u64::MAX, |current| current.saturating_sub(OTHERS));
    usize::try_from(free).unwrap_or(usize::MAX)
}

/// The content in a file without a name; `None` where that cannot be, or where something stands
/// that is no file.
fn nameless(path: &Path, content: &[u8], sync: bool) -> io::Result<Option<Staged>> {
    // A link is written through, as `Out` does it.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let existing = fs::metadata(&target).ok();
    if existing.as_ref().is_some_and(|meta| !meta.is_file()) {
        return Ok(None);
    }
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    let Ok(fd) = rustix::fs::open(folder(&target), flags, Mode::from_raw_mode(0o666)) else {
        return Ok(None);
    };
    let mut file = File::from(fd);
    if let Some(meta) = existing {
        file.set_permissions(fs::Permissions::from_mode(meta.permissions().mode() & 0o7777))?;
    }
    file.write_all(content)?;
    if sync {
        file.sync_data()?;
    }
    Ok(Some(Staged::Nameless { file, target }))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// Gives the file its name, in place of what has it now.
fn show(file: &File, target: &Path) -> io::Result<()> {
    let own = format!("/proc/self/fd/{}", file.as_raw_fd());
    let link = |name: &Path| {
        rustix::fs::linkat(CWD, own.as_str(), CWD, name, AtFlags::SYMLINK_FOLLOW)
            .map_err(io::Error::from)
    };
    match link(target) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        other => return other,
    }
    let name = format!(".proofline-{}-{}", std::process::id(), file.as_raw_fd());
    let beside = folder(target).join(name);
    link(&beside)?;
    fs::rename(&beside, target).inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_are_written_and_modes_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("a/b/new"));
        fs::write(&old, "before").unwrap();
        fs::set_permissions(&old, fs::Permissions::from_mode(0o640)).unwrap();
        replace_all(&[(old.clone(), b"after"), (new.clone(), b"new")]).unwrap();
        assert_eq!(fs::read(&old).unwrap(), b"after");
        assert_eq!(fs::read(&new).unwrap(), b"new");
        assert_eq!(fs::metadata(&old).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn one_that_cannot_be_written_leaves_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let (old, taken) = (folder.path().join("old"), folder.path().join("taken"));
        fs::write(&old, "before").unwrap();
        fs::create_dir(&taken).unwrap();
        assert!(replace_all(&[(old.clone(), b"after"), (taken, b"x")]).is_err());
        assert_eq!(fs::read(&old).unwrap(), b"before");
    }
}
