//! Whether what a result attaches is there, and both generators show it.

use std::collections::BTreeMap;

use contract::allure::FindingRule;

use crate::listing::Kind;

use super::{Checker, Directory};

/// Sizes in bytes, by name.
pub type Sizes = BTreeMap<Vec<u8>, u64>;

/// Attachments above this are findings unless the caller says otherwise: 50 MiB.
pub const DEFAULT_LIMIT: u64 = 50 << 20;

/// The longest name that Allure 2 takes.
const LONGEST: usize = 100;

pub(super) fn check(checker: &mut Checker, dir: &Directory<'_>, path: &[u8], source: Option<&str>) {
    let Some(source) = source.filter(|source| !source.is_empty()) else {
        let message = "attaches something without naming a file".to_owned();
        return checker.error(path, FindingRule::AttachmentMissing, message);
    };
    if source.contains(['/', '\\']) || source == ".." || source == "." {
        let message = format!("attaches {source:?}, which leads out of the directory: not shown");
        return checker.error(path, FindingRule::AttachmentEscapes, message);
    }
    match dir.listing.get(source.as_bytes()) {
        None => {
            let message = format!("attaches {source:?}, which is not there");
            return checker.error(path, FindingRule::AttachmentMissing, message);
        }
        Some(Kind::File) => {}
        Some(Kind::Link | Kind::Folder | Kind::Other) => {
            let message = format!("attaches {source:?}, which is no file but a link or a folder");
            return checker.error(path, FindingRule::AttachmentNotAFile, message);
        }
    }
    if !plain(source) {
        let message = format!(
            "attaches {source:?}: Allure 2 shows nothing for names with anything but letters, \
             digits, dots, dashes and underscores, or of more than {LONGEST} characters"
        );
        checker.error(path, FindingRule::AttachmentName, message);
    }
    if let Some(size) = dir.sizes.get(source.as_bytes()).filter(|size| **size > checker.limit) {
        let limit = checker.limit;
        let message = format!("attaches {source:?} of {size} bytes; the limit is {limit}");
        checker.error(path, FindingRule::AttachmentOversized, message);
    }
}

fn plain(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    name.len() <= LONGEST && name.bytes().all(allowed)
}
