//! Runs a scene against a tool and looks at what is left.

use std::io::{Read as _, Seek as _};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use crate::kit::{GUARD, Sandbox, state};
use crate::scene::Scene;

/// A scene that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// Whether user and mount namespaces can be made here.
pub fn has_namespaces() -> bool {
    let made = Command::new("unshare").args(["-rm", "true"]).output();
    made.is_ok_and(|output| output.status.success())
}

/// What became of a scene.
pub struct Result {
    /// Survivors that are not as they were.
    pub lost: Vec<String>,
    /// What should be gone and is still there.
    pub left: Vec<String>,
    /// Everything it printed.
    pub said: String,
    /// Whether it had to be stopped.
    pub hung: bool,
}

pub fn guard_survives(scene: &Scene) -> std::result::Result<(), String> {
    let plan = "'@GUARD' plan --root '@/root' -o '@/plan.json' -- @ASK; echo \"plan $?\"";
    let apply = "digest=$(sed 's/.*\"digest\":\"\\([0-9a-f]*\\)\"}$/\\1/' '@/plan.json'); \
        '@GUARD' apply '@/plan.json' --confirm \"$digest\"; echo \"apply $?\"; \
        '@GUARD' verify '@/plan.json.manifest.jsonl' > /dev/null; echo \"verify $?\"; \
        cat '@/plan.json'";
    let result = run(scene, plan, apply);
    let fail = |why: String| Err(format!("{why}\n{}", result.said));
    if result.hung {
        return fail("it hangs".into());
    }
    if !result.lost.is_empty() {
        return fail(format!("lost: {:?}", result.lost));
    }
    if !result.left.is_empty() {
        return fail(format!("still there: {:?}", result.left));
    }
    for rule in scene.rules {
        if !result.said.contains(&format!("\"rule\":\"{rule}\"")) {
            return fail(format!("does not name the rule {rule}"));
        }
    }
    if !scene.rules.is_empty() && !result.said.contains(" 1\n") && !result.said.contains(" 2\n") {
        return fail("kept something and says that all went well".into());
    }
    for word in ["panicked", "plan 101", "apply 101"] {
        if result.said.contains(word) {
            return fail(word.into());
        }
    }
    Ok(())
}

/// Runs `first`, what happens between, and `second`, all of them shell lines in which `@` is the
/// sandbox and `@ASK` is what is asked for.
pub fn run(scene: &Scene, first: &str, second: &str) -> Result {
    let sandbox = Sandbox::new();
    (scene.make)(&sandbox);
    let top = sandbox.top();
    let top = top.to_str().unwrap();
    let before = survivors(scene, &sandbox);
    let mut said = String::new();
    let mut hung = false;
    let fill = |line: &str| {
        line.replace("@GUARD", GUARD).replace("@ASK", &asked(scene, top)).replace('@', top)
    };
    if scene.mount.is_some() || scene.mount_between.is_some() {
        let lines = [scene.mount, Some(first), scene.mount_between, Some(second)];
        let script: Vec<String> = lines.into_iter().flatten().map(fill).collect();
        let output = shell(scene, &sandbox, &script.join("\n"), true);
        hung |= take(output, &mut said);
    } else {
        hung |= take(shell(scene, &sandbox, &fill(first), false), &mut said);
        let between = scene.between.is_some();
        scene.between.iter().for_each(|act| act(&sandbox));
        let before_second = survivors(scene, &sandbox);
        hung |= take(shell(scene, &sandbox, &fill(second), false), &mut said);
        if between {
            let lost = differences(&before_second, &survivors(scene, &sandbox));
            return Result { lost, left: left(scene, &sandbox), said, hung };
        }
    }
    let lost = differences(&before, &survivors(scene, &sandbox));
    Result { lost, left: left(scene, &sandbox), said, hung }
}

fn left(scene: &Scene, sandbox: &Sandbox) -> Vec<String> {
    scene.gone.iter().filter(|name| sandbox.has(name)).map(|name| (*name).to_owned()).collect()
}

fn survivors(scene: &Scene, sandbox: &Sandbox) -> Vec<String> {
    let states = scene.survivors.iter().map(|name| {
        let lines = state(&sandbox.path(name));
        format!("{name}: {}", lines.join("\n"))
    });
    states.collect()
}

fn differences(before: &[String], after: &[String]) -> Vec<String> {
    let pairs = before.iter().zip(after);
    pairs.filter(|(a, b)| a != b).map(|(a, b)| format!("was {a}\nis {b}")).collect()
}

/// The paths, quoted for a shell.
fn asked(scene: &Scene, top: &str) -> String {
    let quoted = scene.ask.iter().map(|path| match path.strip_prefix('@') {
        Some(rest) => format!("'{top}{rest}'"),
        None => format!("'{path}'"),
    });
    quoted.collect::<Vec<_>>().join(" ")
}

fn shell(scene: &Scene, sandbox: &Sandbox, script: &str, namespace: bool) -> Option<Output> {
    let mut command = if namespace {
        let mut command = sandbox.command("unshare");
        command.args(["-rm", "sh", "-c", script]);
        command
    } else {
        let mut command = sandbox.command("sh");
        command.args(["-c", script]);
        command
    };
    command.current_dir(sandbox.path(scene.cwd));
    let top = sandbox.top();
    for (key, value) in scene.env {
        command.env(key, value.replace('@', top.to_str().unwrap()));
    }
    let mut log = tempfile::tempfile().unwrap();
    command.stdout(log.try_clone().unwrap()).stderr(log.try_clone().unwrap());
    let mut child = command.spawn().unwrap();
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            let mut stdout = Vec::new();
            log.rewind().unwrap();
            log.read_to_end(&mut stdout).unwrap();
            return Some(Output { status, stdout, stderr: vec![] });
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(3));
    }
}

fn take(output: Option<Output>, said: &mut String) -> bool {
    match output {
        Some(output) => {
            said.push_str(&String::from_utf8_lossy(&output.stdout));
            false
        }
        None => true,
    }
}
