//! The content of a folder.

use rustix::fd::BorrowedFd;
use rustix::fs::{FileType, RawDir};
use rustix::io::Result;

/// One name in a folder and the type the folder gives it.
pub type Name = (Vec<u8>, FileType);

/// Lists folders, with one buffer for all of them.
pub struct Lister(Vec<u8>);

impl Default for Lister {
    fn default() -> Self {
        Self(Vec::with_capacity(64 * 1024))
    }
}

impl Lister {
    /// The names in `dir`, in the order of their bytes.
    pub fn list(&mut self, dir: BorrowedFd<'_>) -> Result<Vec<Name>> {
        let mut names = Vec::new();
        let mut entries = RawDir::new(dir, self.0.spare_capacity_mut());
        while let Some(entry) = entries.next() {
            let entry = entry?;
            let name = entry.file_name().to_bytes();
            if name != b"." && name != b".." {
                names.push((name.to_vec(), entry.file_type()));
            }
        }
        names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Ok(names)
    }
}
