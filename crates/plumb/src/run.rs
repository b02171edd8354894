//! From `main` to the exit status.

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches};
use serde::Serialize;

use crate::source::{by_lines, expand, split_nul};
use crate::voice::Voice;
use crate::{
    Common, Directories, EXIT_STATUS, Event, Failure, Files, Input, LogFormat, Out, Progress,
    Reader, Source, Status,
};

/// What a binary is.
#[derive(Clone, Copy, Debug)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The JSON Schema of the document each subcommand writes; `""` is the tool without one. The
    /// first is what `--schema` prints where no subcommand says otherwise.
    pub schemas: &'static [(&'static str, &'static str)],
}

/// Arguments that contain the common ones.
pub trait HasCommon {
    /// The common options.
    fn common(&self) -> &Common;
}

/// Runs `body` with the parsed arguments and turns its answer into the exit status.
///
/// The status is the worst of what `body` answers and the failures it reported on the way.
pub fn run<A>(tool: Tool, body: impl FnOnce(A, &mut Run) -> Result<Status, Failure>) -> ExitCode
where
    A: CommandFactory + FromArgMatches + HasCommon,
{
    let argv: Vec<OsString> = env::args_os().collect();
    let early = Voice::new(tool.name, &early_common(&argv));
    if asks_for_schema(&argv) {
        return print_and_leave(&early, schema(&tool, &argv));
    }
    let args = match parse::<A>(&tool, &argv) {
        Ok(args) => args,
        Err(Leave::Print(text)) => return print_and_leave(&early, &text),
        Err(Leave::Usage(failure)) => {
            early.fail(&failure);
            return ExitCode::from(2);
        }
    };
    let mut run = Run {
        voice: Arc::new(Voice::new(tool.name, args.common())),
        common: args.common().clone(),
        failed: false,
    };
    match body(args, &mut run) {
        Ok(Status::Yes) if !run.failed => ExitCode::SUCCESS,
        Ok(Status::No) if !run.failed => ExitCode::from(1),
        Ok(_) => ExitCode::from(2),
        Err(failure) => {
            run.voice.fail(&failure);
            ExitCode::from(2)
        }
    }
}

/// One run of a tool: its inputs, its output, its voice.
pub struct Run {
    voice: Arc<Voice>,
    common: Common,
    failed: bool,
}

impl Run {
    /// Everything the operands name, in order. What cannot be listed is reported at once; the rest
    /// is still there.
    pub fn sources(
        &mut self,
        files: &Files,
        directories: Directories,
    ) -> Result<Vec<Source>, Failure> {
        let operands = match &files.files0_from {
            Some(list) => {
                let list = self.read(&Source::from_operand(list))?;
                match by_lines(&list.bytes) {
                    Some(why) => return Err(list.failure(why)),
                    None => split_nul(&list.bytes),
                }
            }
            None if files.files.is_empty() => return Ok(vec![self.stdin()?]),
            None => files.files.clone(),
        };
        let (mut found, mut failures) = (Vec::new(), Vec::new());
        for operand in &operands {
            expand(operand, directories, &mut found, &mut failures);
        }
        for failure in failures {
            self.report(&failure);
        }
        Ok(found)
    }

    /// Standard input, unless it is a terminal where somebody would wait for ever.
    pub fn stdin(&self) -> Result<Source, Failure> {
        if io::stdin().is_terminal() {
            return Err(Failure::new(
                "no input: name a file or pipe something in (--help shows how)",
            ));
        }
        Ok(Source::Stdin)
    }

    /// Reads one source whole.
    pub fn read(&self, source: &Source) -> Result<Input, Failure> {
        Input::read(source, self.common.max_input, &self.voice)
    }

    /// Reads each source whole. One that cannot be read is reported and never hides the others.
    pub fn read_all(&mut self, sources: &[Source]) -> Vec<Input> {
        let mut inputs = Vec::with_capacity(sources.len());
        for source in sources {
            match self.read(source) {
                Ok(input) => inputs.push(input),
                Err(failure) => self.report(&failure),
            }
        }
        inputs
    }

    /// Opens one source to be read as a stream.
    pub fn open(&self, source: &Source) -> Result<Reader, Failure> {
        Reader::open(source, self.common.max_input, &self.voice)
    }

    /// Writes `document` as JSON: on one line, or indented where a person reads it on a terminal.
    ///
    /// The document is complete before its first byte is written. So a reader that goes away early
    /// changes nothing about the answer, and is no failure here.
    pub fn emit(&self, document: &impl Serialize) -> Result<(), Failure> {
        self.emit_json(self.common.output.as_deref(), document)
    }

    /// The same, to `path` (`-`: standard output), for tools whose `--output` is another file.
    pub fn emit_to(&self, path: &Path, document: &impl Serialize) -> Result<(), Failure> {
        self.emit_json(Some(path).filter(|path| *path != Path::new("-")), document)
    }

    fn emit_json(&self, path: Option<&Path>, document: &impl Serialize) -> Result<(), Failure> {
        let text = if indents(path) {
            serde_json::to_vec_pretty(document)
        } else {
            serde_json::to_vec(document)
        };
        let mut text = text.map_err(|error| {
            Failure::new(format!("this document cannot be written as JSON: {error}"))
        })?;
        text.push(b'\n');
        escape::json::visible(&mut text, 0);
        self.emit_bytes(path, &text)
    }

    /// Whether [`Run::emit`] would indent: a person reads the document on a terminal.
    #[must_use]
    pub fn indents(&self) -> bool {
        indents(self.common.output.as_deref())
    }

    /// Writes a complete answer piece by piece, for one that is large. What `write` fails with has
    /// to be an error of the output.
    pub fn emit_with(&self, write: impl FnOnce(&mut Out) -> io::Result<()>) -> Result<(), Failure> {
        self.emit_pieces(self.common.output.as_deref(), write)
    }

    /// Writes complete `records`, one JSON object per line.
    pub fn emit_lines(&self, records: &[impl Serialize]) -> Result<(), Failure> {
        let mut text = Vec::new();
        for record in records {
            serde_json::to_writer(&mut text, record).map_err(|error| {
                Failure::new(format!("this record cannot be written as JSON: {error}"))
            })?;
            text.push(b'\n');
        }
        escape::json::visible(&mut text, 0);
        self.emit_text(&text)
    }

    /// Writes a complete answer in another form than JSON.
    pub fn emit_text(&self, text: &[u8]) -> Result<(), Failure> {
        self.emit_bytes(self.common.output.as_deref(), text)
    }

    /// The same, to `path` (`-`: standard output), for tools whose `--output` is another file.
    pub fn emit_text_to(&self, path: &Path, text: &[u8]) -> Result<(), Failure> {
        self.emit_bytes(Some(path), text)
    }

    fn emit_bytes(&self, path: Option<&Path>, text: &[u8]) -> Result<(), Failure> {
        self.emit_pieces(path, |out| out.write_all(text))
    }

    fn emit_pieces(
        &self,
        path: Option<&Path>,
        write: impl FnOnce(&mut Out) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut out = Out::open(path)?;
        let written = match write(&mut out) {
            Ok(()) => self.commit(out),
            Err(error) => Err(out.failure(&error)),
        };
        match written {
            Err(failure) if failure.silent => Ok(()),
            other => other,
        }
    }

    /// The output, to be written as a stream and committed with [`Run::commit`]. Where the answer
    /// is not known before the end, a reader that goes away is a (silent) failure.
    pub fn out(&self) -> Result<Out, Failure> {
        Out::open(self.common.output.as_deref())
    }

    /// Any other file a tool writes: complete or not at all.
    pub fn create(&self, path: &Path) -> Result<Out, Failure> {
        Out::open(Some(path))
    }

    /// Several files that change together: all are complete before the first is in its place.
    pub fn replace_all(&self, files: &[(PathBuf, &[u8])]) -> Result<(), Failure> {
        crate::set::replace_all(files)?;
        for (path, content) in files {
            let (path, bytes) = (path.display().to_string(), content.len() as u64);
            self.say(&Event::OutputWritten { path: &path, bytes });
        }
        Ok(())
    }

    /// Ends an output.
    pub fn commit(&self, out: Out) -> Result<(), Failure> {
        let (name, bytes) = (out.name(), out.bytes());
        out.commit()?;
        self.say(&Event::OutputWritten { path: &name, bytes });
        Ok(())
    }

    /// Reports a failure that does not end the work; the status will be 2.
    pub fn report(&mut self, failure: &Failure) {
        self.failed = true;
        self.voice.fail(failure);
    }

    /// Says something on stderr, if it is loud enough.
    pub fn say(&self, event: &Event<'_>) {
        self.voice.say(event);
    }

    /// Warns of something that leaves the answer as it is.
    pub fn warn(&self, source: Option<&str>, message: &str) {
        self.say(&Event::Warning { source, line: None, message });
    }

    /// A progress bar for `total` steps; invisible where nobody watches.
    #[must_use]
    pub fn progress(&self, total: u64) -> Progress {
        Progress::new(total, self.voice.may_draw())
    }

    /// The time, in milliseconds since the Unix epoch: `SOURCE_DATE_EPOCH` if it is set.
    pub fn now_ms(&self) -> Result<u64, Failure> {
        if let Some(epoch) = env::var_os("SOURCE_DATE_EPOCH") {
            let seconds: Option<u64> = epoch.to_str().and_then(|text| text.parse().ok());
            return seconds.and_then(|seconds| seconds.checked_mul(1000)).ok_or_else(|| {
                Failure::new(format!("expected whole seconds, found {epoch:?}"))
                    .at("SOURCE_DATE_EPOCH")
            });
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(u64::try_from(now.as_millis()).unwrap_or(u64::MAX))
    }

    /// What `PROOFLINE_COMMIT` says: the commit that the evidence of this run is about. An empty
    /// value says nothing.
    #[must_use]
    pub fn commit_variable(&self) -> Option<String> {
        let said = env::var_os("PROOFLINE_COMMIT")?.to_string_lossy().into_owned();
        (!said.is_empty()).then_some(said)
    }
}

/// Whether a person reads what is written to `path`.
fn indents(path: Option<&Path>) -> bool {
    path.is_none() && io::stdout().is_terminal()
}

/// Why there are no arguments to work with.
enum Leave {
    /// `--help` or `--version`.
    Print(String),
    Usage(Failure),
}

fn parse<A: CommandFactory + FromArgMatches>(tool: &Tool, argv: &[OsString]) -> Result<A, Leave> {
    let command =
        with_exit_status(A::command()).name(tool.name).version(tool.version).max_term_width(100);
    let matches = command.try_get_matches_from(argv).map_err(leave)?;
    A::from_arg_matches(&matches).map_err(leave)
}

/// Ends the help of a command and of its subcommands with the exit status.
fn with_exit_status(command: clap::Command) -> clap::Command {
    // The first lines of the help are no error: what is missing is named instead.
    command.after_help(EXIT_STATUS).arg_required_else_help(false).mut_subcommands(with_exit_status)
}

fn leave(error: clap::Error) -> Leave {
    let text = error.to_string();
    if !error.use_stderr() {
        return Leave::Print(text);
    }
    if let (ErrorKind::MissingSubcommand, Some(ContextValue::Strings(words))) =
        (error.kind(), error.get(ContextKind::ValidSubcommand))
    {
        let words: Vec<&str> =
            words.iter().map(String::as_str).filter(|word| *word != "help").collect();
        let message = format!("expected a subcommand, found none: {}", words.join(", "));
        return Leave::Usage(Failure::new(format!("{message} (--help shows what they do)")));
    }
    // clap's message has several paragraphs; the contract is one line.
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let mut message = first.strip_prefix("error: ").unwrap_or(first).to_owned();
    for line in lines {
        if line.starts_with("Usage:") || line.starts_with("For more information") {
            break;
        }
        message.push_str(if line.starts_with("tip:") { "; " } else { " " });
        message.push_str(line);
    }
    Leave::Usage(Failure::new(format!("{message} (--help shows what is)")))
}

/// What is known of the voice before the arguments are: the form of the diagnostics.
fn early_common(argv: &[OsString]) -> Common {
    let json = argv.iter().any(|arg| arg == "--log-format=json")
        || argv.windows(2).any(|pair| pair[0] == "--log-format" && pair[1] == "json");
    let run_id = env::var("PROOFLINE_RUN_ID").ok();
    let log_format = if json { LogFormat::Json } else { LogFormat::Text };
    Common { log_format, run_id, ..Common::default() }
}

/// Whether `--schema` is among the options: it needs no operands, whatever else is required.
fn asks_for_schema(argv: &[OsString]) -> bool {
    argv.iter().skip(1).take_while(|arg| *arg != "--").any(|arg| arg == "--schema")
}

fn schema(tool: &Tool, argv: &[OsString]) -> &'static str {
    let named = tool.schemas.iter().find(|(name, _)| argv.iter().skip(1).any(|arg| arg == *name));
    named.or(tool.schemas.first()).map_or("{}\n", |(_, schema)| *schema)
}

fn print_and_leave(voice: &Voice, text: &str) -> ExitCode {
    let printed = Out::open(None).and_then(|mut out| {
        out.write_all(text.as_bytes()).map_err(|error| out.failure(&error))?;
        out.commit()
    });
    match printed {
        Err(failure) if !failure.silent => {
            voice.fail(&failure);
            ExitCode::from(2)
        }
        _ => ExitCode::SUCCESS,
    }
}
