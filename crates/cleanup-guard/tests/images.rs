//! Images of containers, kept by a program that only pretends to.

// A sandbox that cannot be made is no test: panicking names it at once.
#![allow(clippy::unwrap_used)]

mod kit;

use std::fs;

use kit::{GUARD, Ran, Sandbox};

const BRIDGES: &str = "localhost/proofline/bridges:latest";

/// A runtime that keeps its images as files, and notes what it is asked. It uses nothing but what a
/// shell has built in, for its folder is all there is on PATH.
const RUNTIME: &str = r#"#!/bin/sh
state=${0%/*}/../state
printf '%s\n' "$*" >> "$state/calls"
say() { while IFS= read -r line; do printf '%s\n' "$line"; done < "$1"; }
last() { for last; do :; done; last=${last#ancestor=}; printf '%s' "${last#sha256:}"; }
id=$(last "$@")
case "$1 $2" in
  "image ls")
    for file in "$state"/*.json; do
      id=${file##*/}
      id=${id%.json}
      [ -e "$state/$id.removed" ] || while IFS= read -r name; do
        printf 'sha256:%s %s\n' "$id" "$name"
      done < "$state/$id.names"
    done ;;
  "image inspect")
    if [ -e "$state/$id.json" ] && ! [ -e "$state/$id.removed" ]; then
      say "$state/$id.json"
    else
      echo '[]'
      echo "Error: $id: image not known" >&2
      exit 125
    fi ;;
  "image rm")
    if [ -e "$state/refuses" ]; then echo 'Error: the store is locked' >&2; exit 125; fi
    [ -e "$state/lies" ] || : > "$state/$id.removed" ;;
  "ps --all") [ ! -e "$state/$id.containers" ] || say "$state/$id.containers" ;;
  *) echo "what is $*?" >&2; exit 125 ;;
esac
"#;

fn id(digit: char) -> String {
    digit.to_string().repeat(64)
}

fn image(s: &Sandbox, digit: char, names: &[&str], label: &str) {
    let id = id(digit);
    let json = format!(
        "[{{\"Id\":\"{id}\",\"RepoTags\":{names:?},\"Created\":\"2026-01-01T00:00:00Z\",\"Size\":7,\
         \"Config\":{{\"Labels\":{{\"{label}\":\"x\"}}}},\"Unknown\":{{}}}}]\n"
    );
    s.file(&format!("state/{id}.json"), &json);
    s.file(
        &format!("state/{id}.names"),
        &names.iter().map(|n| format!("{n}\n")).collect::<String>(),
    );
}

fn sandbox() -> Sandbox {
    let s = Sandbox::new();
    s.file("bin/podman", RUNTIME);
    s.mode("bin/podman", 0o755);
    image(&s, 'a', &[BRIDGES], "proofline.lock");
    s
}

fn guard(s: &Sandbox, args: &[&str]) -> Ran {
    Ran::new(s.command(GUARD).args(args).env("PATH", s.path("bin")).output().unwrap())
}

fn plan(s: &Sandbox) -> Ran {
    let ran = guard(s, &["plan", "--root", ".", "--profile", "images", "-o", "../plan.json"]);
    let text = fs::read_to_string(s.path("plan.json")).unwrap();
    Ran { json: serde_json::from_str(&text).unwrap(), ..ran }
}

fn apply(s: &Sandbox, planned: &Ran, verb: &str) -> Ran {
    let digest = planned.json["digest"].as_str().unwrap();
    guard(s, &[verb, "../plan.json", "--confirm", digest])
}

fn calls(s: &Sandbox) -> String {
    fs::read_to_string(s.path("state/calls")).unwrap()
}

#[test]
fn exactly_the_image_that_was_planned_is_removed_by_its_id_and_not_by_force() {
    let s = sandbox();
    image(&s, 'b', &["localhost/somebody/else:latest"], "proofline.lock");
    image(&s, 'c', &["docker.io/proofline/bridges:latest"], "proofline.lock");
    let planned = plan(&s).expect(0);
    assert_eq!(planned.json["images"][0]["name"], BRIDGES);
    assert_eq!(planned.json["images"].as_array().unwrap().len(), 1);
    assert_eq!(planned.json["policy"]["runtimes"], serde_json::json!(["podman"]));
    assert!(!calls(&s).contains("image rm"), "a plan removes nothing");
    let ran = apply(&s, &planned, "apply").expect(0);
    assert_eq!((&ran.json["done"], &ran.json["bytes"]), (&1.into(), &7.into()));
    let calls = calls(&s);
    let removals: Vec<_> = calls.lines().filter(|line| line.contains("image rm")).collect();
    assert_eq!(removals, [format!("image rm --no-prune {}", id('a'))]);
    assert!(!calls.contains("volume") && !calls.contains("force"));
    let verified = guard(&s, &["verify", "../plan.json.manifest.jsonl"]).expect(0);
    assert_eq!(verified.json["done"], 1);
}

#[test]
fn what_holds_an_image_is_told_when_it_is_planned() {
    let s = sandbox();
    s.file(&format!("state/{}.containers", id('a')), &format!("{}\n", "c".repeat(64)));
    image(&s, 'b', &["proofline/openssl-fips:one", "mine:two"], "proofline.source");
    image(&s, 'c', &["proofline/openssl-fips:three"], "of.somebody");
    let planned = plan(&s).expect(1);
    assert_eq!(planned.json["images"], serde_json::json!([]));
    let rules: Vec<_> =
        planned.json["refused"].as_array().unwrap().iter().map(|r| &r["rule"]).collect();
    assert_eq!(rules, ["image_in_use", "image_has_other_name"]);
    assert_eq!(
        planned.json["needs_review"][0]["path"],
        "podman image proofline/openssl-fips:three"
    );
    apply(&s, &planned, "apply").expect(0);
    assert!(!calls(&s).contains("image rm"));
}

/// What happens between the plan and its application, and the rule that keeps the image.
#[test]
fn an_image_is_looked_at_again_before_it_is_removed() {
    type Case = (&'static str, fn(&Sandbox));
    let cases: [Case; 6] = [
        ("image_in_use", |s| drop(s.file(&format!("state/{}.containers", id('a')), "c1\n"))),
        ("image_has_other_name", |s| image(s, 'a', &[BRIDGES, "mine:kept"], "proofline.lock")),
        ("changed", |s| image(s, 'a', &["mine:kept"], "proofline.lock")),
        ("outside_root", |s| image(s, 'a', &[BRIDGES], "of.somebody")),
        ("gone", |s| drop(s.file(&format!("state/{}.removed", id('a')), ""))),
        ("system_refused", |s| drop(s.file("state/refuses", ""))),
    ];
    for (rule, between) in cases {
        let s = sandbox();
        let planned = plan(&s).expect(0);
        between(&s);
        let ran = apply(&s, &planned, "apply").expect(1);
        assert_eq!(ran.kept(), [(format!("podman image {BRIDGES}").as_str(), rule)]);
        assert_eq!(ran.json["done"], 0);
        assert!(rule == "system_refused" || !calls(&s).contains("image rm"), "{rule}");
        guard(&s, &["verify", "../plan.json.manifest.jsonl"]).expect(0);
    }
}

#[test]
fn a_runtime_that_only_says_it_removed_it_is_not_believed() {
    let s = sandbox();
    let planned = plan(&s).expect(0);
    s.file("state/lies", "");
    let ran = apply(&s, &planned, "apply").expect(1);
    assert!(ran.json["kept"][0]["reason"].as_str().unwrap().contains("still there"));
}

#[test]
fn a_runtime_that_does_not_answer_is_named_and_hides_nothing_else() {
    let s = sandbox();
    s.file("bin/docker", "#!/bin/sh\necho 'Cannot connect to the daemon' >&2\nexit 1\n");
    s.mode("bin/docker", 0o755);
    let planned =
        plan(&s).expect(0).says("docker: its images are not in the plan").says("Cannot connect");
    assert_eq!(planned.json["images"].as_array().unwrap().len(), 1);
    for answer in ["nonsense", "[{}]", "{\"Id\":1}", ""] {
        s.file(&format!("state/{}.json", id('a')), &format!("{answer}\n"));
        let planned = plan(&s).expect(0).says("podman: its images are not in the plan");
        assert_eq!(planned.json["images"], serde_json::json!([]));
    }
}

#[test]
fn an_id_that_is_an_option_is_never_given_to_a_runtime() {
    let s = sandbox();
    plan(&s).expect(0);
    let text = fs::read_to_string(s.path("plan.json")).unwrap();
    let crafted = text.replace(&id('a'), "--all");
    let body = crafted.trim_end().rsplit_once(",\"digest\":").unwrap().0.to_owned();
    fs::write(s.path("body"), format!("{body}}}")).unwrap();
    let sum = s.command("sha256sum").arg(s.path("body")).output().unwrap().stdout;
    let digest = String::from_utf8(sum[..64].to_vec()).unwrap();
    fs::write(s.path("plan.json"), format!("{body},\"digest\":\"{digest}\"}}\n")).unwrap();
    let ran = guard(&s, &["apply", "../plan.json", "--confirm", &digest]).expect(1);
    assert_eq!(ran.kept()[0].1, "changed");
    assert!(!calls(&s).contains("inspect --all") && !calls(&s).contains("image rm"));
}

#[test]
fn an_image_that_went_in_an_interrupted_run_is_gone() {
    let s = sandbox();
    s.file("root/build", "b");
    let planned = plan(&s).expect(0);
    apply(&s, &planned, "apply").expect(0);
    let manifest = s.path("plan.json.manifest.jsonl");
    let text = fs::read_to_string(&manifest).unwrap();
    let end = text.find("{\"deleted\"").unwrap();
    let whole = text[..end].rfind('\n').unwrap() + 1;
    fs::write(&manifest, &text[..whole]).unwrap();
    let ran = apply(&s, &planned, "resume").expect(0);
    assert_eq!((&ran.json["done"], &ran.json["gone"]), (&0.into(), &1.into()));
}

#[test]
fn what_the_images_are_made_from_goes_with_its_proof() {
    let s = sandbox();
    let package = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../scripts/bridges/package.json"
    ));
    s.file("root/.proofline/bridges/package.json", &package.unwrap());
    s.file("root/.proofline/images/base/etc/passwd", "");
    let planned = plan(&s).expect(1);
    let targets = planned.json["policy"]["targets"].as_array().unwrap();
    assert_eq!(targets[0]["path"], ".proofline/bridges");
    assert_eq!(targets.len(), 1);
    assert_eq!(planned.json["needs_review"][0]["path"], ".proofline/images");
}
