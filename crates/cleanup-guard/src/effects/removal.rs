//! Works off the images of a plan: announces before and records after, as for its entries.

use std::io;

use cleanup_guard::chain::History;
use cleanup_guard::images::shown;
use cleanup_guard::profile::ImageItem;
use contract::PathText;
use contract::cleanup::Refusal;
use contract::cleanup_manifest::ManifestEvent;
use contract::cleanup_plan::Image;

use crate::effects::apply::Outcome;
use crate::effects::child::Hear;
use crate::effects::images;
use crate::effects::manifest::Manifest;

/// The images of a plan at work.
pub struct Removal<'a> {
    /// The images.
    pub images: &'a [Image],
    /// The number of the first: how many entries the plan has.
    pub first: u64,
    /// What the plan's profiles name.
    pub items: Vec<ImageItem>,
    /// What an interrupted run has done.
    pub before: Option<&'a History>,
    /// Hears of the programs that are run.
    pub hear: Hear<'a>,
}

impl Removal<'_> {
    /// Removes them. An error is the manifest's.
    pub fn run(&self, manifest: &mut Manifest, outcome: &mut Outcome) -> io::Result<()> {
        for (number, image) in (self.first..).zip(self.images) {
            let settled = |history: &History| {
                usize::try_from(number).ok().and_then(|at| history.settled.get(at)) == Some(&true)
            };
            if self.before.is_some_and(settled) {
                continue;
            }
            let announced = self.before.is_some_and(|history| number < history.announced);
            let entry = number;
            let path = PathText::new(shown(image.runtime, &image.name).as_bytes());
            if announced && !images::exists(image, self.hear) {
                outcome.gone += 1;
                manifest.add(ManifestEvent::GoneAfterIntent { entry, path })?;
                continue;
            }
            manifest.add(ManifestEvent::Intent { first: number, count: 1 })?;
            manifest.sync()?;
            match images::remove(image, &self.items, self.hear) {
                Ok(()) => {
                    outcome.done += 1;
                    outcome.bytes = outcome.bytes.saturating_add(image.bytes);
                    manifest.add(ManifestEvent::Deleted { entry, path })?;
                }
                Err(forbidden) => {
                    let (rule, reason) = (forbidden.rule, forbidden.reason);
                    let shown = path.path.clone();
                    let kept =
                        Refusal { path: shown, path_bytes: None, rule, reason: reason.clone() };
                    outcome.kept.push(kept);
                    manifest.add(ManifestEvent::Kept { entry, path, rule, reason })?;
                }
            }
        }
        Ok(())
    }
}
