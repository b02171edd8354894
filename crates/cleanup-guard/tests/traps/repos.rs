//! Repositories that belong to others: worktrees, submodules, and what the environment says of them.

use std::fs;

use crate::kit::Sandbox;
use crate::scene::{PLAIN, Scene};

const T: Scene = Scene {
    theme: "git",
    ask: &["build"],
    survivors: &["root/build/lib"],
    gone: &["root/build/a"],
    rules: &["nested_repository"],
    ..PLAIN
};

fn repo(s: &Sandbox) {
    s.repo("root", &[]);
    s.file("root/.gitignore", "/build/\n");
    s.file("root/build/a", "a");
}

fn tracked(s: &Sandbox) {
    repo(s);
    s.file("root/build/kept", "k");
    s.git("root", &["add", "-f", "build/kept"]);
}

fn submodule(s: &Sandbox) {
    repo(s);
    s.repo("lib", &[]);
    s.git("root", &["submodule", "--quiet", "add", "-f", "../lib", "build/lib"]);
    s.git("root", &["commit", "-qm", "two"]);
}

const TRACKED: Scene =
    Scene { survivors: &["root/build/kept"], rules: &["git_tracked"], make: tracked, ..T };

pub const SCENES: &[Scene] = &[
    Scene {
        name: "a worktree in a worktree",
        make: |s| {
            s.repo("main", &[]);
            s.git("main", &["worktree", "add", "-q", "../root"]);
            s.file("root/build/a", "a");
            s.git("root", &["worktree", "add", "-q", "build/lib", "-b", "inner"]);
            s.file("root/build/lib/unsaved", "work of a day");
        },
        survivors: &["root/build/lib", "main"],
        ..T
    },
    Scene {
        name: "objects that another repository borrows",
        make: |s| {
            repo(s);
            s.repo("lib", &[]);
            s.git("", &["clone", "-q", "--bare", "lib", "root/build/lib"]);
            s.git("", &["clone", "-q", "--shared", "root/build/lib", "borrower"]);
        },
        survivors: &["root/build/lib", "borrower"],
        ..T
    },
    Scene {
        name: "objects that the repository around borrows, and nothing else of a repository",
        make: |s| {
            repo(s);
            s.repo("lib", &[]);
            s.folder("root/build/store");
            fs::rename(s.path("lib/.git/objects"), s.path("root/build/store/objects")).unwrap();
            s.file("root/.git/objects/info/alternates", "../../build/store/objects\n");
        },
        survivors: &["root/build"],
        gone: &[],
        rules: &["git_folder"],
        ..T
    },
    Scene {
        name: "a part of what a repository on the way borrows",
        make: |s| {
            s.repo("root/lib", &[]);
            s.file("root/lib/build/store/aa/object", "o");
            s.file("root/lib/build/a", "a");
            s.file("root/lib/.git/objects/info/alternates", "../../build/store\n");
        },
        ask: &["lib/build/store/aa", "lib/build/a"],
        survivors: &["root/lib/build/store"],
        gone: &["root/lib/build/a"],
        rules: &["git_folder"],
        ..T
    },
    Scene {
        name: "a submodule of which little is checked out",
        make: |s| {
            submodule(s);
            s.git("root/build/lib", &["sparse-checkout", "set", "--cone", "none"]);
            s.file("root/build/lib/unsaved", "work of a day");
        },
        rules: &["git_tracked"],
        ..T
    },
    Scene {
        name: "a submodule that is not checked out at all",
        make: |s| {
            submodule(s);
            s.git("root", &["submodule", "--quiet", "deinit", "-f", "build/lib"]);
        },
        rules: &["git_tracked"],
        ..T
    },
    Scene {
        name: "a tracked file that git was told not to look at",
        make: |s| {
            tracked(s);
            s.git("root", &["update-index", "--skip-worktree", "build/kept"]);
            s.file("root/build/kept", "settings of this machine");
        },
        ..TRACKED
    },
    Scene {
        name: "a folder with an empty .git",
        make: |s| {
            repo(s);
            s.folder("root/build/lib/.git");
            s.file("root/build/lib/unsaved", "work of a day");
        },
        ..T
    },
    Scene {
        name: "settings of git in the environment",
        make: |s| {
            tracked(s);
            s.file("hook", "#!/bin/sh\nrm -rf \"$(dirname \"$0\")/other\"\n");
            s.mode("hook", 0o755);
            s.file("other/precious", "p");
        },
        env: &[
            ("GIT_CONFIG_COUNT", "1"),
            ("GIT_CONFIG_KEY_0", "core.fsmonitor"),
            ("GIT_CONFIG_VALUE_0", "@/hook"),
        ],
        survivors: &["root/build/kept", "other"],
        ..TRACKED
    },
    Scene {
        name: "a variable that hides the repository above",
        make: |s| {
            s.git("", &["init", "-q"]);
            s.file("root/build/kept", "k");
            s.file("root/build/a", "a");
            s.git("", &["add", "-f", "root/build/kept"]);
        },
        env: &[("GIT_CEILING_DIRECTORIES", "@")],
        ..TRACKED
    },
    Scene {
        name: "an index that somebody is about to write",
        make: |s| {
            tracked(s);
            s.file("root/.git/index.lock", "");
        },
        survivors: &["root/build/kept", "root/.git"],
        ..TRACKED
    },
];
