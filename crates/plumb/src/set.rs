//! Several files that change together: each is written out of sight first, then all are put in
//! their places. A process that is killed at any moment leaves each file as the old or the new one.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::staged::Staged;
use crate::{Failure, Out};

/// Open files that the rest of the process may need.
const OTHERS: u64 = 64;

/// Above this many files the file system is asked once to keep them, not once for each.
const SYNC_EACH: usize = 16;

/// What is complete and not yet in its place.
enum Ready {
    File(Staged),
    /// A device or a FIFO.
    Special(Out),
}

/// Writes every file or, if anything goes wrong before the first is in its place, none. Folders
/// that are missing are made.
pub(crate) fn replace_all(files: &[(PathBuf, &[u8])]) -> Result<(), Failure> {
    let may_stay_open = may_open(files.len());
    let sync = files.len() <= SYNC_EACH;
    let mut ready = Vec::with_capacity(files.len());
    for (place, (path, content)) in files.iter().enumerate() {
        let staged = stage(path, content, place < may_stay_open, sync)
            .map_err(|error| Failure::io(path.display().to_string(), "cannot write", &error))?;
        ready.push(match staged {
            Some(staged) => Ready::File(staged),
            None => {
                let mut out = Out::open(Some(path))?;
                out.write_all(content).map_err(|error| out.failure(&error))?;
                Ready::Special(out)
            }
        });
    }
    if !sync && let Some(Ready::File(staged)) = ready.first() {
        // Best effort: what matters for the promise is the order, old before new.
        let _ = staged.file().map(rustix::fs::syncfs);
    }
    for (one, (path, _)) in ready.into_iter().zip(files) {
        match one {
            Ready::Special(out) => out.commit()?,
            Ready::File(staged) => staged
                .show()
                .map_err(|error| Failure::io(path.display().to_string(), "cannot write", &error))?,
        }
    }
    Ok(())
}

/// The content out of sight; `None` where something stands that is no file.
fn stage(path: &Path, content: &[u8], stays_open: bool, sync: bool) -> io::Result<Option<Staged>> {
    if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
        fs::create_dir_all(folder)?;
    }
    let staged = if stays_open { Staged::new(path)? } else { Staged::named(path)? };
    let Some(mut staged) = staged else { return Ok(None) };
    staged.write_all(content)?;
    if sync && let Some(file) = staged.file() {
        file.sync_data()?;
    }
    Ok(Some(if stays_open { staged } else { staged.close() }))
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

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

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
