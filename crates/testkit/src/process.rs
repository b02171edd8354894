//! The binary under test and one run of it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use crate::{bad, case, common, fixtures};

/// A binary under test.
#[derive(Clone, Debug)]
pub struct Tool {
    pub(crate) name: &'static str,
    pub(crate) bin: &'static str,
    pub(crate) reads: Option<Reads>,
    pub(crate) needs_operands: bool,
}

/// How a tool is made to read a file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reads {
    /// The arguments; `{}` is the file.
    pub args: &'static [&'static str],
    /// A file it reads without complaint, below the tool's fixtures.
    pub sample: &'static str,
    /// Kinds of bad input that this tool answers otherwise than with status 2.
    pub except: &'static [(&'static str, i32)],
}

/// What came of a run.
#[derive(Clone, Debug)]
pub struct Ran {
    /// The command line, for messages.
    pub command: String,
    /// The exit status; `None` after a signal.
    pub status: Option<i32>,
    /// Everything on stdout.
    pub stdout: Vec<u8>,
    /// Everything on stderr.
    pub stderr: String,
}

impl Tool {
    /// The tool `name`, whose binary is `bin`.
    #[must_use]
    pub fn new(name: &'static str, bin: &'static str) -> Self {
        Self { name, bin, reads: None, needs_operands: true }
    }

    /// With `args` (`{}` is the file) the tool reads a file; `sample`, below its fixtures, is one
    /// it reads without complaint. Adds the trials about unreadable and bad input.
    #[must_use]
    pub fn reads(mut self, args: &'static [&'static str], sample: &'static str) -> Self {
        self.reads = Some(Reads { args, sample, except: &[] });
        self
    }

    /// Kinds of bad input (names in `bad.rs`) that are no bad input to this tool, and the status
    /// it gives.
    #[must_use]
    pub fn except(mut self, except: &'static [(&'static str, i32)]) -> Self {
        if let Some(reads) = &mut self.reads {
            reads.except = except;
        }
        self
    }

    /// The tool has a job to do without any operand, and reads nothing for it.
    #[must_use]
    pub fn works_without_operands(mut self) -> Self {
        self.needs_operands = false;
        self
    }

    /// Runs all fixtures and all common trials as tests.
    #[must_use]
    pub fn main(self) -> ExitCode {
        self.main_with(vec![])
    }

    /// The same with trials of the tool's own.
    #[must_use]
    pub fn main_with(self, own: Vec<Trial>) -> ExitCode {
        let mut trials = case::trials(&self);
        trials.extend(common::trials(&self));
        trials.extend(bad::trials(&self));
        trials.extend(own);
        libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
    }

    /// Runs the binary in `folder` with nothing but a small, fixed environment.
    pub fn run<A: Into<OsString>>(
        &self,
        folder: &Path,
        args: impl IntoIterator<Item = A>,
        stdin: &[u8],
        env: &[(String, String)],
    ) -> Ran {
        let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
        let command = format!("{} {args:?} in {}", self.name, folder.display());
        let output = duct::cmd(self.bin, &args)
            .dir(folder)
            .stdin_bytes(stdin)
            .stdout_capture()
            .stderr_capture()
            .unchecked()
            .full_env(environment(env))
            .run()
            .unwrap_or_else(|error| panic!("{command}: {error}"));
        Ran {
            command,
            status: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The sample input of [`Tool::reads`].
    pub(crate) fn sample(&self, reads: &Reads) -> std::path::PathBuf {
        fixtures().join(self.name).join(reads.sample)
    }
}

/// A small, fixed environment and what the case adds to it.
fn environment(more: &[(String, String)]) -> BTreeMap<OsString, OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let fixed = [("LC_ALL", "C".into()), ("TZ", "UTC".into()), ("PATH", path)];
    let more = more.iter().map(|(key, value)| (key.into(), value.into()));
    fixed.map(|(key, value)| (key.into(), value)).into_iter().chain(more).collect()
}

impl Ran {
    /// An error with everything there is to see.
    pub fn fail(&self, why: impl std::fmt::Display) -> libtest_mimic::Failed {
        let stdout = String::from_utf8_lossy(&self.stdout);
        let cut: String = stdout.chars().take(20_000).collect();
        format!(
            "{why}\n--- command: {}\n--- status: {:?}\n--- stdout:\n{cut}\n--- stderr:\n{}",
            self.command, self.status, self.stderr
        )
        .into()
    }

    /// Fails unless the exit status is `status`.
    pub fn expect_status(&self, status: i32) -> crate::Outcome {
        if self.status == Some(status) {
            Ok(())
        } else {
            Err(self.fail(format!("expected status {status}")))
        }
    }
}
