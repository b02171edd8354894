//! One child process: bounded in time and in memory, ended with everything it started.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, PipeReader, Read};
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use audit_run::ran::{Captured, End, Ran};
use regex::bytes::Regex;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};

use super::interrupt::Interrupt;

/// What is kept of each stream.
pub const CAP: usize = 1 << 20;

/// How long output may still come after the command itself is gone.
const DRAIN: Duration = Duration::from_millis(300);

/// How long a command may take to end after it was asked to.
const GRACE: Duration = Duration::from_millis(700);

/// How long the kernel may take to end a command that was killed.
const KILL: Duration = Duration::from_secs(5);

/// The longest wait between two looks at [`Interrupt`].
const LOOK: Duration = Duration::from_millis(200);

/// A command that is about to be run. Its environment is `env` and nothing else.
#[derive(Debug)]
pub struct Command {
    pub argv: Vec<OsString>,
    pub env: BTreeMap<OsString, OsString>,
    pub dir: PathBuf,
    pub stdin: Option<File>,
    pub timeout: Duration,
}

/// A command that runs.
pub struct Running {
    handle: duct::Handle,
    pid: Pid,
    /// Becomes readable when the command itself has ended.
    pidfd: OwnedFd,
    streams: [Stream; 2],
    interrupt: Interrupt,
    started: Instant,
    deadline: Instant,
    ended: Option<Instant>,
}

struct Stream {
    /// None: its end was reached.
    reader: Option<PipeReader>,
    captured: Captured,
}

impl Command {
    /// Starts it in a process group of its own.
    pub fn start(self, interrupt: &Interrupt) -> io::Result<Running> {
        let (out, out_writer) = io::pipe()?;
        let (err, err_writer) = io::pipe()?;
        let started = Instant::now();
        let (program, args) =
            self.argv.split_first().ok_or_else(|| io::Error::other("there is no command"))?;
        let mut expression = duct::cmd(program, args)
            .dir(&self.dir)
            .full_env(self.env)
            .stdout_file(out_writer)
            .stderr_file(err_writer)
            .unchecked()
            .before_spawn(|command| {
                command.process_group(0);
                Ok(())
            });
        expression = match self.stdin {
            Some(file) => expression.stdin_file(file),
            None => expression.stdin_null(),
        };
        let handle = expression.start()?;
        let pid = handle.pids().first().and_then(|pid| Pid::from_raw(i32::try_from(*pid).ok()?));
        let pid = pid.ok_or_else(|| io::Error::other("the process has no id"))?;
        let stream = |reader| Stream { reader: Some(reader), captured: Captured::default() };
        Ok(Running {
            handle,
            pid,
            pidfd: pidfd_open(pid, PidfdFlags::empty())?,
            streams: [stream(out), stream(err)],
            interrupt: interrupt.clone(),
            started,
            deadline: started + self.timeout,
            ended: None,
        })
    }
}

impl Running {
    /// Waits for its end, or brings it about.
    pub fn finish(mut self) -> Ran {
        loop {
            let open = self.streams.iter().any(|stream| stream.reader.is_some());
            match self.ended {
                Some(_) if !open => return self.reap(None),
                // Where this process itself was kept waiting, what is there is read first.
                Some(ended) if ended.elapsed() > DRAIN => {
                    if !self.wait(Instant::now()) || ended.elapsed() > DRAIN * 10 {
                        return self.reap(Some(End::LeftBehind));
                    }
                    continue;
                }
                _ => {}
            }
            if self.interrupt.asked() {
                return self.stop(End::Interrupted);
            }
            let limit = self.ended.map_or(self.deadline, |ended| ended + DRAIN);
            if self.ended.is_none() && Instant::now() >= self.deadline {
                return self.stop(End::TimedOut);
            }
            self.wait(limit);
        }
    }

    /// Waits until its standard output matches `ready`. Gives back what came of it if it never
    /// does.
    pub fn until_ready(mut self, ready: &Regex) -> Result<Self, Box<Ran>> {
        loop {
            if ready.is_match(&self.streams[0].captured.bytes) {
                return Ok(self);
            }
            if self.ended.is_some() || Instant::now() >= self.deadline || self.interrupt.asked() {
                return Err(Box::new(self.finish()));
            }
            self.wait(self.deadline);
        }
    }

    /// Ends a server that has done its work.
    pub fn dismiss(mut self) -> Ran {
        self.wait(Instant::now());
        match self.ended {
            Some(_) => self.finish(),
            None => self.stop(End::Served),
        }
    }

    /// Takes in what there is, until something happens or `limit` is reached. Tells whether
    /// something did.
    fn wait(&mut self, limit: Instant) -> bool {
        let timeout = limit.saturating_duration_since(Instant::now()).min(LOOK);
        let timeout = Timespec::try_from(timeout).ok();
        let [out, err] = &self.streams;
        let (out, err) = (out.reader.as_ref(), err.reader.as_ref());
        let mut fds = Vec::with_capacity(3);
        fds.extend(out.map(|reader| PollFd::new(reader, PollFlags::IN)));
        fds.extend(err.map(|reader| PollFd::new(reader, PollFlags::IN)));
        if self.ended.is_none() {
            fds.push(PollFd::new(&self.pidfd, PollFlags::IN));
        }
        // An error here is a signal: the caller looks at the interrupt next.
        let happened = poll(&mut fds, timeout.as_ref()).is_ok();
        let mut happened = fds.iter().map(|fd| happened && !fd.revents().is_empty());
        let readable =
            [out.is_some(), err.is_some()].map(|open| open && happened.next() == Some(true));
        let ended = self.ended.is_none() && happened.next() == Some(true);
        for (stream, readable) in self.streams.iter_mut().zip(readable) {
            if readable {
                stream.take();
            }
        }
        if ended {
            self.ended = Some(Instant::now());
        }
        ended || readable.contains(&true)
    }

    /// Asks the whole group to end, then kills it.
    fn stop(mut self, end: End) -> Ran {
        let _ = kill_process_group(self.pid, Signal::TERM);
        self.wait_for_end(GRACE);
        let _ = kill_process_group(self.pid, Signal::KILL);
        self.wait_for_end(KILL);
        self.reap(Some(end))
    }

    fn wait_for_end(&mut self, at_most: Duration) {
        let limit = Instant::now() + at_most;
        while self.ended.is_none() && Instant::now() < limit {
            self.wait(limit);
        }
    }

    /// The result. What is left of the group is killed before the command is reaped: until then
    /// nobody else can have its number.
    fn reap(self, end: Option<End>) -> Ran {
        let _ = kill_process_group(self.pid, Signal::KILL);
        let duration_ms = self.started.elapsed().as_millis().try_into().unwrap_or(u64::MAX);
        let status = match self.handle.try_wait() {
            Ok(Some(output)) => output
                .status
                .code()
                .map(End::Exit)
                .or_else(|| output.status.signal().map(End::Signal)),
            _ => None,
        };
        let lost = || End::NotStarted("its end was never reported".to_owned());
        let end = end.or(status).unwrap_or_else(lost);
        let [stdout, stderr] = self.streams.map(|stream| stream.captured);
        Ran { end, stdout, stderr, duration_ms }
    }
}

impl Stream {
    /// Reads what is there: kept up to [`CAP`], dropped beyond it, so that a command that writes
    /// for ever neither fills memory nor waits for a reader.
    fn take(&mut self) {
        let Some(reader) = &mut self.reader else { return };
        let mut buffer = [0; 1 << 16];
        match reader.read(&mut buffer) {
            Ok(0) => self.reader = None,
            Ok(count) => {
                let room = CAP - self.captured.bytes.len();
                self.captured.bytes.extend_from_slice(&buffer[..count.min(room)]);
                self.captured.truncated |= count > room;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => self.reader = None,
        }
    }
}
