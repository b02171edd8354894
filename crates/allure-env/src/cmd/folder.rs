//! A results directory.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use allure_env::listing::{Kind, Listing};
use contract::InputRef;
use plumb::{Failure, Run, Source};

/// Fails unless `path` is a directory.
pub fn expect(path: &Path) -> Result<(), Failure> {
    let name = path.display().to_string();
    match fs::metadata(path) {
        Ok(meta) if meta.is_dir() => Ok(()),
        Ok(_) => Err(Failure::new("expected a results directory, found a file").at(name)),
        Err(error) => Err(Failure::io(name, "cannot read", &error)),
    }
}

/// The content of a file that may be missing. One that is a link is refused: what is written would
/// end up elsewhere.
pub fn read_own(run: &Run, path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_file() => Ok(Some(run.read(&Source::File(path.to_owned()))?.bytes)),
        Ok(_) => Err(Failure::new(
            "expected a file, found a link or a folder: remove it, it would take the results \
             elsewhere",
        )
        .at(path.display().to_string())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::io(path.display().to_string(), "cannot read", &error)),
    }
}

/// Writes a file whole or not at all.
pub fn write(run: &Run, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut out = run.create(path)?;
    out.write_all(bytes).map_err(|error| out.failure(&error))?;
    run.commit(out)
}

/// Every file below `folder`, by its name inside, in the order of their bytes; links are not
/// followed.
pub fn list(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut names = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).display().to_string();
            let cause = error.into_io_error().unwrap_or_else(|| io::Error::other("a loop"));
            Failure::io(path, "cannot list", &cause)
        })?;
        if !entry.file_type().is_file() {
            continue;
        }
        if let Ok(name) = entry.path().strip_prefix(folder) {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// The digest of one file of a folder, under its name inside.
pub fn digest(run: &Run, folder: &Path, name: &Path) -> Result<InputRef, Failure> {
    let digest = run.open(&Source::File(folder.join(name)))?.finish()?;
    Ok(InputRef::new(name.as_os_str().as_bytes(), digest.bytes, digest.sha256))
}

/// How the name of a result ends.
pub const RESULT: &[u8] = b"-result.json";
/// How the name of a container ends.
pub const CONTAINER: &[u8] = b"-container.json";

/// What is directly in `folder`.
pub fn listing(folder: &Path) -> Result<Listing, Failure> {
    expect(folder)?;
    let fail = |error: io::Error| Failure::io(folder.display().to_string(), "cannot list", &error);
    let entry = |entry: io::Result<fs::DirEntry>| {
        let entry = entry?;
        let kind = match entry.file_type()? {
            kind if kind.is_file() => Kind::File,
            kind if kind.is_symlink() => Kind::Link,
            kind if kind.is_dir() => Kind::Folder,
            _ => Kind::Other,
        };
        Ok((entry.file_name().into_vec(), kind))
    };
    fs::read_dir(folder).and_then(|entries| entries.map(entry).collect()).map_err(fail)
}

/// Whether a file is a result or a container by its name.
pub fn counts(name: &[u8]) -> bool {
    [RESULT, CONTAINER].iter().any(|end| name.ends_with(end))
}

/// The path of a name in a folder.
pub fn path(folder: &Path, name: &[u8]) -> PathBuf {
    folder.join(OsStr::from_bytes(name))
}

/// How a file begins; of one that cannot be read, nothing.
pub fn head(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    fs::File::open(path)?.take(4096).read_to_end(&mut head)?;
    Ok(head)
}
