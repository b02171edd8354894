//! Somebody else is at work in the same tree at the same time.

// A sandbox that cannot be made is no test: panicking names it at once.
#![allow(clippy::unwrap_used)]

mod kit;

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};

use kit::Sandbox;

/// How often each race is run; `RACE_ROUNDS` asks for more.
fn rounds() -> usize {
    std::env::var("RACE_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

/// Plans and applies in a fresh sandbox while `meddle` is called again and again. Afterwards
/// nothing in `other/` has changed, and the record tells what is true.
fn race(more: &[&str], meddle: fn(&Sandbox)) {
    for _ in 0..rounds() {
        let s = Sandbox::new();
        for n in 0..40 {
            s.file(&format!("root/build/sub/{n}"), "x");
            s.file(&format!("other/{n}"), "precious");
        }
        s.file("root/build/last", "x");
        let before = s.state("other");
        let plan = s.plan(&["build"]);
        let ended = AtomicBool::new(false);
        let ran = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    meddle(&s);
                }
            });
            let ran = s.apply(&plan, more);
            ended.store(true, Ordering::Relaxed);
            ran
        });
        assert_eq!(before, s.state("other"), "{}", ran.stderr);
        let status = ran.status;
        assert!(matches!(status, Some(0 | 1)), "{}", ran.stderr);
        let verified = s.guard(&["verify", &format!("{}.manifest.jsonl", plan.file)]).expect(0);
        assert_eq!(verified.json["done"], ran.json["done"]);
        let kept = ran.json["kept"].as_array().unwrap().len();
        assert_eq!(verified.json["kept"], kept);
        assert_eq!(status, Some(i32::from(kept > 0)));
    }
}

fn swap_folder_for_link(s: &Sandbox) {
    if fs::rename(s.path("root/build/sub"), s.path("root/held")).is_ok() {
        let _ = symlink(s.path("other"), s.path("root/build/sub"));
        let _ = fs::remove_file(s.path("root/build/sub"));
        let _ = fs::rename(s.path("root/held"), s.path("root/build/sub"));
    }
}

fn swap_target_for_link(s: &Sandbox) {
    if fs::rename(s.path("root/build"), s.path("root/held")).is_ok() {
        let _ = symlink(s.path("other"), s.path("root/build"));
        let _ = fs::remove_file(s.path("root/build"));
        let _ = fs::rename(s.path("root/held"), s.path("root/build"));
    }
}

fn swap_folder_for_the_other(s: &Sandbox) {
    let (sub, other, held) = (s.path("root/build/sub"), s.path("other"), s.path("held"));
    if fs::rename(&sub, &held).is_ok() {
        let _ = fs::rename(&other, &sub);
        let _ = fs::rename(&sub, &other);
        let _ = fs::rename(&held, &sub);
    }
}

fn add_files(s: &Sandbox) {
    let _ = fs::create_dir_all(s.path("root/build/sub"));
    let _ = fs::write(s.path("root/build/sub/new"), "work");
    std::thread::yield_now();
}

#[test]
fn a_folder_is_swapped_for_a_link() {
    race(&[], swap_folder_for_link);
}

#[test]
fn the_target_is_swapped_for_a_link() {
    race(&[], swap_target_for_link);
}

#[test]
fn a_folder_is_swapped_for_another_one() {
    race(&[], swap_folder_for_the_other);
}

#[test]
fn a_folder_is_swapped_for_a_link_on_the_way_to_a_quarantine() {
    race(&["--quarantine", "../q"], swap_folder_for_link);
}

#[test]
fn a_target_is_swapped_for_a_link_on_the_way_to_a_quarantine() {
    race(&["--quarantine", "../q"], swap_target_for_link);
}

#[test]
fn files_appear_while_it_works() {
    for _ in 0..rounds() {
        let s = Sandbox::new();
        (0..20).for_each(|n| drop(s.file(&format!("root/build/sub/{n}"), "x")));
        let plan = s.plan(&["build"]);
        let ended = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    add_files(&s);
                }
                add_files(&s);
            });
            s.apply(&plan, &[]);
            ended.store(true, Ordering::Relaxed);
        });
        assert_eq!(fs::read_to_string(s.path("root/build/sub/new")).unwrap(), "work");
    }
}

#[test]
fn two_runs_for_one_root_do_not_meet() {
    let s = Sandbox::new();
    (0..800).for_each(|n| drop(s.file(&format!("root/build/{n}"), "x")));
    let plan = s.plan(&["build"]);
    let lock = fs::File::open(s.path("root")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let who = format!("process {} is at work", std::process::id());
    s.apply(&plan, &[]).expect(2).says(&who);
    drop(lock);
    s.apply(&plan, &[]).expect(0);
    assert!(!s.has("root/build"));
}
