//! From profiles to targets: a search for names, and then for proofs.

use std::collections::BTreeMap;
use std::fs::File;

use contract::PathText;
use contract::cleanup::{EntryType, Refusal};
use contract::cleanup_plan::Review;
use rustix::fs::{FileType, Mode, OFlags, openat};

use crate::effects::git::{is_ignored, probe};
use crate::effects::ground::Ground;
use crate::effects::list::{Lister, Name};
use crate::effects::regular::read_open;
use crate::effects::target::Target;
use cleanup_guard::decide;
use cleanup_guard::profile::{Item, Profile, Proof, matches_name};
use cleanup_guard::rules::{Below, LONGEST, VCS};

/// What a search found.
#[derive(Debug, Default)]
pub struct Search {
    /// What a profile names and something proves to be disposable.
    pub targets: Vec<Target>,
    /// What a profile names by its name alone.
    pub reviews: Vec<Review>,
    /// Folders that could not be searched.
    pub refused: Vec<Refusal>,
}

/// Searches the whole root. Repositories in it, other mounts and links are not entered.
pub fn search(
    ground: &mut Ground,
    lister: &mut Lister,
    profiles: &BTreeMap<String, Profile>,
) -> Search {
    let mut found = Search::default();
    if profiles.is_empty() {
        return found;
    }
    ground.reset();
    let mut frames = Vec::new();
    push(ground, lister, &mut frames, &mut found);
    while let Some(names) = frames.last_mut() {
        let Some((name, kind)) = names.next() else {
            frames.pop();
            if frames.is_empty() {
                break;
            }
            ground.leave();
            // Without a way back nothing else can be searched; what was found is still true.
            frames.truncate(ground.dirs.levels().len() + 1);
            continue;
        };
        let named = look(ground, lister, profiles, &name, kind, &mut found);
        let deeper = !named && kind == FileType::Directory && !VCS.contains(&name.as_slice());
        if deeper && ground.path_of(&name).len() < LONGEST && ground.pass(&name).is_ok() {
            // Another project's repository keeps its own house clean.
            if matches!(probe(ground.dirs.here()), Ok(None)) {
                push(ground, lister, &mut frames, &mut found);
            } else {
                ground.leave();
            }
        }
    }
    ground.reset();
    found
}

type Frames = Vec<std::vec::IntoIter<Name>>;

fn push(ground: &mut Ground, lister: &mut Lister, frames: &mut Frames, found: &mut Search) {
    match lister.list(ground.dirs.here()) {
        Ok(names) => frames.push(names.into_iter()),
        Err(error) => {
            let forbidden = decide::unreadable(error);
            let refusal = Refusal::new(ground.path(), forbidden.rule, forbidden.reason);
            found.refused.push(refusal);
            ground.leave();
        }
    }
}

/// Whether a profile names this; if so, it is noted.
fn look(
    ground: &mut Ground,
    lister: &mut Lister,
    profiles: &BTreeMap<String, Profile>,
    name: &[u8],
    kind: FileType,
    found: &mut Search,
) -> bool {
    let kind = match kind {
        FileType::Directory => EntryType::Directory,
        FileType::RegularFile => EntryType::File,
        _ => return false,
    };
    let path = ground.path_of(name);
    let mut missing: Option<(&String, &Item)> = None;
    for (profile, item) in profiles.iter().flat_map(|(p, v)| v.item.iter().map(move |i| (p, i))) {
        if !item.matches(&path, kind) {
            continue;
        }
        if let Some(proof) = item.proof.iter().find(|p| holds(ground, lister, name, kind, p)) {
            let reason = format!("profile {profile}: {}", proof.words());
            found.targets.push(Target { below: Below { path, slash: false }, reason });
            return true;
        }
        missing.get_or_insert((profile, item));
    }
    let Some((profile, item)) = missing else { return false };
    let wanted: Vec<_> = item.proof.iter().map(Proof::words).collect();
    let PathText { path, path_bytes } = PathText::new(&path);
    let reason = format!(
        "nothing proves that it is disposable (looked for: {}): name it as a PATH if it is to go",
        wanted.join("; ")
    );
    found.reviews.push(Review { path, path_bytes, profile: profile.clone(), reason });
    true
}

fn holds(
    ground: &mut Ground,
    lister: &mut Lister,
    name: &[u8],
    kind: EntryType,
    proof: &Proof,
) -> bool {
    match proof {
        Proof::Ignored => ignored(ground, name, kind),
        Proof::Beside { file } => begins(ground, file.as_bytes(), b""),
        Proof::Begins { bytes } => begins(ground, name, bytes),
        Proof::Inside { file, begins: start } => {
            inside(ground, name, |ground| begins(ground, file.as_bytes(), start.as_bytes()))
        }
        Proof::Only { names } => inside(ground, name, |ground| {
            let Ok(found) = lister.list(ground.dirs.here()) else { return false };
            let known = |(name, kind): &Name| {
                *kind == FileType::RegularFile && names.iter().any(|p| matches_name(p, name))
            };
            !found.is_empty() && found.iter().all(known)
        }),
    }
}

fn inside(ground: &mut Ground, name: &[u8], test: impl FnOnce(&Ground) -> bool) -> bool {
    if ground.dirs.enter(name).is_err() {
        return false;
    }
    let holds = test(ground);
    ground.dirs.leave().is_ok() && holds
}

/// Whether the folder at work has a regular file `name` that begins with `start`.
fn begins(ground: &Ground, name: &[u8], start: &[u8]) -> bool {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let opened = openat(ground.dirs.here(), name, flags, Mode::empty());
    let content = opened.map(|fd| read_open(File::from(fd), 1 << 20));
    matches!(content, Ok(Ok(bytes)) if bytes.starts_with(start))
}

fn ignored(ground: &Ground, name: &[u8], kind: EntryType) -> bool {
    let path = ground.absolute(&ground.path_of(name));
    let Some(repo) = ground.repos().next() else { return false };
    match (repo.inside(&path), &repo.tracked) {
        (Some(inside), Ok(tracked)) if !tracked.any_below(inside) => {
            is_ignored(&repo.top, inside, kind == EntryType::Directory).unwrap_or(false)
        }
        _ => false,
    }
}
