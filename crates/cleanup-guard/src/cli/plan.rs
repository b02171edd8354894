//! `plan`: from a root and paths to the document.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::effects::dirs::Dirs;
use crate::effects::ground::Ground;
use crate::effects::list::Lister;
use crate::effects::search::{Search, search};
use crate::effects::surroundings;
use crate::effects::target::Target;
use crate::effects::walk::{Found, walk};
use cleanup_guard::document::{Head, Summary, Writer};
use cleanup_guard::profile;
use cleanup_guard::rules::{Below, below};
use contract::cleanup::{Refusal, Rule};
use contract::cleanup_plan::Policy;
use contract::{InputRef, PathText, Tag};
use plumb::{Failure, Out, Run, Source, Status};

use super::{Plan, about, generator, now_ms, process};

pub fn run(options: &Plan, run: &mut Run) -> Result<Status, Failure> {
    make(options, false, run)
}

/// Makes a plan; `purge`: of the deletion of a quarantine.
pub fn make(options: &Plan, purge: bool, run: &mut Run) -> Result<Status, Failure> {
    let profiles = profile::named(&options.profile).map_err(Failure::new)?;
    let (given, inputs) = operands(options, run)?;
    let root = std::fs::canonicalize(&options.root)
        .map_err(|error| Failure::io(options.root.display().to_string(), "cannot open", &error))?;
    if root == Path::new("/") {
        return Err(about(&options.root, "is /: name a folder that is smaller than everything"));
    }
    let bytes = root.as_os_str().as_bytes();
    let mut ground = open(&root, options)?;
    let mut lister = Lister::default();
    let written = std::path::absolute(&options.root).unwrap_or_default();
    let roots = [bytes, written.as_os_str().as_bytes()];
    let mut refused = Vec::new();
    let explicit = explicit(&given, &roots, &ground, &mut refused);
    let Search { targets: found, reviews, refused: unsearched } =
        search(&mut ground, &mut lister, &profiles);
    refused.extend(unsearched);
    let targets = outermost(explicit.into_iter().chain(found).collect());
    let now = now_ms();
    let head = Head {
        schema: Tag::new(),
        generator: generator(),
        inputs,
        root: PathText::new(bytes),
        root_identity: ground.dirs.root_seen().identity,
        created_ms: now,
        expires_ms: now.saturating_add(options.expires_in),
        policy: Policy {
            profiles: profiles.into_keys().collect(),
            targets: targets.iter().map(|target| PathText::new(&target.below.path)).collect(),
            purge,
            allowed_repositories: allowed(options).iter().map(|p| PathText::new(p)).collect(),
            given_root: PathText::new(bytes),
            outside: vec![],
            runtimes: vec![],
        },
        images: vec![],
    };
    let mut found = Search { targets, reviews, refused };
    write(&head, &mut found, &mut ground, &mut lister, run)
}

/// Writes the plan while the targets are walked.
fn write(
    head: &Head,
    found: &mut Search,
    ground: &mut Ground,
    lister: &mut Lister,
    run: &mut Run,
) -> Result<Status, Failure> {
    let out = run.out()?;
    let name = out.name();
    let failed = |error: io::Error| Failure::io(name.clone(), "cannot write", &error);
    let mut writer = Writer::begin(out, head).map_err(failed)?;
    found.refused.drain(..).for_each(|refusal| writer.refuse(refusal));
    found.reviews.drain(..).for_each(|review| writer.review(review));
    let progress = run.progress(found.targets.len() as u64);
    for target in &found.targets {
        progress.at(&String::from_utf8_lossy(&target.below.path));
        walk(ground, lister, target, &mut |found| match found {
            Found::Entry { path, seen, reason } => writer.entry(path, seen, reason),
            Found::Refused(refusal) => {
                writer.refuse(refusal);
                Ok(())
            }
        })
        .map_err(failed)?;
        progress.step();
    }
    drop(progress);
    let (out, summary) = writer.end().map_err(failed)?;
    close(out, &summary, run)
}

fn open(root: &Path, options: &Plan) -> Result<Ground, Failure> {
    let bytes = root.as_os_str().as_bytes();
    let around = surroundings::gather(bytes, &process()).map_err(Failure::new)?;
    let dirs = Dirs::open(bytes, true)
        .map_err(|error| Failure::io(root.display().to_string(), "cannot open", &error.into()))?;
    Ok(Ground::new(dirs, around, allowed(options)))
}

fn allowed(options: &Plan) -> BTreeSet<Vec<u8>> {
    let given = options.allow_repository.iter();
    given.filter_map(|p| below(p.as_os_str().as_bytes(), &[]).ok()).map(|b| b.path).collect()
}

fn operands(options: &Plan, run: &Run) -> Result<(Vec<Vec<u8>>, Vec<InputRef>), Failure> {
    let mut given: Vec<Vec<u8>> = options.paths.iter().map(|p| p.as_bytes().to_vec()).collect();
    let mut inputs = Vec::new();
    if let Some(list) = &options.files0_from {
        let input = run.read(&Source::from_operand(list))?;
        if input.bytes.is_empty() {
            return Err(input.failure("expected paths, each ended by NUL, found nothing"));
        }
        let text = input.bytes.strip_suffix(b"\0").unwrap_or(&input.bytes);
        // An empty name is not skipped: it is what an unset variable leaves.
        given.extend(text.split(|b| *b == 0).map(<[u8]>::to_vec));
        let digest = input.digest;
        inputs.push(InputRef::new(&digest.name, digest.bytes, digest.sha256));
    }
    if given.is_empty() && options.profile.is_empty() {
        return Err(Failure::new("nothing to plan: name a PATH, a --profile or --files0-from"));
    }
    Ok((given, inputs))
}

fn explicit(
    given: &[Vec<u8>],
    roots: &[&[u8]],
    ground: &Ground,
    refused: &mut Vec<Refusal>,
) -> Vec<Target> {
    let mut targets = Vec::new();
    for path in given {
        match below(path, roots) {
            Ok(below) => targets.push(Target { below, reason: "explicit".to_owned() }),
            Err(mut forbidden) => {
                if forbidden.rule == Rule::OutsideRoot {
                    let protected = &ground.around().protected;
                    forbidden = protected.by_path(&tidy(path)).unwrap_or(forbidden);
                }
                refused.push(Refusal::new(path, forbidden.rule, forbidden.reason));
            }
        }
    }
    targets
}

/// An absolute path with single slashes and none at its end.
fn tidy(path: &[u8]) -> Vec<u8> {
    let components = path.split(|b| *b == b'/').filter(|c| !c.is_empty() && *c != b".");
    let tidy = components.fold(Vec::new(), |path, component| [&path, component].join(&b'/'));
    if tidy.is_empty() { b"/".to_vec() } else { tidy }
}

/// Without what lies in another target, and each only once.
fn outermost(mut targets: Vec<Target>) -> Vec<Target> {
    targets.sort_by(|a, b| {
        let components = |t: &Target| -> Vec<Vec<u8>> {
            t.below.path.split(|b| *b == b'/').map(<[u8]>::to_vec).collect()
        };
        // A slash at the end can be a mistake: the path with it is the one that is looked at.
        components(a).cmp(&components(b)).then(b.below.slash.cmp(&a.below.slash))
    });
    let mut kept: Vec<Target> = Vec::new();
    for target in targets {
        let Below { path, .. } = &target.below;
        let inside = kept.last().is_some_and(|above| {
            let rest = path.strip_prefix(above.below.path.as_slice());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
        });
        if !inside {
            kept.push(target);
        }
    }
    kept
}

fn close(out: Out, summary: &Summary, run: &mut Run) -> Result<Status, Failure> {
    run.commit(out)?;
    for refusal in &summary.refused {
        let reason = format!("kept ({}): {}", refusal.rule.word(), refusal.reason);
        run.warn(Some(&shown(&refusal.path)), &reason);
    }
    for review in &summary.reviews {
        run.warn(Some(&shown(&review.path)), &format!("needs review: {}", review.reason));
    }
    Ok(Status::yes_if(summary.refused.is_empty() && summary.reviews.is_empty()))
}

/// An empty path must be seen.
fn shown(path: &str) -> String {
    if path.trim().is_empty() { format!("{path:?}") } else { path.to_owned() }
}
