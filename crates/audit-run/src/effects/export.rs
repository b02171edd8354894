//! An image's files in a private folder.
//!
//! docker cannot hold a container that was never started, and an image need not have anything that
//! could wait in one. So the files are taken out and gone into as any root file system is.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use audit_run::facts::Facts;
use plumb::{Failure, Run};
use tempfile::TempDir;

use super::confine;
use super::enter::Place;
use super::runtime::{Image, Runtime, ask};
use super::target::Entry;
use super::user::resolve;

/// The files of an image. They are removed with this value.
pub struct Export {
    _folder: TempDir,
    /// Their root.
    pub root: PathBuf,
    /// The image's variables.
    pub env: BTreeMap<String, String>,
    /// What is known of the image.
    pub facts: Facts,
    /// The way in.
    pub entry: Entry,
}

impl Export {
    /// Takes out the files of `image`, which is called `name`.
    pub fn of(name: &str, image: &Image, run: &Run) -> Result<Self, Failure> {
        let failure = |why: String| Failure::new(why).at(name);
        let folder = tempfile::Builder::new()
            .prefix("audit-run-")
            .tempdir()
            .map_err(|error| Failure::io(name, "cannot be unpacked", &error))?;
        let root = folder.path().join("root");
        fs::create_dir(&root)
            .and_then(|()| fs::set_permissions(&root, fs::Permissions::from_mode(0o755)))
            .map_err(|error| Failure::io(name, "cannot be unpacked", &error))?;
        let archive = folder.path().join("image.tar");
        take_out(&image.id, &archive, run).map_err(failure)?;
        unpack(&archive, &root).map_err(failure)?;
        let _ = fs::remove_file(&archive);
        let user = resolve(image.config.user.as_deref().unwrap_or_default(), &root);
        let user = user.map_err(failure)?;
        let mut facts = image.facts();
        facts.insert("user.uid".into(), user.0.to_string());
        let filter = image.architecture.as_deref().is_some_and(confine::filters);
        facts.insert("confined.by_control_groups".into(), "none".into());
        facts.insert("confined.by_call_filter".into(), filter.to_string());
        let entry = Entry { place: Place::Folder(root.clone()), user: Some(user), filter };
        Ok(Self { _folder: folder, root, env: image.env(), facts, entry })
    }
}

/// Writes the image's files as one archive, by way of a container that is never started.
fn take_out(image: &str, archive: &Path, run: &Run) -> Result<(), String> {
    let archive = archive.to_str().ok_or("the folder for temporary files is not UTF-8")?;
    let create = ["create", "--pull=never", "--network=none", "--", image, "never-started"];
    let id = ask(Runtime::Docker, &create, run)?;
    let id = id.trim();
    let exported = ask(Runtime::Docker, &["export", "--output", archive, "--", id], run);
    let removed = ask(Runtime::Docker, &["rm", "--force", "--", id], run);
    exported.and(removed).map(drop)
}

fn unpack(archive: &Path, root: &Path) -> Result<(), String> {
    let args: [&std::ffi::OsStr; 5] = [
        "-xf".as_ref(),
        archive.as_ref(),
        "-C".as_ref(),
        root.as_ref(),
        "--numeric-owner".as_ref(),
    ];
    let output = duct::cmd("tar", args).stdin_null().stderr_capture().unchecked().run();
    let output = output.map_err(|error| format!("tar cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("tar cannot unpack it: {}", stderr.lines().next().unwrap_or_default()))
}
