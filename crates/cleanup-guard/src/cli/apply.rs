//! `apply` and `resume`: from a plan and its digest to what became of it.

use crate::effects::look;
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::effects::apply::{Apply as Work, Outcome, targets};
use crate::effects::entries::Entries;
use crate::effects::manifest::{Manifest, began};
use crate::effects::quarantine::{DEFAULT, Quarantine, name_of};
use crate::effects::removal::Removal;
use crate::effects::worker::Worker;
use cleanup_guard::chain::History;
use cleanup_guard::document::Frame;
use cleanup_guard::profile::{self, ImageItem};
use contract::cleanup_applied::Applied;
use contract::cleanup_manifest::ManifestEvent;
use contract::{InputRef, PathText, Sha256, Tag};
use plumb::{Digest, Failure, Run, Status};
use rustix::fs::CWD;

use super::accept::{self, Opened, Seen};
use super::{Apply, Resume, about, generator, hear, now_ms};

/// More entries, or more bytes, are not deleted at once unless the caller says so.
const BULK_ENTRIES: u64 = 1000;
const BULK_BYTES: u64 = 100 << 20;

/// A path and a digest.
const LONGEST_NOTE: u64 = 1 << 17;

/// A plan at work, its record and where things go.
struct Job<'a> {
    plan: &'a Frame,
    digest: Digest,
    manifest: Manifest,
    path: PathBuf,
    quarantine: Option<Quarantine>,
}

pub fn apply(options: &Apply, run: &mut Run) -> Result<Status, Failure> {
    let default = beside(&options.plan, ".manifest.jsonl");
    let path = options.manifest.clone().unwrap_or_else(|| default.clone());
    let seen = Seen { digest: options.confirm.as_deref(), outside: &options.confirm_outside };
    let accepted = accept::plan(&options.plan, folder_of(&path), seen, run)?;
    let accept::Plan { frame: plan, entries, digest } = accepted;
    let opened = accept::open(&plan)?;
    let used = beside(&options.plan, ".used");
    serves_once(options, &plan, &used, &default)?;
    // An answer that could not be written is found out now, not when the deed is done.
    drop(run.out()?);
    let quarantine = quarantine(options, &plan, &opened)?;
    let manifest = match Manifest::create(path.as_os_str().as_bytes(), |manifest| {
        begin(manifest, &plan, &entries, quarantine.as_ref())
    }) {
        Ok(manifest) => manifest,
        Err(error) => {
            quarantine.into_iter().for_each(Quarantine::close);
            return Err(failed(&path, &error));
        }
    };
    if path != default {
        note(&used, &path, &plan.digest)
            .map_err(|error| Failure::io(used.display().to_string(), "cannot write", &error))?;
    }
    work(Job { plan: &plan, digest, manifest, path, quarantine }, entries, opened, None, run)
}

/// Refuses a plan that has served. What another plan of the same name left is told from that: it
/// stands in the way only where this one would write.
fn serves_once(options: &Apply, plan: &Frame, used: &Path, default: &Path) -> Result<(), Failure> {
    let marks =
        [(used, noted(used)), (default, began(default.as_os_str().as_bytes()).ok().flatten())];
    for (mark, digest) in marks {
        let another = digest.is_some_and(|digest| digest != plan.digest);
        if mark.symlink_metadata().is_err() {
            continue;
        }
        if !another {
            let mark = mark.display();
            return Err(about(
                &options.plan,
                format!("was applied already, as {mark} says: make a new plan, or `resume` it"),
            ));
        }
        if mark == used {
            return Err(about(mark, "is the note of another plan: move it away"));
        }
        if options.manifest.is_none() {
            let why =
                "is the record of another plan: move it away, or name another with --manifest";
            return Err(about(mark, why));
        }
    }
    Ok(())
}

/// The plan that a note is about: its last line.
fn noted(used: &Path) -> Option<Sha256> {
    accept::regular(used).ok()?;
    let mut text = Vec::new();
    File::open(used).ok()?.take(LONGEST_NOTE).read_to_end(&mut text).ok()?;
    let lines = text.strip_suffix(b"\n")?;
    let last = lines.rsplit(|byte| *byte == b'\n').next()?;
    Sha256::try_from(String::from_utf8(last.to_vec()).ok()?).ok()
}

pub fn resume(options: &Resume, run: &mut Run) -> Result<Status, Failure> {
    let default = || beside(&options.plan, ".manifest.jsonl");
    let path = options.manifest.clone().unwrap_or_else(default);
    let seen = Seen { digest: options.confirm.as_deref(), outside: &options.confirm_outside };
    let accepted = accept::plan(&options.plan, folder_of(&path), seen, run)?;
    let accept::Plan { frame: plan, entries, digest } = accepted;
    let opened = accept::open(&plan)?;
    let (mut manifest, history, torn) =
        Manifest::reopen(path.as_os_str().as_bytes()).map_err(|error| failed(&path, &error))?;
    let mut quarantine = None;
    match &history.began {
        None => {
            let why =
                "has no first line, so nothing was touched: move it away and `apply` the plan";
            return Err(about(&path, why));
        }
        Some(began) if began.digest != plan.digest => {
            return Err(about(&path, "is the record of another plan: name the one of this plan"));
        }
        Some(_) if history.ended => {
            return Err(about(&path, "is complete: there is nothing to resume"));
        }
        Some(began) => {
            if let Some(place) = &began.quarantine {
                let place = place.bytes().unwrap_or_default();
                let found = Quarantine::open(&place).map_err(|error| cannot(&place, &error))?;
                quarantine = Some(stand(found, &opened)?);
            }
            manifest
                .add(ManifestEvent::Resumed { torn_bytes: torn, at_ms: now_ms() })
                .map_err(|error| failed(&path, &error))?;
        }
    }
    let job = Job { plan: &plan, digest, manifest, path, quarantine };
    work(job, entries, opened, Some(&history), run)
}

fn is_bulk(plan: &Frame) -> bool {
    plan.totals.entries > BULK_ENTRIES || plan.totals.bytes > BULK_BYTES
}

/// Where things go, if they are not to be deleted.
fn quarantine(
    options: &Apply,
    plan: &Frame,
    opened: &Opened,
) -> Result<Option<Quarantine>, Failure> {
    let made = match &options.quarantine {
        Some(dir) => {
            let name = dir.file_name().ok_or_else(|| about(dir, "is no name for a folder"))?;
            let parent = std::fs::canonicalize(folder_of(dir))
                .map_err(|error| Failure::io(dir.display().to_string(), "cannot open", &error))?;
            let place = parent.join(name);
            outside(place.as_os_str().as_bytes(), plan, opened)?;
            Quarantine::make(parent.as_os_str().as_bytes(), &[name.as_bytes()], &plan.digest)
        }
        None if is_bulk(plan) && !options.delete && !plan.policy.purge => {
            let place = [&opened.given[..], DEFAULT[0], DEFAULT[1]].join(&b'/');
            outside(&place, plan, opened)?;
            Quarantine::make(&opened.given, &DEFAULT, &plan.digest)
        }
        None => return Ok(None),
    };
    let made = made.map_err(|error| {
        let place =
            options.quarantine.as_deref().map_or(&opened.given[..], |d| d.as_os_str().as_bytes());
        cannot(place, &error)
    })?;
    stand(made, opened).map(Some)
}

/// Tells a quarantine from where things will come.
fn stand(mut quarantine: Quarantine, opened: &Opened) -> Result<Quarantine, Failure> {
    let mount = opened.ground.dirs.root_seen().identity.mount;
    match quarantine.stands_on(mount) {
        Ok(()) => Ok(quarantine),
        Err(error) => Err(cannot(&quarantine.path, &error)),
    }
}

/// A folder cannot be moved into itself.
fn outside(place: &[u8], plan: &Frame, opened: &Opened) -> Result<(), Failure> {
    let targets = plan.policy.targets.iter().filter_map(PathText::bytes);
    for target in targets.map(|target| opened.ground.absolute(&target)) {
        let rest = place.strip_prefix(target.as_slice());
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/")) {
            return Err(cannot(place, &io::Error::other("lies in what is to be moved there")));
        }
    }
    Ok(())
}

fn cannot(place: &[u8], error: &io::Error) -> Failure {
    let place = String::from_utf8_lossy(place).into_owned();
    Failure::io(place, "cannot be the quarantine (--quarantine names another)", error)
}

/// Takes the disk the record needs and writes its first line.
fn begin(
    manifest: &mut Manifest,
    plan: &Frame,
    entries: &Entries,
    quarantine: Option<&Quarantine>,
) -> io::Result<()> {
    // A line about an entry is about as long as the entry; a move says a little more.
    let more = if quarantine.is_some() { 80 } else { 8 };
    manifest.reserve(4096 + entries.bytes() + plan.totals.entries * more)?;
    manifest.add(ManifestEvent::Began {
        generator: generator(),
        digest: plan.digest.clone(),
        root: plan.root.clone(),
        entries: plan.totals.entries + plan.totals.images,
        quarantine: quarantine.map(|quarantine| PathText::new(&quarantine.path)),
        at_ms: now_ms(),
    })?;
    manifest.sync()
}

/// Says beside a plan that it has served, where the record is, and which plan it was.
fn note(used: &Path, manifest: &Path, digest: &Sha256) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(used)?;
    let text = [manifest.as_os_str().as_bytes(), b"\n", digest.as_str().as_bytes(), b"\n"].concat();
    file.write_all(&text)?;
    file.sync_all()
}

fn work(
    mut job: Job<'_>,
    entries: Entries,
    opened: Opened,
    before: Option<&History>,
    run: &mut Run,
) -> Result<Status, Failure> {
    let path = job.path.clone();
    let failed = |error: io::Error| failed(&path, &error);
    let mut own = BTreeSet::from([job.manifest.key().map_err(failed)?]);
    own.extend(look::at(CWD, job.digest.name.as_slice()).map(|seen| seen.key()));
    let progress = run.progress(job.plan.totals.entries);
    let mut shown = 0;
    let quarantine = job.quarantine.as_ref();
    let mut ground = opened.ground;
    let targets = targets(job.plan, &mut ground);
    // Twice the work: in bulk, only the moment between the look and the deletion is left open.
    let aside = (!is_bulk(job.plan)).then(|| name_of(&job.plan.digest));
    let worker = Worker::new(ground, targets, own, before.is_some(), quarantine, aside);
    let work = Work::new(worker, entries, &mut job.manifest, before);
    let outcome = work.run(&mut |index, path| {
        progress.at(path);
        progress.steps(index.saturating_sub(shown) as u64);
        shown = index;
    });
    drop(progress);
    let mut outcome = outcome.map_err(failed)?;
    images(&mut job, before, &mut outcome, run).map_err(failed)?;
    let kept = outcome.kept.len() as u64 + before.map_or(0, |history| history.kept);
    let (done, gone) = (outcome.done, outcome.gone);
    job.manifest
        .add(ManifestEvent::Ended { done, kept, gone, at_ms: now_ms() })
        .and_then(|()| job.manifest.end())
        .map_err(failed)?;
    report(job, outcome, kept, run)
}

fn report(job: Job<'_>, outcome: Outcome, kept: u64, run: &mut Run) -> Result<Status, Failure> {
    for kept in &outcome.kept {
        run.warn(Some(&kept.path), &format!("kept ({}): {}", kept.rule.word(), kept.reason));
    }
    let digest = &job.digest;
    run.emit(&Applied {
        schema: Tag::new(),
        generator: generator(),
        inputs: vec![InputRef::new(&digest.name, digest.bytes, digest.sha256)],
        digest: job.plan.digest.clone(),
        quarantine: job.quarantine.as_ref().map(|quarantine| PathText::new(&quarantine.path)),
        done: outcome.done,
        bytes: outcome.bytes,
        gone: outcome.gone,
        kept: outcome.kept,
        manifest: PathText::new(job.path.as_os_str().as_bytes()),
        manifest_head: job.manifest.chain().head().clone(),
    })?;
    Ok(Status::yes_if(kept == 0))
}

/// Removes the images of the plan.
fn images(
    job: &mut Job<'_>,
    before: Option<&History>,
    outcome: &mut Outcome,
    run: &Run,
) -> io::Result<()> {
    let hear = hear(run);
    let removal = Removal {
        images: &job.plan.images,
        first: job.plan.totals.entries,
        items: items(job.plan),
        before,
        hear: &hear,
    };
    removal.run(&mut job.manifest, outcome)
}

/// What the plan's profiles say of images.
fn items(plan: &Frame) -> Vec<ImageItem> {
    let profiles = profile::named(&plan.policy.profiles).unwrap_or_default();
    profiles.into_values().flat_map(|profile| profile.image).collect()
}

/// The folder that `path` lies in.
fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// The file beside `path` whose name has `suffix` in addition.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    Failure::io(path.display().to_string(), "cannot keep the record", error)
}
