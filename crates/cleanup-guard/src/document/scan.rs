//! Finds the entries in the text of a plan, of which only a part is in memory at a time.

use std::ops::Range;

use memchr::memmem;

/// What stands before the first entry. No string can hold this, nor the two below: in a string,
/// the quotes would be escaped.
pub const BEGIN: &[u8] = b",\"entries\":[";

/// What stands after the last entry.
const END: &[u8] = b"],\"refused\":[";

/// The end of one entry and the beginning of the next.
pub const SEAM: &[u8] = b"},{\"path\":";

/// What the digest stands behind.
pub const DIGEST: &[u8] = b",\"digest\":\"";

/// Entries between two marks take about so many bytes.
const STRIDE: u64 = 1 << 16;

/// Where an entry begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its index.
    pub index: usize,
    /// Where its text begins, in bytes.
    pub at: u64,
}

/// The parts of a plan's text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Where the entries stand, without the brackets.
    pub entries: Range<u64>,
    /// How many they are.
    pub count: usize,
    /// Some of them, the first always.
    pub marks: Vec<Mark>,
}

/// Looks at a text from its beginning to its end.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Where what was not looked at yet begins.
    at: u64,
    begun: bool,
    ended: bool,
    parts: Parts,
}

impl Scan {
    /// Looks at `text`, which follows what was looked at before, and says how much of it is done
    /// with: the rest has to be given again, with more behind it. `last`: there is nothing behind.
    pub fn look(&mut self, text: &[u8], last: bool) -> usize {
        // A mark that is cut off here is found whole with the next part.
        let hold = if last { 0 } else { END.len() - 1 };
        let limit = text.len().saturating_sub(hold);
        let mut from = 0;
        if !self.begun {
            match memmem::find(text, BEGIN).filter(|at| *at < limit) {
                Some(at) => {
                    from = at + BEGIN.len();
                    let first = self.at + from as u64;
                    (self.begun, self.parts.entries) = (true, first..first);
                    self.parts.marks.push(Mark { index: 0, at: first });
                }
                None => from = limit,
            }
        }
        if self.begun && !self.ended {
            self.entries(text, from, limit);
        }
        let done = from.max(limit);
        self.at += done as u64;
        done
    }

    /// The parts, if the text had them all.
    #[must_use]
    pub fn end(mut self) -> Option<Parts> {
        if !self.parts.entries.is_empty() {
            self.parts.count += 1;
        }
        self.ended.then_some(self.parts)
    }

    fn entries(&mut self, text: &[u8], from: usize, limit: usize) {
        let rest = text.get(from..).unwrap_or_default();
        let end = memmem::find(rest, END).map(|at| from + at).filter(|at| *at < limit);
        let until = end.unwrap_or(limit);
        for seam in memmem::find_iter(rest, SEAM).map(|at| from + at) {
            if seam >= until {
                break;
            }
            self.parts.count += 1;
            // The next entry begins behind the comma.
            let at = self.at + seam as u64 + 2;
            if self.parts.marks.last().is_none_or(|mark| at - mark.at >= STRIDE) {
                self.parts.marks.push(Mark { index: self.parts.count, at });
            }
        }
        if let Some(end) = end {
            self.ended = true;
            self.parts.entries.end = self.at + end as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &[u8], step: usize) -> Option<Parts> {
        let mut scan = Scan::default();
        let (mut from, mut to) = (0, 0);
        while to < text.len() {
            to = text.len().min(to + step);
            from += scan.look(&text[from..to], to == text.len());
        }
        scan.end()
    }

    #[test]
    fn the_parts_are_the_same_however_the_text_is_cut() {
        for count in 0..4 {
            let entries = vec!["{\"path\":\"a\",\"x\":{\"y\":1}}"; count].join(",");
            let text = format!("{{\"a\":1,\"entries\":[{entries}],\"refused\":[],\"b\":2}}");
            for step in 1..text.len() {
                let parts = scan(text.as_bytes(), step).unwrap();
                let range = usize::try_from(parts.entries.start).unwrap()
                    ..usize::try_from(parts.entries.end).unwrap();
                assert_eq!((&text[range], parts.count), (entries.as_str(), count), "step {step}");
                assert_eq!(parts.marks, [Mark { index: 0, at: parts.entries.start }]);
            }
        }
    }

    #[test]
    fn marks_stand_where_entries_begin() {
        let entries: Vec<_> =
            (0..9000).map(|n| format!("{{\"path\":\"{n}\",\"s\":{{}}}}")).collect();
        let text = format!(",\"entries\":[{}],\"refused\":[", entries.join(","));
        let parts = scan(text.as_bytes(), 4096).unwrap();
        assert!(parts.count == 9000 && parts.marks.len() > 2);
        for mark in parts.marks {
            let entry = &text[usize::try_from(mark.at).unwrap()..];
            assert!(entry.starts_with(&entries[mark.index]), "{mark:?}");
        }
    }

    #[test]
    fn what_has_no_entries_or_no_end_has_no_parts() {
        for text in ["", "{}", ",\"entries\":[{\"path\":", "],\"refused\":["] {
            assert_eq!(scan(text.as_bytes(), 5), None, "{text}");
        }
    }
}
