//! Paths that mean more than somebody thought.

use crate::kit::Sandbox;
use crate::scene::{PLAIN, Scene};

const T: Scene = Scene { theme: "paths", make: project, ..PLAIN };

fn project(s: &Sandbox) {
    s.file("root/build/a", "a");
    s.file("root/precious/p", "p");
    s.file("home/notes", "n");
    s.file("other/o", "o");
}

pub const SCENES: &[Scene] = &[
    Scene {
        name: "an empty argument beside a good one",
        ask: &["", "build"],
        survivors: &["root/precious"],
        gone: &["root/build"],
        rules: &["empty_path"],
        ..T
    },
    Scene {
        name: "an argument of white space",
        ask: &["  "],
        survivors: &["root"],
        rules: &["empty_path"],
        ..T
    },
    Scene {
        name: "a parent component that leads to a neighbour",
        ask: &["build/../precious"],
        survivors: &["root"],
        rules: &["parent_component"],
        ..T
    },
    Scene {
        name: "a parent component that leads out of the root",
        ask: &["../other"],
        survivors: &["root", "other"],
        rules: &["parent_component"],
        ..T
    },
    Scene {
        name: "the root itself, absolute",
        ask: &["@/root"],
        survivors: &["root"],
        rules: &["root_itself"],
        ..T
    },
    Scene {
        name: "the root itself, with slashes and dots",
        ask: &["@/root//./"],
        survivors: &["root"],
        rules: &["root_itself"],
        ..T
    },
    Scene {
        name: "a folder outside of the root",
        ask: &["@/other"],
        survivors: &["other"],
        rules: &["outside_root"],
        ..T
    },
    Scene {
        name: "a name that begins like the root",
        make: |s| {
            project(s);
            s.file("root2/x", "x");
        },
        ask: &["@/root2"],
        survivors: &["root2"],
        rules: &["outside_root"],
        ..T
    },
    Scene {
        name: "somebody's home",
        ask: &["@/home"],
        survivors: &["home"],
        rules: &["home_folder"],
        ..T
    },
    Scene {
        name: "a home inside of the root",
        make: |s| {
            project(s);
            s.file("root/users/me/notes", "n");
        },
        ask: &["users"],
        env: &[("HOME", "@/root/users/me")],
        survivors: &["root/users"],
        rules: &["home_folder"],
        ..T
    },
    Scene {
        name: "a home that is a link into what is deleted",
        make: |s| {
            project(s);
            s.file("root/users/me/notes", "n");
            s.link("root/users/me", "homelink");
        },
        ask: &["users"],
        env: &[("HOME", "@/homelink")],
        survivors: &["root/users"],
        rules: &["home_folder"],
        ..T
    },
    Scene {
        name: "the folder that holds the root",
        ask: &["@"],
        survivors: &["root", "home", "other"],
        rules: &["home_folder"],
        ..T
    },
    Scene {
        name: "the current folder",
        make: |s| {
            project(s);
            s.file("root/a/b/c", "c");
        },
        ask: &["@/root/a/b"],
        cwd: "root/a/b",
        survivors: &["root/a"],
        rules: &["current_folder"],
        ..T
    },
    Scene {
        name: "a parent of the current folder",
        make: |s| {
            project(s);
            s.file("root/a/b/c", "c");
        },
        ask: &["@/root/a"],
        cwd: "root/a/b",
        survivors: &["root/a"],
        rules: &["current_folder"],
        ..T
    },
    Scene {
        name: "a name that is not there beside one that is",
        ask: &["biuld", "build"],
        survivors: &["root/precious"],
        gone: &["root/build"],
        rules: &["missing"],
        ..T
    },
    Scene {
        name: "a star that no shell has expanded",
        ask: &["*"],
        survivors: &["root"],
        rules: &["missing"],
        ..T
    },
    Scene {
        name: "a tilde that no shell has expanded",
        make: |s| {
            project(s);
            s.file("root/~/t", "t");
        },
        ask: &["~"],
        survivors: &["home", "root/precious"],
        gone: &["root/~"],
        ..T
    },
    Scene {
        name: "a name that differs in case only",
        make: |s| {
            project(s);
            s.file("root/Build/b", "b");
        },
        ask: &["Build", "PRECIOUS"],
        survivors: &["root/build", "root/precious"],
        gone: &["root/Build"],
        rules: &["missing"],
        ..T
    },
    Scene {
        name: "a blank at the end of a name",
        make: |s| {
            project(s);
            s.file("root/build /b", "b");
        },
        ask: &["build "],
        survivors: &["root/build", "root/precious"],
        gone: &["root/build "],
        ..T
    },
    Scene {
        name: "another Unicode form of a name",
        make: |s| {
            project(s);
            s.file("root/caf\u{e9}/x", "x");
        },
        ask: &["cafe\u{301}", "build"],
        survivors: &["root/caf\u{e9}"],
        gone: &["root/build"],
        rules: &["missing"],
        ..T
    },
    Scene {
        name: "a newline at the end of an argument",
        ask: &["build\n"],
        survivors: &["root"],
        rules: &["missing"],
        ..T
    },
    Scene {
        name: "two names in one argument",
        ask: &["build precious"],
        survivors: &["root"],
        rules: &["missing"],
        ..T
    },
    Scene {
        name: "a name that is nothing but a blank",
        make: |s| {
            project(s);
            s.file("root/ /work", "w");
        },
        ask: &[" "],
        survivors: &["root"],
        rules: &["empty_path"],
        ..T
    },
    Scene {
        name: "a home that is empty",
        ask: &["build", "@/home"],
        env: &[("HOME", "")],
        survivors: &["home", "root/precious"],
        gone: &["root/build"],
        rules: &["outside_root"],
        ..T
    },
    Scene {
        name: "a root that is a folder of the current one",
        make: |s| {
            project(s);
            s.file("build/a", "not this one");
        },
        ask: &["build"],
        cwd: "",
        survivors: &["build", "root/precious"],
        gone: &["root/build"],
        ..T
    },
];
