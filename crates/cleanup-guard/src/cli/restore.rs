//! `restore`: from a record back to where things were.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::effects::dirs::Dirs;
use crate::effects::lock;
use crate::effects::manifest::Manifest;
use crate::effects::quarantine::Quarantine;
use crate::effects::restore::{give_time, kept, possible, put_back};
use cleanup_guard::chain::{Began, History, Move};
use contract::cleanup::Refusal;
use contract::cleanup_applied::Restored;
use contract::cleanup_manifest::ManifestEvent;
use contract::{InputRef, PathText, Tag};
use plumb::{Failure, Run, Source, Status};

use super::accept::regular;
use super::{Restore, about, ask, generator, now_ms};

pub fn run(options: &Restore, run: &mut Run) -> Result<Status, Failure> {
    let path = options.manifest.as_path();
    regular(path)?;
    let digest = run.open(&Source::File(path.to_owned()))?.finish()?;
    let failed = |error: io::Error| Failure::io(path.display().to_string(), "cannot use", &error);
    let (mut manifest, history, _) =
        Manifest::reopen(path.as_os_str().as_bytes()).map_err(failed)?;
    let History { began, moves, .. } = history;
    let Some(Began { root, quarantine, .. }) = began else {
        return Err(about(path, "expected a cleanup-manifest, found nothing of one"));
    };
    let Some(place) = quarantine.and_then(|place| place.bytes()) else {
        return Err(about(path, "records deletions: nothing was moved that could be put back"));
    };
    drop(run.out()?);
    let answer = |restored, kept| Restored {
        schema: Tag::new(),
        generator: generator(),
        inputs: vec![InputRef::new(&digest.name, digest.bytes, digest.sha256)],
        root: root.clone(),
        dry_run: options.dry_run,
        restored,
        kept,
    };
    if moves.is_empty() {
        run.emit(&answer(vec![], vec![]))?;
        return Ok(Status::Yes);
    }
    let (mut dirs, _lock) = open(&root)?;
    let shown = String::from_utf8_lossy(&place).into_owned();
    let quarantine = Quarantine::open(&place).and_then(|mut quarantine| {
        quarantine.stands_on(dirs.root_seen().identity.mount)?;
        Ok(quarantine)
    });
    let quarantine = quarantine.map_err(|error| Failure::io(shown, "cannot open", &error))?;
    let (restored, refused) = if options.dry_run {
        look(&mut dirs, &quarantine, &moves)
    } else {
        if ask::somebody() {
            confirmed(&root, &look(&mut dirs, &quarantine, &moves))?;
        }
        put_all_back(&mut dirs, &quarantine, &moves, &mut manifest, run).map_err(failed)?
    };
    if !options.dry_run {
        quarantine.close();
    }
    for refusal in &refused {
        let message = format!("kept ({}): {}", refusal.rule.word(), refusal.reason);
        run.warn(Some(&refusal.path), &message);
    }
    let status = Status::yes_if(refused.is_empty());
    run.emit(&answer(restored, refused))?;
    Ok(status)
}

/// Shows what would be done, and has that confirmed.
fn confirmed(root: &PathText, seen: &(Vec<PathText>, Vec<Refusal>)) -> Result<(), Failure> {
    let (restored, refused) = seen;
    let headline = format!("{} paths will be put back below {}:", restored.len(), root.path);
    let stays = refused.iter().map(|it| format!("{}: stays: {}", it.path, it.reason));
    let stays: Vec<String> = stays.collect();
    let back = restored.iter().map(|path| path.path.as_str());
    ask::typed(&headline, stays.iter().map(String::as_str).chain(back), "yes")
}

fn open(root: &PathText) -> Result<(Dirs, std::fs::File), Failure> {
    let bytes = root.bytes().unwrap_or_default();
    let failed = |error: io::Error| Failure::io(root.path.clone(), "cannot open the root", &error);
    if !Path::new(<std::ffi::OsStr as OsStrExt>::from_bytes(&bytes)).is_absolute() {
        return Err(failed(io::Error::other("is not absolute")));
    }
    let dirs = Dirs::open(&bytes, false).map_err(|error| failed(error.into()))?;
    let lock = lock::root(dirs.root()).map_err(failed)?;
    Ok((dirs, lock))
}

fn look(dirs: &mut Dirs, quarantine: &Quarantine, moves: &[Move]) -> (Vec<PathText>, Vec<Refusal>) {
    let (mut restored, mut refused) = (Vec::new(), Vec::new());
    let mut folders = Vec::new();
    for it in moves.iter().rev() {
        // What lies in a folder that would be put back first will have a place then.
        let inside = folders.iter().any(|folder: &String| {
            it.path.path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        });
        match possible(dirs, quarantine, it) {
            Err(forbidden) if !inside => refused.push(kept(it, forbidden)),
            _ => {
                if it.mtime_ns.is_some() {
                    folders.push(it.path.path.clone());
                }
                restored.push(it.path.clone());
            }
        }
    }
    (restored, refused)
}

fn put_all_back(
    dirs: &mut Dirs,
    quarantine: &Quarantine,
    moves: &[Move],
    manifest: &mut Manifest,
    run: &Run,
) -> io::Result<(Vec<PathText>, Vec<Refusal>)> {
    let (mut restored, mut refused) = (Vec::new(), Vec::new());
    let progress = run.progress(moves.len() as u64);
    // A folder was moved after its content: it comes back before it.
    for it in moves.iter().rev() {
        progress.at(&it.path.path);
        match put_back(dirs, quarantine, it) {
            Ok(()) => {
                let (path, name, at_ms) = (it.path.clone(), it.name.clone(), now_ms());
                manifest.add(ManifestEvent::Restored { path, name, at_ms })?;
                restored.push(it.path.clone());
            }
            Err(forbidden) => refused.push(kept(it, forbidden)),
        }
        progress.step();
    }
    for it in moves {
        give_time(dirs, it);
    }
    manifest.end()?;
    Ok((restored, refused))
}
