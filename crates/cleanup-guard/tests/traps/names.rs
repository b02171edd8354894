//! Odd names, odd types, odd depths.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixListener;

use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};

use crate::kit::Sandbox;
use crate::scene::{PLAIN, Scene};

const T: Scene = Scene {
    theme: "names and types",
    ask: &["build"],
    survivors: &["other"],
    gone: &["root/build"],
    ..PLAIN
};

fn tree(s: &Sandbox) {
    s.file("root/build/a", "a");
    s.file("other/precious", "p");
}

pub const SCENES: &[Scene] = &[
    Scene {
        name: "names that are not UTF-8",
        make: |s| {
            tree(s);
            for bytes in [&b"\xff\xfe"[..], b"a\x80b", b"\xc3("] {
                let name = OsStr::from_bytes(bytes);
                fs::create_dir(s.path("root/build").join(name)).unwrap();
                fs::write(s.path("root/build").join(name).join(name), "x").unwrap();
            }
        },
        ..T
    },
    Scene {
        name: "names with newlines, quotes, escapes and dashes",
        make: |s| {
            tree(s);
            for name in ["a\nb", "-rf", "--", "'", "\"", "\\", "\u{1b}[2J", "$(id)", " ", "a\tb"] {
                s.file(&format!("root/build/{name}/{name}"), "x");
            }
        },
        ..T
    },
    Scene {
        name: "names that look like what stands in a plan",
        make: |s| {
            tree(s);
            for name in [
                "directory",
                "\"},{\"path\":\"x",
                "],\"refused\":[",
                ",\"entries\":[",
                ",\"digest\":\"",
            ] {
                s.file(&format!("root/build/{name}"), "x");
            }
        },
        ..T
    },
    Scene {
        name: "a target whose name begins with a dash",
        make: |s| {
            tree(s);
            s.file("root/-rf", "x");
        },
        ask: &["-rf"],
        gone: &["root/-rf"],
        survivors: &["other", "root/build"],
        ..T
    },
    Scene {
        name: "names of 255 bytes",
        make: |s| {
            tree(s);
            s.file(&format!("root/build/{0}/{0}", "n".repeat(255)), "x");
        },
        ..T
    },
    Scene {
        name: "paths longer than 4096 bytes",
        make: |s| {
            tree(s);
            deep(s, &"d".repeat(200), 60);
        },
        ..T
    },
    Scene {
        name: "a thousand folders deep",
        make: |s| {
            tree(s);
            deep(s, "d", 1000);
        },
        ..T
    },
    Scene {
        name: "a named pipe that nobody writes to",
        make: |s| {
            tree(s);
            fifo(s, "root/build/pipe");
        },
        ..T
    },
    Scene {
        name: "a named pipe as marker and ignore file",
        make: |s| {
            s.repo("root", &[]);
            tree(s);
            fifo(s, "root/.gitignore");
            fs::create_dir(s.path("root/target")).unwrap();
            fifo(s, "root/target/CACHEDIR.TAG");
        },
        ask: &["build", "target"],
        ..T
    },
    Scene {
        name: "a socket",
        make: |s| {
            tree(s);
            drop(UnixListener::bind(s.path("root/build/s")).unwrap());
        },
        ..T
    },
    Scene {
        name: "a file that nobody may read or write",
        make: |s| {
            tree(s);
            s.mode("root/build/a", 0);
        },
        ..T
    },
    Scene {
        name: "an empty folder and an empty file",
        make: |s| {
            tree(s);
            s.folder("root/build/empty");
            s.file("root/build/zero", "");
        },
        ..T
    },
    Scene {
        name: "five thousand files in one folder",
        make: |s| {
            tree(s);
            (0..5000).for_each(|n| fs::write(s.path(&format!("root/build/{n}")), "x").unwrap());
        },
        ..T
    },
    Scene {
        name: "two thousand folders deep",
        make: |s| {
            tree(s);
            deep(s, "d", 2000);
        },
        ..T
    },
    Scene {
        name: "a device node, where one can be made",
        make: |s| {
            tree(s);
            let _ =
                s.command("mknod").arg(s.path("root/build/null")).args(["c", "1", "3"]).status();
        },
        ..T
    },
    Scene {
        name: "a file that is larger than the disk",
        make: |s| {
            tree(s);
            fs::File::create(s.path("root/build/sparse")).unwrap().set_len(1 << 42).unwrap();
        },
        ..T
    },
    Scene {
        name: "names that look like options of this tool",
        make: |s| {
            tree(s);
            s.file("root/--root", "x");
            s.file("root/--delete", "x");
        },
        ask: &["--root", "--delete"],
        gone: &["root/--root", "root/--delete"],
        survivors: &["other", "root/build"],
        ..T
    },
];

fn fifo(s: &Sandbox, name: &str) {
    assert!(s.command("mkfifo").arg(s.path(name)).status().unwrap().success());
}

/// Folders in folders, made one in the other because the whole path is too long for the system.
fn deep(s: &Sandbox, name: &str, depth: usize) {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY;
    let mut here = openat(CWD, s.path("root/build"), flags, Mode::empty()).unwrap();
    for _ in 0..depth {
        mkdirat(&here, name, Mode::RWXU).unwrap();
        here = openat(&here, name, flags, Mode::empty()).unwrap();
    }
    openat(&here, "leaf", OFlags::CREATE | OFlags::WRONLY, Mode::RUSR).unwrap();
}
