//! `apply` and `resume`: from a plan and its digest to what became of it.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{self, BufRead, IsTerminal, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use cleanup_guard::apply::{Apply as Work, Outcome};
use cleanup_guard::chain::History;
use cleanup_guard::dirs::Dirs;
use cleanup_guard::document;
use cleanup_guard::ground::Ground;
use cleanup_guard::lock;
use cleanup_guard::manifest::Manifest;
use cleanup_guard::seen::Seen;
use cleanup_guard::surroundings::{self, Process};
use contract::cleanup_applied::Applied;
use contract::cleanup_manifest::ManifestEvent;
use contract::cleanup_plan::Plan;
use contract::{InputRef, PathText, Tag};
use plumb::{Failure, Input, Run, Source, Status};
use rustix::fs::CWD;

use super::{Apply, Resume, about, generator, now_ms};

/// What is known once a plan was accepted.
struct Accepted {
    plan: Plan,
    input: Input,
    ground: Ground,
    manifest: PathBuf,
    _lock: std::fs::File,
}

pub fn apply(options: &Apply, run: &mut Run) -> Result<Status, Failure> {
    let accepted = accept(options, run)?;
    let used = beside(&options.plan, ".used");
    let default = beside(&options.plan, ".manifest.jsonl");
    for mark in [&used, &default] {
        if mark.symlink_metadata().is_ok() {
            let mark = mark.display();
            return Err(about(
                &options.plan,
                format!("was applied already, as {mark} says: make a new plan, or `resume` it"),
            ));
        }
    }
    let path = &accepted.manifest;
    let failed = |error: io::Error| failed(path, &error);
    let mut manifest = Manifest::create(path.as_os_str().as_bytes()).map_err(failed)?;
    if let Err(error) = begin(&mut manifest, &accepted) {
        // Nothing was touched yet: nothing is left behind either.
        let _ = std::fs::remove_file(path);
        return Err(failed(error));
    }
    if *path != default {
        let mut note = path.as_os_str().as_bytes().to_vec();
        note.push(b'\n');
        let made = std::fs::OpenOptions::new().write(true).create_new(true).open(&used);
        made.and_then(|mut file| file.write_all(&note).and_then(|()| file.sync_all()))
            .map_err(|error| Failure::io(used.display().to_string(), "cannot write", &error))?;
    }
    work(accepted, manifest, None, run)
}

pub fn resume(options: &Resume, run: &mut Run) -> Result<Status, Failure> {
    let accepted = accept(&options.apply, run)?;
    let path = &accepted.manifest;
    let (mut manifest, history, torn) =
        Manifest::reopen(path.as_os_str().as_bytes()).map_err(|error| failed(path, &error))?;
    match &history.began {
        None => begin(&mut manifest, &accepted).map_err(|error| failed(path, &error))?,
        Some(began) if began.digest != accepted.plan.digest => {
            return Err(about(path, "is the record of another plan: name the one of this plan"));
        }
        Some(_) if history.ended => {
            return Err(about(path, "is complete: there is nothing to resume"));
        }
        Some(_) => manifest
            .add(ManifestEvent::Resumed { torn_bytes: torn, at_ms: now_ms() })
            .map_err(|error| failed(path, &error))?,
    }
    work(accepted, manifest, Some(&history), run)
}

/// Everything that must hold before anything is touched.
fn accept(options: &Apply, run: &Run) -> Result<Accepted, Failure> {
    if options.plan == Path::new("-") {
        return Err(Failure::new(
            "a plan is a file: it serves once, and the record is written beside it",
        ));
    }
    let input = run.read(&Source::File(options.plan.clone()))?;
    let plan: Plan = input.json()?;
    if !document::holds(&plan, &input.bytes) {
        return Err(input.failure("was changed after it was made: make a new plan"));
    }
    confirm(options.confirm.as_deref(), &plan)?;
    let now = now_ms();
    if now >= plan.expires_ms {
        return Err(input.failure("has expired: make a new plan"));
    }
    if plan.created_ms > now.saturating_add(60_000) {
        return Err(input.failure("was made in the future: set the clock, and make a new plan"));
    }
    let root = plan.root.bytes().ok_or_else(|| input.failure("its root is not base64"))?;
    let process = Process {
        current: std::env::current_dir()
            .ok()
            .map(|path| path.into_os_string().into_encoded_bytes()),
        home: std::env::var_os("HOME").map(OsString::into_encoded_bytes),
    };
    let shown = plan.root.path.clone();
    let dirs = Dirs::open(&root, false)
        .map_err(|error| Failure::io(shown.clone(), "cannot open the root", &error.into()))?;
    if !dirs.root_seen().same_file(&plan.root_identity) {
        return Err(Failure::new("is another folder than the plan saw: make a new plan").at(shown));
    }
    let lock =
        lock::root(dirs.root()).map_err(|error| Failure::io(&*shown, "cannot lock", &error))?;
    let around = surroundings::gather(&root, &process).map_err(Failure::new)?;
    let allowed = plan.policy.allowed_repositories.iter().filter_map(PathText::bytes).collect();
    let manifest = options.manifest.clone().unwrap_or(beside(&options.plan, ".manifest.jsonl"));
    Ok(Accepted { ground: Ground::new(dirs, around, allowed), plan, input, manifest, _lock: lock })
}

fn confirm(given: Option<&str>, plan: &Plan) -> Result<(), Failure> {
    let digest = plan.digest.as_str();
    match given {
        Some(given) if given == digest => Ok(()),
        Some(_) => Err(Failure::new(
            "--confirm is not the digest of this plan: look at the plan, then repeat its `digest`",
        )),
        None if io::stdin().is_terminal() && io::stderr().is_terminal() => ask(plan),
        None => Err(Failure::new("--confirm DIGEST is missing: repeat the `digest` of the plan")),
    }
}

/// Has the first digits of the digest typed by somebody who sees what they stand for.
fn ask(plan: &Plan) -> Result<(), Failure> {
    let wanted = &plan.digest.as_str()[..8];
    let root = escape::terminal::line(&plan.root.path);
    let _ = write!(
        io::stderr(),
        "{} entries ({} bytes) below {root} will be deleted.\nType {wanted} to go on: ",
        plan.totals.entries,
        plan.totals.bytes,
    );
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    if read.is_ok() && line.trim() == wanted {
        return Ok(());
    }
    Err(Failure::new("not confirmed: nothing was deleted"))
}

/// Takes the disk the record needs and writes its first line.
fn begin(manifest: &mut Manifest, accepted: &Accepted) -> io::Result<()> {
    let plan = &accepted.plan;
    let paths: u64 = plan.entries.iter().map(|entry| entry.path.len() as u64 * 2).sum();
    manifest.reserve(4096 + paths + plan.totals.entries.saturating_mul(320))?;
    manifest.add(ManifestEvent::Began {
        generator: generator(),
        digest: plan.digest.clone(),
        root: plan.root.clone(),
        entries: plan.entries.len() as u64,
        quarantine: None,
        at_ms: now_ms(),
    })?;
    manifest.sync()
}

fn work(
    accepted: Accepted,
    mut manifest: Manifest,
    before: Option<&History>,
    run: &mut Run,
) -> Result<Status, Failure> {
    let Accepted { plan, input, ground, manifest: path, _lock } = accepted;
    let failed = |error: io::Error| failed(&path, &error);
    let mut own = BTreeSet::from([manifest.key().map_err(failed)?]);
    if let Ok(seen) = Seen::at(CWD, input.digest.name.as_slice()) {
        own.insert(seen.key());
    }
    let progress = run.progress(plan.entries.len() as u64);
    let work = Work { plan: &plan, ground, manifest: &mut manifest, before, own };
    let outcome = work.run(&mut |entry| {
        progress.at(&entry.path);
        progress.step();
    });
    drop(progress);
    let outcome = outcome.map_err(failed)?;
    manifest
        .add(ManifestEvent::Ended {
            done: outcome.done,
            kept: outcome.kept.len() as u64 + before.map_or(0, |history| history.kept),
            gone: outcome.gone,
            at_ms: now_ms(),
        })
        .and_then(|()| manifest.end())
        .map_err(failed)?;
    report(&plan, &input, &path, &manifest, outcome, run)
}

fn report(
    plan: &Plan,
    input: &Input,
    path: &Path,
    manifest: &Manifest,
    outcome: Outcome,
    run: &mut Run,
) -> Result<Status, Failure> {
    for kept in &outcome.kept {
        run.warn(Some(&kept.path), &format!("kept ({}): {}", kept.rule.word(), kept.reason));
    }
    let status = Status::yes_if(outcome.kept.is_empty());
    let digest = &input.digest;
    run.emit(&Applied {
        schema: Tag::new(),
        generator: generator(),
        inputs: vec![InputRef::new(&digest.name, digest.bytes, digest.sha256)],
        digest: plan.digest.clone(),
        quarantine: None,
        done: outcome.done,
        bytes: outcome.bytes,
        gone: outcome.gone,
        kept: outcome.kept,
        manifest: PathText::new(path.as_os_str().as_bytes()),
        manifest_head: manifest.chain().head().clone(),
    })?;
    Ok(status)
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
