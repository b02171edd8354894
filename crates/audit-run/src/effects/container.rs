//! A container that holds the target still while commands are run in it.
//!
//! It is set up and never started: its name spaces and its file systems are there, and no process
//! of the image runs in it. So an image needs neither a shell nor anything else that could wait.

use std::collections::BTreeMap;
use std::path::PathBuf;

use audit_run::facts::Facts;
use plumb::{Failure, Run};

use super::confine;
use super::enter::Place;
use super::runtime::{Image, Runtime, ask};
use super::target::Entry;
use super::user::resolve;

/// Where private folders are, in the container: the only place of it that can be written to.
pub const WORK: &str = "/run/proofline";

/// How the container is set up: nothing can be written, reached or gained.
const CONFINED: [&str; 15] = [
    "create",
    "--pull=never",
    "--read-only",
    "--network=none",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
    "--pids-limit=256",
    "--memory=1g",
    "--ulimit=nofile=1024:4096",
    "--ulimit=nproc=1000:1000",
    "--tmpfs=/run/proofline:rw,size=256m,mode=1777",
    "--read-only-tmpfs=true",
    "--label=proofline=audit-run",
    // Runtimes want a command that exists. It is never started, so the one file that every container
    // has, whatever its image, will do.
    "--entrypoint=[\"/proc/self/exe\"]",
    "--",
];

/// Runtimes, in the order in which they are tried; the first is podman's own choice.
const RUNTIMES: [Option<&str>; 3] = [None, Some("--runtime=runc"), Some("--runtime=crun")];

/// A container that is up. It is removed with this value.
pub struct Container {
    id: String,
    /// Its root, as this process sees it.
    pub root: PathBuf,
    /// The image's variables.
    pub env: BTreeMap<String, String>,
    /// What is known of the image.
    pub facts: Facts,
    /// The way in.
    pub entry: Entry,
}

impl Container {
    /// Brings one up for `image`, which is called `name`.
    pub fn up(name: &str, image: &Image, run: &Run) -> Result<Self, Failure> {
        let failure = |why: String| Failure::new(why).at(name);
        let (id, pid) = init(&image.id, run).map_err(failure)?;
        let root = PathBuf::from(format!("/proc/{pid}/root"));
        let control_groups = confine::control_groups(pid);
        let filter = image.architecture.as_deref().is_some_and(confine::filters);
        let mut facts = image.facts();
        facts.insert("confined.by_control_groups".into(), names(control_groups.keys()));
        facts.insert("confined.by_call_filter".into(), filter.to_string());
        let control_groups = control_groups.into_values().collect();
        let entry = Entry { place: Place::Container { pid, control_groups }, user: None, filter };
        // From here on an error takes the container down again.
        let mut container = Self { id, root, env: image.env(), facts, entry };
        let user = image.config.user.as_deref().unwrap_or_default();
        let user = resolve(user, &container.root).map_err(failure)?;
        container.facts.insert("user.uid".into(), user.0.to_string());
        container.entry.user = Some(user);
        Ok(container)
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        let _ = quiet(&["rm", "--force", "--time=0", "--", &self.id]);
    }
}

/// A container of that image that is set up: its id and the process that holds its name spaces.
fn init(image: &str, run: &Run) -> Result<(String, i32), String> {
    let mut refusals = Vec::new();
    for runtime in RUNTIMES {
        let args: Vec<&str> = runtime.into_iter().chain(CONFINED).chain([image]).collect();
        let id = match ask(Runtime::Podman, &args, run) {
            Ok(id) => id.trim().to_owned(),
            Err(why) => {
                refusals.push(why);
                continue;
            }
        };
        let pid = ask(Runtime::Podman, &["init", "--", &id], run)
            .and_then(|_| {
                ask(Runtime::Podman, &["inspect", "--format={{.State.Pid}}", "--", &id], run)
            })
            .and_then(|pid| {
                let pid = pid.trim().parse().ok().filter(|pid| *pid > 0);
                pid.ok_or_else(|| "podman names no process for it".to_owned())
            });
        match pid {
            Ok(pid) => return Ok((id, pid)),
            Err(why) => refusals.push(why),
        }
        let _ = ask(Runtime::Podman, &["rm", "--force", "--time=0", "--", &id], run);
    }
    refusals.dedup();
    Err(format!("podman cannot set up a container: {}", refusals.join("; then: ")))
}

fn names<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<&str> = names.map(String::as_str).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// Runs podman where there is nobody left to tell.
fn quiet(args: &[&str]) -> std::io::Result<()> {
    duct::cmd("podman", args).stdin_null().stdout_null().stderr_null().unchecked().run()?;
    Ok(())
}
