//! The fields of a line of `-mr`.

use crate::text::lossy;

/// There are no more of them in any line.
const MOST: usize = 12;

/// Fields in one piece of text: logs hold tens of thousands of such lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fields {
    text: Box<str>,
    /// Where each ends in the text; a colon stands behind it.
    ends: [u16; MOST],
    count: usize,
}

impl Fields {
    /// The first twelve fields, joined by colons, of what stands behind the code.
    pub fn new(text: &[u8]) -> Self {
        let end = memchr::memchr_iter(b':', text).nth(MOST - 1).unwrap_or(text.len());
        let text = &text[..end];
        let text = if text.len() <= 200 {
            lossy(text)
        } else {
            text.split(|byte| *byte == b':').map(lossy).collect::<Vec<_>>().join(":")
        };
        let (mut ends, mut count) = ([0; MOST], 0);
        let colons = memchr::memchr_iter(b':', text.as_bytes());
        for (slot, end) in ends.iter_mut().zip(colons.chain([text.len()])) {
            // Twelve fields of 200 characters are far below the limit of the type.
            *slot = u16::try_from(end).unwrap_or(u16::MAX);
            count += 1;
        }
        Self { text: text.into(), ends, count }
    }

    /// All of them; there is always one, which can be empty.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.count).filter_map(|at| self.get(at))
    }

    /// One of them.
    pub fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends[..self.count].get(at)?;
        let start = if at == 0 { 0 } else { usize::from(self.ends[at - 1]) + 1 };
        self.text.get(start..usize::from(end))
    }

    /// The first of them.
    pub fn first(&self) -> &str {
        self.get(0).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &[u8]) -> Vec<String> {
        Fields::new(text).iter().map(str::to_owned).collect()
    }

    #[test]
    fn fields_are_what_stands_between_colons() {
        assert_eq!(fields(b""), [""]);
        assert_eq!(fields(b"0:2048:1.5"), ["0", "2048", "1.5"]);
        assert_eq!(fields(b":a:\xff:"), ["", "a", "\u{fffd}", ""]);
        let line = Fields::new(b"3:256");
        assert_eq!(
            (line.len(), line.first(), line.get(1), line.get(2)),
            (2, "3", Some("256"), None)
        );
    }

    #[test]
    fn fields_beyond_measure_are_cut() {
        assert_eq!(fields(b"1:2:3:4:5:6:7:8:9:10:11:12:13:14").len(), MOST);
        let long = [&[0xff; 3000][..], b":", &[b'x'; 201], b":y"].concat();
        let found = fields(&long);
        assert_eq!(found[0], format!("{}…", "\u{fffd}".repeat(200)));
        assert_eq!(found[1], format!("{}…", "x".repeat(200)));
        assert_eq!(found[2], "y");
    }
}
