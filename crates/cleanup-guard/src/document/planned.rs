//! One entry of a plan.

use std::borrow::Cow;

use contract::PathText;
use contract::cleanup::{EntryType, Identity};
use memchr::memchr2;
use memchr::memmem;
use serde::Deserialize;

/// An entry as it is read: [`contract::cleanup_plan::Entry`] without a copy of anything.
#[derive(Debug, Deserialize, PartialEq)]
pub struct Planned<'a> {
    /// The path, as it is shown.
    #[serde(borrow)]
    pub path: Cow<'a, str>,
    /// Its bytes in base64, if it is not UTF-8.
    #[serde(borrow, default)]
    pub path_bytes: Option<Cow<'a, str>>,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: EntryType,
    /// Its identity when the plan was made.
    pub identity: Identity,
}

impl<'a> Planned<'a> {
    /// Reads an entry.
    pub fn read(text: &'a [u8]) -> serde_json::Result<Self> {
        match Cursor(text).planned() {
            Some(planned) => Ok(planned),
            None => serde_json::from_slice(text),
        }
    }

    /// Whether the text can be that of a folder; cheaper than reading it.
    #[must_use]
    pub fn may_be_directory(text: &[u8]) -> bool {
        memmem::find(text, b"\"directory\"").is_some()
    }

    /// The path's own bytes; `None` if they cannot be told.
    #[must_use]
    pub fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        match &self.path_bytes {
            None => Some(Cow::Borrowed(self.path.as_bytes())),
            Some(_) => self.text().bytes().map(Cow::Owned),
        }
    }

    /// The path, as documents write it.
    #[must_use]
    pub fn text(&self) -> PathText {
        let path_bytes = self.path_bytes.clone().map(Cow::into_owned);
        PathText { path: self.path.clone().into_owned(), path_bytes }
    }
}

/// Reads what this tool itself has written, byte for byte as it writes it: several times as fast as
/// a JSON parser. Everything else is left to one.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn planned(mut self) -> Option<Planned<'a>> {
        self.skip(b"{\"path\":\"")?;
        let path = self.string()?;
        self.skip(b",\"type\":\"")?;
        let kind = match self.string()? {
            "file" => EntryType::File,
            "directory" => EntryType::Directory,
            "symlink" => EntryType::Symlink,
            _ => return None,
        };
        let identity = Identity {
            device: self.number(b",\"identity\":{\"device\":")?,
            inode: self.number(b",\"inode\":")?,
            mount: self.number(b",\"mount\":")?,
            mode: u32::try_from(self.number(b",\"mode\":")?).ok()?,
            links: self.number(b",\"links\":")?,
            size: self.number(b",\"size\":")?,
            mtime_ns: i64::try_from(self.number(b",\"mtime_ns\":")?).ok()?,
            ctime_ns: i64::try_from(self.number(b",\"ctime_ns\":")?).ok()?,
        };
        self.skip(b"},\"reason\":\"")?;
        self.string()?;
        (self.0 == b"}").then_some(Planned {
            path: Cow::Borrowed(path),
            path_bytes: None,
            kind,
            identity,
        })
    }

    fn skip(&mut self, expected: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    /// The rest of a string without escapes, and its closing quote.
    fn string(&mut self) -> Option<&'a str> {
        let end = memchr2(b'"', b'\\', self.0).filter(|end| self.0[*end] == b'"')?;
        let text = &self.0[..end];
        self.0 = &self.0[end + 1..];
        if text.iter().any(u8::is_ascii_control) {
            return None;
        }
        std::str::from_utf8(text).ok()
    }

    /// A whole number that is not negative, behind `name`.
    fn number(&mut self, name: &[u8]) -> Option<u64> {
        self.skip(name)?;
        let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (text, rest) = self.0.split_at(digits);
        if text.is_empty() || text.len() > 1 && text[0] == b'0' {
            return None;
        }
        self.0 = rest;
        text.iter().try_fold(0_u64, |value, digit| {
            value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::cleanup_plan::Entry;

    fn entry(path: &str, size: u64, mtime_ns: i64) -> Entry {
        let identity = Identity {
            device: 1,
            inode: u64::MAX,
            mount: 3,
            mode: 0o100_644,
            links: 1,
            size,
            mtime_ns,
            ctime_ns: 0,
        };
        let reason = "explicit".to_owned();
        Entry { path: path.to_owned(), path_bytes: None, kind: EntryType::File, identity, reason }
    }

    #[test]
    fn the_short_way_is_taken_for_what_is_common() {
        let text = serde_json::to_vec(&entry("a/b c", 7, 5)).unwrap();
        assert!(Cursor(&text).planned().is_some());
    }

    #[test]
    fn what_is_no_entry_is_none() {
        let text = serde_json::to_string(&entry("a", 7, 5)).unwrap();
        for (from, to) in [("7", "07"), ("\"a\"", "\"\n\""), ("}", "} "), ("file", "fil")] {
            let changed = text.replacen(from, to, 1);
            assert_ne!(changed, text);
            assert!(Cursor(changed.as_bytes()).planned().is_none(), "{changed}");
        }
    }

    proptest::proptest! {
        #[test]
        fn both_ways_read_the_same(path: String, size: u64, mtime_ns: i64) {
            let text = serde_json::to_vec(&entry(&path, size, mtime_ns)).unwrap();
            let whole: Planned<'_> = serde_json::from_slice(&text).unwrap();
            proptest::prop_assert_eq!(&Planned::read(&text).unwrap(), &whole);
            proptest::prop_assert_eq!(whole.identity.size, size);
        }
    }
}
