//! The voice on stderr: one line each, for people or as JSON.

use std::env;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::args::When;
use crate::{Common, Failure, LogFormat};

/// Everything a tool can say on stderr: the registry of events. A new kind of message is a new
/// variant here, so that a reader of the JSON lines can know them all.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event")]
pub enum Event<'a> {
    /// An input was read to its end.
    #[serde(rename = "input.read")]
    InputRead {
        /// Its name.
        path: &'a str,
        /// Its length.
        bytes: u64,
    },
    /// An output was written and is in its place.
    #[serde(rename = "output.written")]
    OutputWritten {
        /// Its name.
        path: &'a str,
        /// Its length.
        bytes: u64,
    },
    /// A child process was started.
    #[serde(rename = "child.started")]
    ChildStarted {
        /// The command and its arguments.
        argv: &'a [String],
    },
    /// A child process ended.
    #[serde(rename = "child.ended")]
    ChildEnded {
        /// The command.
        command: &'a str,
        /// `exit 0`, `signal 9`, `timeout`.
        outcome: &'a str,
        /// Wall time in milliseconds.
        duration_ms: u64,
    },
    /// A stage of the work ended.
    #[serde(rename = "stage.ended")]
    StageEnded {
        /// What was done.
        stage: &'a str,
        /// With what result.
        outcome: &'a str,
    },
    /// Something a person should know; the answer stands.
    #[serde(rename = "warning")]
    Warning {
        /// The input it concerns.
        #[serde(skip_serializing_if = "Option::is_none")]
        source: Option<&'a str>,
        /// Its line.
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<u64>,
        /// What.
        message: &'a str,
    },
    /// Part of the job or all of it could not be done.
    #[serde(rename = "failure")]
    Failed {
        /// The input it concerns.
        #[serde(skip_serializing_if = "Option::is_none")]
        source: Option<&'a str>,
        /// Its line.
        #[serde(skip_serializing_if = "Option::is_none")]
        line: Option<u64>,
        /// Why.
        message: &'a str,
    },
}

/// How loud an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Always said.
    Error,
    /// Said unless `-q`.
    Warning,
    /// Said with `-v`, and always as JSON.
    Info,
}

impl Event<'_> {
    /// How loud it is.
    #[must_use]
    pub fn level(&self) -> Level {
        match self {
            Self::Failed { .. } => Level::Error,
            Self::Warning { .. } => Level::Warning,
            _ => Level::Info,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::InputRead { path, bytes } => format!("read {path} ({bytes} bytes)"),
            Self::OutputWritten { path, bytes } => format!("wrote {path} ({bytes} bytes)"),
            Self::ChildStarted { argv } => format!("running {argv:?}"),
            Self::ChildEnded { command, outcome, duration_ms } => {
                format!("{command} ended: {outcome} after {duration_ms} ms")
            }
            Self::StageEnded { stage, outcome } => format!("{stage}: {outcome}"),
            Self::Warning { source, line, message } | Self::Failed { source, line, message } => {
                let place = Failure {
                    source: source.map(str::to_owned),
                    line: *line,
                    message: (*message).to_owned(),
                    silent: false,
                };
                place.to_string()
            }
        }
    }
}

/// Who speaks, how loud, and in which form.
pub(crate) struct Voice {
    tool: &'static str,
    loudest: Level,
    format: LogFormat,
    run_id: Option<String>,
    colour: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    level: Level,
    #[serde(skip_serializing_if = "Option::is_none")]
    run_id: Option<&'a str>,
    operation: &'a str,
    time: String,
    // Flattened because this is only ever written, never read back through this type.
    #[serde(flatten)]
    event: &'a Event<'a>,
}

impl Voice {
    pub(crate) fn new(tool: &'static str, common: &Common) -> Self {
        let loudest = match (common.quiet, common.verbose, common.log_format) {
            (true, _, _) => Level::Error,
            (_, true, _) | (_, _, LogFormat::Json) => Level::Info,
            _ => Level::Warning,
        };
        Self {
            tool,
            loudest,
            format: common.log_format,
            run_id: common.run_id.clone(),
            colour: colour(common.color),
        }
    }

    /// Says `event` if it is loud enough. A stderr that is gone is no reason to stop working.
    pub(crate) fn say(&self, event: &Event<'_>) {
        let level = event.level();
        if level > self.loudest {
            return;
        }
        let line = match self.format {
            LogFormat::Json => self.json(level, event),
            LogFormat::Text => self.text(level, event),
        };
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// Says why the job could not be done.
    pub(crate) fn fail(&self, failure: &Failure) {
        if !failure.silent {
            self.say(&Event::Failed {
                source: failure.source.as_deref(),
                line: failure.line,
                message: &failure.message,
            });
        }
    }

    /// Whether a progress bar may be drawn.
    pub(crate) fn may_draw(&self) -> bool {
        self.format == LogFormat::Text
            && self.loudest > Level::Error
            && io::stderr().is_terminal()
            && env::var_os("CI").is_none()
    }

    fn json(&self, level: Level, event: &Event<'_>) -> String {
        let line = Line {
            level,
            run_id: self.run_id.as_deref(),
            operation: self.tool,
            time: humantime::format_rfc3339_millis(std::time::SystemTime::now()).to_string(),
            event,
        };
        let mut text = serde_json::to_vec(&line).unwrap_or_default();
        escape::json::visible(&mut text, 0);
        String::from_utf8(text).unwrap_or_default()
    }

    fn text(&self, level: Level, event: &Event<'_>) -> String {
        let text = event.text();
        let text = escape::terminal::line(&text);
        let tool = self.tool;
        match (self.colour, level) {
            (true, Level::Error) => format!("\x1b[1;31m{tool}:\x1b[0m {text}"),
            (true, Level::Warning) => format!("\x1b[1;33m{tool}:\x1b[0m {text}"),
            _ => format!("{tool}: {text}"),
        }
    }
}

/// `--color`, then `NO_COLOR`, then `CLICOLOR_FORCE`, then `CLICOLOR`, then the terminal.
fn colour(when: When) -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let is = |name, value: &str| env::var_os(name).is_some_and(|found| found == value);
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto if set("NO_COLOR") => false,
        When::Auto if set("CLICOLOR_FORCE") && !is("CLICOLOR_FORCE", "0") => true,
        When::Auto => !is("CLICOLOR", "0") && !is("TERM", "dumb") && io::stderr().is_terminal(),
    }
}
