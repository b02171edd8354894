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
];
