//! What podman is asked for.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::time::Duration;

use audit_run::ran::{End, Ran};
use plumb::{Event, Failure, Run};
use serde::Deserialize;

use super::interrupt::Interrupt;
use super::process::Command;
use super::target::SEARCH;

/// How long podman may take for one request.
const TIMEOUT: Duration = Duration::from_secs(120);

/// What an image says of itself, as far as it matters here.
#[derive(Debug, Deserialize)]
pub struct Image {
    #[serde(rename = "Id")]
    pub id: String,
    #[serde(rename = "Digest")]
    pub digest: Option<String>,
    #[serde(rename = "Architecture")]
    pub architecture: Option<String>,
    #[serde(rename = "Config")]
    pub config: ImageConfig,
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
}

/// Runs podman with `args`; gives what it prints. What it complains of is the failure.
pub fn podman(args: &[&str], run: &Run) -> Result<String, String> {
    let argv: Vec<String> = ["podman"].iter().chain(args).map(|&arg| arg.to_owned()).collect();
    run.say(&Event::ChildStarted { argv: &argv });
    let inherited =
        ["HOME", "XDG_RUNTIME_DIR", "CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF", "TMPDIR"];
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
        .map_err(|error| Failure::io("podman", "cannot be run", &error).message)?;
    let Ran { end, stdout, stderr, duration_ms } = running.finish();
    run.say(&Event::ChildEnded { command: "podman", outcome: &format!("{end:?}"), duration_ms });
    if end == End::Exit(0) {
        return Ok(String::from_utf8_lossy(&stdout.bytes).into_owned());
    }
    let stderr = String::from_utf8_lossy(&stderr.bytes);
    // The last line names the cause; what stands before it is the way there.
    let line = stderr.lines().map(str::trim).rfind(|line| !line.is_empty());
    Err(line
        .map_or_else(|| format!("{end:?}"), |line| line.trim_start_matches("Error: ").to_owned()))
}

/// The image of that name, which has to be here already.
pub fn image(name: &str, run: &Run) -> Result<Image, Failure> {
    let failure = |why: String| Failure::new(why).at(name);
    if let Err(why) = podman(&["--version"], run) {
        return Err(failure(format!("podman {why} (install podman, or use rootfs:DIR)")));
    }
    if name.starts_with('-') {
        return Err(failure("expected an image, found an option".to_owned()));
    }
    let text = podman(&["image", "inspect", "--", name], run).map_err(|why| {
        failure(format!("podman does not know this image: {why} (build it, or `podman pull` it)"))
    })?;
    let images: Vec<Image> = serde_json::from_str(&text).map_err(|error| {
        failure(format!("podman describes this image in an unknown way: {error}"))
    })?;
    images.into_iter().next().ok_or_else(|| failure("podman knows no such image".to_owned()))
}
