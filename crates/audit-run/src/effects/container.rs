//! A container that holds the target still while commands are run in it.
//!
//! It is set up and never started: its name spaces and its file systems are there, and no process
//! of the image runs in it. So an image needs neither a shell nor anything else that could wait.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use audit_run::facts::Facts;
use plumb::{Failure, Run};

use super::enter::Place;
use super::lookup;
use super::podman::{Image, podman};
use super::target::Entry;

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
        let entry = Entry { place: Place::Container(pid), user: None };
        let env = image.config.env.iter().flatten();
        let env: BTreeMap<String, String> = env
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let facts = facts(image, &env);
        // From here on an error takes the container down again.
        let mut container = Self { id, root, env, facts, entry };
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
        let id = match podman(&args, run) {
            Ok(id) => id.trim().to_owned(),
            Err(why) => {
                refusals.push(why);
                continue;
            }
        };
        let pid = podman(&["init", "--", &id], run)
            .and_then(|_| podman(&["inspect", "--format={{.State.Pid}}", "--", &id], run))
            .and_then(|pid| {
                let pid = pid.trim().parse().ok().filter(|pid| *pid > 0);
                pid.ok_or_else(|| "podman names no process for it".to_owned())
            });
        match pid {
            Ok(pid) => return Ok((id, pid)),
            Err(why) => refusals.push(why),
        }
        let _ = podman(&["rm", "--force", "--time=0", "--", &id], run);
    }
    refusals.dedup();
    Err(format!("podman cannot set up a container: {}", refusals.join("; then: ")))
}

/// Runs podman where there is nobody left to tell.
fn quiet(args: &[&str]) -> std::io::Result<()> {
    duct::cmd("podman", args).stdin_null().stdout_null().stderr_null().unchecked().run()?;
    Ok(())
}

fn facts(image: &Image, env: &BTreeMap<String, String>) -> Facts {
    let config = &image.config;
    let known = [
        ("image.id", Some(image.id.clone())),
        ("image.digest", image.digest.clone()),
        ("image.architecture", image.architecture.clone()),
        ("image.user", config.user.clone().filter(|user| !user.is_empty())),
        ("image.entrypoint", config.entrypoint.as_ref().map(|words| words.join(" "))),
    ];
    let mut facts: Facts =
        known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    let named = |(name, value): (&String, &String)| (format!("image.env.{name}"), value.clone());
    facts.extend(env.iter().map(named));
    facts
}

/// User and group of `USER[:GROUP]`, by number or by name in the target's own tables.
fn resolve(user: &str, root: &Path) -> Result<(u32, u32), String> {
    let (user, group) = match user.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (user, None),
    };
    let table = |path: &str| {
        let mut text = String::new();
        let read = lookup::open(root, Path::new(path));
        let read = read.and_then(|file| file.take(1 << 20).read_to_string(&mut text));
        read.map(|_| text).unwrap_or_default()
    };
    let passwd = table("/etc/passwd");
    let entry = passwd
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.len() >= 4 && (fields[0] == user || fields[2] == user));
    let number = |text: &str| text.parse::<u32>().ok();
    let (uid, own) = match (&entry, user) {
        (Some(fields), _) => (number(fields[2]), number(fields[3])),
        (None, "") => (Some(0), Some(0)),
        (None, user) => (number(user), Some(0)),
    };
    let gid = match group {
        None => own,
        Some(group) => number(group).or_else(|| {
            let groups = table("/etc/group");
            let mut lines = groups.lines().map(|line| line.split(':').collect::<Vec<_>>());
            number(lines.find(|fields| fields.len() >= 3 && fields[0] == group)?[2])
        }),
    };
    uid.zip(gid)
        .ok_or_else(|| format!("the image wants to be run as {user:?}, whom it does not know"))
}
