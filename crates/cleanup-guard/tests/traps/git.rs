//! What git knows, and repositories where nobody expects them.

use std::fs;

use crate::kit::Sandbox;
use crate::scene::{PLAIN, Scene};

const T: Scene = Scene { theme: "git", ask: &["build"], ..PLAIN };

fn repo(s: &Sandbox) {
    s.repo("root", &[]);
    s.file("root/.gitignore", "/build/\n");
    s.file("root/build/a", "a");
}

fn with_tracked(s: &Sandbox) {
    repo(s);
    s.file("root/build/kept", "k");
    s.git("root", &["add", "-f", "build/kept"]);
}

fn nested(s: &Sandbox, more: &[&str]) {
    repo(s);
    s.repo("root/build/lib", more);
    s.file("root/build/lib/unsaved", "work of a day");
}

const TRACKED: Scene = Scene {
    survivors: &["root/build/kept", "root/tracked.txt"],
    gone: &["root/build/a"],
    rules: &["git_tracked"],
    ..T
};

const NESTED: Scene = Scene {
    survivors: &["root/build/lib"],
    gone: &["root/build/a"],
    rules: &["nested_repository"],
    ..T
};

pub const SCENES: &[Scene] = &[
    Scene {
        name: "a tracked file in an ignored folder",
        make: |s| {
            with_tracked(s);
            s.git("root", &["commit", "-qm", "two"]);
        },
        ..TRACKED
    },
    Scene { name: "a file that is added and not committed", make: with_tracked, ..TRACKED },
    Scene {
        name: "a tracked file that is named itself",
        make: with_tracked,
        ask: &["build/kept", "build/a"],
        ..TRACKED
    },
    Scene {
        name: "an index of version 4",
        make: |s| {
            with_tracked(s);
            s.git("root", &["update-index", "--index-version", "4"]);
        },
        ..TRACKED
    },
    Scene {
        name: "a split index",
        make: |s| {
            with_tracked(s);
            s.git("root", &["update-index", "--split-index"]);
            s.file("root/build/later", "l");
            s.git("root", &["add", "-f", "build/later"]);
        },
        survivors: &["root/build/kept", "root/build/later"],
        ..TRACKED
    },
    Scene {
        name: "an index without a checksum",
        make: |s| {
            repo(s);
            s.file("root/build/kept", "k");
            s.git("root", &["-c", "index.skipHash=true", "add", "-f", "build/kept"]);
        },
        ..TRACKED
    },
    Scene {
        name: "a repository that hashes with SHA-256",
        make: |s| {
            s.repo("root", &["--object-format=sha256"]);
            s.file("root/build/a", "a");
            s.file("root/build/kept", "k");
            s.git("root", &["add", "-f", "build/kept"]);
        },
        ..TRACKED
    },
    Scene {
        name: "a file that is only intended to be added",
        make: |s| {
            repo(s);
            s.file("root/build/kept", "k");
            s.git("root", &["add", "-fN", "build/kept"]);
        },
        ..TRACKED
    },
    Scene {
        name: "a sparse index",
        make: |s| {
            repo(s);
            s.file("root/far/deep/x", "x");
            s.git("root", &["add", "-f", "far"]);
            s.git("root", &["commit", "-qm", "two"]);
            s.git("root", &["sparse-checkout", "set", "--cone", "--sparse-index", "near"]);
            s.file("root/far/deep/x", "x");
        },
        ask: &["far", "build"],
        survivors: &["root/far"],
        gone: &["root/build"],
        rules: &["git_tracked"],
        ..T
    },
    Scene {
        name: "variables that point git elsewhere",
        make: |s| {
            with_tracked(s);
            s.folder("elsewhere");
            s.git("elsewhere", &["init", "-q"]);
        },
        env: &[("GIT_DIR", "@/elsewhere/.git"), ("GIT_INDEX_FILE", "@/elsewhere/none")],
        ..TRACKED
    },
    Scene {
        name: "an index that cannot be read",
        make: |s| {
            with_tracked(s);
            let index = s.path("root/.git/index");
            let mut bytes = fs::read(&index).unwrap();
            bytes[50] ^= 0xff;
            fs::write(&index, bytes).unwrap();
        },
        survivors: &["root/build"],
        gone: &[],
        rules: &["git_index_unreadable"],
        ..TRACKED
    },
    Scene {
        name: "an index that is a named pipe",
        make: |s| {
            with_tracked(s);
            fs::remove_file(s.path("root/.git/index")).unwrap();
            let made = s.command("mkfifo").arg(s.path("root/.git/index")).status().unwrap();
            assert!(made.success());
        },
        survivors: &["root/build/kept"],
        gone: &[],
        rules: &["git_index_unreadable"],
        ..TRACKED
    },
    Scene {
        name: "a monitor that git would run",
        make: |s| {
            with_tracked(s);
            let hook = s.file("hook", "#!/bin/sh\nrm -rf \"$(dirname \"$0\")/other\"\n");
            s.mode("hook", 0o755);
            s.file("other/precious", "p");
            s.git("root", &["config", "core.fsmonitor", hook.to_str().unwrap()]);
        },
        survivors: &["other", "root/build/kept"],
        ..TRACKED
    },
    Scene {
        name: "a repository inside, with work that is nowhere else",
        make: |s| nested(s, &[]),
        ..NESTED
    },
    Scene {
        name: "a repository inside, named itself",
        make: |s| nested(s, &[]),
        ask: &["build/lib", "build/a"],
        ..NESTED
    },
    Scene {
        name: "a bare repository inside",
        make: |s| {
            repo(s);
            s.git("root", &["init", "-q", "--bare", "build/lib"]);
            s.file("root/build/lib/objects/aa/bb", "object");
        },
        ..NESTED
    },
    Scene {
        name: "a linked worktree inside",
        make: |s| {
            repo(s);
            s.git("root", &["worktree", "add", "-q", "build/lib"]);
            s.file("root/build/lib/unsaved", "work of a day");
        },
        ..NESTED
    },
    Scene {
        name: "a linked worktree whose repository is gone",
        make: |s| {
            s.repo("main", &[]);
            s.file("root/build/a", "a");
            s.git("main", &["worktree", "add", "-q", "../root/build/lib"]);
            s.file("root/build/lib/unsaved", "work of a day");
            fs::remove_dir_all(s.path("main")).unwrap();
        },
        ..NESTED
    },
    Scene {
        name: "a submodule inside",
        make: |s| {
            repo(s);
            s.repo("lib", &[]);
            s.git("root", &["submodule", "--quiet", "add", "-f", "../lib", "build/lib"]);
            s.file("root/build/lib/unsaved", "work of a day");
        },
        rules: &["git_tracked"],
        ..NESTED
    },
    Scene {
        name: "a repository whose data lies in another folder",
        make: |s| {
            repo(s);
            s.folder("root/build/lib");
            s.git("root/build/lib", &["init", "-q", "--separate-git-dir=../data"]);
            s.file("root/build/lib/unsaved", "work of a day");
        },
        survivors: &["root/build/lib", "root/build/data"],
        ..NESTED
    },
    Scene {
        name: "a repository without a commit",
        make: |s| {
            repo(s);
            s.folder("root/build/lib");
            s.git("root/build/lib", &["init", "-q"]);
            s.file("root/build/lib/unsaved", "work of a day");
        },
        ..NESTED
    },
    Scene {
        name: "a working tree of another system",
        make: |s| {
            repo(s);
            s.file("root/build/lib/.hg/store/data", "d");
            s.file("root/build/lib/unsaved", "work of a day");
        },
        ..NESTED
    },
    Scene {
        name: "a repository whose .git is a link",
        make: |s| {
            repo(s);
            s.repo("elsewhere", &[]);
            s.file("root/build/lib/unsaved", "work of a day");
            s.link("../../../elsewhere/.git", "root/build/lib/.git");
        },
        survivors: &["root/build/lib", "elsewhere"],
        ..NESTED
    },
    Scene {
        name: "a tracked file of a repository above the root",
        make: |s| {
            s.git("", &["init", "-q"]);
            s.file("root/build/kept", "k");
            s.file("root/build/a", "a");
            s.git("", &["add", "-f", "root/build/kept"]);
        },
        survivors: &["root/build/kept"],
        gone: &["root/build/a"],
        rules: &["git_tracked"],
        ..T
    },
    Scene {
        name: "a tracked file of a repository between the root and the path",
        make: |s| {
            s.repo("root/lib", &[]);
            s.file("root/lib/build/kept", "k");
            s.file("root/lib/build/a", "a");
            s.git("root/lib", &["add", "-f", "build/kept"]);
        },
        ask: &["lib/build"],
        survivors: &["root/lib/build/kept", "root/lib/.git"],
        gone: &["root/lib/build/a"],
        rules: &["git_tracked"],
        ..T
    },
    Scene {
        name: "the repository's own data",
        make: repo,
        ask: &[".git"],
        survivors: &["root/.git"],
        rules: &["git_folder"],
        ..T
    },
    Scene {
        name: "a file in the repository's own data",
        make: repo,
        ask: &[".git/config", ".git/objects"],
        survivors: &["root/.git"],
        rules: &["git_folder"],
        ..T
    },
    Scene {
        name: "a part of a bare repository",
        make: |s| {
            repo(s);
            s.git("root", &["init", "-q", "--bare", "store.git"]);
            s.file("root/store.git/objects/aa/bb", "object");
        },
        ask: &["store.git/objects"],
        survivors: &["root/store.git"],
        rules: &["git_folder"],
        ..T
    },
];
