//! A position below an opened folder, found by path; for places where no rule has to be asked.

use crate::effects::look;
use rustix::io::Result;

use crate::effects::dirs::Dirs;
use crate::effects::worker::is_at_or_in;
use cleanup_guard::seen::Seen;

/// Descriptors and the path they stand for.
pub struct Way {
    dirs: Dirs,
    path: Vec<u8>,
}

impl Way {
    /// Stands at the folder `dirs` was opened for.
    #[must_use]
    pub fn new(dirs: Dirs) -> Self {
        Self { dirs, path: Vec::new() }
    }

    /// Goes to `folder` below it; not through a link, not onto another mount.
    pub fn go(&mut self, folder: &[u8]) -> Result<Seen> {
        while !is_at_or_in(folder, &self.path) {
            let name = self.dirs.leave()?.map_or(0, |level| level.name.len());
            let slash = usize::from(self.path.len() > name);
            self.path.truncate(self.path.len() - name - slash);
        }
        let known = self.path.len();
        for name in folder[known..].split(|b| *b == b'/').filter(|name| !name.is_empty()) {
            if let Err(error) = self.dirs.enter(name) {
                self.dirs.reset();
                self.path.clear();
                return Err(error);
            }
            if !self.path.is_empty() {
                self.path.push(b'/');
            }
            self.path.extend_from_slice(name);
        }
        look::of(self.dirs.here())
    }
}
