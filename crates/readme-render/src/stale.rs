//! Evidence that is about another commit, or too old.

use crate::calendar;
use crate::data::Tree;
use crate::value::Val;

/// Where a document may name the commit it is about, from its root.
const COMMITS: [&[&str]; 8] = [
    &["commit"],
    &["git_commit"],
    &["git", "commit"],
    &["ci", "commit"],
    &["source", "commit"],
    &["facts", "git.commit"],
    &["properties", "commit"],
    &["properties", "git.commit"],
];

/// Where a document may say when it was made, from its root.
const TIMES: [&[&str]; 9] = [
    &["stopped_ms"],
    &["started_ms"],
    &["generated_at"],
    &["created_at"],
    &["CreatedAt"],
    &["created"],
    &["timestamp"],
    &["time"],
    &["date"],
];

/// The commit that a document names.
#[must_use]
pub fn commit(tree: &Tree) -> Option<&str> {
    COMMITS.iter().find_map(|path| match at(tree, path) {
        Some(Tree::Scalar(Val::Str(commit))) => Some(&**commit),
        _ => None,
    })
}

/// Whether the files differed from the commit that a document names: it says so in `source.dirty`
/// or the property `commit.modified`, or behind the commit (`-dirty`).
#[must_use]
pub fn dirty(tree: &Tree) -> bool {
    let says = |path: &[&str]| match at(tree, path) {
        Some(Tree::Scalar(Val::Bool(dirty))) => *dirty,
        Some(Tree::Scalar(Val::Str(text))) => matches!(&**text, "yes" | "true"),
        _ => false,
    };
    says(&["source", "dirty"])
        || says(&["properties", "commit.modified"])
        || commit(tree).is_some_and(|commit| commit.ends_with("-dirty"))
}

/// A commit without the word that the files differed from it, and whether that was there.
#[must_use]
pub fn clean(commit: &str) -> (&str, bool) {
    commit.strip_suffix("-dirty").map_or((commit, false), |commit| (commit, true))
}

/// Whether two spellings of a commit are the same one: one may be a short form of the other, of
/// at least 7 digits.
#[must_use]
pub fn same_commit(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    let short = a.len().min(b.len());
    short >= 7 && a.is_char_boundary(short) && b.is_char_boundary(short) && a[..short] == b[..short]
}

/// When a document was made, in milliseconds since the Unix epoch. A number up to 10^11 is in
/// seconds.
#[must_use]
pub fn time(tree: &Tree) -> Option<i64> {
    TIMES.iter().find_map(|path| match at(tree, path)? {
        Tree::Scalar(Val::Int(value)) => {
            let value = i64::try_from(*value).ok()?;
            Some(if value < 100_000_000_000 { value * 1000 } else { value })
        }
        #[allow(clippy::cast_possible_truncation)]
        Tree::Scalar(Val::Float(seconds)) => Some((seconds * 1000.0) as i64),
        Tree::Scalar(Val::Str(text)) => calendar::parse(text),
        _ => None,
    })
}

/// A duration as people write it: `90s`, `30m`, `24h`, `7d`, in milliseconds.
#[must_use]
pub fn duration(text: &str) -> Option<i64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    digits.parse::<i64>().ok().filter(|value| *value >= 0)?.checked_mul(unit)
}

fn at<'t>(tree: &'t Tree, path: &[&str]) -> Option<&'t Tree> {
    path.iter().try_fold(tree, |tree, step| match tree {
        Tree::Map(entries) => entries.iter().find(|(key, _)| **key == **step).map(|(_, v)| v),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_commit_is_the_same_commit() {
        assert!(same_commit("0123456", "0123456789abcdef"));
        assert!(!same_commit("012345", "0123456789abcdef"));
        assert!(!same_commit("0123457", "0123456789abcdef"));
    }

    #[test]
    fn durations_have_a_unit() {
        assert_eq!(duration("24h"), Some(86_400_000));
        assert_eq!(duration("24"), None);
        assert_eq!(duration("-1s"), None);
    }
}
