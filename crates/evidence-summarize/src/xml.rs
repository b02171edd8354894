//! XML for readers of reports: no entity is expanded, nothing is fetched, and a mistake in one
//! place does not hide the rest.

use std::io::{self, BufRead};

use contract::part::{Effect, RemarkKind};
use quick_xml::Reader;
use quick_xml::errors::SyntaxError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, XmlVersion};

use crate::sink::{Sink, head};
use crate::text::Behind;
use crate::utf8::Utf8;

/// A reader of one kind of document: it is shown the document event by event.
pub trait Handler {
    /// A start tag. An element without content is opened and closed.
    fn open(&mut self, tag: &Tag<'_>, at: Place, sink: &mut Sink);
    /// Text inside an element; may come in several pieces.
    fn text(&mut self, _text: &str, _sink: &mut Sink) {}
    /// A reference to an entity that the document defines for itself: what it stands for is not
    /// known.
    fn entity(&mut self, _sink: &mut Sink) {}
    /// An end tag; `at` is the place after it.
    fn close(&mut self, name: &str, at: Place, sink: &mut Sink);
    /// The end of the document; every open element was closed.
    fn finish(&mut self, _sink: &mut Sink) {}
}

/// A place in the input.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// Line, counted from 1.
    pub line: u64,
    /// Offset in bytes.
    pub offset: u64,
}

/// A start tag.
pub struct Tag<'a>(&'a BytesStart<'a>);

impl Tag<'_> {
    /// Its name without a namespace prefix.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The attribute `name`.
    pub fn get(&self, name: &str) -> Option<String> {
        let mut found = None;
        self.each(|key, value| {
            if key == name && found.is_none() {
                found = Some(value.to_owned());
            }
        });
        found
    }

    /// Whether an attribute refers to an entity that the document defines for itself.
    fn is_obscure(&self) -> bool {
        memchr::memchr(b'&', self.0.as_bytes()).is_some()
            && self.0.attributes().with_checks(false).flatten().any(|attribute| {
                attribute.value.contains('&')
                    && attribute.normalized_value(XmlVersion::Implicit1_0).is_err()
            })
    }

    /// Shows every attribute, unescaped, to `each`.
    pub fn each(&self, mut each: impl FnMut(&str, &str)) {
        for attribute in self.0.attributes().with_checks(false).flatten() {
            let key = attribute.key.local_name().into_inner();
            if memchr::memchr(b'&', attribute.value.as_bytes()).is_none() {
                each(key, &attribute.value);
            } else {
                each(
                    key,
                    &attribute
                        .normalized_value(XmlVersion::Implicit1_0)
                        .unwrap_or(attribute.value.clone()),
                );
            }
        }
    }
}

/// The reader for documents whose outermost element is this one.
pub type Choose = fn(&Tag<'_>) -> Option<Box<dyn Handler>>;

/// No report nests deeper than this; a document that does is not read on.
const MAX_DEPTH: usize = 20_000;

/// No element that is worth naming has a longer name, in bytes.
const LONGEST_NAME: usize = 80;

/// The state of one pass over an input.
struct Pass<'a> {
    choose: Choose,
    handler: Option<Box<dyn Handler>>,
    /// Names of the open elements, outermost first.
    open: Vec<String>,
    found: Found,
    /// Whether text stands outside of every document.
    outside: bool,
    sink: &'a mut Sink,
}

/// What the documents of an input are.
#[derive(Debug, Default)]
pub struct Found {
    /// Whether one of them was known.
    pub known: bool,
    /// The name of the outermost element of the first that was not.
    pub foreign: Option<String>,
    /// What stands behind a known one and is no XML.
    pub behind: Vec<Behind>,
}

/// More text behind a document is not read.
const MAX_BEHIND: usize = 8 << 20;

/// Whether `text`, which may end anywhere, begins a document that `choose` knows; `None` where that
/// cannot be told yet.
pub fn is_known(text: &str, choose: Choose) -> Option<bool> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start) | Event::Empty(start)) => {
                return Some(choose(&Tag(&start)).is_some());
            }
            Ok(Event::Eof) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// Reads every document of `input`. Returns what they are.
///
/// # Errors
///
/// What reading the input fails with.
pub fn read<R: BufRead>(input: &mut Utf8<R>, choose: Choose, sink: &mut Sink) -> io::Result<Found> {
    let mut reader = lenient(input);
    let mut buffer = Vec::new();
    let mut pass = Pass {
        choose,
        handler: None,
        open: Vec::new(),
        found: Found::default(),
        outside: false,
        sink,
    };
    let complete = loop {
        buffer.clear();
        let below = reader.get_mut();
        let at = Place { line: below.line(), offset: below.offset() };
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => break pass.open.is_empty(),
            Ok(Event::Start(start)) => {
                if !pass.open(&start, at) {
                    break false;
                }
            }
            Ok(Event::Empty(start)) => {
                if pass.open(&start, at) {
                    let end = Place { line: at.line, offset: at.offset + start.len() as u64 + 3 };
                    pass.close(start.local_name().into_inner(), end);
                }
            }
            Ok(Event::End(end)) => {
                let length = end.name().into_inner().len() as u64 + 3;
                let after = Place { line: at.line, offset: at.offset + length };
                pass.close(end.local_name().into_inner(), after);
            }
            Ok(Event::Text(text)) if pass.open.is_empty() => pass.outside(&text, at),
            Ok(Event::Text(text)) => pass.text(&text),
            Ok(Event::CData(text)) => pass.text(&text),
            Ok(Event::GeneralRef(entity)) => match entity.resolve_char_ref() {
                Ok(Some(c)) => pass.text(c.encode_utf8(&mut [0; 4])),
                _ => pass.entity(&entity),
            },
            Ok(Event::DocType(text)) if text.contains("<!ENTITY") => pass.entities(at),
            Ok(_) => {}
            Err(Error::Io(error)) => return Err(io::Error::new(error.kind(), error.to_string())),
            Err(error) => {
                let cut = is_cut(&error) && reader.get_mut().fill_buf().is_ok_and(<[u8]>::is_empty);
                if !cut {
                    pass.malformed(at, &error.to_string());
                }
                break false;
            }
        }
    };
    let below = reader.get_mut();
    let (line, controls, replaced) = (below.line(), below.controls(), below.replaced());
    pass.end(complete, line);
    pass.beside(line);
    if pass.found.known && (controls || replaced) {
        pass.damaged(if controls { "control characters" } else { "bytes that are not UTF-8" });
    }
    Ok(pass.found)
}

impl Pass<'_> {
    /// Whether reading goes on.
    fn open(&mut self, start: &BytesStart<'_>, at: Place) -> bool {
        let tag = Tag(start);
        if self.open.is_empty() {
            self.finish();
            self.handler = (self.choose)(&tag);
            if self.handler.is_some() {
                self.found.known = true;
            } else if self.found.foreign.is_none() {
                self.found.foreign = Some(head(tag.name(), LONGEST_NAME).to_owned());
            }
        }
        if self.open.len() >= MAX_DEPTH {
            self.malformed(at, &format!("more than {MAX_DEPTH} elements inside each other"));
            return false;
        }
        if tag.is_obscure()
            && let Some(handler) = &mut self.handler
        {
            handler.entity(self.sink);
        }
        self.open.push(tag.name().to_owned());
        if let Some(handler) = &mut self.handler {
            handler.open(&tag, at, self.sink);
        }
        true
    }

    /// Closes `name` and whatever was left open in it.
    fn close(&mut self, name: &str, at: Place) {
        match self.open.iter().rposition(|open| open == name) {
            Some(level) => {
                if level + 1 < self.open.len() {
                    self.malformed(
                        at,
                        &format!("</{name}> closes an element that is not the last"),
                    );
                }
                while self.open.len() > level {
                    self.pop(at);
                }
            }
            None => self.malformed(at, &format!("</{name}> closes nothing")),
        }
    }

    fn pop(&mut self, at: Place) {
        if let (Some(name), Some(handler)) = (self.open.pop(), &mut self.handler) {
            handler.close(&name, at, self.sink);
        }
    }

    /// Text between documents, or behind the last.
    fn outside(&mut self, text: &str, at: Place) {
        if text.trim().is_empty() {
            return;
        }
        let held: usize = self.found.behind.iter().map(|behind| behind.text.len()).sum();
        if !self.found.known {
            self.outside = true;
        } else if held + text.len() > MAX_BEHIND {
            let message = format!("more than {MAX_BEHIND} bytes of text stand behind the report");
            self.sink.remark_once(Some(at.line), RemarkKind::Omission, Effect::Incomplete, message);
        } else {
            let (line, offset) = (at.line, at.offset);
            self.found.behind.push(Behind { line, offset, text: text.to_owned() });
        }
    }

    fn text(&mut self, text: &str) {
        if let (Some(handler), false) = (&mut self.handler, self.open.is_empty()) {
            handler.text(text, self.sink);
        }
    }

    fn entity(&mut self, name: &str) {
        let own = match name {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "quot" => "\"",
            "apos" => "'",
            _ => {
                if let Some(handler) = &mut self.handler {
                    handler.entity(self.sink);
                }
                return;
            }
        };
        self.text(own);
    }

    fn entities(&mut self, at: Place) {
        let message = "the document defines entities; none is expanded or fetched";
        self.sink.remark(Some(at.line), RemarkKind::Malformed, Effect::None, message);
    }

    fn malformed(&mut self, at: Place, why: &str) {
        if self.handler.is_some() {
            let message = format!("not well-formed: {why}");
            self.sink.remark_once(
                Some(at.line),
                RemarkKind::Malformed,
                Effect::Incomplete,
                message,
            );
        }
    }

    fn finish(&mut self) {
        if let Some(mut handler) = self.handler.take() {
            handler.finish(self.sink);
        }
    }

    /// Says what else is there beside a document that was read.
    fn beside(&mut self, line: u64) {
        let message = match &self.found {
            Found { known: true, foreign: Some(name), .. } => {
                let message =
                    format!("beside the report stands a document <{name}>, which is none");
                (RemarkKind::Unrecognised, Effect::Incomplete, message)
            }
            Found { known: true, .. } if self.outside => {
                let message = "text stands outside of the document: it was not read".to_owned();
                (RemarkKind::Malformed, Effect::None, message)
            }
            _ => return,
        };
        self.sink.remark(Some(line), message.0, message.1, message.2);
    }

    fn damaged(&mut self, what: &str) {
        let message = format!("not well-formed: {what} in the text; every element was still read");
        self.sink.remark(None, RemarkKind::Malformed, Effect::None, message);
    }

    fn end(&mut self, complete: bool, line: u64) {
        let at = Place { line, offset: 0 };
        if self.handler.is_some() && !complete {
            self.sink.cut_off(line);
        }
        while !self.open.is_empty() {
            self.pop(at);
        }
        self.finish();
    }
}

fn lenient<R: BufRead>(input: &mut Utf8<R>) -> Reader<&mut Utf8<R>> {
    let mut reader = Reader::from_reader(input);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    reader
}

/// Whether an error is what the end of a cut-off input looks like.
fn is_cut(error: &Error) -> bool {
    matches!(
        error,
        Error::Syntax(
            SyntaxError::UnclosedPI
                | SyntaxError::UnclosedXmlDecl
                | SyntaxError::UnclosedComment
                | SyntaxError::UnclosedDoctype
                | SyntaxError::UnclosedCData
                | SyntaxError::UnclosedTag
                | SyntaxError::UnclosedSingleQuotedAttributeValue
                | SyntaxError::UnclosedDoubleQuotedAttributeValue
        )
    )
}

/// Appends `text` to `to`, up to `limit` bytes in all.
pub fn append(to: &mut String, text: &str, limit: usize) {
    to.push_str(head(text, limit.saturating_sub(to.len())));
}
