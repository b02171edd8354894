//! A stage while it is built: beside its place, and moved there when it is whole.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use allure_env::plan::{CATEGORIES, EXECUTOR, PROPERTIES, RECORD};
use allure_env::properties::{self, Properties};
use allure_env::result;
use allure_env::stage::{self, Audit, CONFIG, EXECUTORS, MARKER, Names, Stamp};
use allure_env::stats::{Counted, Counter};
use contract::allure::Unreadable;
use contract::{PathText, Sha256};
use plumb::{Failure, Run, Source};
use sha2::Digest as _;
use tempfile::TempDir;

use super::folder;

/// Where a stage may be put.
pub struct Place {
    path: PathBuf,
    parent: PathBuf,
}

impl Place {
    /// Fails where something would be lost: a folder that is no stage, or one of the audits.
    pub fn new(path: &Path, dirs: &[PathBuf]) -> Result<Self, Failure> {
        let refuse = |why: &str| Err(Failure::new(why).at(path.display().to_string()));
        let parent = match path.parent() {
            Some(parent) if parent != Path::new("") => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        fs::create_dir_all(&parent).map_err(|error| fail(&parent, "cannot create", &error))?;
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(fail(path, "cannot read", &error)),
            Ok(meta) if !meta.is_dir() => return refuse("expected a folder for the stage"),
            Ok(_) => {
                let mut entries =
                    fs::read_dir(path).map_err(|error| fail(path, "cannot list", &error))?;
                if entries.next().is_some() && !path.join(MARKER).is_file() {
                    return refuse("is not empty and no stage: name another folder, or empty it");
                }
            }
        }
        let full = parent
            .canonicalize()
            .map_err(|error| fail(&parent, "cannot be found", &error))?
            .join(path.file_name().unwrap_or(OsStr::new(".")));
        for dir in dirs {
            let dir = dir.canonicalize().map_err(|error| fail(dir, "cannot read", &error))?;
            if full.starts_with(&dir) || dir.starts_with(&full) {
                return refuse("stage and audit cannot lie inside each other: name another folder");
            }
        }
        Ok(Self { path: path.to_owned(), parent })
    }
}

fn fail(path: &Path, deed: &str, error: &io::Error) -> Failure {
    Failure::io(path.display().to_string(), deed, error)
}

/// A stage that is not in its place yet.
pub struct Building {
    place: Place,
    folder: TempDir,
    properties: Vec<u8>,
    together: Counter,
    executions: u64,
    unreadable: Vec<Unreadable>,
    uuids: BTreeSet<String>,
    names: BTreeSet<Vec<u8>>,
    files: u64,
}

impl Building {
    /// An empty stage for `audits`.
    pub fn new(place: Place, audits: &[(&Audit, &Properties)]) -> Result<Self, Failure> {
        let folder = tempfile::Builder::new()
            .prefix(".proofline-")
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .tempdir_in(&place.parent)
            .map_err(|error| fail(&place.parent, "cannot write", &error))?;
        let building = Self {
            properties: properties::write(&stage::properties(audits)).into_bytes(),
            place,
            folder,
            together: Counter::default(),
            executions: 0,
            unreadable: Vec::new(),
            uuids: BTreeSet::new(),
            names: BTreeSet::new(),
            files: 0,
        };
        building.put(Path::new(CONFIG), stage::config(audits).as_bytes())?;
        building.put(Path::new(MARKER), b"made by allure-env merge, replaced by its next run\n")?;
        Ok(building)
    }

    /// Puts an executor behind all others: Allure 3 shows the last.
    pub fn executors(&self) -> Result<(), Failure> {
        let to = self.folder.path().join(EXECUTORS);
        fs::create_dir(&to).map_err(|error| fail(&to, "cannot create", &error))?;
        self.put(&Path::new(EXECUTORS).join(EXECUTOR), stage::SEVERAL.as_bytes())
    }

    /// Stages one audit and says how many results it has.
    pub fn audit(&mut self, run: &Run, dir: &Path, audit: &Audit) -> Result<u64, Failure> {
        let to = self.folder.path().join(&audit.id);
        fs::create_dir(&to).map_err(|error| fail(&to, "cannot create", &error))?;
        let listing = folder::listing(dir)?;
        let names: Vec<&[u8]> = listing.files().collect();
        let sources = self.sources(&names, audit);
        let (mut alone, mut uuids, mut results) = (Counter::default(), Names::new(), 0);
        // Results before containers: their children follow them.
        for name in names.iter().filter(|name| name.ends_with(folder::RESULT)) {
            results += 1;
            let read = read(run, dir, name)?;
            let uuid = self.uuid(&read, audit, name, &mut uuids);
            let stamp = Stamp { audit, uuid: uuid.as_deref(), sources: &sources };
            let bytes = stage::result(&read, &stamp).unwrap_or(read);
            self.count(&mut alone, audit, name, &bytes);
            self.put(&below(audit, name), &bytes)?;
        }
        for name in names.iter().filter(|name| !name.ends_with(folder::RESULT)) {
            self.beside(run, dir, audit, name, (&uuids, &sources))?;
        }
        self.put(&below(audit, PROPERTIES.as_bytes()), &self.properties)?;
        self.executions += alone.counted().allure2.total;
        Ok(results)
    }

    /// Puts the stage in its place.
    pub fn finish(self, run: &Run) -> Result<(Counted, u64, Vec<Unreadable>), Failure> {
        let Self { place, folder, together, executions, unreadable, .. } = self;
        let lost = |error: io::Error| fail(&place.path, "cannot write", &error);
        let old = tempfile::Builder::new()
            .prefix(".proofline-")
            .tempdir_in(&place.parent)
            .map_err(lost)?;
        if place.path.exists() {
            fs::rename(&place.path, old.path().join("old")).map_err(lost)?;
        }
        fs::rename(folder.path(), &place.path).map_err(lost)?;
        // It has moved: there is nothing left to clean up at the old path.
        let _ = folder.keep();
        let path = place.path.display().to_string();
        run.say(&plumb::Event::StageEnded { stage: "merge", outcome: &path });
        Ok((together.counted(), executions, unreadable))
    }

    fn put(&self, name: &Path, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).map_err(|error| fail(&self.place.path, "cannot write", &error))
    }

    fn count(&mut self, alone: &mut Counter, audit: &Audit, name: &[u8], bytes: &[u8]) {
        alone.add(self.files, result::read(bytes));
        if let Some(dropping) = self.together.add(self.files, result::read(bytes)) {
            let path = self.place.path.join(below(audit, name));
            let PathText { path, path_bytes } = PathText::new(path.as_os_str().as_bytes());
            self.unreadable.push(dropping.of(path, path_bytes));
        }
        self.files += 1;
    }

    /// New names for attachments whose names an earlier audit has, too: Allure 3 keeps one file of
    /// each name.
    fn sources(&mut self, names: &[&[u8]], audit: &Audit) -> Names {
        let mut sources = Names::new();
        for name in names.iter().filter(|name| attachment(name)) {
            if self.names.insert(name.to_vec()) {
                continue;
            }
            if let Ok(text) = std::str::from_utf8(name) {
                let tail: String = text.chars().rev().take(60).collect();
                let tail: String = tail.chars().rev().collect();
                sources.insert(text.to_owned(), format!("{}-{tail}", short(audit, name)));
            }
        }
        sources
    }

    /// A new `uuid` where an earlier result has it: Allure 3 keeps one result of each.
    fn uuid(&mut self, read: &[u8], audit: &Audit, name: &[u8], new: &mut Names) -> Option<String> {
        let old = result::read(read).about.uuid_text.filter(|uuid| !uuid.is_empty())?;
        if self.uuids.insert(old.clone()) {
            // It stays, also for the containers of this audit.
            new.insert(old.clone(), old);
            return None;
        }
        let uuid = format!("{}-{old}", short(audit, name));
        self.uuids.insert(uuid.clone());
        new.entry(old).or_insert_with(|| uuid.clone());
        Some(uuid)
    }

    fn beside(
        &self,
        run: &Run,
        dir: &Path,
        audit: &Audit,
        name: &[u8],
        (uuids, sources): (&Names, &Names),
    ) -> Result<(), Failure> {
        if name == PROPERTIES.as_bytes() || name == RECORD.as_bytes() {
            return Ok(());
        }
        if name.ends_with(folder::CONTAINER) {
            let read = read(run, dir, name)?;
            let bytes = stage::container(&read, uuids, sources).unwrap_or(read);
            return self.put(&below(audit, name), &bytes);
        }
        let text = std::str::from_utf8(name).ok();
        let new = text.and_then(|name| sources.get(name)).map_or(name, |new| new.as_bytes());
        let from = dir.join(OsStr::from_bytes(name));
        fs::copy(&from, self.folder.path().join(below(audit, new)))
            .map(drop)
            .map_err(|error| fail(&from, "cannot copy", &error))
    }
}

fn read(run: &Run, dir: &Path, name: &[u8]) -> Result<Vec<u8>, Failure> {
    Ok(run.read(&Source::File(dir.join(OsStr::from_bytes(name))))?.bytes)
}

fn below(audit: &Audit, name: &[u8]) -> PathBuf {
    Path::new(&audit.id).join(OsStr::from_bytes(name))
}

fn attachment(name: &[u8]) -> bool {
    let known = [PROPERTIES, RECORD, EXECUTOR, CATEGORIES];
    let endings = [folder::RESULT, folder::CONTAINER, b"-globals.json"];
    !known.iter().any(|known| known.as_bytes() == name)
        && !endings.iter().any(|end| name.ends_with(end))
}

/// Eight digits that stand for one file of one audit.
fn short(audit: &Audit, name: &[u8]) -> String {
    let mut hash = sha2::Sha256::new();
    hash.update(audit.id.as_bytes());
    hash.update([0]);
    hash.update(name);
    Sha256::new(hash.finalize().into()).as_str()[..8].to_owned()
}
