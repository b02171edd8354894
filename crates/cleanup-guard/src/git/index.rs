//! The index (gitformat-index(5), versions 2 to 4): which files are tracked.

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Why an index cannot be read.
pub type Reason = String;

/// The paths an index names, relative to the top of the working tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tracked {
    /// Sorted. A submodule is its folder; a folder outside of a sparse checkout ends with `/`.
    paths: Vec<Vec<u8>>,
}

impl Tracked {
    /// Whether `path` itself is tracked, or lies in a folder that is tracked as a whole.
    #[must_use]
    pub fn contains(&self, path: &[u8]) -> bool {
        let has = |path: &[u8]| self.paths.binary_search_by(|p| p.as_slice().cmp(path)).is_ok();
        has(path) || self.in_whole_folder(path)
    }

    /// Whether `folder` is tracked or has something tracked in it; the empty path is the top.
    #[must_use]
    pub fn any_below(&self, folder: &[u8]) -> bool {
        if folder.is_empty() {
            return !self.paths.is_empty();
        }
        let mut prefix = folder.to_vec();
        prefix.push(b'/');
        let first = self.paths.partition_point(|path| path.as_slice() < prefix.as_slice());
        self.paths.get(first).is_some_and(|path| path.starts_with(&prefix)) || self.contains(folder)
    }

    /// The paths of both.
    #[must_use]
    pub fn with(mut self, more: Self) -> Self {
        self.paths.extend(more.paths);
        self.paths.sort_unstable();
        self.paths.dedup();
        self
    }

    fn in_whole_folder(&self, path: &[u8]) -> bool {
        let ends = path.iter().enumerate().filter(|(_, b)| **b == b'/').map(|(at, _)| at + 1);
        ends.chain([path.len()]).any(|end| {
            let folder = &path[..end];
            // A sparse folder ends with a slash, a submodule does not.
            let bare = folder.strip_suffix(b"/").unwrap_or(folder);
            let has = |p: &[u8]| self.paths.binary_search_by(|q| q.as_slice().cmp(p)).is_ok();
            has(bare) || has(&[bare, b"/"].concat())
        })
    }
}

/// An index and, if it is a split one, the hexadecimal name of the shared index it builds on.
pub type Parsed = (Tracked, Option<String>);

/// Reads an index whole, checksum and all.
pub fn parse(bytes: &[u8]) -> Result<Parsed, Reason> {
    let (body, hashes) = checked(bytes)?;
    let mut error = Reason::new();
    for hash in hashes {
        match (Reader { body, at: 0, hash }).index() {
            Ok(parsed) => return Ok(parsed),
            Err(why) => error = why,
        }
    }
    Err(error)
}

/// The bytes before the checksum, and the length of an object id.
fn checked(bytes: &[u8]) -> Result<(&[u8], Vec<usize>), Reason> {
    let split = |length: usize| bytes.split_at_checked(bytes.len().checked_sub(length)?);
    let (Some((body, sum)), long) = (split(20), split(32)) else {
        return Err("it is cut off".into());
    };
    if Sha1::digest(body).as_slice() == sum {
        return Ok((body, vec![20]));
    }
    if let Some((body, _)) = long.filter(|(body, sum)| Sha256::digest(body).as_slice() == *sum) {
        return Ok((body, vec![32]));
    }
    // `index.skipHash` leaves zeros; the length of an id shows in what can be read.
    match long {
        Some((body, sum)) if sum.iter().all(|b| *b == 0) => Ok((body, vec![32, 20])),
        _ if sum.iter().all(|b| *b == 0) => Ok((body, vec![20])),
        _ => Err("its checksum does not hold".into()),
    }
}

struct Reader<'a> {
    body: &'a [u8],
    at: usize,
    hash: usize,
}

impl<'a> Reader<'a> {
    fn index(mut self) -> Result<Parsed, Reason> {
        if self.take(4)? != b"DIRC" {
            return Err("it does not begin with DIRC".into());
        }
        let version = self.u32()?;
        if !(2..=4).contains(&version) {
            return Err(format!("its version is {version}; 2, 3 and 4 are known"));
        }
        let count = self.u32()?;
        let mut paths: Vec<Vec<u8>> = Vec::new();
        for _ in 0..count {
            let path = self.entry(version, paths.last().map_or(&[][..], Vec::as_slice))?;
            paths.push(path);
        }
        let shared = self.extensions()?;
        // An entry of a split index that replaces a shared one has no name of its own.
        paths.retain(|path| !path.is_empty());
        Ok((Tracked::default().with(Tracked { paths }), shared))
    }

    fn entry(&mut self, version: u32, previous: &[u8]) -> Result<Vec<u8>, Reason> {
        let start = self.at;
        self.take(40 + self.hash)?;
        let flags = self.u16()?;
        if version >= 3 && flags & 0x4000 != 0 {
            self.take(2)?;
        }
        if version == 4 {
            let cut = self.offset()?;
            let kept = previous.len().checked_sub(cut).ok_or("a path cannot be completed")?;
            return Ok([&previous[..kept], self.until_nul()?].concat());
        }
        let path = self.until_nul()?.to_vec();
        // 1 to 8 NULs, so that an entry's length is a multiple of 8; one of them was read.
        let length = self.at - start - 1;
        self.take(7 - length % 8)?;
        Ok(path)
    }

    /// The variable-width number of pack files' offset deltas.
    fn offset(&mut self) -> Result<usize, Reason> {
        let mut byte = self.take(1)?[0];
        let mut value = usize::from(byte & 0x7f);
        while byte & 0x80 != 0 {
            byte = self.take(1)?[0];
            value = value.checked_add(1).and_then(|v| v.checked_mul(128)).ok_or("a huge number")?;
            value += usize::from(byte & 0x7f);
        }
        Ok(value)
    }

    fn extensions(&mut self) -> Result<Option<String>, Reason> {
        let mut shared = None;
        while self.at < self.body.len() {
            let name = self.take(4)?;
            let length = usize::try_from(self.u32()?).map_err(|_| "a huge extension")?;
            let data = self.take(length)?;
            match name {
                b"link" => {
                    let id = data.get(..self.hash).ok_or("its `link` is cut off")?;
                    shared = id.iter().any(|b| *b != 0).then(|| hex(id));
                }
                b"sdir" => {}
                [b'A'..=b'Z', ..] => {}
                _ => return Err("it needs an extension that is not known".into()),
            }
        }
        Ok(shared)
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Reason> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.body.len());
        let end = end.ok_or("it is cut off")?;
        let taken = &self.body[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn until_nul(&mut self) -> Result<&'a [u8], Reason> {
        let rest = &self.body[self.at..];
        let length = rest.iter().position(|b| *b == 0).ok_or("a path has no end")?;
        self.at += length + 1;
        Ok(&rest[..length])
    }

    fn u32(&mut self) -> Result<u32, Reason> {
        Ok(self.take(4)?.iter().fold(0, |value, byte| value << 8 | u32::from(*byte)))
    }

    fn u16(&mut self) -> Result<u16, Reason> {
        Ok(self.take(2)?.iter().fold(0, |value, byte| value << 8 | u16::from(*byte)))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tracked(paths: &[&str]) -> Tracked {
        let paths = paths.iter().map(|p| p.as_bytes().to_vec()).collect();
        Tracked::default().with(Tracked { paths })
    }

    #[test]
    fn a_folder_is_searched_by_its_whole_name() {
        let index = tracked(&["a-b", "a/c", "sub", "sparse/"]);
        assert!(index.any_below(b"a") && index.any_below(b""));
        assert!(!index.any_below(b"a/c/d") || index.contains(b"a/c"));
        assert!(!index.any_below(b"b") && !index.contains(b"a"));
        assert!(index.contains(b"sub/anything") && index.contains(b"sparse/x/y"));
        assert!(!index.contains(b"suburb"));
    }

    #[test]
    fn garbage_is_refused_and_never_panics() {
        for bytes in [&b""[..], b"DIRC", &[0; 40], &[0xff; 100]] {
            assert!(parse(bytes).is_err());
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_panic(mut bytes: Vec<u8>, version in 2_u8..5, count in 0_u8..4) {
            let mut index = b"DIRC\0\0\0".to_vec();
            index.extend([version, 0, 0, 0, count]);
            index.append(&mut bytes);
            index.extend([0; 32]);
            let _ = parse(&index);
        }
    }
}
