//! Mounts, in namespaces of their own.

use crate::kit::Sandbox;
use crate::scene::{PLAIN, Scene};

const T: Scene = Scene {
    theme: "mounts",
    make: tree,
    ask: &["build"],
    survivors: &["other"],
    mount: Some("true"),
    ..PLAIN
};

fn tree(s: &Sandbox) {
    s.file("root/build/a", "a");
    s.folder("root/build/m");
    s.file("root/build/f", "f");
    s.file("other/precious", "p");
}

pub const SCENES: &[Scene] = &[
    Scene {
        name: "a bind mount of the same device inside",
        mount: Some("mount --bind '@/other' '@/root/build/m'"),
        rules: &["mount_inside"],
        ..T
    },
    Scene {
        name: "a bind mount as the target",
        mount: Some("mount --bind '@/other' '@/root/build'"),
        rules: &["mount_point"],
        ..T
    },
    Scene {
        name: "a folder bound onto itself",
        mount: Some("mount --bind '@/root/build' '@/root/build'"),
        survivors: &["root/build"],
        rules: &["mount_point"],
        ..T
    },
    Scene {
        name: "another file system inside",
        mount: Some("mount -t tmpfs none '@/root/build/m' && echo x > '@/root/build/m/x'"),
        survivors: &["root/build/a"],
        rules: &["mount_inside"],
        ..T
    },
    Scene {
        name: "a file bound onto a file",
        mount: Some("mount --bind '@/other/precious' '@/root/build/f'"),
        rules: &["mount_inside"],
        ..T
    },
    Scene {
        name: "a bind mount on the way to the target",
        make: |s| {
            tree(s);
            s.folder("root/way");
            s.file("other/build/x", "x");
        },
        mount: Some("mount --bind '@/other' '@/root/way'"),
        ask: &["way/build"],
        rules: &["mount_point"],
        ..T
    },
    Scene {
        name: "a bind mount that came after the plan",
        mount_between: Some("mount --bind '@/other' '@/root/build/m'"),
        rules: &["mount_inside"],
        ..T
    },
    Scene {
        name: "a bind mount onto the target after the plan",
        mount_between: Some("mount --bind '@/other' '@/root/build'"),
        rules: &["mount_point"],
        ..T
    },
    Scene {
        name: "a mount point with a blank and a newline in its name",
        make: |s| {
            tree(s);
            s.folder("root/build/m x\ny");
        },
        mount: Some("mount --bind '@/other' \"@/root/build/m x\ny\""),
        rules: &["mount_inside"],
        ..T
    },
    Scene {
        name: "a read-only bind mount as the root",
        mount: Some("mount --bind '@/root' '@/root' && mount -o remount,ro,bind '@/root'"),
        survivors: &["root"],
        rules: &["not_permitted"],
        ..T
    },
    Scene {
        name: "the root became a mount point after the plan",
        mount_between: Some("mount --bind '@/other' '@/root'"),
        survivors: &["other", "root"],
        ..T
    },
    Scene {
        name: "an overlay inside, or a bind mount where there are none",
        make: |s| {
            tree(s);
            s.folder("upper");
            s.folder("work");
        },
        mount: Some(
            "mount -t overlay -o lowerdir='@/other',upperdir='@/upper',workdir='@/work' none \
             '@/root/build/m' 2>&1 || mount --bind '@/other' '@/root/build/m'",
        ),
        rules: &["mount_inside"],
        ..T
    },
    Scene {
        name: "a home with everything below it, bound inside",
        make: |s| {
            tree(s);
            s.file("home/notes", "n");
        },
        mount: Some("mount --rbind '@/home' '@/root/build/m'"),
        survivors: &["home", "other"],
        rules: &["mount_inside"],
        ..T
    },
    Scene {
        name: "a mount at the end of a long path",
        make: |s| {
            tree(s);
            s.folder(&format!("root/build/{}m", format!("{}/", "d".repeat(200)).repeat(15)));
        },
        mount: Some("mount --bind '@/other' \"$(find '@/root/build' -path '*ddd/m')\""),
        rules: &["mount_inside"],
        ..T
    },
];
