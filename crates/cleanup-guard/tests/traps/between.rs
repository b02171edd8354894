//! What happens between a plan and its application.

use std::fs;

use crate::kit::Sandbox;
use crate::scene::{PLAIN, Scene};

const T: Scene = Scene { theme: "stale plans", make: tree, ask: &["build"], ..PLAIN };

fn tree(s: &Sandbox) {
    s.file("root/build/a", "aaaa");
    s.file("root/build/sub/b", "b");
    s.file("other/precious", "p");
    s.file("other/b", "p");
}

pub const SCENES: &[Scene] = &[
    Scene {
        name: "a file got other content",
        between: Some(|s| {
            s.file("root/build/a", "work");
        }),
        survivors: &["root/build/a"],
        gone: &["root/build/sub"],
        rules: &["changed", "content_kept"],
        ..T
    },
    Scene {
        name: "a file got other content and its old times",
        between: Some(|s| {
            let meta = fs::metadata(s.path("root/build/a")).unwrap();
            s.file("root/build/a", "work");
            let file = fs::File::options().write(true).open(s.path("root/build/a")).unwrap();
            file.set_modified(meta.modified().unwrap()).unwrap();
        }),
        survivors: &["root/build/a"],
        rules: &["changed"],
        ..T
    },
    Scene {
        name: "a file was put in the place of another",
        between: Some(|s| {
            let meta = fs::metadata(s.path("root/build/a")).unwrap();
            s.file("new", "work");
            fs::rename(s.path("new"), s.path("root/build/a")).unwrap();
            let file = fs::File::options().write(true).open(s.path("root/build/a")).unwrap();
            file.set_modified(meta.modified().unwrap()).unwrap();
        }),
        survivors: &["root/build/a"],
        rules: &["changed"],
        ..T
    },
    Scene {
        name: "a file appeared",
        between: Some(|s| {
            s.file("root/build/sub/new", "work");
        }),
        survivors: &["root/build/sub/new"],
        gone: &["root/build/a", "root/build/sub/b"],
        rules: &["changed"],
        ..T
    },
    Scene {
        name: "a folder with work appeared",
        between: Some(|s| {
            s.file("root/build/new/deep/x", "work");
        }),
        survivors: &["root/build/new"],
        gone: &["root/build/a"],
        rules: &["changed"],
        ..T
    },
    Scene {
        name: "a file got another mode",
        between: Some(|s| s.mode("root/build/a", 0o755)),
        survivors: &["root/build/a"],
        rules: &["changed"],
        ..T
    },
    Scene {
        name: "a folder was swapped for a link",
        between: Some(|s| {
            fs::rename(s.path("root/build/sub"), s.path("root/moved")).unwrap();
            s.link("../../other", "root/build/sub");
        }),
        survivors: &["other", "root/moved", "root/build/sub"],
        rules: &["unreachable"],
        ..T
    },
    Scene {
        name: "the target was swapped for a link",
        between: Some(|s| {
            fs::rename(s.path("root/build"), s.path("root/moved")).unwrap();
            s.link("../other", "root/build");
        }),
        survivors: &["other", "root/moved", "root/build"],
        ..T
    },
    Scene {
        name: "a folder was swapped for another one",
        between: Some(|s| {
            fs::rename(s.path("root/build/sub"), s.path("root/moved")).unwrap();
            fs::rename(s.path("other"), s.path("root/build/sub")).unwrap();
        }),
        survivors: &["root/moved", "root/build/sub"],
        rules: &["changed"],
        ..T
    },
    Scene {
        name: "a folder on the way was swapped for a link",
        make: |s| {
            s.file("root/way/build/a", "a");
            s.file("other/build/a", "a");
        },
        ask: &["way/build"],
        between: Some(|s| {
            fs::rename(s.path("root/way"), s.path("root/moved")).unwrap();
            s.link("../other", "root/way");
        }),
        survivors: &["other", "root/moved"],
        ..T
    },
    Scene {
        name: "the root was swapped for another folder",
        between: Some(|s| {
            fs::rename(s.path("root"), s.path("moved")).unwrap();
            fs::create_dir(s.path("root")).unwrap();
            s.file("root/build/a", "aaaa");
            s.file("root/build/sub/b", "b");
        }),
        survivors: &["root", "moved"],
        ..T
    },
    Scene {
        name: "the root was swapped for a link",
        between: Some(|s| {
            fs::rename(s.path("root"), s.path("moved")).unwrap();
            s.link("moved", "root");
        }),
        survivors: &["moved"],
        ..T
    },
    Scene {
        name: "everything was made again",
        between: Some(|s| {
            fs::remove_dir_all(s.path("root/build")).unwrap();
            tree(s);
        }),
        survivors: &["root/build"],
        rules: &["changed"],
        ..T
    },
    Scene {
        name: "a file became a folder",
        between: Some(|s| {
            fs::remove_file(s.path("root/build/a")).unwrap();
            s.file("root/build/a/work", "w");
        }),
        survivors: &["root/build/a"],
        rules: &["changed"],
        ..T
    },
    Scene {
        name: "a file was saved under another name",
        between: Some(|s| {
            fs::rename(s.path("root/build/a"), s.path("root/build/saved")).unwrap();
        }),
        survivors: &["root/build/saved"],
        gone: &["root/build/sub"],
        rules: &["gone"],
        ..T
    },
    Scene {
        name: "a file got a second name elsewhere",
        between: Some(|s| {
            fs::hard_link(s.path("root/build/a"), s.path("other/saved")).unwrap();
        }),
        survivors: &["other"],
        rules: &["changed"],
        ..T
    },
    Scene {
        name: "a file was added to git",
        make: |s| {
            s.repo("root", &[]);
            tree(s);
        },
        between: Some(|s| s.git("root", &["add", "-f", "build/a"])),
        survivors: &["root/build/a"],
        gone: &["root/build/sub"],
        rules: &["git_tracked"],
        ..T
    },
    Scene {
        name: "a folder became a repository",
        between: Some(|s| s.git("root/build/sub", &["init", "-q"])),
        survivors: &["root/build/sub"],
        gone: &["root/build/a"],
        rules: &["nested_repository"],
        ..T
    },
    Scene {
        name: "everything is gone already",
        between: Some(|s| fs::remove_dir_all(s.path("root/build")).unwrap()),
        survivors: &["other"],
        rules: &["gone"],
        ..T
    },
    Scene {
        name: "a character of the plan was changed",
        between: Some(|s| {
            // The others know no plan.
            if let Ok(text) = fs::read_to_string(s.path("plan.json")) {
                fs::write(s.path("plan.json"), text.replacen("build/a", "build/A", 1)).unwrap();
            }
        }),
        survivors: &["root", "other"],
        ..T
    },
    Scene {
        name: "the root was put back from a backup",
        between: Some(|s| {
            fs::rename(s.path("root"), s.path("moved")).unwrap();
            let copied =
                s.command("cp").current_dir(s.top()).args(["-a", "moved", "root"]).status();
            assert!(copied.unwrap().success());
        }),
        survivors: &["root", "moved"],
        ..T
    },
    Scene {
        name: "a file became a named pipe",
        between: Some(|s| {
            fs::remove_file(s.path("root/build/a")).unwrap();
            assert!(s.command("mkfifo").arg(s.path("root/build/a")).status().unwrap().success());
        }),
        survivors: &["root/build/a"],
        gone: &["root/build/sub"],
        rules: &["changed"],
        ..T
    },
    Scene {
        name: "a file became a link to something precious",
        between: Some(|s| {
            fs::remove_file(s.path("root/build/a")).unwrap();
            s.link("../../other/precious", "root/build/a");
        }),
        survivors: &["root/build/a", "other"],
        rules: &["changed"],
        ..T
    },
    Scene {
        name: "the other name of a file has gone, and this is the last",
        make: |s| {
            tree(s);
            fs::hard_link(s.path("root/build/a"), s.path("other/saved")).unwrap();
        },
        between: Some(|s| fs::remove_file(s.path("other/saved")).unwrap()),
        survivors: &["root/build/a"],
        gone: &["root/build/sub"],
        rules: &["changed"],
        ..T
    },
    Scene {
        name: "a folder was moved to another place in the target",
        between: Some(|s| {
            fs::create_dir(s.path("root/build/kept")).unwrap();
            fs::rename(s.path("root/build/sub"), s.path("root/build/kept/sub")).unwrap();
        }),
        survivors: &["root/build/kept"],
        gone: &["root/build/a"],
        rules: &["changed"],
        ..T
    },
];
