//! The formats: one document, or a stream of lines.

use std::io::Write;

use contract::speed::{Host, Line, LineHead, Speed};
use contract::{Document as _, Generator, InputRef};
use plumb::{Failure, Out, Run};
use speed_parse::{Document, Item, Mark};

use crate::Format;

/// What is written, and how.
pub enum Output {
    /// Complete before the first byte is written.
    Whole(Document, Format),
    /// Written as it is found. The first failure to write ends it.
    Lines(Out, Option<Failure>),
}

impl Output {
    pub fn new(
        format: Format,
        run: &Run,
        generator: Generator,
        host: Option<Host>,
    ) -> Result<Self, Failure> {
        if format != Format::Ndjson {
            return Ok(Self::Whole(Document::new(generator, host), format));
        }
        let mut lines = Self::Lines(run.out()?, None);
        lines.line(&Line::Head(LineHead { schema: Speed::SCHEMA.to_owned(), generator, host }));
        Ok(lines)
    }

    pub fn item(&mut self, item: Item<'_>) {
        match self {
            Self::Whole(document, _) => document.add(item),
            Self::Lines(..) => self.line(&match item {
                Item::Run(run) => Line::Run(*run),
                Item::Figure(figure) => Line::Record(figure.record()),
                Item::Failed(failed) => Line::Failed(*failed),
                Item::Ambiguous(ambiguous) => Line::Ambiguous(*ambiguous),
                Item::Disagreement(disagreement) => Line::Disagreement(*disagreement),
            }),
        }
    }

    pub fn input(&mut self, input: InputRef) {
        match self {
            Self::Whole(document, _) => document.input(input),
            Self::Lines(..) => self.line(&Line::Input(input)),
        }
    }

    pub fn mark(&self) -> Option<Mark> {
        match self {
            Self::Whole(document, _) => Some(document.mark()),
            Self::Lines(..) => None,
        }
    }

    /// Takes back what a bad input gave; `false` if it is written already.
    pub fn back_to(&mut self, mark: &Option<Mark>) -> bool {
        match (self, mark) {
            (Self::Whole(document, _), Some(mark)) => {
                document.back_to(mark);
                true
            }
            _ => false,
        }
    }

    pub fn finish(self, run: &Run) -> Result<(), Failure> {
        match self {
            Self::Whole(document, Format::Csv) => {
                table(run, speed_parse::csv::long(&document.finish()))
            }
            Self::Whole(document, Format::CsvWide) => {
                table(run, speed_parse::csv::wide(&document.finish()))
            }
            Self::Whole(document, _) => run.emit(&document.finish()),
            Self::Lines(_, Some(failure)) => Err(failure),
            Self::Lines(out, None) => run.commit(out),
        }
    }

    fn line(&mut self, line: &Line) {
        let Self::Lines(out, failure) = self else { return };
        if failure.is_some() {
            return;
        }
        let written = serde_json::to_writer(&mut *out, line)
            .map_err(std::io::Error::from)
            .and_then(|()| out.write_all(b"\n"));
        if let Err(error) = written {
            *failure = Some(out.failure(&error));
        }
    }
}

fn table(run: &Run, text: Result<Vec<u8>, impl std::fmt::Display>) -> Result<(), Failure> {
    let text = text.map_err(|error| Failure::new(format!("cannot write the table: {error}")))?;
    run.emit_text(&text)
}
