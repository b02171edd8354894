//! What a results directory holds, by name.

use std::collections::BTreeMap;

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

/// The entries directly in a directory, by the bytes of their names.
pub type Listing = BTreeMap<Vec<u8>, Kind>;
