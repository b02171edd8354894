//! The answer, in each of its forms.

use std::io::Write;

use contract::names::{Collision, CollisionLine, Name, Names, Refused, RefusedLine, Rules, Scheme};
use contract::{Generator, InputRef, Tag};
use plumb::{Event, Failure, Out, Run, Status};
use serde::Serialize;

use crate::TOOL;
use crate::args::{Format, Job};

/// How much is gathered before it is written.
const CHUNK: usize = 1 << 16;
/// How many warnings a form gets that holds the reasons itself.
const MAX_WARNINGS: u64 = 10;

/// What is said of a name that ends as lines of Windows do.
const WINDOWS_LINE: &str = " (lines of this list end as on Windows: `tr -d '\\r'` mends that)";

/// Where a name was read.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The list.
    pub list: &'a str,
    /// Which of its names, counted from 1.
    pub number: u64,
}

/// The answer as it grows. Lines are written as they come, a document at its end.
pub struct Answer<'a> {
    run: &'a Run,
    job: Job,
    text: Vec<u8>,
    /// Opened when the first chunk is full: a short answer is complete before it is written.
    out: Option<Out>,
    names: Vec<Name<'static>>,
    refused: Vec<Refused>,
    refusals: u64,
    /// Safe name and input, where two inputs can have one safe name.
    pairs: Vec<(String, String)>,
}

impl<'a> Answer<'a> {
    /// An empty answer.
    pub fn new(run: &'a Run, job: Job) -> Self {
        let (names, refused, pairs) = (vec![], vec![], vec![]);
        Self { run, job, text: vec![], out: None, names, refused, refusals: 0, pairs }
    }

    /// Adds what becomes of one name; `place` is where it was read, if it was.
    pub fn add(&mut self, given: &[u8], place: Option<Place<'_>>) -> Result<(), Failure> {
        let made = if self.job.decode {
            self.job.naming.original(given)
        } else {
            self.job.naming.name(given)
        };
        match made {
            Ok(name) => self.name(name),
            Err(mut refused) => {
                if place.is_some() && self.job.end == b'\n' && given.ends_with(b"\r") {
                    refused.reason.push_str(WINDOWS_LINE);
                }
                self.refuse(refused, place)
            }
        }
    }

    fn name(&mut self, name: Name<'_>) -> Result<(), Failure> {
        if self.job.naming.scheme == Scheme::Seed {
            self.pairs.push((name.safe.clone().into_owned(), name.input.clone().into_owned()));
        }
        match self.job.format {
            Format::Json => self.names.push(name.into_owned()),
            Format::Ndjson if self.job.naming.rules == Rules::Image => self.image(&name),
            Format::Ndjson => self.line(&name)?,
            Format::Plain => {
                let text = if self.job.decode { &name.input } else { &name.safe };
                self.text.extend_from_slice(text.as_bytes());
                self.text.push(self.job.end);
            }
        }
        self.flush()
    }

    fn refuse(&mut self, refused: Refused, place: Option<Place<'_>>) -> Result<(), Failure> {
        self.refusals += 1;
        if self.refusals <= MAX_WARNINGS || self.job.format == Format::Plain {
            let name = shown(&refused.input);
            match place {
                None => self.run.warn(Some(&name), &refused.reason),
                // A name that ends with NUL can hold lines: it has a number, and no line.
                Some(place) if self.job.end == 0 => {
                    let message = format!("name {}, {name}: {}", place.number, refused.reason);
                    self.run.warn(Some(place.list), &message);
                }
                Some(place) => self.run.say(&Event::Warning {
                    source: Some(place.list),
                    line: Some(place.number),
                    message: &format!("{name}: {}", refused.reason),
                }),
            }
        }
        match self.job.format {
            Format::Json => self.refused.push(refused),
            Format::Ndjson => self.line(&RefusedLine::from(refused))?,
            // An empty name keeps the place: the lines of two lists stay side by side.
            Format::Plain => self.text.push(self.job.end),
        }
        self.flush()
    }

    /// The record of an image reference. Nothing in one is escaped in JSON, and lists of references
    /// are long: looking for what to escape would take as long as checking the references.
    fn image(&mut self, name: &Name<'_>) {
        let fields = [
            ("{\"input\":\"", Some(&name.input)),
            ("\",\"safe\":\"", Some(&name.safe)),
            ("\",\"registry\":\"", name.registry.as_ref()),
            ("\",\"repository\":\"", name.repository.as_ref()),
            ("\",\"tag\":\"", name.tag.as_ref()),
            ("\",\"digest\":\"", name.digest.as_ref()),
        ];
        for (key, value) in fields {
            if let Some(value) = value {
                self.text.extend_from_slice(key.as_bytes());
                self.text.extend_from_slice(value.as_bytes());
            }
        }
        self.text.extend_from_slice(b"\"}\n");
    }

    fn line(&mut self, record: &impl Serialize) -> Result<(), Failure> {
        let start = self.text.len();
        serde_json::to_writer(&mut self.text, record).map_err(|error| {
            Failure::new(format!("this record cannot be written as JSON: {error}"))
        })?;
        self.text.push(b'\n');
        escape::json::visible(&mut self.text, start);
        Ok(())
    }

    /// Writes what was gathered, once it is worth it.
    fn flush(&mut self) -> Result<(), Failure> {
        if self.text.len() < CHUNK {
            return Ok(());
        }
        let out = match &mut self.out {
            Some(out) => out,
            None => self.out.insert(self.run.out()?),
        };
        out.write_all(&self.text).map_err(|error| out.failure(&error))?;
        self.text.clear();
        Ok(())
    }

    /// Ends the answer: the lists that were read are `inputs`.
    pub fn finish(mut self, inputs: Vec<InputRef>) -> Result<Status, Failure> {
        let collisions = naming::collisions(std::mem::take(&mut self.pairs));
        self.warn(&collisions);
        let status = Status::yes_if(self.refusals == 0 && collisions.is_empty());
        if self.job.format == Format::Json {
            self.run.emit(&Names {
                schema: Tag::new(),
                generator: Generator::new(TOOL.name, TOOL.version),
                inputs,
                rules: self.job.naming.rules,
                scheme: self.job.naming.scheme,
                names: self.names,
                refused: self.refused,
                collisions,
            })?;
            return Ok(status);
        }
        if self.job.format == Format::Ndjson {
            for collision in collisions {
                self.line(&CollisionLine { collision })?;
            }
        }
        match self.out {
            None => self.run.emit_text(&self.text)?,
            Some(mut out) => {
                out.write_all(&self.text).map_err(|error| out.failure(&error))?;
                self.run.commit(out)?;
            }
        }
        Ok(status)
    }

    fn warn(&self, collisions: &[Collision]) {
        if self.refusals > MAX_WARNINGS && self.job.format != Format::Plain {
            let more = self.refusals - MAX_WARNINGS;
            self.run.warn(None, &format!("{more} more are refused: the answer says which"));
        }
        for Collision { safe, inputs } in collisions {
            let inputs: Vec<String> = inputs.iter().map(|input| shown(input)).collect();
            let inputs = inputs.join(", ");
            self.run.warn(Some(safe), &format!("is the safe name of all of: {inputs}"));
        }
    }
}

/// A name as a line on stderr can hold it.
fn shown(name: &str) -> String {
    match name.char_indices().nth(120) {
        Some((end, _)) => format!("{:?}...", &name[..end]),
        None => format!("{name:?}"),
    }
}
