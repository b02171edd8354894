//! `plan`: from a root and paths to the document.

use std::collections::BTreeMap;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use cleanup_guard::document::{Head, Summary, Writer};
use cleanup_guard::images::{program, shown};
use cleanup_guard::profile::{self, Profile};
use contract::cleanup_plan::{PlanTotals, Policy};
use contract::{PathText, Tag};
use plumb::{Event, Failure, Out, Run, Status};

use super::operands::{self, Reach, admitted, allowed, explicit, outermost};
use super::{Plan, about, generator, hear, now_ms, process};
use crate::effects::dirs::Dirs;
use crate::effects::ground::Ground;
use crate::effects::images::{Found as Images, find};
use crate::effects::list::Lister;
use crate::effects::search::{Search, search};
use crate::effects::surroundings;
use crate::effects::walk::{Found, walk};

pub fn run(options: &Plan, run: &mut Run) -> Result<Status, Failure> {
    make(options, false, run)
}

/// Makes a plan; `purge`: of the deletion of a quarantine.
pub fn make(options: &Plan, purge: bool, run: &mut Run) -> Result<Status, Failure> {
    let profiles = profile::named(&options.profile).map_err(Failure::new)?;
    let (given, inputs) = operands::read(options, run)?;
    let root = std::fs::canonicalize(&options.root)
        .map_err(|error| Failure::io(options.root.display().to_string(), "cannot open", &error))?;
    if root == Path::new("/") {
        return Err(about(&options.root, "is /: name a folder that is smaller than everything"));
    }
    let written = std::path::absolute(&options.root).unwrap_or_default();
    let bytes = |path: &Path| path.as_os_str().as_bytes().to_vec();
    let reach = Reach::new(bytes(&root), bytes(&written), &given, options.allow_outside_root);
    let mut ground = open(&reach, &reach.root, options)?;
    let mut refused = Vec::new();
    let explicit = explicit(&given, &reach, &ground, &mut refused);
    let Search { targets: found, mut reviews, refused: unsearched } =
        searched(&reach, options, &profiles)?;
    refused.extend(unsearched);
    let targets = outermost(explicit.into_iter().chain(found).collect());
    let targets = admitted(targets, &reach, &mut ground, &mut refused);
    let images = images(&profiles, run);
    refused.extend(images.refused);
    reviews.extend(images.reviews);
    let texts = |paths: Vec<Vec<u8>>| paths.iter().map(|path| PathText::new(path)).collect();
    let now = now_ms();
    let head = Head {
        schema: Tag::new(),
        generator: generator(),
        inputs,
        root: PathText::new(&reach.root),
        root_identity: ground.dirs.root_seen().identity,
        created_ms: now,
        expires_ms: now.saturating_add(options.expires_in),
        policy: Policy {
            profiles: profiles.into_keys().collect(),
            targets: targets.iter().map(|target| PathText::new(&target.below.path)).collect(),
            purge,
            allowed_repositories: texts(allowed(options, &reach).into_iter().collect()),
            given_root: PathText::new(&reach.given),
            outside: texts(reach.outside(&targets)),
            runtimes: images.runtimes,
        },
        images: images.images,
    };
    let mut found = Search { targets, reviews, refused };
    write(&head, &mut found, &mut ground, run)
}

/// Writes the plan while the targets are walked.
fn write(
    head: &Head,
    found: &mut Search,
    ground: &mut Ground,
    run: &mut Run,
) -> Result<Status, Failure> {
    let mut lister = Lister::default();
    let out = run.out()?;
    let name = out.name();
    let failed = |error: io::Error| Failure::io(name.clone(), "cannot write", &error);
    let mut writer = Writer::begin(out, head).map_err(failed)?;
    found.refused.drain(..).for_each(|refusal| writer.refuse(refusal));
    found.reviews.drain(..).for_each(|review| writer.review(review));
    let progress = run.progress(found.targets.len() as u64);
    for target in &found.targets {
        progress.at(&String::from_utf8_lossy(&target.below.path));
        walk(ground, &mut lister, target, &mut |found| match found {
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
    let said = |path: &str, reason: &str| {
        run.say(&Event::StageEnded { stage: &format!("planned {path}"), outcome: reason });
    };
    for target in &found.targets {
        said(&String::from_utf8_lossy(&target.below.path), &target.reason);
    }
    for image in &head.images {
        said(&shown(image.runtime, &image.name), &image.reason);
    }
    close(out, &summary, run)
}

fn open(reach: &Reach, root: &[u8], options: &Plan) -> Result<Ground, Failure> {
    let shown = || String::from_utf8_lossy(root).into_owned();
    let around = surroundings::gather(root, &reach.given, &process()).map_err(Failure::new)?;
    let dirs = Dirs::open(root, true)
        .map_err(|error| Failure::io(shown(), "cannot open", &error.into()))?;
    Ok(Ground::new(dirs, around, allowed(options, reach)))
}

/// What the profiles find below the folder that was named as the root.
fn searched(
    reach: &Reach,
    options: &Plan,
    profiles: &BTreeMap<String, Profile>,
) -> Result<Search, Failure> {
    let mut ground = open(reach, &reach.given, options)?;
    let mut found = search(&mut ground, &mut Lister::default(), profiles);
    for target in &mut found.targets {
        target.below.path = reach.prefixed(std::mem::take(&mut target.below.path));
    }
    Ok(found)
}

/// The images that the profiles find.
fn images(profiles: &BTreeMap<String, Profile>, run: &Run) -> Images {
    let hear = hear(run);
    let wanted = profiles.iter().find(|(_, profile)| !profile.image.is_empty());
    let Some((name, profile)) = wanted else { return Images::default() };
    let found = find(&profile.image, name, &hear);
    for (runtime, why) in &found.silent {
        let message = format!("its images are not in the plan: {why}");
        run.warn(Some(program(*runtime)), &message);
    }
    found
}

fn close(out: Out, summary: &Summary, run: &mut Run) -> Result<Status, Failure> {
    run.commit(out)?;
    let PlanTotals { entries, bytes, images, .. } = summary.totals;
    let outcome =
        format!("{entries} entries ({bytes} bytes) and {images} images, digest {}", summary.digest);
    run.say(&Event::StageEnded { stage: "planned", outcome: &outcome });
    for refusal in &summary.refused {
        let reason = format!("kept ({}): {}", refusal.rule.word(), refusal.reason);
        run.warn(Some(&visible(&refusal.path)), &reason);
    }
    for review in &summary.reviews {
        run.warn(Some(&visible(&review.path)), &format!("needs review: {}", review.reason));
    }
    Ok(Status::yes_if(summary.refused.is_empty() && summary.reviews.is_empty()))
}

/// An empty path must be seen.
fn visible(path: &str) -> String {
    if path.trim().is_empty() { format!("{path:?}") } else { path.to_owned() }
}
