//! The environment, the host and the git checkout, read into values.

use std::fs;
use std::process::Command;

use allure_env::host::Host;
use allure_env::provenance::{Git, Vars};

/// The environment; a variable that is not UTF-8 is none of a CI system's.
pub fn vars() -> Vars {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The host's own files.
pub fn host() -> Host {
    let read = |path| fs::read_to_string(path).ok();
    Host {
        os_release: read("/etc/os-release"),
        kernel: read("/proc/sys/kernel/osrelease"),
        cpuinfo: read("/proc/cpuinfo"),
        meminfo: read("/proc/meminfo"),
        fips_enabled: read("/proc/sys/crypto/fips_enabled"),
        arch: std::env::consts::ARCH.to_owned(),
    }
}

/// The checkout that the tool runs in, or why there is none.
pub fn git() -> Result<Git, String> {
    let commit = git_says(&["rev-parse", "--verify", "HEAD"])?;
    let status = git_says(&["status", "--porcelain"]);
    Ok(Git {
        commit,
        branch: git_says(&["symbolic-ref", "--short", "HEAD"]).ok(),
        modified: status.ok().map(|text| !text.is_empty()),
        remote: git_says(&["remote", "get-url", "origin"]).ok(),
    })
}

/// What git prints, without the last newline; or its first line of complaint.
fn git_says(args: &[&str]) -> Result<String, String> {
    // The monitor is a command that the repository itself can name.
    let output = Command::new("git")
        .args(["-c", "core.fsmonitor=false"])
        .args(args)
        .env("GIT_OPTIONAL_LOCKS", "0")
        .output()
        .map_err(|error| format!("git cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    if stderr.contains("not a git repository") {
        return Err("there is no git repository here".to_owned());
    }
    let why = stderr.lines().next().unwrap_or("no reason given");
    Err(format!("git says: {}", why.trim_start_matches("fatal: ")))
}
