//! Child processes: started without a shell, ended with all they started.

use std::os::unix::process::CommandExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::{Signal, killpg};
use nix::sys::time::TimeValLike;
use nix::unistd::Pid;
use plumb::{Event, Failure, Run};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;
use speed_run::target::Target;

/// How soon a request to stop is noticed.
const TICK: Duration = Duration::from_millis(50);
/// How long a child may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(5);

/// Whether somebody asked to stop (Ctrl-C, or a polite kill).
#[derive(Clone, Debug)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// From here on, the first request is noted; the second ends the process at once.
    pub fn watch() -> Result<Self, Failure> {
        let stop = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&stop))
                .and_then(|_| flag::register(signal, Arc::clone(&stop)))
                .map_err(|error| Failure::io("signals", "cannot watch", &error))?;
        }
        Ok(Self(stop))
    }

    /// Whether it was asked for.
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// How a child ended.
pub struct Ended {
    /// What it printed, standard output and standard error as they came.
    pub output: Vec<u8>,
    /// Exit status; none after a signal.
    pub exit_code: Option<i32>,
    /// From start to end.
    pub wall: Duration,
    /// CPU time of it and of what it waited for.
    pub cpu: Duration,
}

/// What can end a run before its own end.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Somebody's wish.
    pub stop: Stop,
    /// The longest a run may take.
    pub timeout: Option<Duration>,
}

/// Runs `argv` to its end; `None` if somebody asked to stop before. One that takes too long is
/// ended, and is a failure: what it printed is no measurement.
pub fn run(
    run: &Run,
    target: &Target,
    argv: &[String],
    limits: &Limits,
) -> Result<Option<Ended>, Failure> {
    run.say(&Event::ChildStarted { argv });
    let (program, arguments) =
        argv.split_first().ok_or_else(|| Failure::new("expected a command, found nothing"))?;
    let mut command = duct::cmd(program, arguments)
        .stdin_null()
        .stderr_to_stdout()
        .stdout_capture()
        .unchecked()
        // A group of its own: a Ctrl-C reaches this tool alone, which then ends the whole group.
        .before_spawn(|command| {
            command.process_group(0);
            Ok(())
        });
    for (key, value) in &target.env {
        command = command.env(key, value);
    }
    let (started, before) = (Instant::now(), cpu());
    let handle = command.start().map_err(|error| Failure::io(program, "cannot run", &error))?;
    let failed = |error: std::io::Error| Failure::io(program, "cannot wait for", &error);
    let output = loop {
        if let Some(output) = handle.wait_timeout(TICK).map_err(failed)? {
            break output;
        }
        if limits.stop.asked() {
            end(&handle);
            return Ok(None);
        }
        if let Some(limit) = limits.timeout.filter(|limit| started.elapsed() >= *limit) {
            end(&handle);
            let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            run.say(&Event::ChildEnded { command: program, outcome: "timeout", duration_ms });
            return Err(Failure::new(format!(
                "took longer than {} s (--timeout) and was ended: nothing of its round is kept",
                limit.as_secs()
            ))
            .at(&target.label));
        }
    };
    let ended = Ended {
        output: output.stdout.clone(),
        exit_code: output.status.code(),
        wall: started.elapsed(),
        cpu: cpu().saturating_sub(before),
    };
    let duration_ms = u64::try_from(ended.wall.as_millis()).unwrap_or(u64::MAX);
    let outcome = output.status.to_string();
    run.say(&Event::ChildEnded { command: program, outcome: &outcome, duration_ms });
    Ok(Some(ended))
}

/// Asks the child and all it started to end, and makes sure they do.
fn end(handle: &duct::Handle) {
    send(handle, Signal::SIGTERM);
    if !matches!(handle.wait_timeout(GRACE), Ok(Some(_))) {
        send(handle, Signal::SIGKILL);
        let _ = handle.kill();
    }
}

fn send(handle: &duct::Handle, signal: Signal) {
    for group in handle.pids() {
        // A group that is gone already is what was wanted.
        let _ = i32::try_from(group).map(|group| killpg(Pid::from_raw(group), signal));
    }
}

/// CPU time of all children that have ended.
fn cpu() -> Duration {
    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return Duration::ZERO };
    let used = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(u64::try_from(used).unwrap_or(0))
}
