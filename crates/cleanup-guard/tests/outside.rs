//! Paths outside of the root: only with an option, and each confirmed by itself.

// A sandbox that cannot be made is no test: panicking names it at once.
#![allow(clippy::unwrap_used)]

mod kit;

use kit::{Plan, Sandbox};

fn sandbox() -> (Sandbox, String) {
    let s = Sandbox::new();
    s.file("root/build/a", "a");
    s.file("root/precious", "p");
    s.file("other/cache/x", "x");
    s.file("other/precious", "p");
    let outside = s.path("other/cache").into_os_string().into_string().unwrap();
    (s, outside)
}

fn planned(s: &Sandbox, paths: &[&str]) -> Plan {
    s.plan(&[&["--allow-outside-root"], paths].concat())
}

#[test]
fn what_is_outside_goes_only_if_its_path_is_repeated() {
    let (s, outside) = sandbox();
    let plan = planned(&s, &["build", &outside]);
    assert_eq!(plan.rules(), [""; 0]);
    assert_eq!(plan.paths(), ["other/cache/x", "other/cache", "root/build/a", "root/build"]);
    assert_eq!(plan.json["policy"]["outside"][0]["path"], outside.as_str());
    assert_eq!(plan.json["root"]["path"], s.top().to_str().unwrap());
    let before = s.state("");
    s.apply(&plan, &[]).expect(2).says("--confirm-outside").says(&outside);
    let almost = format!("{outside}/");
    s.apply(&plan, &["--confirm-outside", &almost]).expect(2).says("--confirm-outside");
    assert_eq!(before, s.state(""));
    s.apply(&plan, &["--confirm-outside", &outside]).expect(0);
    assert!(!s.has("other/cache") && !s.has("root/build"));
    assert!(s.has("other/precious") && s.has("root/precious"));
}

#[test]
fn without_the_option_it_is_refused_and_the_way_on_is_named() {
    let (s, outside) = sandbox();
    let plan = s.plan(&["build", &outside]);
    assert_eq!(plan.rules(), ["outside_root"]);
    assert!(plan.json.to_string().contains("--allow-outside-root"));
    assert_eq!(plan.json["root"], plan.json["policy"]["given_root"]);
    s.apply(&plan, &[]).expect(0);
    assert!(s.has("other/cache/x"));
}

#[test]
fn what_is_never_deleted_is_not_deleted_outside_either() {
    let (s, _) = sandbox();
    s.link("other", "way");
    let path = |name: &str| s.path(name).into_os_string().into_string().unwrap();
    for (asked, rule) in [
        (path("home"), "home_folder"),
        (path("root"), "root_itself"),
        (path(""), "home_folder"),
        (path("way/cache"), "link_in_path"),
        (path("root/../other"), "parent_component"),
        (path("none"), "missing"),
        ("/".to_owned(), "root_itself"),
        ("/etc/hostname".to_owned(), "system_folder"),
        ("/usr".to_owned(), "system_folder"),
        ("/proc/self".to_owned(), "system_folder"),
    ] {
        let plan = planned(&s, &[&asked]);
        assert_eq!(plan.rules(), [rule], "{asked}");
        assert_eq!(plan.paths(), [""; 0], "{asked}");
        assert_eq!(plan.json["policy"]["outside"], serde_json::json!([]), "{asked}");
    }
}

#[test]
fn the_root_s_parent_does_not_take_the_root_along() {
    let s = Sandbox::new();
    s.file("yard/root/build/a", "a");
    let yard = s.path("yard").into_os_string().into_string().unwrap();
    let args = ["plan", "--root", "../yard/root", "--allow-outside-root", &yard];
    let ran = s.guard(&args).expect(1);
    assert_eq!(ran.json["refused"][0]["rule"], "root_itself");
    assert_eq!(ran.json["entries"], serde_json::json!([]));
}

#[test]
fn a_profile_searches_the_root_and_nothing_else() {
    let (s, outside) = sandbox();
    let tag = "Signature: 8a477f597d28d172789f06886806bc55";
    for folder in ["root", "other", "other/cache"] {
        s.file(&format!("{folder}/target/CACHEDIR.TAG"), tag);
    }
    let plan = planned(&s, &["--profile", "rust", &outside]);
    let targets = plan.json["policy"]["targets"].as_array().unwrap();
    let targets: Vec<_> = targets.iter().map(|target| target["path"].as_str().unwrap()).collect();
    assert_eq!(targets, ["other/cache", "root/target"]);
}

#[test]
fn a_repository_outside_is_a_repository() {
    let (s, outside) = sandbox();
    s.repo("other/cache/lib", &[]);
    let plan = planned(&s, &[&outside]);
    assert_eq!(plan.rules(), ["nested_repository", "content_kept"]);
    let lib = format!("{outside}/lib");
    let plan = planned(&s, &["--allow-repository", &lib, &outside]);
    assert_eq!(plan.rules(), [""; 0]);
}

#[test]
fn what_was_moved_from_outside_comes_back() {
    let (s, outside) = sandbox();
    let before = [s.state("root"), s.state("other")];
    let plan = planned(&s, &["build", &outside]);
    let more = ["--confirm-outside", &outside, "--quarantine", "../q"];
    s.apply(&plan, &more).expect(0);
    assert!(!s.has("other/cache") && !s.has("root/build"));
    s.guard(&["restore", &format!("{}.manifest.jsonl", plan.file)]).expect(0);
    assert_eq!(before, [s.state("root"), s.state("other")]);
}
