//! Gathers what surrounds a root: the one place where the machine is asked about itself.

use crate::effects::look;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use contract::cleanup::Rule;
use rustix::fs::CWD;

use crate::effects::git;
use crate::effects::ground::Surroundings;
use crate::effects::regular;
use cleanup_guard::mounts::mount_points;
use cleanup_guard::protected::Protected;
use cleanup_guard::rules::in_vcs_data;

/// What `main` knows of the process.
#[derive(Clone, Debug, Default)]
pub struct Process {
    /// The current folder, absolute.
    pub current: Option<Vec<u8>>,
    /// The value of `HOME`.
    pub home: Option<Vec<u8>>,
}

/// What surrounds `root` (absolute, free of links). `given` is the folder that somebody named as the
/// root: it stays, too.
pub fn gather(root: &[u8], given: &[u8], process: &Process) -> Result<Surroundings, String> {
    let mounts = std::fs::read("/proc/self/mountinfo")
        .map_err(|error| format!("/proc/self/mountinfo: {error}: mounts cannot be told"))?;
    let parents = parents_of(root);
    let tops = parents.iter().copied().filter(|top| has(top, ".git"));
    let mut protected = protected([root, given], process);
    let trees = tops.clone().flat_map(git::borrowed).map(|tree| (tree, Rule::GitFolder));
    protected.trees = trees.collect();
    Ok(Surroundings {
        // Paths are put behind it with a slash.
        root: root.strip_suffix(b"/").unwrap_or(root).to_vec(),
        protected,
        mounts: mount_points(&mounts),
        repos: tops.filter_map(git::read).collect(),
        in_git_data: in_vcs_data(root) || parents.iter().any(|folder| is_bare(folder)),
        user: rustix::process::geteuid().as_raw(),
    })
}

fn protected(roots: [&[u8]; 2], process: &Process) -> Protected {
    let mut places: Vec<_> = roots.map(|root| (root.to_vec(), Rule::RootItself)).into();
    places.extend(process.current.iter().map(|place| (place.clone(), Rule::CurrentFolder)));
    let passwd = regular::read(Path::new("/etc/passwd"), 1 << 24).unwrap_or_default();
    let homes = passwd.split(|b| *b == b'\n').filter_map(|l| l.split(|b| *b == b':').nth(5));
    for home in homes.chain(process.home.as_deref()).filter(|home| home.starts_with(b"/")) {
        places.push((home.to_vec(), Rule::HomeFolder));
        if let Ok(real) = std::fs::canonicalize(OsStr::from_bytes(home)) {
            places.push((real.into_os_string().into_encoded_bytes(), Rule::HomeFolder));
        }
    }
    places.sort();
    places.dedup();
    let mut identities = BTreeMap::new();
    for (place, rule) in &places {
        for folder in parents_of(place) {
            if let Ok(seen) = look::at(CWD, folder) {
                identities.entry(seen.key()).or_insert(*rule);
            }
        }
    }
    Protected { places, identities, trees: Vec::new() }
}

/// `path` and the folders it lies in, innermost first.
fn parents_of(path: &[u8]) -> Vec<&[u8]> {
    let ends = path.iter().enumerate().rev().filter(|(_, b)| **b == b'/').map(|(at, _)| at);
    let above = ends.map(|end| &path[..end.max(1)]);
    [path].into_iter().chain(above).collect()
}

fn has(folder: &[u8], name: &str) -> bool {
    Path::new(OsStr::from_bytes(folder)).join(name).symlink_metadata().is_ok()
}

fn is_bare(folder: &[u8]) -> bool {
    let is_dir = |name| Path::new(OsStr::from_bytes(folder)).join(name).is_dir();
    has(folder, "HEAD") && is_dir("refs") && is_dir("objects") && !has(folder, ".git")
}
