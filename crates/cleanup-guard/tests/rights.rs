//! What the system would not let anybody delete. Where a test needs rights that are not at hand, it
//! says so and does nothing.

// A sandbox that cannot be made is no test: panicking names it at once.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod kit;

use std::fs;
use std::process::Command;

use kit::{GUARD, Sandbox};

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The tool, as somebody who may not do everything.
fn guard_as_somebody(s: &Sandbox, args: &[&str]) -> Option<(i32, String)> {
    let mut command = if is_root() {
        let chowned = Command::new("chown").arg("-R").arg("65534:65534").arg(s.top()).status();
        if !chowned.is_ok_and(|status| status.success()) {
            return None;
        }
        let mut command = s.command("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", GUARD]);
        command
    } else {
        s.command(GUARD)
    };
    let output = command.args(args).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    // Somebody else may not be let into the folder the tests were built in.
    let started = output.status.code() != Some(126) && output.status.code() != Some(127);
    started.then(|| (output.status.code().unwrap_or(-1), text))
}

#[test]
fn a_folder_that_may_not_be_written_is_refused_when_it_is_planned() {
    let s = Sandbox::new();
    s.file("root/build/locked/a", "a");
    s.file("root/build/b", "b");
    s.mode("root/build/locked", 0o555);
    let Some((status, text)) = guard_as_somebody(&s, &["plan", "--root", ".", "build"]) else {
        eprintln!("skipped: cannot run as somebody else");
        return;
    };
    assert!(status == 1 && text.contains("\"rule\":\"not_permitted\""), "{text}");
    s.mode("root/build/locked", 0o755);
}

#[test]
fn a_folder_that_may_not_be_listed_is_refused_when_it_is_planned() {
    let s = Sandbox::new();
    s.file("root/build/dark/a", "a");
    s.mode("root/build/dark", 0o300);
    let Some((status, text)) = guard_as_somebody(&s, &["plan", "--root", ".", "build"]) else {
        eprintln!("skipped: cannot run as somebody else");
        return;
    };
    assert!(status == 1 && text.contains("\"rule\":\"unreadable\""), "{text}");
    s.mode("root/build/dark", 0o755);
}

#[test]
fn an_immutable_file_is_refused_and_the_rest_is_planned() {
    let s = Sandbox::new();
    let file = s.file("root/build/fixed", "f");
    s.file("root/build/a", "a");
    let chattr = |flag: &str| Command::new("chattr").arg(flag).arg(&file).output();
    if !chattr("+i").is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: files cannot be made immutable here");
        return;
    }
    let plan = s.plan(&["build"]);
    let ran = s.apply(&plan, &[]);
    chattr("-i").unwrap();
    assert_eq!(plan.rules(), ["immutable", "content_kept"]);
    assert_eq!(ran.status, Some(0));
    assert!(s.has("root/build/fixed") && !s.has("root/build/a"));
}

#[test]
fn a_file_that_became_immutable_is_kept() {
    let s = Sandbox::new();
    let file = s.file("root/build/fixed", "f");
    let plan = s.plan(&["build"]);
    let chattr = |flag: &str| Command::new("chattr").arg(flag).arg(&file).output();
    if !chattr("+i").is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: files cannot be made immutable here");
        return;
    }
    let ran = s.apply(&plan, &[]);
    chattr("-i").unwrap();
    assert_eq!(ran.expect(1).kept()[1], ("build", "content_kept"));
    assert_eq!(fs::read_to_string(file).unwrap(), "f");
}

#[test]
fn a_plan_that_is_a_pipe_is_not_waited_for() {
    let s = Sandbox::new();
    assert!(s.command("mkfifo").arg(s.path("pipe")).status().unwrap().success());
    s.guard(&["apply", "../pipe", "--confirm", "x"]).expect(2).says("is not a regular file");
    s.guard(&["restore", "../pipe"]).expect(2).says("is not a regular file");
}
