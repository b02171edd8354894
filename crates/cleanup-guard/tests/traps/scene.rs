//! What a trap consists of.

use crate::kit::Sandbox;

/// One trap.
#[derive(Clone, Copy)]
pub struct Scene {
    /// What it belongs to.
    pub theme: &'static str,
    /// A sentence.
    pub name: &'static str,
    /// Prepares the sandbox.
    pub make: fn(&Sandbox),
    /// What somebody asks to delete: below `root/`, or with `@` in front: from the sandbox,
    /// absolute.
    pub ask: &'static [&'static str],
    /// What happens between the plan and its application (for the others: before they start).
    pub between: Option<fn(&Sandbox)>,
    /// A shell line that mounts something in a namespace of its own, in the sandbox.
    pub mount: Option<&'static str>,
    /// The same, between the plan and its application.
    pub mount_between: Option<&'static str>,
    /// Must be there afterwards, exactly as before.
    pub survivors: &'static [&'static str],
    /// Must be gone after cleanup-guard: it is not a tool that refuses everything.
    pub gone: &'static [&'static str],
    /// Rules that must be named by the plan or by the report of its application.
    pub rules: &'static [&'static str],
    /// The working folder, in the sandbox.
    pub cwd: &'static str,
    /// Further variables of the environment; `@` is the sandbox.
    pub env: &'static [(&'static str, &'static str)],
}

/// A scene in which nothing happens yet.
pub const PLAIN: Scene = Scene {
    theme: "",
    name: "",
    make: |_| {},
    ask: &[],
    between: None,
    mount: None,
    mount_between: None,
    survivors: &[],
    gone: &[],
    rules: &[],
    cwd: "root",
    env: &[],
};
