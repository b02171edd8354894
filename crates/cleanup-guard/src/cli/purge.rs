//! `purge`: the plan of deleting a quarantine.

use std::ffi::OsString;
use std::path::Path;

use crate::effects::quarantine::{SIGNATURE, TAG};
use crate::effects::regular;
use plumb::{Failure, Run, Status};

use super::{Plan, Purge, about, plan};

pub fn run(options: &Purge, run: &mut Run) -> Result<Status, Failure> {
    let dir = std::fs::canonicalize(&options.dir)
        .map_err(|error| Failure::io(options.dir.display().to_string(), "cannot open", &error))?;
    let (Some(parent), Some(name)) = (dir.parent(), dir.file_name()) else {
        return Err(about(&dir, "is no quarantine"));
    };
    if !is_quarantine(&dir) {
        return Err(about(
            &dir,
            "is no quarantine: each folder in it would have a QUARANTINE.TAG of this tool",
        ));
    }
    let options = Plan {
        root: parent.to_owned(),
        profile: vec![],
        files0_from: None,
        allow_repository: options.allow_repository.clone(),
        allow_outside_root: false,
        expires_in: options.expires_in,
        paths: vec![OsString::from(Path::new(".").join(name))],
    };
    plan::make(&options, true, run)
}

/// Whether `dir` is the quarantine of a plan, or holds nothing but such.
fn is_quarantine(dir: &Path) -> bool {
    let tagged = |dir: &Path| {
        let tag = dir.join(String::from_utf8_lossy(TAG).as_ref());
        regular::read(&tag, 4096).is_ok_and(|text| text.starts_with(SIGNATURE))
    };
    if tagged(dir) {
        return true;
    }
    let Ok(names) = std::fs::read_dir(dir) else { return false };
    let paths: Vec<_> = names.map(|name| name.map(|name| name.path())).collect();
    !paths.is_empty() && paths.iter().all(|path| path.as_ref().is_ok_and(|path| tagged(path)))
}
