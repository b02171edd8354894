//! The folder the Allure results go to.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use audit_run::allure;
use plumb::{Failure, Run};
use rustix::fs::{FlockOperation, flock};

/// A folder of results that this process alone writes to.
pub struct Store {
    folder: PathBuf,
    list: File,
    list_path: PathBuf,
}

impl Store {
    /// The folder `name` below `root`, emptied of what an earlier run of `suite` wrote and of
    /// nothing else. What was written is listed in a file of the suite's own: only what stands
    /// there may a later run remove.
    pub fn open(root: &Path, name: &str, suite: &str) -> Result<Self, Failure> {
        let folder = root.join(name);
        let shown = folder.display().to_string();
        fs::create_dir_all(&folder).map_err(|error| Failure::io(&shown, "cannot make", &error))?;
        let meta = fs::symlink_metadata(&folder)
            .map_err(|error| Failure::io(&shown, "cannot use", &error))?;
        if !meta.is_dir() {
            let why =
                "is a link: expected a folder of its own, so that results stay where they are";
            return Err(Failure::new(why).at(shown));
        }
        let path = folder.join(format!("audit-run.{suite}.files"));
        let list = path.display().to_string();
        let open = File::options().create(true).read(true).append(true).open(&path);
        let mut file = open.map_err(|error| Failure::io(&list, "cannot write", &error))?;
        flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|_| {
            Failure::new("another audit-run is writing here: wait for it to end").at(&shown)
        })?;
        let mut earlier = String::new();
        file.read_to_string(&mut earlier)
            .map_err(|error| Failure::io(&list, "cannot read", &error))?;
        for name in earlier.lines().filter(|name| is_ours(name)) {
            match fs::remove_file(folder.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    let path = folder.join(name).display().to_string();
                    return Err(Failure::io(path, "cannot remove", &error));
                }
                _ => {}
            }
        }
        file.set_len(0).map_err(|error| Failure::io(&list, "cannot write", &error))?;
        Ok(Self { folder, list: file, list_path: path })
    }

    /// Writes `files`, each complete or not at all. A name is listed before its file is there, so
    /// that even after a crash the next run knows what is its to remove.
    pub fn keep(&mut self, files: &[allure::File], run: &Run) -> Result<(), Failure> {
        let names: String = files.iter().map(|file| format!("{}\n", file.name)).collect();
        self.list.write_all(names.as_bytes()).map_err(|error| {
            Failure::io(self.list_path.display().to_string(), "cannot write", &error)
        })?;
        for file in files {
            let mut out = run.create(&self.folder.join(&file.name))?;
            out.write_all(&file.content).map_err(|error| out.failure(&error))?;
            run.commit(out)?;
        }
        Ok(())
    }
}

/// Whether a line of the list can be a name that was written there: whatever else it says, nothing
/// else is ever removed.
fn is_ours(name: &str) -> bool {
    let rest = ["-result.json", "-attachment.txt"].iter().find_map(|end| name.strip_suffix(end));
    rest.is_some_and(|uuid| {
        uuid.len() == 36 && uuid.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    })
}
