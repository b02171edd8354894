//! Asks docker and podman for images, and has them removed.

use std::io;
use std::time::Duration;

use cleanup_guard::images::{Inspected, is_id, item, judge, program, proven, same, shown};
use cleanup_guard::profile::ImageItem;
use cleanup_guard::rules::Forbidden;
use contract::cleanup::{Refusal, Rule};
use contract::cleanup_plan::{Image, Review, Runtime};

use crate::effects::child::{Ended, Hear, run};

/// A question that is not answered in this time is given up.
const QUESTION: Duration = Duration::from_secs(60);

/// Removing takes longer.
const REMOVAL: Duration = Duration::from_secs(600);

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Who answered.
    pub runtimes: Vec<Runtime>,
    /// What may go.
    pub images: Vec<Image>,
    /// What has the name and no proof.
    pub reviews: Vec<Review>,
    /// What must stay.
    pub refused: Vec<Refusal>,
    /// Who is installed and did not answer, and why.
    pub silent: Vec<(Runtime, String)>,
}

/// Looks for images that `items` name, wherever there is a program that keeps images.
pub fn find(items: &[ImageItem], profile: &str, hear: Hear<'_>) -> Found {
    let mut found = Found::default();
    for runtime in [Runtime::Docker, Runtime::Podman] {
        let asked = Asked { runtime, hear };
        match asked.inspect_named(items) {
            Ok(images) => {
                found.runtimes.push(runtime);
                images.iter().for_each(|image| asked.sort(image, items, profile, &mut found));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => found.silent.push((runtime, error.to_string())),
        }
    }
    found
}

/// Removes `image`, if it still is what was planned and nothing holds it.
pub fn remove(image: &Image, items: &[ImageItem], hear: Hear<'_>) -> Result<(), Forbidden> {
    let asked = Asked { runtime: image.runtime, hear };
    if !is_id(&image.id) {
        return Err(Forbidden::new(Rule::Changed, "its id is none: make a new plan"));
    }
    let found = asked.inspect(&[&image.id]).map_err(|error| refused(&error))?;
    let [found] = &found[..] else {
        return Err(Forbidden::new(Rule::Gone, "it is not there any more"));
    };
    same(image, found)?;
    let ours = item(items, &image.name).is_some_and(|item| proven(found, item));
    if !ours {
        return Err(Forbidden::new(Rule::OutsideRoot, "it is none of the profile's images"));
    }
    let containers = asked.containers(&image.id).map_err(|error| refused(&error))?;
    judge(found, &image.name, &containers)?;
    // By its id and not by force: an image that got a container or a second name at this moment is
    // refused by the runtime. What it was built on stays.
    let ended = asked.run(&["image", "rm", "--no-prune", &image.id], REMOVAL);
    let ended = ended.map_err(|error| refused(&error))?;
    if !ended.success {
        return Err(Forbidden::new(Rule::SystemRefused, ended.complaint));
    }
    match asked.inspect(&[&image.id]) {
        Ok(left) if left.is_empty() => Ok(()),
        Ok(_) => Err(Forbidden::new(Rule::SystemRefused, "it is still there after its removal")),
        Err(error) => Err(refused(&error)),
    }
}

/// Whether the image is there.
pub fn exists(image: &Image, hear: Hear<'_>) -> bool {
    let asked = Asked { runtime: image.runtime, hear };
    !is_id(&image.id) || !matches!(asked.inspect(&[&image.id]), Ok(found) if found.is_empty())
}

fn refused(error: &io::Error) -> Forbidden {
    Forbidden::new(Rule::SystemRefused, error.to_string())
}

/// A runtime that is asked.
struct Asked<'a> {
    runtime: Runtime,
    hear: Hear<'a>,
}

impl Asked<'_> {
    fn run(&self, args: &[&str], patience: Duration) -> io::Result<Ended> {
        let line: Vec<String> =
            [program(self.runtime)].iter().chain(args).map(|word| (*word).to_owned()).collect();
        run(&line, patience, self.hear)
    }

    fn ask(&self, args: &[&str]) -> io::Result<String> {
        let ended = self.run(args, QUESTION)?;
        if !ended.success {
            return Err(io::Error::other(ended.complaint));
        }
        String::from_utf8(ended.stdout).map_err(|_| io::Error::other("its answer is not UTF-8"))
    }

    /// The images that have a name which one of `items` is about.
    fn inspect_named(&self, items: &[ImageItem]) -> io::Result<Vec<Inspected>> {
        let format = "{{.ID}} {{.Repository}}:{{.Tag}}";
        let listed = self.ask(&["image", "ls", "--no-trunc", "--format", format])?;
        let lines = listed.lines().filter_map(|line| line.split_once(' '));
        let named = lines.filter(|(_, name)| item(items, name).is_some());
        let mut ids: Vec<&str> = named.map(|(id, _)| id).filter(|id| is_id(id)).collect();
        ids.sort_unstable();
        ids.dedup();
        self.inspect(&ids)
    }

    /// What there is of the images with these ids.
    fn inspect(&self, ids: &[&str]) -> io::Result<Vec<Inspected>> {
        let mut found = Vec::new();
        for id in ids {
            let ended = self.run(&["image", "inspect", id], QUESTION)?;
            if !ended.success {
                let complaint = ended.complaint.to_lowercase();
                let unknown = ["no such", "not known", "not found", "does not exist"];
                if unknown.iter().any(|words| complaint.contains(words)) {
                    continue;
                }
                return Err(io::Error::other(ended.complaint));
            }
            let answer: Vec<Inspected> = serde_json::from_slice(&ended.stdout)
                .map_err(|error| io::Error::other(format!("its answer is odd: {error}")))?;
            found.extend(answer);
        }
        Ok(found)
    }

    fn containers(&self, id: &str) -> io::Result<Vec<String>> {
        let ancestor = format!("ancestor={id}");
        let listed = self.ask(&["ps", "--all", "--quiet", "--no-trunc", "--filter", &ancestor])?;
        Ok(listed.split_whitespace().map(str::to_owned).collect())
    }

    /// Puts the image where it belongs.
    fn sort(&self, image: &Inspected, items: &[ImageItem], profile: &str, found: &mut Found) {
        let named = image.names().iter().find_map(|name| Some((name, item(items, name)?)));
        let Some((name, item)) = named else { return };
        let path = shown(self.runtime, name);
        if !proven(image, item) {
            let reason = format!(
                "nothing proves that this project made it (looked for the label {}): remove it \
                 with {} if it is to go",
                item.label,
                program(self.runtime)
            );
            let profile = profile.to_owned();
            found.reviews.push(Review { path, path_bytes: None, profile, reason });
            return;
        }
        let containers = self.containers(&image.id).map_err(|error| refused(&error));
        if let Err(Forbidden { rule, reason }) =
            containers.and_then(|containers| judge(image, name, &containers))
        {
            found.refused.push(Refusal { path, path_bytes: None, rule, reason });
            return;
        }
        // docker can be another name of podman.
        if found.images.iter().any(|other| same(other, image).is_ok()) {
            return;
        }
        found.images.push(Image {
            runtime: self.runtime,
            id: image.id.clone(),
            name: name.clone(),
            created: image.created.clone(),
            bytes: image.size,
            reason: format!("profile {profile}: label {}", item.label),
        });
    }
}
