//! A working tree, as far as it is known.

use crate::git::Tracked;

/// A working tree and what is tracked in it.
#[derive(Clone, Debug)]
pub struct Repo {
    /// Its top, absolute.
    pub top: Vec<u8>,
    /// What its index names, or why that is not known.
    pub tracked: Result<Tracked, String>,
}

impl Repo {
    /// The part of `path` (absolute) below the top; empty for the top itself.
    #[must_use]
    pub fn inside<'a>(&self, path: &'a [u8]) -> Option<&'a [u8]> {
        match path.strip_prefix(self.top.as_slice())? {
            [] => Some(b""),
            [b'/', rest @ ..] => Some(rest),
            _ => None,
        }
    }
}
