//! From operands to the list of what is to be read.

use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::Failure;

/// One thing to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Standard input.
    Stdin,
    /// A file (or a FIFO: `<(command)` works).
    File(PathBuf),
}

/// What a folder among the operands means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Directories {
    /// Every file below it, in the order of their bytes; links are not followed.
    Walk,
    /// An error: one file is expected.
    Refuse,
}

impl Source {
    /// The name's bytes; `-` for standard input.
    #[must_use]
    pub fn name_bytes(&self) -> &[u8] {
        match self {
            Self::Stdin => b"-",
            Self::File(path) => path.as_os_str().as_bytes(),
        }
    }

    /// `-` is standard input, anything else is a path.
    #[must_use]
    pub fn from_operand(operand: &Path) -> Self {
        if operand == Path::new("-") { Self::Stdin } else { Self::File(operand.to_owned()) }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("stdin"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

/// The sources of one operand. A folder that cannot be walked whole is a failure beside what was
/// found in it.
pub(crate) fn expand(
    operand: &Path,
    directories: Directories,
    found: &mut Vec<Source>,
    failures: &mut Vec<Failure>,
) {
    let source = Source::from_operand(operand);
    if source == Source::Stdin || !operand.is_dir() {
        found.push(source);
        return;
    }
    if directories == Directories::Refuse {
        failures.push(Failure::new("is a directory: a file is expected").at(source.to_string()));
        return;
    }
    for entry in walkdir::WalkDir::new(operand).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_file() => found.push(Source::File(entry.into_path())),
            Ok(_) => {}
            Err(error) => {
                let path = error.path().unwrap_or(operand).display().to_string();
                let cause =
                    error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop"));
                failures.push(Failure::io(path, "cannot list", &cause));
            }
        }
    }
}

/// The operands of a NUL-separated list; the last NUL may be absent.
pub(crate) fn split_nul(list: &[u8]) -> Vec<PathBuf> {
    list.split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| PathBuf::from(OsStr::from_bytes(name)))
        .collect()
}

/// What to say of a list whose names seem to be ended by newlines: it holds no NUL, more than one
/// line, and is not itself the name of something that is there.
#[must_use]
pub fn by_lines(list: &[u8]) -> Option<String> {
    let lines = list.iter().filter(|byte| **byte == b'\n').count();
    if lines == 0
        || list.contains(&0)
        || Path::new(OsStr::from_bytes(list)).symlink_metadata().is_ok()
    {
        return None;
    }
    Some(
        "expected names that each end with NUL, found lines (`find -print0` writes NUL; `tr '\\n' '\\0'` makes it of lines)"
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_list_keeps_newlines_and_bytes() {
        let names = split_nul(b"a\nb\0\xff\0");
        assert_eq!(names.len(), 2);
        assert_eq!(names[0], Path::new("a\nb"));
        assert_eq!(names[1].as_os_str().as_bytes(), b"\xff");
    }

    #[test]
    fn lines_instead_of_nul_are_noticed() {
        assert!(by_lines(b"a\nb\n").is_some());
        assert!(by_lines(b"a\n").is_some());
        assert_eq!(by_lines(b"a\nb\0"), None);
        assert_eq!(by_lines(b"a"), None);
        let folder = tempfile::tempdir().unwrap();
        let odd = folder.path().join("a\nb");
        std::fs::write(&odd, "").unwrap();
        assert_eq!(by_lines(odd.as_os_str().as_bytes()), None);
    }
}
