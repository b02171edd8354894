//! What came of one command, before anybody judged it.

use std::fmt;

/// One command that was run, or could not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// How it ended.
    pub end: End,
    /// What it wrote to standard output.
    pub stdout: Captured,
    /// What it wrote to standard error.
    pub stderr: Captured,
    /// Wall time in milliseconds.
    pub duration_ms: u64,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// By itself, with this status.
    Exit(i32),
    /// By this signal.
    Signal(i32),
    /// It was ended because its time was up.
    TimedOut,
    /// It exited and left something behind that kept its output open; that was ended.
    LeftBehind,
    /// It is a server that came up as expected; it was ended with the check.
    Served,
    /// It was never started, for this reason.
    NotStarted(String),
    /// The run was interrupted.
    Interrupted,
}

/// In the words in which the system's own tools say it.
impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exit(status) => write!(f, "exit status: {status}"),
            Self::Signal(signal) => write!(f, "signal: {signal}"),
            Self::TimedOut => f.write_str("timed out"),
            Self::LeftBehind => f.write_str("left something behind"),
            Self::Served => f.write_str("ready"),
            Self::NotStarted(why) => write!(f, "not started: {why}"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

/// What was kept of one stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captured {
    /// The first bytes of it.
    pub bytes: Vec<u8>,
    /// Whether more was written.
    pub truncated: bool,
}
