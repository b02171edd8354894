//! Plans that are not what they seem, and what a plan may leave behind.

// A sandbox that cannot be made is no test: panicking names it at once.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod kit;

use std::fs;

use kit::{Plan, Sandbox};

fn planned() -> (Sandbox, Plan) {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    s.file("root/precious", "p");
    let plan = s.plan(&["build"]);
    (s, plan)
}

#[test]
fn a_plan_writes_nothing_but_itself() {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    let before = (s.state("root"), s.state("home"));
    let ran = s.guard(&["plan", "--root", ".", "build"]).expect(0);
    assert_eq!(ran.json["totals"]["entries"], 2);
    assert_eq!(before, (s.state("root"), s.state("home")));
    assert_eq!(fs::read_dir(s.top()).unwrap().count(), 2);
}

#[test]
fn a_plan_that_was_changed_is_refused() {
    let (s, plan) = planned();
    let text = fs::read_to_string(&plan.file).unwrap();
    for (from, to) in [
        ("build/a", "precious"),
        ("\"explicit\"", "\"explicit \""),
        ("\"refused\":[]", "\"refused\":[{\"path\":\"x\",\"rule\":\"gone\",\"reason\":\"\"}]"),
        ("\"purge\":false", "\"purge\":true"),
        ("\"directories\":1", "\"directories\":2"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from}");
        fs::write(&plan.file, changed).unwrap();
        s.apply(&plan, &[]).expect(2).says("was changed after it was made");
    }
    assert!(s.has("root/build/a") && s.has("root/precious"));
}

#[test]
fn a_plan_that_was_indented_is_still_the_same_plan() {
    let (s, plan) = planned();
    let indented = serde_json::to_string_pretty(&plan.json).unwrap();
    // Sorted keys would be another document: only white space is added here.
    assert!(indented.len() > fs::read_to_string(&plan.file).unwrap().len());
    let text = fs::read_to_string(&plan.file).unwrap();
    fs::write(&plan.file, text.replace("{\"", "{\n  \"").replace(",\"", ",\n  \"")).unwrap();
    s.apply(&plan, &[]).expect(0);
    assert!(!s.has("root/build"));
}

#[test]
fn the_digest_must_be_repeated_in_full() {
    let (s, plan) = planned();
    for digest in ["", "x", &plan.digest()[..8], &plan.digest().to_uppercase(), &"0".repeat(64)] {
        s.guard(&["apply", &plan.file, "--confirm", digest]).expect(2).says("is not the digest");
    }
    s.guard(&["apply", &plan.file]).expect(2).says("--confirm DIGEST is missing");
    assert!(s.has("root/build/a"));
}

#[test]
fn the_digest_of_another_plan_is_no_confirmation() {
    let (s, first) = planned();
    fs::rename(&first.file, s.path("first.json")).unwrap();
    let second = s.plan(&["precious"]);
    let args = ["apply", &second.file, "--confirm", first.digest()];
    s.guard(&args).expect(2).says("is not the digest");
    assert!(s.has("root/precious"));
}

#[test]
fn a_plan_serves_once() {
    let (s, plan) = planned();
    s.apply(&plan, &[]).expect(0);
    s.apply(&plan, &[]).expect(2).says("was applied already");
    s.apply(&plan, &["--manifest", "../another"]).expect(2).says("was applied already");
}

#[test]
fn a_plan_serves_once_wherever_its_record_is() {
    let (s, plan) = planned();
    s.apply(&plan, &["--manifest", "../m1"]).expect(0);
    s.apply(&plan, &["--manifest", "../m2"]).expect(2).says("was applied already");
    s.apply(&plan, &[]).expect(2).says("was applied already");
}

#[test]
fn the_record_of_another_plan_is_not_taken_for_that_of_this_one() {
    let (s, first) = planned();
    s.apply(&first, &[]).expect(0);
    s.file("root/build/b", "b");
    let second = s.plan(&["build"]);
    s.apply(&second, &[]).expect(2).says(
        "plan.json.manifest.jsonl: is the record of another plan: move it away, or name another",
    );
    assert!(s.has("root/build/b"));
    s.apply(&second, &["--manifest", "../m2"]).expect(0);
    assert!(!s.has("root/build"));
    s.apply(&second, &["--manifest", "../m3"]).expect(2).says("was applied already");
    s.file("root/build/c", "c");
    let third = s.plan(&["build"]);
    s.apply(&third, &["--manifest", "../m3"])
        .expect(2)
        .says("plan.json.used: is the note of another plan: move it away");
    for left in ["plan.json.used", "plan.json.manifest.jsonl"] {
        fs::rename(s.path(left), s.path("moved")).unwrap();
    }
    s.apply(&third, &[]).expect(0);
}

#[test]
fn a_record_that_cannot_be_read_is_that_of_this_plan() {
    for text in ["", "x\n", "{}"] {
        let (s, plan) = planned();
        s.file("plan.json.manifest.jsonl", text);
        s.apply(&plan, &["--manifest", "../m"]).expect(2).says("was applied already");
        assert!(s.has("root/build/a"));
    }
}

#[test]
fn a_plan_expires() {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    let plan = s.plan(&["--expires-in", "0s", "build"]);
    s.apply(&plan, &[]).expect(2).says("has expired");
    assert!(s.has("root/build/a"));
}

#[test]
fn an_answer_that_cannot_be_written_is_found_out_first() {
    let (s, plan) = planned();
    s.apply(&plan, &["--output", "../none/answer.json"]).expect(2);
    assert!(s.has("root/build/a") && !s.has("plan.json.manifest.jsonl"));
    s.apply(&plan, &[]).expect(0);
}

#[test]
fn a_record_is_not_written_through_a_link_or_over_a_file() {
    let (s, plan) = planned();
    s.file("other", "precious");
    s.link("other", "m1");
    s.apply(&plan, &["--manifest", "../m1"]).expect(2);
    s.apply(&plan, &["--manifest", "../other"]).expect(2);
    s.folder("real");
    s.link("real", "way");
    s.apply(&plan, &["--manifest", "../way/m"]).expect(2).says("link on its way");
    assert_eq!(fs::read_to_string(s.path("other")).unwrap(), "precious");
    assert!(s.has("root/build/a") && !s.has("real/m"));
}

#[test]
fn the_plan_and_the_record_are_not_deleted_by_themselves() {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    let plan = s.plan(&["build"]);
    fs::copy(&plan.file, s.path("root/build/plan.json")).unwrap();
    let again = s.plan(&["build"]);
    fs::rename(&again.file, s.path("root/build/plan.json")).unwrap();
    let args = ["apply", "build/plan.json", "--confirm", again.digest()];
    s.guard(&args).expect(1);
    assert!(s.has("root/build/plan.json") && !s.has("root/build/a"));
}

#[test]
fn a_crafted_plan_cannot_leave_the_root() {
    let (s, plan) = planned();
    s.file("other", "precious");
    let text = fs::read_to_string(&plan.file).unwrap();
    for path in ["../other", "/etc/hostname", "build/../precious", "precious", "build//a", ""] {
        let crafted = text.replacen("\"path\":\"build/a\"", &format!("\"path\":{path:?}"), 1);
        let body = crafted.trim_end().rsplit_once(",\"digest\":").unwrap().0.to_owned() + "}";
        fs::write(s.path("body"), &body).unwrap();
        let sum = s.command("sha256sum").arg(s.path("body")).output().unwrap().stdout;
        let digest = String::from_utf8(sum[..64].to_vec()).unwrap();
        let whole = format!("{},\"digest\":\"{digest}\"}}\n", body.strip_suffix('}').unwrap());
        let name = s.path("crafted.json").into_os_string().into_string().unwrap();
        fs::write(&name, whole).unwrap();
        let ran = s.guard(&["apply", &name, "--confirm", &digest]).expect(1);
        assert_eq!(ran.json["done"], 0, "{path}");
        for mark in ["crafted.json.manifest.jsonl", "crafted.json"] {
            fs::remove_file(s.path(mark)).unwrap();
        }
        assert!(s.has("other") && s.has("root/precious") && s.has("root/build/a"));
    }
}

#[test]
fn a_repository_goes_only_if_it_is_named() {
    let s = Sandbox::new();
    s.repo("root/build/lib", &[]);
    assert_eq!(s.plan(&["build"]).rules(), ["nested_repository", "content_kept"]);
    let other = s.plan(&["--allow-repository", "build", "build"]);
    assert_eq!(other.rules(), ["nested_repository", "content_kept"]);
    let plan = s.plan(&["--allow-repository", "build/lib", "build"]);
    assert_eq!(plan.rules(), [""; 0]);
    s.apply(&plan, &[]).expect(0);
    assert!(!s.has("root/build"));
}

#[test]
fn a_full_disk_stops_before_the_first_deletion() {
    let s = Sandbox::new();
    (0..300).for_each(|n| drop(s.file(&format!("root/build/{n}"), "x")));
    let plan = s.plan(&["build"]);
    s.folder("small");
    let made = s.command("unshare").args(["-rm", "true"]).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no user and mount namespaces here");
        return;
    }
    let top = s.top();
    let script = format!(
        "mount -t tmpfs -o size=16k none '{0}/small' && '{1}' apply '{2}' --confirm {3} \
         --manifest '{0}/small/m'; echo \"status $?\"; ls -A '{0}/small'; ls '{0}/root/build' | wc -l",
        top.display(),
        kit::GUARD,
        plan.file,
        plan.digest()
    );
    let output = s.command("unshare").args(["-rm", "sh", "-c", &script]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "status 2\n300\n");
}
