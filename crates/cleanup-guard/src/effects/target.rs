//! A path that somebody asked to delete: may it be considered at all?

use crate::effects::look;
use contract::cleanup::{EntryType, Rule};
use rustix::io::Errno;

use crate::effects::ground::Ground;
use cleanup_guard::decide;
use cleanup_guard::mounts::{Inside, at_or_inside};
use cleanup_guard::rules::{Below, Forbidden, in_vcs_data};
use cleanup_guard::seen::Seen;

/// Something to delete, and why it may go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// Where.
    pub below: Below,
    /// The profile and the proof, or `explicit`.
    pub reason: String,
}

/// Goes to the folder that holds `target` and looks at it. Where this ends well, the ground stands
/// in that folder.
pub fn admit(ground: &mut Ground, target: &Below) -> Result<Seen, Forbidden> {
    ground.reset();
    let path = target.path.as_slice();
    if ground.around().in_git_data || in_vcs_data(path) && !ground.allowed(path) {
        return Err(decide::git_data());
    }
    let absolute = ground.absolute(path);
    if let Some(forbidden) = ground.around().protected.by_path(&absolute) {
        return Err(forbidden);
    }
    unmounted(ground, &absolute)?;
    let mut components = path.split(|b| *b == b'/').peekable();
    let mut name = &b""[..];
    while let Some(component) = components.next() {
        name = component;
        if components.peek().is_some() {
            ground.pass(component)?;
        }
    }
    // The repositories on the way may have told of more.
    if let Some(forbidden) = ground.around().protected.by_path(&absolute) {
        return Err(forbidden);
    }
    let seen = look::at(ground.dirs.here(), name).map_err(|error| missing(error, path))?;
    shape(target, &seen)?;
    match ground.judge(name, &seen) {
        Some(forbidden) => Err(forbidden),
        None => Ok(seen),
    }
}

/// No mount begins at or below `absolute`.
pub fn unmounted(ground: &Ground, absolute: &[u8]) -> Result<(), Forbidden> {
    match at_or_inside(&ground.around().mounts, absolute) {
        None => Ok(()),
        Some(Inside::Itself) => {
            Err(Forbidden::new(Rule::MountPoint, "something is mounted here: unmount it first"))
        }
        Some(Inside::Below(point)) => Err(Forbidden::new(
            Rule::MountInside,
            format!(
                "something is mounted inside, at {}: unmount it first",
                String::from_utf8_lossy(&point)
            ),
        )),
    }
}

fn shape(target: &Below, seen: &Seen) -> Result<(), Forbidden> {
    match seen.kind {
        EntryType::Symlink if target.slash => Err(Forbidden::new(
            Rule::LinkWithSlash,
            "with the slash it means what the link points at: leave the slash out to delete the \
             link",
        )),
        EntryType::Directory | EntryType::Symlink => Ok(()),
        _ if target.slash => Err(Forbidden::new(
            Rule::Missing,
            "is not a folder: leave the slash out to delete the file",
        )),
        _ => Ok(()),
    }
}

fn missing(error: Errno, path: &[u8]) -> Forbidden {
    decide::blocked(error, false, path)
}
