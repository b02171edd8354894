//! What a container runtime is asked for.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::Duration;

use audit_run::facts::Facts;
use audit_run::ran::{End, Ran};
use plumb::{Event, Failure, Run};
use serde::Deserialize;

use super::interrupt::Interrupt;
use super::process::Command;
use super::target::SEARCH;

/// How long a runtime may take for one request.
const TIMEOUT: Duration = Duration::from_secs(120);

/// What an image says of itself, as far as it matters here.
#[derive(Debug, Deserialize)]
pub struct Image {
    #[serde(rename = "Id")]
    pub id: String,
    #[serde(rename = "Digest")]
    digest: Option<String>,
    #[serde(rename = "RepoDigests")]
    repo_digests: Option<Vec<String>>,
    #[serde(rename = "Architecture")]
    pub architecture: Option<String>,
    #[serde(rename = "Config")]
    pub config: ImageConfig,
}

impl Image {
    /// Its digest, where it has one: podman says it, docker says it of the places it came from.
    pub fn digest(&self) -> Option<String> {
        let places = self.repo_digests.iter().flatten();
        let first = || places.filter_map(|place| place.split_once('@')).next();
        self.digest.clone().or_else(|| first().map(|(_, digest)| digest.to_owned()))
    }

    /// The variables it wants in the environment of its commands.
    pub fn env(&self) -> BTreeMap<String, String> {
        let pairs = self.config.env.iter().flatten().filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    /// What is known of it.
    pub fn facts(&self) -> Facts {
        let config = &self.config;
        let known = [
            ("image.id", Some(self.id.clone())),
            ("image.digest", self.digest()),
            ("image.architecture", self.architecture.clone()),
            ("image.user", config.user.clone().filter(|user| !user.is_empty())),
            ("image.entrypoint", config.entrypoint.as_ref().map(|words| words.join(" "))),
        ];
        let named =
            self.env().into_iter().map(|(name, value)| (format!("image.env.{name}"), value));
        let known = known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        let labels = config.labels.iter().flatten();
        let labels = labels.map(|(name, value)| (format!("image.label.{name}"), value.to_owned()));
        known.chain(named).chain(labels).collect()
    }
}

/// How an image wants to be run. What it leaves open is the runtime's choice.
#[derive(Debug, Deserialize)]
pub struct ImageConfig {
    #[serde(rename = "User")]
    pub user: Option<String>,
    #[serde(rename = "Env")]
    pub env: Option<Vec<String>>,
    #[serde(rename = "Entrypoint")]
    pub entrypoint: Option<Vec<String>>,
    #[serde(rename = "Labels")]
    pub labels: Option<BTreeMap<String, String>>,
}

/// A container runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runtime {
    Podman,
    Docker,
}

impl Runtime {
    /// Its command.
    pub fn command(self) -> &'static str {
        match self {
            Self::Podman => "podman",
            Self::Docker => "docker",
        }
    }
}

/// Runs `runtime` with `args`; gives what it prints. What it complains of is the failure.
pub fn ask(runtime: Runtime, args: &[&str], run: &Run) -> Result<String, String> {
    let name = runtime.command();
    let argv: Vec<String> = [name].iter().chain(args).map(|&arg| arg.to_owned()).collect();
    run.say(&Event::ChildStarted { argv: &argv });
    let inherited = [
        // These three say that podman is inside its own name space: `podman unshare` sets them.
        "_CONTAINERS_USERNS_CONFIGURED",
        "_CONTAINERS_ROOTLESS_UID",
        "_CONTAINERS_ROOTLESS_GID",
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_RUNTIME_DIR",
        "DOCKER_HOST",
        "DOCKER_CONFIG",
        "DOCKER_CONTEXT",
        "CONTAINERS_CONF",
        "CONTAINERS_STORAGE_CONF",
        "TMPDIR",
    ];
    let mut env: BTreeMap<OsString, OsString> = inherited
        .into_iter()
        .filter_map(|name| Some((name.into(), std::env::var_os(name)?)))
        .collect();
    env.insert("PATH".into(), std::env::var_os("PATH").unwrap_or_else(|| SEARCH.into()));
    let argv = argv.into_iter().map(OsString::from).collect();
    let command = Command { argv, env, dir: "/".into(), stdin: None, timeout: TIMEOUT };
    // Being asked to stop must not keep a container from being removed.
    let running = command
        .start(&Interrupt::default())
        .map_err(|error| Failure::io(name, "cannot be run", &error).message)?;
    let Ran { end, stdout, stderr, duration_ms } = running.finish();
    run.say(&Event::ChildEnded { command: name, outcome: &end.to_string(), duration_ms });
    if end == End::Exit(0) {
        return Ok(String::from_utf8_lossy(&stdout.bytes).into_owned());
    }
    let stderr = String::from_utf8_lossy(&stderr.bytes);
    // The last line names the cause; what stands before it is the way there.
    let line = stderr.lines().map(str::trim).rfind(|line| !line.is_empty());
    Err(line.map_or_else(|| end.to_string(), |line| line.trim_start_matches("Error: ").to_owned()))
}

/// The image of that name, which has to be here already.
pub fn image(runtime: Runtime, name: &str, run: &Run) -> Result<Image, Failure> {
    let command = runtime.command();
    let failure = |why: String| Failure::new(why).at(name);
    let text = ask(runtime, &["image", "inspect", "--", name], run).map_err(|why| {
        // Answers only where the runtime itself does: a client without its daemon is no runtime.
        failure(match ask(runtime, &["version"], run) {
            Err(why) => format!("{command} {why} (install and start it, or use rootfs:DIR)"),
            Ok(_) => format!(
                "{command} does not know this image: {why} (build it, or `{command} pull` it)"
            ),
        })
    })?;
    let images: Vec<Image> = serde_json::from_str(&text).map_err(|error| {
        failure(format!("{command} describes this image in an unknown way: {error}"))
    })?;
    images.into_iter().next().ok_or_else(|| failure(format!("{command} knows no such image")))
}
