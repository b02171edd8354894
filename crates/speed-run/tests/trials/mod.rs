//! Trials with a command that takes the place of `openssl`.

// A trial that cannot be set up is a mistake here: panicking names it at once.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use contract::speed::{END_MARKER, MARKER, Pairing, RunEnd};
use contract::speed_startup::SpeedStartup;
use libtest_mimic::{Failed, Trial};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

type Check = fn() -> Result<(), Failed>;

const CHECKS: [(&str, Check); 8] = [
    ("two_targets_take_turns_and_the_log_says_which_run_is_which", interleaved),
    ("variables_are_set_for_their_target_only", variables),
    ("a_target_that_fails_is_kept_and_named_once", failing),
    ("no_shell_ever_sees_the_command", no_shell),
    ("a_request_to_stop_keeps_the_finished_rounds_and_ends_the_child", stopped),
    ("a_run_that_takes_too_long_is_ended_and_leaves_its_round_out", timeout),
    ("starts_are_measured_apart", startup),
    ("the_real_openssl_is_run", real),
];

pub fn all() -> Vec<Trial> {
    CHECKS.into_iter().map(|(name, check)| Trial::test(format!("run::{name}"), check)).collect()
}

/// What a run of the tool left behind.
struct Ran {
    folder: TempDir,
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

fn tool() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_speed-run"));
    command.stdin(Stdio::null()).env_remove("PROOFLINE_RUN_ID");
    command
}

/// A folder with an executable `fake` that runs `script`.
fn fake(script: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fake");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

fn run(script: &str, args: &[&str]) -> Ran {
    let folder = fake(script);
    let output = tool().args(args).current_dir(folder.path()).output().unwrap();
    Ran {
        folder,
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The runs of a log: which run, what it printed, how it ended.
fn runs(log: &str) -> Vec<(Pairing, String, RunEnd)> {
    let mut runs = vec![];
    let mut open: Option<(Pairing, String)> = None;
    for line in log.lines() {
        if let Some(json) = line.strip_prefix(MARKER) {
            assert!(open.is_none(), "a run begins inside another: {log}");
            open = Some((serde_json::from_str(json).unwrap(), String::new()));
        } else if let Some(json) = line.strip_prefix(END_MARKER) {
            let (pairing, output) = open.take().expect("an end without a beginning");
            runs.push((pairing, output, serde_json::from_str(json).unwrap()));
        } else {
            let (_, output) = open.as_mut().expect("a line outside of all runs");
            output.push_str(line);
            output.push('\n');
        }
    }
    assert!(open.is_none(), "a run does not end: {log}");
    runs
}

fn check(holds: bool, ran: &Ran) -> Result<(), Failed> {
    if holds {
        return Ok(());
    }
    Err(format!("status {:?}\n{}\n{}", ran.status, ran.stdout, ran.stderr).into())
}

fn interleaved() -> Result<(), Failed> {
    let script = r#"echo "$@"; echo progress >&2"#;
    let ran = run(
        script,
        &["--rounds", "2", "--a", "./fake one", "--b", "./fake two", "--", "-evp", "x y"],
    );
    let runs = runs(&ran.stdout);
    let order: Vec<String> = runs.iter().map(|(p, ..)| format!("{}{}", p.target, p.pair)).collect();
    check(order == ["a1", "b1", "b2", "a2"], &ran)?;
    check(runs[0].0.argv == ["./fake", "one", "speed", "-evp", "x y"], &ran)?;
    check(runs[1].1 == "two speed -evp x y\nprogress\n", &ran)?;
    check(runs.iter().all(|run| run.2.exit_code == Some(0)), &ran)?;
    check(ran.status == Some(0) && ran.stderr.is_empty(), &ran)
}

fn variables() -> Result<(), Failed> {
    let args = ["--rounds", "1", "--a", "./fake", "--b", "./fake", "--env-b", "MODE=fips=1"];
    let ran = run("echo \"mode $MODE\"", &args);
    let runs = runs(&ran.stdout);
    check(runs[0].1 == "mode \n" && runs[1].1 == "mode fips=1\n", &ran)?;
    check(runs[0].0.label == "./fake" && runs[1].0.label == "MODE=fips=1 ./fake", &ran)
}

fn failing() -> Result<(), Failed> {
    let script = "[ \"$1\" = bad ] || exit 0; echo half; echo speed: no such cipher >&2; exit 3";
    let ran = run(script, &["--rounds", "2", "--a", "./fake good", "--b", "./fake bad"]);
    check(ran.status == Some(1), &ran)?;
    check(
        ran.stderr == "speed-run: ./fake bad: ended with status 3: speed: no such cipher\n",
        &ran,
    )?;
    let runs = runs(&ran.stdout);
    check(runs.len() == 4 && runs[1].2.exit_code == Some(3), &ran)?;
    check(runs[1].1 == "half\nspeed: no such cipher\n", &ran)
}

fn no_shell() -> Result<(), Failed> {
    let hostile = "./fake $(touch pwned) `touch pwned` ; touch pwned '; touch pwned'";
    let ran =
        run("printf '%s\\n' \"$@\"", &["--rounds", "1", "--a", hostile, "--", "$(touch pwned)"]);
    check(ran.status == Some(0) && !ran.folder.path().join("pwned").exists(), &ran)?;
    check(runs(&ran.stdout)[0].1.ends_with("; touch pwned\nspeed\n$(touch pwned)\n"), &ran)
}

/// The second round hangs; what was said in it must not be in the log, and nothing of it may live.
fn stopped() -> Result<(), Failed> {
    let script = "if [ -e once ]; then echo $$ > pid; sleep 1000 & wait; fi; touch once; echo done";
    let folder = fake(script);
    let mut child = tool()
        .args(["--rounds", "3", "--a", "./fake"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut log: Vec<String> = lines.by_ref().take(3).collect::<Result<_, _>>()?;
    let pid = loop {
        if let Ok(text) = fs::read_to_string(folder.path().join("pid"))
            && let Ok(pid) = text.trim().parse()
        {
            break Pid::from_raw(pid);
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    kill(Pid::from_raw(i32::try_from(child.id())?), Signal::SIGINT)?;
    log.extend(lines.collect::<Result<Vec<_>, _>>()?);
    let output = child.wait_with_output()?;
    let ran = Ran {
        folder,
        status: output.status.code(),
        stdout: log.join("\n"),
        stderr: String::from_utf8(output.stderr)?,
    };
    check(ran.status == Some(2) && runs(&ran.stdout).len() == 1, &ran)?;
    let said = "speed-run: stopped after 1 of 3 rounds: what they measured is kept\n";
    check(ran.stderr == said, &ran)?;
    check(!Path::new(&format!("/proc/{pid}/cmdline")).exists(), &ran)
}

fn startup() -> Result<(), Failed> {
    let script = "[ \"$1\" = dgst ] && exit 0; echo \"$@\"";
    let args =
        ["--rounds", "2", "--a", "./fake", "--b", "./fake", "--startup", "s.json", "--", "sha256"];
    let ran = run(script, &args);
    let document: SpeedStartup =
        serde_json::from_slice(&fs::read(ran.folder.path().join("s.json"))?)?;
    check(document.targets.len() == 2 && document.starts.len() == 12, &ran)?;
    check(document.arguments == ["dgst", "-sha256", "/dev/null"], &ran)?;
    let sane = |start: &contract::speed_startup::Start| {
        start.exit_code == Some(0) && start.wall_ms > 0.0 && start.cpu_ms >= 0.0
    };
    check(document.starts.iter().all(sane), &ran)?;
    check(runs(&ran.stdout).len() == 4, &ran)
}

fn real() -> Result<(), Failed> {
    let args = ["--rounds", "1", "--a", "openssl", "--", "-seconds", "1", "-bytes", "64", "sha256"];
    let ran = run("", &args);
    let runs = runs(&ran.stdout);
    check(
        ran.status == Some(0) && runs[0].1.contains("sha256") && runs[0].1.contains("version: "),
        &ran,
    )
}

fn timeout() -> Result<(), Failed> {
    let script = "if test -e ran; then echo half; exec sleep 600; fi; : > ran; echo whole";
    let ran = run(script, &["--a", "./fake", "--rounds", "3", "--timeout", "1"]);
    let complete = ran.stdout.contains("whole") && !ran.stdout.contains("half");
    let one_round = ran.stdout.matches("speed-run-end").count() == 1;
    if ran.status == Some(2) && complete && one_round && ran.stderr.lines().count() == 1 {
        return Ok(());
    }
    Err(format!("status {:?}\n{}\n{}", ran.status, ran.stdout, ran.stderr).into())
}
