//! The entries of a plan, of which only a few are in memory at a time.

use std::io;
use std::rc::Rc;

use cleanup_guard::document::{Parts, SEAM};
use memchr::memmem;

use crate::effects::store::Store;

/// All entries of a plan, in its order.
pub struct Entries {
    store: Store,
    parts: Parts,
    loaded: Rc<Block>,
}

/// Entries that stand side by side.
#[derive(Default)]
pub struct Block {
    first: usize,
    text: Vec<u8>,
    starts: Vec<usize>,
}

impl Entries {
    /// The entries that stand in `store` where `parts` says.
    pub fn new(store: Store, parts: Parts) -> Self {
        Self { store, parts, loaded: Rc::default() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.parts.count
    }

    /// How many bytes their texts take.
    pub fn bytes(&self) -> u64 {
        self.parts.entries.end - self.parts.entries.start
    }

    /// The block that has the entry `index`.
    pub fn block(&mut self, index: usize) -> io::Result<Rc<Block>> {
        if self.loaded.entry(index).is_empty() {
            // The last one's memory is used again, if nobody needs it any more.
            let mut block = Rc::try_unwrap(std::mem::take(&mut self.loaded)).unwrap_or_default();
            self.load(index, &mut block)?;
            self.loaded = Rc::new(block);
        }
        Ok(Rc::clone(&self.loaded))
    }

    fn load(&self, index: usize, block: &mut Block) -> io::Result<()> {
        let marks = &self.parts.marks;
        let next = marks.partition_point(|mark| mark.index <= index);
        let mark = marks[next.saturating_sub(1)];
        let (end, count) = match marks.get(next) {
            Some(next) => (next.at - 1, next.index - mark.index),
            None => (self.parts.entries.end, self.parts.count - mark.index),
        };
        self.store.read(&(mark.at..end), &mut block.text)?;
        block.first = mark.index;
        block.starts.clear();
        block.starts.push(0);
        block.starts.extend(memmem::find_iter(&block.text, SEAM).map(|seam| seam + 2));
        if block.starts.len() == count && index < self.parts.count {
            return Ok(());
        }
        Err(io::Error::other("the copy of the plan is not what was copied"))
    }
}

impl Block {
    /// The text of the entry `index`; empty if it is in another block.
    pub fn entry(&self, index: usize) -> &[u8] {
        let Some(at) = index.checked_sub(self.first) else { return b"" };
        let Some(start) = self.starts.get(at) else { return b"" };
        let end = self.starts.get(at + 1).map_or(self.text.len(), |next| next - 1);
        &self.text[*start..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cleanup_guard::document::Scan;

    #[test]
    fn every_entry_is_found_in_any_order() {
        let wanted: Vec<String> =
            (0..9000).map(|n| format!("{{\"path\":\"{n}\",\"s\":{{\"n\":{n}}}}}")).collect();
        let text = format!(",\"entries\":[{}],\"refused\":[", wanted.join(",")).into_bytes();
        let mut scan = Scan::default();
        scan.look(&text, true);
        let parts = scan.end().unwrap();
        let folder = tempfile::tempdir().unwrap();
        for mut store in [Store::Memory(Vec::new()), Store::beside(folder.path())] {
            store.add(&text).unwrap();
            let mut entries = Entries::new(store, parts.clone());
            assert_eq!(entries.len(), wanted.len());
            for index in [0, 8999, 1, 5000, 4999, 0].into_iter().chain(0..9000) {
                let block = entries.block(index).unwrap();
                assert_eq!(block.entry(index), wanted[index].as_bytes());
            }
            assert!(entries.block(9000).is_err());
        }
    }
}
