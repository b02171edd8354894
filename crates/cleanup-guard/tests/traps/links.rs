//! Links, and what they lead to.

use crate::kit::Sandbox;
use crate::scene::{PLAIN, Scene};

const T: Scene = Scene { theme: "links", survivors: &["other"], ..PLAIN };

fn other(s: &Sandbox) {
    s.file("other/precious", "p");
    s.mode("other/precious", 0o640);
    s.file("root/build/a", "a");
}

pub const SCENES: &[Scene] = &[
    Scene {
        name: "a link to a folder",
        make: |s| {
            other(s);
            s.link("../other", "root/link");
        },
        ask: &["link"],
        gone: &["root/link"],
        ..T
    },
    Scene {
        name: "a link to a folder, with a slash at the end",
        make: |s| {
            other(s);
            s.link("../other", "root/link");
        },
        ask: &["link/"],
        rules: &["link_with_slash"],
        survivors: &["other", "root/link"],
        ..T
    },
    Scene {
        name: "a link to a folder, with a slash and a dot",
        make: |s| {
            other(s);
            s.link("../other", "root/link");
        },
        ask: &["link/."],
        rules: &["link_with_slash"],
        survivors: &["other", "root/link"],
        ..T
    },
    Scene {
        name: "a link inside of what is deleted",
        make: |s| {
            other(s);
            s.link("../../other", "root/build/link");
        },
        ask: &["build"],
        gone: &["root/build"],
        ..T
    },
    Scene {
        name: "an absolute link inside of what is deleted",
        make: |s| {
            other(s);
            s.link(s.path("other").to_str().unwrap(), "root/build/link");
        },
        ask: &["build"],
        gone: &["root/build"],
        ..T
    },
    Scene {
        name: "a link in the middle of the path",
        make: |s| {
            other(s);
            s.link("../other", "root/link");
        },
        ask: &["link/precious"],
        rules: &["link_in_path"],
        ..T
    },
    Scene {
        name: "a link to the root's own parent",
        make: |s| {
            other(s);
            s.link("..", "root/build/up");
        },
        ask: &["build"],
        gone: &["root/build"],
        ..T
    },
    Scene {
        name: "a link that leads nowhere",
        make: |s| {
            other(s);
            s.link("nowhere", "root/build/link");
        },
        ask: &["build"],
        gone: &["root/build"],
        ..T
    },
    Scene {
        name: "links in a circle",
        make: |s| {
            other(s);
            s.link("two", "root/build/one");
            s.link("one", "root/build/two");
        },
        ask: &["build"],
        gone: &["root/build"],
        ..T
    },
    Scene {
        name: "a file with a second name elsewhere",
        make: |s| {
            other(s);
            std::fs::hard_link(s.path("other/precious"), s.path("root/build/hard")).unwrap();
        },
        ask: &["build"],
        gone: &["root/build"],
        ..T
    },
    Scene {
        name: "a file with two names in what is deleted",
        make: |s| {
            other(s);
            std::fs::hard_link(s.path("root/build/a"), s.path("root/build/b")).unwrap();
            std::fs::hard_link(s.path("root/build/a"), s.path("root/build/c")).unwrap();
        },
        ask: &["build"],
        gone: &["root/build"],
        ..T
    },
    Scene {
        name: "a root that is a link",
        make: |s| {
            other(s);
            std::fs::remove_dir_all(s.path("root")).unwrap();
            s.file("real/build/a", "a");
            s.link("real", "root");
        },
        ask: &["build"],
        gone: &["real/build"],
        ..T
    },
    Scene {
        name: "a link to a home, with a slash at the end",
        make: |s| {
            other(s);
            s.file("home/notes", "n");
            s.link("../home", "root/link");
        },
        ask: &["link/", "build"],
        rules: &["link_with_slash"],
        survivors: &["other", "home", "root/link"],
        gone: &["root/build"],
        ..T
    },
];
