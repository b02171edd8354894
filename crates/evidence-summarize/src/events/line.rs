//! One line of a log. The registry of events is `plumb`'s; what a line must hold is written down
//! here once more, as a log may come from anywhere.

use std::time::UNIX_EPOCH;

use serde::Deserialize;

/// Longest name that is kept, in bytes.
const NAME: usize = 200;

/// How the tools write that a child process ended well.
const WELL: [&str; 3] = ["exit 0", "exit status: 0", "ready"];

/// A line that is what a tool writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The run, if it has a name.
    pub run_id: Option<String>,
    /// The tool.
    pub operation: String,
    /// When, in milliseconds since 1970-01-01.
    pub time_ms: u64,
    /// What happened.
    pub said: Said,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// An input of this many bytes was read.
    Read(u64),
    /// An output of this many bytes was written.
    Written(u64),
    /// A child process was started.
    Started,
    /// A child process ended.
    Ended {
        /// Its command.
        command: String,
        /// Whether as it should: with status 0, or serving.
        well: bool,
        /// Its wall time in milliseconds.
        duration_ms: u64,
    },
    /// A stage ended.
    Stage,
    /// A person should know this.
    Warning(Words),
    /// This could not be done.
    Failure(Words),
}

/// What a warning or a failure says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The input it concerns, with its line.
    pub about: Option<String>,
    /// What.
    pub message: String,
}

#[derive(Deserialize)]
struct Head {
    level: Level,
    run_id: Option<String>,
    operation: String,
    time: String,
    event: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Error,
    Warning,
    Info,
}

#[derive(Deserialize)]
struct File {
    bytes: u64,
}

#[derive(Deserialize)]
struct Child {
    command: String,
    outcome: String,
    duration_ms: u64,
}

#[derive(Deserialize)]
struct Spoken {
    source: Option<String>,
    line: Option<u64>,
    message: String,
}

/// Reads a line.
///
/// # Errors
///
/// What was expected and what was found.
pub fn parse(text: &str) -> Result<Event, String> {
    let head: Head = of(text)?;
    let (level, said) = match head.event.as_str() {
        "input.read" => (Level::Info, Said::Read(of::<File>(text)?.bytes)),
        "output.written" => (Level::Info, Said::Written(of::<File>(text)?.bytes)),
        "child.started" => (Level::Info, Said::Started),
        "child.ended" => (Level::Info, ended(of(text)?)),
        "stage.ended" => (Level::Info, Said::Stage),
        "warning" => (Level::Warning, Said::Warning(words(of(text)?))),
        "failure" => (Level::Error, Said::Failure(words(of(text)?))),
        other => return Err(format!("expected an event of the registry, found {:?}", cut(other))),
    };
    if level != head.level {
        let (event, found) = (&head.event, head.level);
        return Err(format!("expected {event:?} to have the level {level:?}, found {found:?}"));
    }
    if head.operation.is_empty() {
        return Err("expected the name of a tool as operation, found nothing".to_owned());
    }
    Ok(Event {
        run_id: head.run_id.as_deref().map(cut),
        operation: cut(&head.operation),
        time_ms: time(&head.time)?,
        said,
    })
}

fn of<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, String> {
    serde_json::from_str(text)
        .map_err(|error| format!("expected a line of --log-format json: {error}"))
}

fn ended(child: Child) -> Said {
    let well = WELL.contains(&child.outcome.as_str());
    Said::Ended { command: cut(&child.command), well, duration_ms: child.duration_ms }
}

fn words(spoken: Spoken) -> Words {
    let about = spoken.source.map(|source| match spoken.line {
        Some(line) => format!("{}:{line}", cut(&source)),
        None => cut(&source),
    });
    let mut message = spoken.message;
    crate::sink::shorten(&mut message, crate::sink::MESSAGE);
    Words { about, message }
}

fn time(text: &str) -> Result<u64, String> {
    let why = || format!("expected a time of RFC 3339 in UTC, found {:?}", cut(text));
    let time = humantime::parse_rfc3339(text).map_err(|_| why())?;
    let since = time.duration_since(UNIX_EPOCH).map_err(|_| why())?;
    u64::try_from(since.as_millis()).map_err(|_| why())
}

fn cut(text: &str) -> String {
    let mut text = text.to_owned();
    crate::sink::shorten(&mut text, NAME);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(level: &str, event: &str, more: &str) -> String {
        format!(
            r#"{{"level":"{level}","run_id":"r","operation":"t","time":"1970-01-01T00:00:01.5Z","event":"{event}"{more}}}"#
        )
    }

    #[test]
    fn every_event_of_the_registry_is_known() {
        let event = parse(&line("info", "input.read", r#","path":"p","bytes":7"#)).unwrap();
        assert_eq!((event.said, event.time_ms), (Said::Read(7), 1_500));
        let ended = r#","command":"c","outcome":"signal 9","duration_ms":3"#;
        let said = parse(&line("info", "child.ended", ended)).unwrap().said;
        assert_eq!(said, Said::Ended { command: "c".to_owned(), well: false, duration_ms: 3 });
        let said = parse(&line("error", "failure", r#","source":"s","line":4,"message":"m""#));
        let words = Words { about: Some("s:4".to_owned()), message: "m".to_owned() };
        assert_eq!(said.unwrap().said, Said::Failure(words));
        for (event, more) in [
            ("output.written", r#","path":"p","bytes":7"#),
            ("child.started", r#","argv":["a"]"#),
            ("stage.ended", r#","stage":"s","outcome":"o""#),
        ] {
            assert!(parse(&line("info", event, more)).is_ok(), "{event}");
        }
    }

    #[test]
    fn what_is_no_event_is_told_why() {
        let why = |text: &str| parse(text).unwrap_err();
        assert!(why(&line("info", "failure", r#","message":"m""#)).contains("level"));
        assert!(why(&line("info", "made.up", "")).contains("registry"));
        assert!(why(&line("info", "input.read", r#","bytes":-1"#)).contains("expected"));
        assert!(why(&line("info", "input.read", r#","bytes":1,"bytes":2"#)).contains("duplicate"));
        assert!(why("PASS: all is well").contains("--log-format json"));
        assert!(why(&line("info", "child.started", "").replace("1970", "soon")).contains("time"));
    }
}
