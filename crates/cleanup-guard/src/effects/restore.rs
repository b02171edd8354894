//! Puts back what is in a quarantine, never over something that exists.

use crate::effects::look;
use contract::PathText;
use contract::cleanup::{EntryType, Refusal, Rule};
use rustix::fs::{AtFlags, Timespec, Timestamps, UTIME_OMIT, utimensat};

use crate::effects::apply::WHOLE;
use crate::effects::dirs::Dirs;
use crate::effects::quarantine::Quarantine;
use cleanup_guard::chain::Move;
use cleanup_guard::decide::blocked;
use cleanup_guard::rules::{Forbidden, sound};

/// Goes to the folder that holds `path` below the root; gives back the name in it.
fn arrive<'p>(dirs: &mut Dirs, path: &'p [u8]) -> Result<&'p [u8], Forbidden> {
    sound(path)?;
    dirs.reset();
    let mut components = path.split(|b| *b == b'/').peekable();
    let mut name = &b""[..];
    while let Some(component) = components.next() {
        name = component;
        if components.peek().is_some() {
            dirs.enter(component).map_err(|error| {
                let link = look::at(dirs.here(), component)
                    .is_ok_and(|seen| seen.kind == EntryType::Symlink);
                let cause = blocked(error, link, component).reason;
                Forbidden::new(
                    Rule::Unreachable,
                    format!("its folder is not there as it was ({cause}): make it again"),
                )
            })?;
        }
    }
    Ok(name)
}

/// Whether `it` could be put back.
pub fn possible(dirs: &mut Dirs, quarantine: &Quarantine, it: &Move) -> Result<(), Forbidden> {
    let path = bytes(it)?;
    if quarantine.item(&it.name).is_none() {
        return Err(Forbidden::new(Rule::Gone, "it is not in the quarantine any more"));
    }
    let name = arrive(dirs, &path)?;
    match look::at(dirs.here(), name) {
        Err(rustix::io::Errno::NOENT) => Ok(()),
        _ => Err(Forbidden::new(
            Rule::Occupied,
            "something else is there now: move it away and restore again",
        )),
    }
}

/// Puts `it` back.
pub fn put_back(dirs: &mut Dirs, quarantine: &Quarantine, it: &Move) -> Result<(), Forbidden> {
    let path = bytes(it)?;
    let name = arrive(dirs, &path)?;
    quarantine.give_back(&it.name, dirs.here(), name)
}

/// Gives a folder the time back that it had before its content was moved away.
pub fn give_time(dirs: &mut Dirs, it: &Move) {
    let Some(mtime_ns) = it.mtime_ns else { return };
    let Ok(path) = bytes(it) else { return };
    let Ok(name) = arrive(dirs, &path) else { return };
    let times = Timestamps {
        last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
        last_modification: Timespec {
            tv_sec: mtime_ns.div_euclid(1_000_000_000),
            tv_nsec: mtime_ns.rem_euclid(1_000_000_000),
        },
    };
    let _ = utimensat(dirs.here(), name, &times, AtFlags::SYMLINK_NOFOLLOW);
}

/// A refusal to put `it` back.
#[must_use]
pub fn kept(it: &Move, forbidden: Forbidden) -> Refusal {
    let PathText { path, path_bytes } = it.path.clone();
    Refusal { path, path_bytes, rule: forbidden.rule, reason: forbidden.reason }
}

fn bytes(it: &Move) -> Result<Vec<u8>, Forbidden> {
    let bad = || Forbidden::new(Rule::Changed, "its path_bytes are not base64");
    let number = it.name.strip_prefix(WHOLE).unwrap_or(&it.name);
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Forbidden::new(Rule::Changed, "its name in the quarantine is not a number"));
    }
    it.path.bytes().ok_or_else(bad)
}
