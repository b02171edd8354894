//! What a path may look like, before anything is looked up.

use contract::cleanup::Rule;

/// A rule that forbids something, and why, with the way on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// The rule.
    pub rule: Rule,
    /// What it protects and what to do instead.
    pub reason: String,
}

impl Forbidden {
    /// `rule`, for a reason.
    #[must_use]
    pub fn new(rule: Rule, reason: impl Into<String>) -> Self {
        Self { rule, reason: reason.into() }
    }
}

/// A path below the root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Below {
    /// Components joined by single slashes, none of them empty, `.` or `..`.
    pub path: Vec<u8>,
    /// Whether it was written with a slash at the end.
    pub slash: bool,
}

/// The longest path below the root. Every entry of a plan carries its whole path, so a deeper tree
/// would make a plan that grows with the square of the depth.
pub const LONGEST: usize = 64 * 1024;

/// Names of folders that hold a version control system's own data.
pub const VCS: [&[u8]; 6] = [b".git", b".hg", b".svn", b".jj", b".bzr", b"_darcs"];

/// The path below the root that `given` means; `roots` are the ways the root can be written, each
/// absolute.
pub fn below(given: &[u8], roots: &[&[u8]]) -> Result<Below, Forbidden> {
    if String::from_utf8_lossy(given).chars().all(char::is_whitespace) {
        return Err(Forbidden::new(
            Rule::EmptyPath,
            "an empty path is what an unset variable leaves: name what is to be deleted",
        ));
    }
    if given.split(|b| *b == b'/').any(|component| component == b"..") {
        return Err(Forbidden::new(
            Rule::ParentComponent,
            "`..` can lead out of the root: write the path without it",
        ));
    }
    let relative = if given.starts_with(b"/") { strip(given, roots)? } else { given };
    let components: Vec<&[u8]> =
        relative.split(|b| *b == b'/').filter(|c| !c.is_empty() && *c != b".").collect();
    if components.is_empty() {
        return Err(Forbidden::new(
            Rule::RootItself,
            "the root itself is never deleted: name what lies in it",
        ));
    }
    let path = components.join(&b'/');
    sound(&path)?;
    Ok(Below { path, slash: given.ends_with(b"/") || given.ends_with(b"/.") })
}

/// What holds for every path below a root, whoever wrote it.
pub fn sound(path: &[u8]) -> Result<(), Forbidden> {
    let mut components = path.split(|b| *b == b'/');
    if path.contains(&0) || components.any(|c| c.is_empty() || c == b"." || c == b"..") {
        return Err(Forbidden::new(
            Rule::ParentComponent,
            "not a plain path below the root: make the plan again",
        ));
    }
    if path.len() > LONGEST {
        return Err(Forbidden::new(
            Rule::PathTooLong,
            format!("longer than {LONGEST} bytes: plan with a --root deeper in the tree"),
        ));
    }
    Ok(())
}

/// Whether a component of `path` is a version control system's own folder.
#[must_use]
pub fn in_vcs_data(path: &[u8]) -> bool {
    path.split(|b| *b == b'/').any(|component| VCS.contains(&component))
}

fn strip<'a>(given: &'a [u8], roots: &[&[u8]]) -> Result<&'a [u8], Forbidden> {
    for root in roots {
        match given.strip_prefix(*root) {
            Some(rest) if rest.is_empty() || rest.starts_with(b"/") => return Ok(rest),
            _ => {}
        }
    }
    Err(Forbidden::new(
        Rule::OutsideRoot,
        "not below the root: plan again with the --root it belongs to, or with \
         --allow-outside-root",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(given: &[u8]) -> Rule {
        below(given, &[b"/r/oot"]).unwrap_err().rule
    }

    #[test]
    fn what_an_unset_variable_leaves_is_refused() {
        assert_eq!(rule(b""), Rule::EmptyPath);
        assert_eq!(rule(b" \t\n"), Rule::EmptyPath);
        assert_eq!(rule("\u{a0}".as_bytes()), Rule::EmptyPath);
    }

    #[test]
    fn a_parent_component_is_refused_even_if_it_stays_inside() {
        assert_eq!(rule(b"a/../b"), Rule::ParentComponent);
        assert_eq!(rule(b".."), Rule::ParentComponent);
        assert!(below(b"..a/b..", &[]).is_ok());
    }

    #[test]
    fn the_root_in_any_spelling_is_refused() {
        for given in [&b"."[..], b"./", b"/r/oot", b"/r/oot/", b"/r/oot/.", b".//."] {
            assert_eq!(rule(given), Rule::RootItself, "{given:?}");
        }
        assert_eq!(rule(b"/r/ootx"), Rule::OutsideRoot);
        assert_eq!(rule(b"/"), Rule::OutsideRoot);
    }

    #[test]
    fn a_path_is_brought_into_one_form() {
        let found = below(b"/r/oot//a/./b/", &[b"/r/oot"]).unwrap();
        assert_eq!((found.path.as_slice(), found.slash), (&b"a/b"[..], true));
    }
}
