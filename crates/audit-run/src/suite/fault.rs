//! Copies of a target's files, as they are or with a fault in them.

use std::fmt;

use regex::bytes::{NoExpand, Regex};

/// A file of the target that is copied into a check's private folder.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Where it is on the target.
    pub from: String,
    /// What is wrong with the copy; none: nothing.
    pub fault: Option<Fault>,
}

/// What can be wrong with a copy.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The lowest bit of the byte at this share of the file is another one.
    FlipBitAt(f64),
    /// This text follows the file's end.
    Append(String),
    /// Only this many bytes are left.
    TruncateTo(usize),
    /// What matches is replaced.
    Replace {
        /// What.
        pattern: Regex,
        /// By what.
        with: String,
    },
}

/// Why a fault cannot be put into a file: it would be as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit(String);

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the fault leaves {} as it is: nothing would be shown", self.0)
    }
}

impl Copy {
    /// The content of the copy.
    ///
    /// # Errors
    /// The fault changes nothing.
    pub fn apply(&self, content: Vec<u8>) -> Result<Vec<u8>, Unfit> {
        let Some(fault) = &self.fault else { return Ok(content) };
        let changed = fault.put_into(&content);
        if changed == content { Err(Unfit(self.from.clone())) } else { Ok(changed) }
    }
}

impl Fault {
    fn put_into(&self, content: &[u8]) -> Vec<u8> {
        let mut changed = content.to_vec();
        match self {
            Self::FlipBitAt(share) => {
                if let Some(byte) = changed.get_mut(at(*share, content.len())) {
                    *byte ^= 1;
                }
            }
            Self::Append(text) => changed.extend_from_slice(text.as_bytes()),
            Self::TruncateTo(bytes) => changed.truncate(*bytes),
            Self::Replace { pattern, with } => {
                changed = pattern.replace_all(content, NoExpand(with.as_bytes())).into_owned();
            }
        }
        changed
    }
}

/// The place of that share of `length` bytes.
// The share is below 1 and not negative, and no file of this size loses anything as a number.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
fn at(share: f64, length: usize) -> usize {
    (share * length as f64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(fault: Fault) -> Result<Vec<u8>, Unfit> {
        Copy { from: "x".to_owned(), fault: Some(fault) }.apply(b"mac = F2".to_vec())
    }

    #[test]
    fn a_fault_changes_what_it_says_and_nothing_else() {
        assert_eq!(copy(Fault::FlipBitAt(0.5)).unwrap(), b"mac < F2");
        assert_eq!(copy(Fault::Append("!".to_owned())).unwrap(), b"mac = F2!");
        assert_eq!(copy(Fault::TruncateTo(3)).unwrap(), b"mac");
        let pattern = Regex::new("= ..").unwrap();
        let replaced = copy(Fault::Replace { pattern, with: "= $0".to_owned() }).unwrap();
        assert_eq!(replaced, b"mac = $0");
    }

    #[test]
    fn a_fault_that_changes_nothing_is_an_error() {
        assert!(copy(Fault::TruncateTo(100)).is_err());
        let pattern = Regex::new("absent").unwrap();
        assert!(copy(Fault::Replace { pattern, with: String::new() }).is_err());
    }
}
