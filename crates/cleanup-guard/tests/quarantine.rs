//! Moved instead of deleted, and put back.

// A sandbox that cannot be made is no test: panicking names it at once.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod kit;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Stdio;
use std::time::Duration;

use kit::{Plan, Sandbox};

fn moved(more: &[&str]) -> (Sandbox, Plan, String, Vec<String>) {
    let s = Sandbox::new();
    s.file("root/build/sub/a", "a");
    s.file("root/build/sub/directory", "a file");
    s.mode("root/build/sub/a", 0o640);
    s.mode("root/build/sub", 0o750);
    s.link("/etc", "root/build/link");
    s.file("root/b", "b");
    let before = s.state("root");
    let plan = s.plan(&["build", "b"]);
    let ran = s.apply(&plan, &[&["--quarantine", "../q"], more].concat()).expect(0);
    assert_eq!(ran.json["done"], 6);
    let whole = fs::read_to_string(format!("{}.manifest.jsonl", plan.file)).unwrap();
    assert_eq!(whole.matches("\"moved\"").count(), 2, "one move for each target");
    let manifest = format!("{}.manifest.jsonl", plan.file);
    (s, plan, manifest, before)
}

#[test]
fn everything_comes_back_as_it_was() {
    let (s, _, manifest, before) = moved(&[]);
    assert!(!s.has("root/build") && !s.has("root/b") && s.has("q"));
    s.guard(&["restore", &manifest]).expect(0);
    assert_eq!(before, s.state("root"));
    s.guard(&["verify", &manifest]).expect(0);
    let again = s.guard(&["restore", &manifest]).expect(0);
    assert_eq!(again.json["restored"], serde_json::json!([]));
}

#[test]
fn what_would_be_restored_can_be_seen_first() {
    let (s, _, manifest, _) = moved(&[]);
    let before = (s.state("root"), s.state("q"), fs::read(&manifest).unwrap());
    let ran = s.guard(&["restore", &manifest, "--dry-run"]).expect(0);
    assert_eq!(ran.json["restored"].as_array().unwrap().len(), 2);
    assert_eq!(before, (s.state("root"), s.state("q"), fs::read(&manifest).unwrap()));
}

#[test]
fn nothing_is_overwritten_and_the_rest_comes_back() {
    let (s, _, manifest, _) = moved(&[]);
    s.file("root/build", "new work");
    let ran = s.guard(&["restore", &manifest]).expect(1);
    assert_eq!(ran.kept(), [("build", "occupied")]);
    assert_eq!(fs::read_to_string(s.path("root/build")).unwrap(), "new work");
    assert!(s.has("root/b"));
    fs::remove_file(s.path("root/build")).unwrap();
    s.guard(&["restore", &manifest]).expect(0);
    assert!(s.has("root/build/sub/a"));
}

#[test]
fn an_empty_folder_and_a_dangling_link_are_in_the_way_too() {
    for link in [false, true] {
        let (s, _, manifest, _) = moved(&[]);
        if link {
            symlink("../outside", s.path("root/b")).unwrap();
            symlink("../outside", s.path("root/build")).unwrap();
        } else {
            s.folder("root/b");
            s.folder("root/build");
        }
        let ran = s.guard(&["restore", &manifest]).expect(1);
        assert_eq!(ran.kept(), [("build", "occupied"), ("b", "occupied")]);
        assert!(!s.has("outside"));
    }
}

#[test]
fn a_folder_on_the_way_that_became_a_link_is_not_followed() {
    let s = Sandbox::new();
    s.file("root/way/build/a", "a");
    s.folder("other");
    let plan = s.plan(&["way/build"]);
    s.apply(&plan, &["--quarantine", "../q"]).expect(0);
    fs::remove_dir(s.path("root/way")).unwrap();
    s.link("../other", "root/way");
    let manifest = format!("{}.manifest.jsonl", plan.file);
    let ran = s.guard(&["restore", &manifest]).expect(1);
    assert_eq!(ran.kept(), [("way/build", "unreachable")]);
    assert_eq!(fs::read_dir(s.path("other")).unwrap().count(), 0);
}

#[test]
fn what_appeared_stays_and_the_rest_comes_back_around_it() {
    let s = Sandbox::new();
    s.file("root/build/sub/a", "a");
    s.file("root/build/b", "b");
    let before = s.state("root/build/sub");
    let plan = s.plan(&["build"]);
    s.file("root/build/new", "work");
    let ran = s.apply(&plan, &["--quarantine", "../q"]).expect(1);
    assert_eq!(ran.kept(), [("build", "changed")]);
    assert!(s.has("root/build/new") && !s.has("root/build/sub"));
    s.guard(&["restore", &format!("{}.manifest.jsonl", plan.file)]).expect(0);
    assert!(s.has("root/build/new") && s.has("root/build/b"));
    assert_eq!(before, s.state("root/build/sub"));
}

#[test]
fn much_is_moved_even_if_nobody_asks_for_it() {
    let s = Sandbox::new();
    (0..1001).for_each(|n| drop(s.file(&format!("root/build/{n}"), "x")));
    let before = s.state("root");
    let plan = s.plan(&["build"]);
    let ran = s.apply(&plan, &[]).expect(0);
    let place = s.path("root/.proofline/quarantine").into_os_string().into_string().unwrap();
    assert!(ran.json["quarantine"]["path"].as_str().unwrap().starts_with(&place));
    assert!(!s.has("root/build"));
    s.guard(&["restore", &format!("{}.manifest.jsonl", plan.file)]).expect(0);
    assert_eq!(before, s.state("root"), "and the quarantine is gone again");
}

#[test]
fn much_is_deleted_if_that_is_said() {
    let s = Sandbox::new();
    (0..1001).for_each(|n| drop(s.file(&format!("root/build/{n}"), "x")));
    let plan = s.plan(&["build"]);
    s.apply(&plan, &["--delete"]).expect(0);
    assert_eq!(fs::read_dir(s.path("root")).unwrap().count(), 0);
    let manifest = format!("{}.manifest.jsonl", plan.file);
    s.guard(&["restore", &manifest]).expect(2).says("nothing was moved");
}

#[test]
fn a_purge_is_a_plan_that_is_applied_like_any_other() {
    let (s, _, manifest, _) = moved(&[]);
    let file = s.path("purge.json").into_os_string().into_string().unwrap();
    let ran = s.guard(&["purge", "../q", "-o", &file]).expect(0);
    assert!(s.has("q"), "{}", ran.stderr);
    let json: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let digest = json["digest"].as_str().unwrap();
    s.guard(&["apply", &file, "--confirm", digest]).expect(0);
    assert!(!s.has("q") && s.has("root"));
    s.guard(&["restore", &manifest]).expect(2);
}

#[test]
fn only_a_quarantine_can_be_purged() {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    s.folder("root/empty");
    for dir in ["build", "empty", ".", "..", "/", "/usr"] {
        s.guard(&["purge", dir]).expect(2).says("is no quarantine");
    }
}

#[test]
fn a_quarantine_inside_of_what_is_moved_is_refused() {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    let plan = s.plan(&["build"]);
    s.apply(&plan, &["--quarantine", "build/q"]).expect(2).says("lies in what is to be moved");
    assert!(s.has("root/build/a") && !s.has("root/build/q"));
}

#[test]
fn a_quarantine_that_is_a_link_is_refused() {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    s.folder("other");
    s.link("other", "q");
    let plan = s.plan(&["build"]);
    s.apply(&plan, &["--quarantine", "../q"]).expect(2);
    assert!(s.has("root/build/a"));
    assert_eq!(fs::read_dir(s.path("other")).unwrap().count(), 0);
}

/// A folder on another mount than the sandboxes, where there is one.
fn elsewhere(s: &Sandbox) -> Option<tempfile::TempDir> {
    use std::os::unix::fs::MetadataExt as _;
    let folder = tempfile::tempdir_in("/dev/shm").ok()?;
    let other = folder.path().metadata().unwrap().dev() != s.top().metadata().unwrap().dev();
    if !other {
        eprintln!("skipped: /dev/shm is no mount of its own");
    }
    other.then_some(folder)
}

fn with_attributes(s: &Sandbox) {
    use rustix::fs::{XattrFlags, setxattr};
    let file = s.file("root/build/sub/a", &"content".repeat(50_000));
    s.mode("root/build/sub/a", 0o4710);
    let _ = setxattr(&file, "user.proof", b"value", XattrFlags::empty());
    s.file("root/build/sub/empty", "");
    s.file("root/build/.hidden", "h");
    s.link("../../nowhere", "root/build/link");
    assert!(s.command("mkfifo").arg(s.path("root/build/pipe")).status().unwrap().success());
    s.mode("root/build/sub", 0o2750);
    for name in ["root/build/sub/a", "root/build/sub", "root/build/pipe"] {
        let mut touch = s.command("touch");
        touch.args(["-d", "2020-02-02 02:02:02.5"]).arg(s.path(name));
        assert!(touch.status().unwrap().success());
    }
}

#[test]
fn across_mounts_everything_is_copied_and_comes_back_as_it_was() {
    let s = Sandbox::new();
    let Some(q) = elsewhere(&s) else { return };
    with_attributes(&s);
    let before = s.state("root");
    let file = s.path("root/build/sub/a");
    let mut value = [0; 16];
    let with_value = rustix::fs::getxattr(&file, "user.proof", &mut value[..]).is_ok();
    let plan = s.plan(&["build"]);
    let place = q.path().join("q").into_os_string().into_string().unwrap();
    s.apply(&plan, &["--quarantine", &place]).expect(0);
    assert!(!s.has("root/build"));
    let manifest = format!("{}.manifest.jsonl", plan.file);
    s.guard(&["verify", &manifest]).expect(0);
    s.guard(&["restore", &manifest]).expect(0);
    assert_eq!(before, s.state("root"));
    if with_value {
        assert_eq!(rustix::fs::getxattr(&file, "user.proof", &mut value[..]), Ok(5));
    }
}

#[test]
fn across_mounts_what_cannot_be_copied_stays() {
    let s = Sandbox::new();
    let Some(q) = elsewhere(&s) else { return };
    s.file("root/build/a", "a");
    drop(std::os::unix::net::UnixListener::bind(s.path("root/build/socket")).unwrap());
    let plan = s.plan(&["build"]);
    let place = q.path().join("q").into_os_string().into_string().unwrap();
    let ran = s.apply(&plan, &["--quarantine", &place]).expect(1);
    assert_eq!(ran.kept(), [("build/socket", "system_refused"), ("build", "content_kept")]);
    assert!(s.has("root/build/socket") && !s.has("root/build/a"));
}

#[test]
fn across_mounts_a_killed_run_can_be_finished_and_undone() {
    for round in 0..20 {
        let s = Sandbox::new();
        let Some(q) = elsewhere(&s) else { return };
        (0..100).for_each(|n| drop(s.file(&format!("root/build/{}/{n}", n % 3), "content")));
        let before = s.state("root");
        let plan = s.plan(&["build"]);
        let manifest = format!("{}.manifest.jsonl", plan.file);
        let place = q.path().join("q").into_os_string().into_string().unwrap();
        let args = ["apply", &plan.file, "--confirm", plan.digest(), "--quarantine", &place];
        let mut command = s.command(kit::GUARD);
        let quiet = command.args(args).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = quiet.spawn().unwrap();
        std::thread::sleep(Duration::from_micros(round * 900));
        let _ = child.kill();
        child.wait().unwrap();
        if !s.has("plan.json.manifest.jsonl") {
            continue;
        }
        if s.guard(&["verify", &manifest]).status != Some(0) {
            s.guard(&["resume", &plan.file, "--confirm", plan.digest()]).expect(0);
        }
        if s.has("root/build") {
            // Killed before the record had its first line: the resumed run deletes.
            panic!("still there, round {round}");
        }
        if s.guard(&["restore", &manifest]).status == Some(0) {
            assert_eq!(before, s.state("root"), "round {round}");
        }
    }
}
