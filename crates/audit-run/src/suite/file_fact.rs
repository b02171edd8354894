//! Facts about a file that a suite names: `file:/etc/ssl/openssl.cnf:writers`.

use std::path::{Path, PathBuf};

/// What is asked about which file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileFact {
    /// The file, as the target sees it.
    pub path: PathBuf,
    /// What is asked.
    pub aspect: Aspect,
}

/// What can be asked about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// `sha256`: its digest.
    Sha256,
    /// `mode`: its mode, four octal digits.
    Mode,
    /// `writers`: who can change it, or put another one in its place.
    Writers,
}

impl Aspect {
    /// All of them, with the words they are written as.
    pub const ALL: [(&'static str, Self); 3] =
        [("sha256", Self::Sha256), ("mode", Self::Mode), ("writers", Self::Writers)];
}

impl FileFact {
    /// Reads a fact's name; none: it is no fact of this kind.
    #[must_use]
    pub fn parse(name: &str) -> Option<Result<Self, String>> {
        let rest = name.strip_prefix("file:")?;
        let parsed = rest.rsplit_once(':').and_then(|(path, word)| {
            let (_, aspect) = Aspect::ALL.into_iter().find(|(known, _)| *known == word)?;
            let path = Path::new(path);
            path.is_absolute().then(|| Self { path: path.to_owned(), aspect })
        });
        Some(parsed.ok_or_else(|| {
            format!(
                "expected file:/PATH:sha256, file:/PATH:mode or file:/PATH:writers, found {name:?}"
            )
        }))
    }

    /// A fact's name, if it is of this kind and well-formed, or of another kind.
    pub(super) fn check(name: &str) -> Result<String, String> {
        match Self::parse(name) {
            Some(Err(why)) => Err(why),
            _ => Ok(name.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_file_and_what_is_asked_about_it() {
        let parsed = FileFact::parse("file:/a:b/c:writers").unwrap().unwrap();
        assert_eq!(parsed, FileFact { path: "/a:b/c".into(), aspect: Aspect::Writers });
        assert_eq!(FileFact::parse("user.uid"), None);
        for name in ["file:/a", "file:a:mode", "file:/a:size", "file:", "file::mode"] {
            assert!(FileFact::parse(name).unwrap().is_err(), "{name}");
        }
    }
}
