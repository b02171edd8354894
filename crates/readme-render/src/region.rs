//! Regions: the part of a file that is rendered, between two comments, in a file that people also
//! edit by hand.
//!
//! `<!-- proofline:NAME -->` and `<!-- /proofline:NAME -->`, each on a line of its own. The first
//! carries the digest of what was rendered there last, so that an edit by hand is noticed.

use contract::Sha256;
use sha2::{Digest, Sha256 as Hasher};

/// A file with a region filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spliced {
    /// The whole file.
    pub text: String,
    /// The byte at which the region's content begins.
    pub start: usize,
}

/// Why a region cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegionError {
    /// The file has no such region, or not exactly one.
    Marker(String),
    /// Somebody edited it by hand.
    Edited(String),
}

/// `file` with `content` between the markers of `name`.
pub fn splice(file: &str, name: &str, content: &str) -> Result<Spliced, RegionError> {
    let (open, close) = (format!("<!-- proofline:{name}"), format!("<!-- /proofline:{name} -->"));
    let (mut begin, mut end) = (None, None);
    let mut at = 0;
    for line in file.split_inclusive('\n') {
        let text = line.trim();
        let opens = text
            .strip_prefix(&open)
            .is_some_and(|rest| rest.ends_with("-->") && rest.starts_with([' ', '-']));
        if opens {
            if begin.is_some() {
                return Err(RegionError::Marker(format!("region {name} begins twice")));
            }
            begin = Some((at, at + line.len(), digest(text)));
        } else if text == close {
            if end.is_some() || begin.is_none() {
                return Err(RegionError::Marker(format!("region {name} ends where none began")));
            }
            end = Some(at);
        }
        at += line.len();
    }
    let (Some((marker, inside, known)), Some(end)) = (begin, end) else {
        let message = format!("expected a line {open} --> and a line {close}");
        return Err(RegionError::Marker(message));
    };
    let old = &file[inside..end];
    if known.is_some_and(|known| known != hash(old)) {
        return Err(RegionError::Edited(format!(
            "region {name} was edited by hand: take the edit to the template, or take the sha256 \
             out of its marker to overwrite it"
        )));
    }
    let mut content = content.to_owned();
    if !content.is_empty() && !content.ends_with('\n') {
        content.push('\n');
    }
    let head = format!("{}{open} sha256={} -->\n", &file[..marker], hash(&content));
    let start = head.len();
    Ok(Spliced { text: head + &content + &file[end..], start })
}

fn digest(marker: &str) -> Option<String> {
    let digest = marker.split("sha256=").nth(1)?;
    Some(digest.chars().take_while(char::is_ascii_hexdigit).collect())
}

fn hash(text: &str) -> String {
    Sha256::new(Hasher::digest(text.as_bytes()).into()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "a\n<!-- proofline:x -->\nold\n<!-- /proofline:x -->\nb\n";

    #[test]
    fn only_the_region_changes_and_again_gives_the_same() {
        let first = splice(FILE, "x", "new").unwrap();
        assert!(first.text.starts_with("a\n<!-- proofline:x sha256="));
        assert!(first.text.ends_with("-->\nnew\n<!-- /proofline:x -->\nb\n"));
        assert_eq!(&first.text[first.start..first.start + 3], "new");
        assert_eq!(splice(&first.text, "x", "new").unwrap(), first);
    }

    #[test]
    fn an_edit_by_hand_and_a_missing_marker_are_noticed() {
        let edited = splice(FILE, "x", "new").unwrap().text.replace("new", "newer");
        assert!(matches!(splice(&edited, "x", "new"), Err(RegionError::Edited(_))));
        assert!(matches!(splice(FILE, "y", "new"), Err(RegionError::Marker(_))));
        assert!(matches!(splice(&FILE.repeat(2), "x", ""), Err(RegionError::Marker(_))));
    }
}
