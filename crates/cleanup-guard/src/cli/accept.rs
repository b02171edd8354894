//! Everything that must hold before a plan is worked off.

use std::fs::File;
use std::iter;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::effects::dirs::Dirs;
use crate::effects::entries::Entries;
use crate::effects::ground::Ground;
use crate::effects::lock;
use crate::effects::surroundings;
use crate::effects::worker::is_at_or_in;
use cleanup_guard::document::Frame;
use cleanup_guard::images::shown;
use contract::PathText;
use plumb::{Digest, Failure, Run};

use super::{about, ask, copy, now_ms, process};

/// A plan's root, opened and locked.
pub struct Opened {
    pub ground: Ground,
    /// The folder that was named as the root.
    pub given: Vec<u8>,
    _lock: File,
}

/// Plans and records are regular files: a pipe would be waited for, and cannot be read twice.
pub fn regular(path: &Path) -> Result<(), Failure> {
    match path.metadata() {
        Ok(meta) if !meta.is_file() && !meta.is_dir() => Err(about(path, "is not a regular file")),
        _ => Ok(()),
    }
}

/// A plan that was confirmed.
pub struct Plan {
    pub frame: Frame,
    pub entries: Entries,
    pub digest: Digest,
}

/// The plan at `path`, unchanged, confirmed and in time. A private copy of it is kept in `folder`.
pub fn plan(path: &Path, folder: &Path, seen: Seen<'_>, run: &Run) -> Result<Plan, Failure> {
    if path == Path::new("-") {
        return Err(Failure::new(
            "a plan is a file: it serves once, and the record is written beside it",
        ));
    }
    regular(path)?;
    let plan = copy::read(path, folder, run)?;
    let frame = &plan.frame;
    confirmed(seen, frame)?;
    confirmed_outside(seen, frame)?;
    let now = now_ms();
    if now >= frame.expires_ms {
        return Err(about(path, "has expired: make a new plan"));
    }
    if frame.created_ms > now.saturating_add(60_000) {
        return Err(about(path, "was made in the future: set the clock, and make a new plan"));
    }
    Ok(plan)
}

/// Opens the plan's root: the same folder as then, and nobody else at work in it.
pub fn open(plan: &Frame) -> Result<Opened, Failure> {
    let bad = || Failure::new("a root that is not base64: make a new plan");
    let root = plan.root.bytes().ok_or_else(bad)?;
    let shown = plan.root.path.clone();
    let dirs = Dirs::open(&root, false)
        .map_err(|error| Failure::io(shown.clone(), "cannot open the root", &error.into()))?;
    if !dirs.root_seen().same_file(&plan.root_identity) {
        return Err(Failure::new("is another folder than the plan saw: make a new plan").at(shown));
    }
    let lock =
        lock::root(dirs.root()).map_err(|error| Failure::io(shown, "cannot lock", &error))?;
    let given = plan.policy.given_root.bytes().ok_or_else(bad)?;
    let around = surroundings::gather(&root, &given, &process()).map_err(Failure::new)?;
    let allowed = plan.policy.allowed_repositories.iter().filter_map(PathText::bytes).collect();
    Ok(Opened { ground: Ground::new(dirs, around, allowed), given, _lock: lock })
}

/// What somebody gave to say that it was seen what goes.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    /// The plan's digest.
    pub digest: Option<&'a str>,
    /// What lies outside of the folder that was named as the root.
    pub outside: &'a [PathBuf],
}

fn confirmed(seen: Seen<'_>, plan: &Frame) -> Result<(), Failure> {
    match seen.digest {
        Some(given) if given == plan.digest.as_str() => Ok(()),
        Some(_) => Err(Failure::new(
            "--confirm is not the digest of this plan: look at the plan, then repeat its `digest`",
        )),
        None if ask::somebody() && plan.totals.entries + plan.totals.images == 0 => Ok(()),
        None if ask::somebody() => {
            let (entries, bytes) = (plan.totals.entries, plan.totals.bytes);
            let root = &plan.root.path;
            let headline = format!("{entries} entries ({bytes} bytes) below {root} will go:");
            let images = plan.images.iter().map(|image| shown(image.runtime, &image.name));
            let images: Vec<String> = images.collect();
            let targets = plan.policy.targets.iter().map(|target| target.path.as_str());
            let things = targets.chain(images.iter().map(String::as_str));
            ask::typed(&headline, things, &plan.digest.as_str()[..8])
        }
        None => Err(Failure::new("--confirm DIGEST is missing: repeat the `digest` of the plan")),
    }
}

/// Each target outside of the folder that was named as the root was named once more. It is the
/// plan's targets that say where they are.
fn confirmed_outside(seen: Seen<'_>, plan: &Frame) -> Result<(), Failure> {
    let bad = || Failure::new("a root that is not base64: make a new plan");
    let root = plan.root.bytes().ok_or_else(bad)?;
    let given = plan.policy.given_root.bytes().filter(|g| g != b"/").ok_or_else(bad)?;
    let root = root.strip_suffix(b"/").unwrap_or(&root);
    for target in plan.policy.targets.iter().filter_map(PathText::bytes) {
        let path = [root, &target].join(&b'/');
        if is_at_or_in(&path, &given)
            || seen.outside.iter().any(|named| named.as_os_str().as_bytes() == path)
        {
            continue;
        }
        let shown = String::from_utf8_lossy(&path);
        let headline = format!("{shown} lies outside of {}", plan.policy.given_root.path);
        if seen.digest.is_some() || !ask::somebody() {
            return Err(Failure::new(format!(
                "{headline}: if it is to go, say so with --confirm-outside and this path"
            )));
        }
        ask::typed(&headline, iter::empty(), &shown)?;
    }
    Ok(())
}
