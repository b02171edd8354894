//! Whether git ignores a path (gitignore(5)), as the rules of its own working tree say.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::effects::regular;

/// A longer file of rules is not read.
const LARGEST: u64 = 1 << 20;

/// Whether the working tree at `top` ignores `path` below it. The user's global rules are not
/// asked: they say what one person does not want to see, not what this tree can make again.
///
/// An error is a reason to take nothing for ignored.
pub fn is_ignored(top: &[u8], path: &[u8], is_dir: bool) -> Result<bool, String> {
    let ends: Vec<usize> =
        path.iter().enumerate().filter(|(_, b)| **b == b'/').map(|(at, _)| at).collect();
    let mut files = vec![(0, rules(top, b".git/info/exclude")?)];
    files.push((0, rules(top, b".gitignore")?));
    for end in &ends {
        let name = [&path[..*end], b"/.gitignore"].concat();
        files.push((end + 1, rules(top, &name)?));
    }
    // What lies in an ignored folder is ignored, whatever a deeper rule says.
    let steps = ends.iter().map(|end| (*end, true)).chain([(path.len(), is_dir)]);
    for (end, is_dir) in steps {
        let deepest_first = files.iter().rev().filter(|(from, _)| *from < end);
        let said = deepest_first
            .map(|(from, rules)| {
                rules.matched(Path::new(OsStr::from_bytes(&path[*from..end])), is_dir)
            })
            .find(|said| !said.is_none());
        if matches!(said, Some(Match::Ignore(_))) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn rules(top: &[u8], name: &[u8]) -> Result<Gitignore, String> {
    let shown = String::from_utf8_lossy(name).into_owned();
    let path = Path::new(OsStr::from_bytes(top)).join(OsStr::from_bytes(name));
    let bytes = match regular::read(&path, LARGEST) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Gitignore::empty()),
        Err(error) => return Err(format!("{shown}: {error}")),
    };
    // A rule that is not understood could be one that takes something out again.
    let text = String::from_utf8(bytes).map_err(|_| format!("{shown}: is not UTF-8"))?;
    let mut builder = GitignoreBuilder::new("");
    for line in text.lines() {
        builder.add_line(None, line).map_err(|error| format!("{shown}: {error}"))?;
    }
    builder.build().map_err(|error| format!("{shown}: {error}"))
}
