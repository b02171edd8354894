//! What a results directory holds, by name.

/// What stands under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A symbolic link, wherever it leads.
    Link,
    /// A folder.
    Folder,
    /// A device, a socket, a FIFO.
    Other,
}

/// The entries directly in a directory, in the order of the bytes of their names.
///
/// Directories of very many files are read: all names stand behind each other in one piece of
/// memory.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    names: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    start: usize,
    length: u32,
    kind: Kind,
}

impl Listing {
    /// What stands under `name`.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<Kind> {
        let at = self.entries.binary_search_by(|entry| self.name(entry).cmp(name)).ok()?;
        Some(self.entries[at].kind)
    }

    /// Every name with what stands under it.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], Kind)> {
        self.entries.iter().map(|entry| (self.name(entry), entry.kind))
    }

    /// The names of the files.
    pub fn files(&self) -> impl Iterator<Item = &[u8]> {
        self.iter().filter(|(_, kind)| *kind == Kind::File).map(|(name, _)| name)
    }

    fn name(&self, entry: &Entry) -> &[u8] {
        &self.names[entry.start..entry.start + entry.length as usize]
    }
}

impl<N: AsRef<[u8]>> FromIterator<(N, Kind)> for Listing {
    fn from_iter<I: IntoIterator<Item = (N, Kind)>>(entries: I) -> Self {
        let mut listing = Self::default();
        for (name, kind) in entries {
            let (start, name) = (listing.names.len(), name.as_ref());
            // No system knows longer names than this.
            let Ok(length) = u32::try_from(name.len()) else { continue };
            listing.names.extend_from_slice(name);
            listing.entries.push(Entry { start, length, kind });
        }
        let names = &listing.names;
        let name = |entry: &Entry| &names[entry.start..entry.start + entry.length as usize];
        listing.entries.sort_unstable_by(|a, b| name(a).cmp(name(b)));
        listing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_in_the_order_of_their_bytes() {
        let given =
            [("b", Kind::Link), ("", Kind::Other), ("a\u{ff}", Kind::Folder), ("a", Kind::File)];
        let listing: Listing = given.into_iter().collect();
        let names: Vec<&[u8]> = listing.iter().map(|(name, _)| name).collect();
        assert_eq!(names, [b"".as_slice(), b"a", "a\u{ff}".as_bytes(), b"b"]);
        assert_eq!(listing.files().collect::<Vec<_>>(), [b"a"]);
        assert_eq!(listing.get(b"b"), Some(Kind::Link));
        assert_eq!(listing.get(b"c"), None);
    }
}
