//! A run is killed, and another one finishes it.

// A sandbox that cannot be made is no test: panicking names it at once.
#![allow(clippy::unwrap_used)]

mod kit;

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use kit::{GUARD, Plan, Sandbox};

const FILES: usize = 600;

fn tree(s: &Sandbox) -> Plan {
    for n in 0..FILES {
        s.file(&format!("root/build/{}/{n}", n % 7), "x");
    }
    s.file("root/keep", "k");
    s.file("other/precious", "p");
    s.plan(&["build"])
}

/// Starts a command, kills it after a while, and says whether it had ended by itself.
fn killed(s: &Sandbox, args: &[&str], after: Duration) -> bool {
    let mut child =
        s.command(GUARD).args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    let ended = child.try_wait().unwrap().is_some();
    let _ = child.kill();
    child.wait().unwrap();
    ended
}

/// Kills `apply`, then the first `resume`, each at a time that moves from the beginning to the end
/// of a run.
fn kill_and_resume(more: &[&str]) {
    for round in 0..40 {
        let s = Sandbox::new();
        let plan = tree(&s);
        let before = s.state("root");
        let manifest = format!("{}.manifest.jsonl", plan.file);
        let apply = ["apply", &plan.file, "--confirm", plan.digest()];
        let resume = ["resume", &plan.file, "--confirm", plan.digest(), "--manifest", &manifest];
        killed(&s, &[&apply[..], more].concat(), Duration::from_micros(round * 250));
        if !s.has("plan.json.manifest.jsonl") {
            s.apply(&plan, more).expect(0);
        } else {
            killed(&s, &resume, Duration::from_micros(round * 150));
            killed(&s, &resume, Duration::from_micros(6000 - round * 150));
            let held = s.guard(&["verify", &manifest]).status == Some(0);
            if !held {
                let ran = s.guard(&resume).expect(0);
                let count = |key: &str| ran.json[key].as_u64().unwrap();
                assert_eq!(count("done") + count("gone"), plan.paths().len() as u64);
            }
        }
        let verified = s.guard(&["verify", &manifest]).expect(0);
        assert_eq!(verified.json["kept"], 0);
        assert!(!s.has("root/build") && s.has("root/keep") && s.has("other/precious"));
        if more.is_empty() {
            continue;
        }
        let restored = s.guard(&["restore", &manifest]);
        assert_eq!(restored.status, Some(0), "{}", restored.stderr);
        assert_eq!(before, s.state("root"), "round {round}");
    }
}

#[test]
fn killed_at_any_time_a_run_can_be_finished() {
    kill_and_resume(&[]);
}

#[test]
fn killed_at_any_time_a_move_to_a_quarantine_can_be_finished_and_undone() {
    kill_and_resume(&["--quarantine", "../q"]);
}

/// A record cut off at any byte: what was deleted after the last whole line is found to be gone.
#[test]
fn a_record_that_was_cut_off_anywhere_can_be_finished() {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    s.file("root/build/b", "b");
    let plan = s.plan(&["build"]);
    s.apply(&plan, &[]).expect(0);
    let manifest = format!("{}.manifest.jsonl", plan.file);
    let whole = fs::read(&manifest).unwrap();
    let args = ["resume", &plan.file, "--confirm", plan.digest(), "--manifest", &manifest];
    for length in (0..whole.len()).step_by(7) {
        fs::write(&manifest, &whole[..length]).unwrap();
        let ran = s.guard(&args);
        let lines = whole[..length].iter().filter(|b| **b == b'\n').count();
        if lines == 0 {
            ran.expect(2).says("nothing was touched");
            continue;
        }
        // Without the announcement nobody knows who deleted them.
        let status = if lines < 2 { 1 } else { 0 };
        assert_eq!(ran.status, Some(status), "{length}: {}", ran.stderr);
        s.guard(&["verify", &manifest]).expect(0);
    }
}

#[test]
fn a_record_that_was_changed_is_not_continued() {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    let plan = s.plan(&["build"]);
    s.apply(&plan, &[]).expect(0);
    let manifest = format!("{}.manifest.jsonl", plan.file);
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("build/a", "build/b")).unwrap();
    let args = ["resume", &plan.file, "--confirm", plan.digest(), "--manifest", &manifest];
    s.guard(&args).expect(2).says("is not tied to the line before");
    s.guard(&["verify", &manifest]).expect(1);
}

#[test]
fn a_run_that_has_ended_cannot_be_resumed() {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    let plan = s.plan(&["build"]);
    s.apply(&plan, &[]).expect(0);
    let manifest = format!("{}.manifest.jsonl", plan.file);
    let args = ["resume", &plan.file, "--confirm", plan.digest(), "--manifest", &manifest];
    s.guard(&args).expect(2).says("nothing to resume");
}
