//! Somebody at a terminal types.

// A sandbox that cannot be made is no test: panicking names it at once.
#![allow(clippy::unwrap_used)]

mod kit;

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use kit::{GUARD, Sandbox};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// Runs a command whose standard input and standard error are a terminal at which `typed` is typed:
/// its status and what was to be seen.
fn at_a_terminal(mut command: Command, typed: &str) -> (Option<i32>, String) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let open = || File::options().read(true).write(true).open(&name).unwrap();
    let held = open();
    command.stdin(open()).stderr(open()).stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    drop(command);
    let flags = fcntl_getfl(&master).unwrap();
    fcntl_setfl(&master, flags | OFlags::NONBLOCK).unwrap();
    let mut master = File::from(master);
    master.write_all(typed.as_bytes()).unwrap();
    let (mut screen, start) = (Vec::new(), Instant::now());
    loop {
        let ended = child.try_wait().unwrap();
        let mut block = [0; 4096];
        while let Ok(count @ 1..) = master.read(&mut block) {
            screen.extend_from_slice(&block[..count]);
        }
        if let Some(status) = ended {
            drop(held);
            return (status.code(), String::from_utf8_lossy(&screen).into_owned());
        }
        assert!(start.elapsed() < Duration::from_secs(60), "it waits for ever");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn guard(s: &Sandbox, args: &[&str], typed: &str) -> (Option<i32>, String) {
    let mut command = s.command(GUARD);
    // Neither colours nor a bar: what is seen is what was said.
    command.args(args).env("CI", "1").env("NO_COLOR", "1");
    at_a_terminal(command, typed)
}

#[test]
fn a_plan_is_applied_if_its_first_digits_are_typed() {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    s.file("root/\u{1b}[2Jodd", "o");
    let plan = s.plan(&["build", "\u{1b}[2Jodd"]);
    let digits = plan.digest()[..8].to_owned();
    let wrong = ["\n", "yes\n", "\u{4}", &digits[..7], &format!("{digits}x\n")].map(str::to_owned);
    for typed in wrong {
        let typed = if typed == digits[..7] { typed + "\n" } else { typed };
        let (status, screen) = guard(&s, &["apply", &plan.file], &typed);
        assert_eq!(status, Some(2), "{typed:?}: {screen}");
        assert!(screen.contains("not confirmed: nothing was touched"), "{screen}");
        assert!(s.has("root/build/a"));
    }
    let (status, screen) = guard(&s, &["apply", &plan.file], &format!("{digits}\n"));
    assert_eq!(status, Some(0), "{screen}");
    for wanted in ["3 entries", "  build", &format!("Type {digits} to go on")] {
        assert!(screen.contains(wanted), "{wanted}: {screen}");
    }
    assert!(!screen.contains('\u{1b}'), "a name speaks to the terminal: {screen:?}");
    assert!(!s.has("root/build"));
}

#[test]
fn what_is_outside_of_the_root_is_asked_for_by_its_path() {
    let s = Sandbox::new();
    s.file("root/build", "b");
    s.file("other/cache", "c");
    let outside = s.path("other/cache").into_os_string().into_string().unwrap();
    let plan = s.plan(&["--allow-outside-root", "build", &outside]);
    let digits = plan.digest()[..8].to_owned();
    let (status, screen) = guard(&s, &["apply", &plan.file], &format!("{digits}\nyes\n"));
    assert_eq!(status, Some(2), "{screen}");
    assert!(s.has("other/cache") && s.has("root/build"));
    let typed = format!("{digits}\n{outside}\n");
    let (status, screen) = guard(&s, &["apply", &plan.file], &typed);
    assert_eq!(status, Some(0), "{screen}");
    assert!(screen.contains("lies outside of"), "{screen}");
    assert!(!s.has("other/cache") && !s.has("root/build"));
}

#[test]
fn restore_shows_what_it_would_do_and_waits_for_a_yes() {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    s.file("root/b", "b");
    let before = s.state("root");
    let plan = s.plan(&["build", "b"]);
    s.apply(&plan, &["--quarantine", "../q"]).expect(0);
    let manifest = format!("{}.manifest.jsonl", plan.file);
    s.file("root/b", "new work");
    for typed in ["no\n", "\n", "\u{4}"] {
        let (status, screen) = guard(&s, &["restore", &manifest], typed);
        assert_eq!(status, Some(2), "{screen}");
        assert!(!s.has("root/build") && screen.contains("1 paths will be put back"), "{screen}");
        assert!(screen.contains("b: stays: something else is there now"), "{screen}");
    }
    std::fs::remove_file(s.path("root/b")).unwrap();
    let (status, screen) = guard(&s, &["restore", &manifest], "yes\n");
    assert_eq!(status, Some(0), "{screen}");
    assert_eq!(before, s.state("root"));
}

#[test]
fn a_digest_that_was_given_is_not_asked_for() {
    let s = Sandbox::new();
    s.file("root/build", "b");
    let plan = s.plan(&["build"]);
    let (status, screen) = guard(&s, &["apply", &plan.file, "--confirm", plan.digest()], "");
    assert_eq!(status, Some(0), "{screen}");
    assert!(!screen.contains("Type"), "{screen}");
}
