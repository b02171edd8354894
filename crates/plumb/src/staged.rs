//! A file that is written out of sight and then put in its place, whole.
//!
//! What is out of sight has no name (`O_TMPFILE`), so a process that is killed at any moment leaves
//! nothing behind. Two cases remain: file systems without nameless files, and the moment between
//! giving a new file a name and renaming it over an old one.

use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use tempfile::{NamedTempFile, TempPath};

/// How files are called that cannot be without a name.
const PREFIX: &str = ".proofline-";

/// A file on its way.
pub(crate) struct Staged {
    hidden: Hidden,
    target: PathBuf,
}

enum Hidden {
    Nameless(File),
    Named(NamedTempFile),
    /// Complete, and no longer open.
    Closed(TempPath),
}

impl Staged {
    /// An empty file for `path`; `None` where something stands that is no file.
    pub(crate) fn new(path: &Path) -> io::Result<Option<Self>> {
        Self::with(path, |folder| Ok(nameless(folder).map(Hidden::Nameless)))
    }

    /// The same under a name of its own, for those who cannot keep it open.
    pub(crate) fn named(path: &Path) -> io::Result<Option<Self>> {
        Self::with(path, |_| Ok(None))
    }

    fn with(
        path: &Path,
        hide: impl FnOnce(&Path) -> io::Result<Option<Hidden>>,
    ) -> io::Result<Option<Self>> {
        // A link is written through, as a shell's `>` does: its target is what is replaced.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let existing = fs::metadata(&target).ok();
        if existing.as_ref().is_some_and(|meta| !meta.is_file()) {
            return Ok(None);
        }
        let hidden = match hide(folder(&target))? {
            Some(hidden) => hidden,
            None => Hidden::Named(
                tempfile::Builder::new()
                    .prefix(PREFIX)
                    .permissions(Permissions::from_mode(0o666))
                    .tempfile_in(folder(&target))?,
            ),
        };
        let staged = Self { hidden, target };
        if let (Some(meta), Some(file)) = (existing, staged.file()) {
            file.set_permissions(Permissions::from_mode(meta.permissions().mode() & 0o7777))?;
        }
        Ok(Some(staged))
    }

    /// The file, as long as it is open.
    pub(crate) fn file(&self) -> Option<&File> {
        match &self.hidden {
            Hidden::Nameless(file) => Some(file),
            Hidden::Named(file) => Some(file.as_file()),
            Hidden::Closed(_) => None,
        }
    }

    /// Gives the descriptor back, if the file has a name to be found by.
    pub(crate) fn close(self) -> Self {
        let hidden = match self.hidden {
            Hidden::Named(file) => Hidden::Closed(file.into_temp_path()),
            other => other,
        };
        Self { hidden, ..self }
    }

    /// Puts the file in its place.
    pub(crate) fn show(self) -> io::Result<()> {
        match self.hidden {
            Hidden::Nameless(file) => name(&file, &self.target),
            Hidden::Named(file) => {
                file.persist(&self.target).map(drop).map_err(|error| error.error)
            }
            Hidden::Closed(path) => path.persist(&self.target).map_err(|error| error.error),
        }
    }
}

impl Write for Staged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.hidden {
            Hidden::Nameless(file) => file.write(bytes),
            Hidden::Named(file) => file.write(bytes),
            Hidden::Closed(_) => Err(io::Error::other("is written to after its end")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// A file without a name in `folder`, if the file system has such.
fn nameless(folder: &Path) -> Option<File> {
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    rustix::fs::open(folder, flags, Mode::from_raw_mode(0o666)).ok().map(File::from)
}

/// Gives a nameless file its name, in place of what has it now.
fn name(file: &File, target: &Path) -> io::Result<()> {
    let own = format!("/proc/self/fd/{}", file.as_raw_fd());
    let link = |name: &Path| {
        rustix::fs::linkat(CWD, own.as_str(), CWD, name, AtFlags::SYMLINK_FOLLOW)
            .map_err(io::Error::from)
    };
    match link(target) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        other => return other,
    }
    let name = format!("{PREFIX}{}-{}", std::process::id(), file.as_raw_fd());
    let beside = folder(target).join(name);
    link(&beside)?;
    fs::rename(&beside, target).inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stages `text` for `path` and says how many names its folder has before it is shown.
    fn stage(path: &Path, text: &str, staged: Option<Staged>) -> usize {
        let mut staged = staged.unwrap();
        staged.write_all(text.as_bytes()).unwrap();
        let staged = staged.close();
        let names = fs::read_dir(folder(path)).unwrap().count();
        staged.show().unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), text);
        names
    }

    #[test]
    fn a_file_shows_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert_eq!(stage(&path, "new", Staged::new(&path).unwrap()), 0);
        assert_eq!(stage(&path, "newer", Staged::new(&path).unwrap()), 1);
        assert_eq!(stage(&path, "by name", Staged::named(&path).unwrap()), 2);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn the_mode_of_the_old_file_is_kept_whatever_the_umask() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
        for staged in [Staged::new(&path).unwrap(), Staged::named(&path).unwrap()] {
            stage(&path, "new", staged);
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o666);
        }
    }

    #[test]
    fn a_folder_is_no_place_for_a_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Staged::new(folder.path()).unwrap().is_none());
    }
}
