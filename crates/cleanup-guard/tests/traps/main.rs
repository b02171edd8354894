//! Traps: things that tools for deleting are known to fall into, each in a sandbox of its own.
//!
//! Every scene is run against cleanup-guard as a test. With `TRAPS_TABLE=FILE` the same scenes are
//! run against `rm -rf`, `git clean -fdx` and Python's `shutil.rmtree`, and the table is written.

// A sandbox that cannot be made is no test: panicking names it at once.
#![allow(clippy::unwrap_used)]

#[path = "../kit/mod.rs"]
mod kit;

mod between;
mod contest;
mod git;
mod links;
mod mounts;
mod names;
mod paths;
mod repos;
mod scene;
mod table;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};
use scene::Scene;

fn scenes() -> Vec<Scene> {
    let themes = [
        paths::SCENES,
        links::SCENES,
        git::SCENES,
        repos::SCENES,
        between::SCENES,
        mounts::SCENES,
        names::SCENES,
    ];
    themes.concat()
}

fn main() -> ExitCode {
    if let Some(file) = std::env::var_os("TRAPS_TABLE") {
        table::write(&scenes(), file.as_ref());
        return ExitCode::SUCCESS;
    }
    let namespaces = contest::has_namespaces();
    let trials = scenes().into_iter().map(|scene| {
        let skipped = scene.mount.is_some() && !namespaces;
        Trial::test(format!("{}::{}", scene.theme, scene.name), move || {
            contest::guard_survives(&scene).map_err(Into::into)
        })
        .with_ignored_flag(skipped)
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
