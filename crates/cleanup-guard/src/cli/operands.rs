//! From what was given to targets, and how far a plan reaches.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;

use cleanup_guard::rules::{Below, below};
use contract::InputRef;
use contract::cleanup::{Refusal, Rule};
use plumb::{Failure, Run, Source, by_lines};

use super::Plan;
use crate::effects::ground::Ground;
use crate::effects::target::{Target, admit};
use crate::effects::worker::is_at_or_in;

/// The paths that were given, and the lists they were read from.
pub fn read(options: &Plan, run: &Run) -> Result<(Vec<Vec<u8>>, Vec<InputRef>), Failure> {
    let mut given: Vec<Vec<u8>> = options.paths.iter().map(|p| p.as_bytes().to_vec()).collect();
    let mut inputs = Vec::new();
    if let Some(list) = &options.files0_from {
        let input = run.read(&Source::from_operand(list))?;
        if input.bytes.is_empty() {
            return Err(input.failure("expected paths, each ended by NUL, found nothing"));
        }
        if let Some(why) = by_lines(&input.bytes) {
            return Err(input.failure(why));
        }
        let text = input.bytes.strip_suffix(b"\0").unwrap_or(&input.bytes);
        // An empty name is not skipped: it is what an unset variable leaves.
        given.extend(text.split(|b| *b == 0).map(<[u8]>::to_vec));
        let digest = input.digest;
        inputs.push(InputRef::new(&digest.name, digest.bytes, digest.sha256));
    }
    if given.is_empty() && options.profile.is_empty() {
        return Err(Failure::new("nothing to plan: name a PATH, a --profile or --files0-from"));
    }
    Ok((given, inputs))
}

/// How far a plan reaches.
pub struct Reach {
    /// The folder that was named as the root, absolute and free of links.
    pub given: Vec<u8>,
    /// The same as it was written, absolute.
    pub written: Vec<u8>,
    /// The plan's root: `given`, or the deepest folder that holds it and what is outside of it.
    pub root: Vec<u8>,
}

impl Reach {
    /// `outside`: paths outside of the root are to be planned, too.
    pub fn new(given: Vec<u8>, written: Vec<u8>, paths: &[Vec<u8>], outside: bool) -> Self {
        let mut reach = Self { root: given.clone(), given, written };
        for path in paths.iter().filter(|_| outside) {
            if reach.is_outside(path) {
                let path = tidy(path);
                let end = path.iter().rposition(|b| *b == b'/').unwrap_or_default();
                while !is_at_or_in(&path[..end.max(1)], slashless(&reach.root)) {
                    let end = reach.root.iter().rposition(|b| *b == b'/').unwrap_or_default();
                    reach.root.truncate(end.max(1));
                }
            }
        }
        reach
    }

    /// The path below the plan's root that `path` means.
    pub fn below(&self, path: &[u8]) -> Result<Below, cleanup_guard::rules::Forbidden> {
        match below(path, &[&self.given, &self.written]) {
            Ok(Below { path, slash }) => Ok(Below { path: self.prefixed(path), slash }),
            Err(forbidden) if forbidden.rule == Rule::OutsideRoot && self.root != self.given => {
                below(path, &[slashless(&self.root)])
            }
            Err(forbidden) => Err(forbidden),
        }
    }

    /// A path below the folder that was named as the root, taken from the plan's root.
    pub fn prefixed(&self, path: Vec<u8>) -> Vec<u8> {
        let prefix = self.given.strip_prefix(slashless(&self.root)).unwrap_or_default();
        match prefix.strip_prefix(b"/") {
            Some(prefix) => [prefix, &path].join(&b'/'),
            None => path,
        }
    }

    /// The targets that lie outside of the folder that was named as the root, absolute.
    pub fn outside(&self, targets: &[Target]) -> Vec<Vec<u8>> {
        let absolute = targets.iter().map(|target| self.absolute(target));
        absolute.filter(|path| !is_at_or_in(path, &self.given)).collect()
    }

    fn absolute(&self, target: &Target) -> Vec<u8> {
        [slashless(&self.root), &target.below.path].join(&b'/')
    }

    fn is_outside(&self, path: &[u8]) -> bool {
        let found = below(path, &[&self.given, &self.written]);
        found.is_err_and(|forbidden| forbidden.rule == Rule::OutsideRoot)
    }
}

/// Repositories that may be deleted.
pub fn allowed(options: &Plan, reach: &Reach) -> BTreeSet<Vec<u8>> {
    let given = options.allow_repository.iter();
    given.filter_map(|path| reach.below(path.as_os_str().as_bytes()).ok()).map(|b| b.path).collect()
}

/// The targets that were given by their paths.
pub fn explicit(
    given: &[Vec<u8>],
    reach: &Reach,
    ground: &Ground,
    refused: &mut Vec<Refusal>,
) -> Vec<Target> {
    let mut targets = Vec::new();
    for path in given {
        match reach.below(path) {
            Ok(below) => targets.push(Target { below, reason: "explicit".to_owned() }),
            Err(mut forbidden) => {
                if forbidden.rule == Rule::OutsideRoot {
                    let protected = &ground.around().protected;
                    forbidden = protected.by_path(&tidy(path)).unwrap_or(forbidden);
                }
                refused.push(Refusal::new(path, forbidden.rule, forbidden.reason));
            }
        }
    }
    targets
}

/// Without what lies outside of the folder that was named as the root and must stay: nobody is to be
/// asked to confirm it.
pub fn admitted(
    mut targets: Vec<Target>,
    reach: &Reach,
    ground: &mut Ground,
    refused: &mut Vec<Refusal>,
) -> Vec<Target> {
    targets.retain(|target| {
        let path = reach.absolute(target);
        if is_at_or_in(&path, &reach.given) {
            return true;
        }
        let seen = admit(ground, &target.below);
        seen.map_err(|it| refused.push(Refusal::new(&path, it.rule, it.reason))).is_ok()
    });
    targets
}

/// Without what lies in another target, and each only once.
pub fn outermost(mut targets: Vec<Target>) -> Vec<Target> {
    targets.sort_by(|a, b| {
        let components = |t: &Target| -> Vec<Vec<u8>> {
            t.below.path.split(|b| *b == b'/').map(<[u8]>::to_vec).collect()
        };
        // A slash at the end can be a mistake: the path with it is the one that is looked at.
        components(a).cmp(&components(b)).then(b.below.slash.cmp(&a.below.slash))
    });
    let mut kept: Vec<Target> = Vec::new();
    for target in targets {
        let path = &target.below.path;
        if !kept.last().is_some_and(|above| is_at_or_in(path, &above.below.path)) {
            kept.push(target);
        }
    }
    kept
}

/// An absolute path with single slashes and none at its end.
fn tidy(path: &[u8]) -> Vec<u8> {
    let components = path.split(|b| *b == b'/').filter(|c| !c.is_empty() && *c != b".");
    let tidy = components.fold(Vec::new(), |path, component| [&path, component].join(&b'/'));
    if tidy.is_empty() { b"/".to_vec() } else { tidy }
}

/// The root of everything as a path that others can be put behind with a slash.
fn slashless(root: &[u8]) -> &[u8] {
    root.strip_suffix(b"/").unwrap_or(root)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(paths: &[&str], outside: bool) -> Reach {
        let paths: Vec<Vec<u8>> = paths.iter().map(|path| path.as_bytes().to_vec()).collect();
        Reach::new(b"/a/b/c".to_vec(), b"/a/b/c".to_vec(), &paths, outside)
    }

    #[test]
    fn a_plan_reaches_as_far_as_it_must_and_only_if_it_may() {
        for (paths, root) in [
            (&["x", "/a/b/c/y"][..], "/a/b/c"),
            (&["/a/b/d"], "/a/b"),
            (&["/a/b/c/x", "/a//e/./f/"], "/a"),
            (&["/a/b"], "/a"),
            (&["/a/bc/d"], "/a"),
            (&["/var/x"], "/"),
            (&["/"], "/"),
            (&["/a/../etc"], "/a/b/c"),
        ] {
            assert_eq!(reach(paths, true).root, root.as_bytes(), "{paths:?}");
            assert_eq!(reach(paths, false).root, b"/a/b/c", "{paths:?}");
        }
    }

    #[test]
    fn paths_are_taken_from_the_plan_s_root() {
        let reach = reach(&["/a/d"], true);
        let path = |given: &[u8]| reach.below(given).map(|below| below.path).unwrap();
        assert_eq!(path(b"x/y"), b"b/c/x/y");
        assert_eq!(path(b"/a/b/c/x"), b"b/c/x");
        assert_eq!(path(b"/a/d"), b"d");
        assert!(reach.below(b"/other").is_err() && reach.below(b"/a").is_err());
    }
}
