//! Everything that must hold before a plan is worked off.

use std::fs::File;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use crate::effects::dirs::Dirs;
use crate::effects::entries::Entries;
use crate::effects::ground::Ground;
use crate::effects::lock;
use crate::effects::surroundings;
use cleanup_guard::document::Frame;
use contract::PathText;
use plumb::{Digest, Failure, Run};

use super::{about, copy, now_ms, process};

/// A plan's root, opened and locked.
pub struct Opened {
    pub ground: Ground,
    pub root: Vec<u8>,
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
pub fn plan(path: &Path, folder: &Path, confirm: Option<&str>, run: &Run) -> Result<Plan, Failure> {
    if path == Path::new("-") {
        return Err(Failure::new(
            "a plan is a file: it serves once, and the record is written beside it",
        ));
    }
    regular(path)?;
    let plan = copy::read(path, folder, run)?;
    let frame = &plan.frame;
    confirmed(confirm, frame)?;
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
    let around = surroundings::gather(&root, &process()).map_err(Failure::new)?;
    let allowed = plan.policy.allowed_repositories.iter().filter_map(PathText::bytes).collect();
    Ok(Opened { ground: Ground::new(dirs, around, allowed), root, _lock: lock })
}

fn confirmed(given: Option<&str>, plan: &Frame) -> Result<(), Failure> {
    match given {
        Some(given) if given == plan.digest.as_str() => Ok(()),
        Some(_) => Err(Failure::new(
            "--confirm is not the digest of this plan: look at the plan, then repeat its `digest`",
        )),
        None if io::stdin().is_terminal() && io::stderr().is_terminal() => ask(plan),
        None => Err(Failure::new("--confirm DIGEST is missing: repeat the `digest` of the plan")),
    }
}

/// Has the first digits of the digest typed by somebody who sees what they stand for.
fn ask(plan: &Frame) -> Result<(), Failure> {
    let wanted = &plan.digest.as_str()[..8];
    let root = escape::terminal::line(&plan.root.path);
    let (entries, bytes) = (plan.totals.entries, plan.totals.bytes);
    let _ = writeln!(io::stderr(), "{entries} entries ({bytes} bytes) below {root} will go:");
    for target in plan.policy.targets.iter().take(20) {
        let _ = writeln!(io::stderr(), "  {}", escape::terminal::line(&target.path));
    }
    let _ = write!(io::stderr(), "Type {wanted} to go on: ");
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    if read.is_ok() && line.trim() == wanted {
        return Ok(());
    }
    Err(Failure::new("not confirmed: nothing was touched"))
}
