//! The formats: one document, or a stream of lines.

use std::io::Write;

use contract::speed::{Host, Line, LineHead, Speed};
use contract::{Document as _, Generator, InputRef};
use plumb::{Failure, Out, Run};
use speed_parse::{Document, Item, Mark, ndjson};

use crate::Format;

/// What is written, and how.
pub enum Output {
    /// Complete before the first byte is written.
    Whole(Document, Format),
    /// Written as it is found. The first failure to write ends it.
    Lines(Lines),
}

/// Lines that are gathered, and written in large pieces.
pub struct Lines {
    out: Out,
    text: Vec<u8>,
    failure: Option<Failure>,
}

/// As much is gathered before it is written.
const PIECE: usize = 1 << 16;

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
        let mut lines =
            Lines { out: run.out()?, text: Vec::with_capacity(2 * PIECE), failure: None };
        lines.line(&Line::Head(LineHead { schema: Speed::SCHEMA.to_owned(), generator, host }));
        Ok(Self::Lines(lines))
    }

    pub fn item(&mut self, item: Item<'_>) {
        match self {
            Self::Whole(document, _) => document.add(item),
            Self::Lines(lines) => match item {
                Item::Figure(figure) => lines.write(|text| ndjson::figure(text, &figure)),
                Item::Run(run) => lines.write(|text| ndjson::run(text, run)),
                Item::Failed(failed) => lines.write(|text| ndjson::failed(text, &failed)),
                Item::Ambiguous(ambiguous) => lines.line(&Line::Ambiguous(*ambiguous)),
                Item::Disagreement(found) => lines.line(&Line::Disagreement(*found)),
            },
        }
    }

    pub fn input(&mut self, input: InputRef) {
        match self {
            Self::Whole(document, _) => document.input(input),
            Self::Lines(lines) => lines.line(&Line::Input(input)),
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
            Self::Lines(lines) => lines.finish(run),
        }
    }
}

impl Lines {
    fn write(&mut self, line: impl FnOnce(&mut Vec<u8>)) {
        line(&mut self.text);
        self.write_above(PIECE);
    }

    fn line(&mut self, line: &Line) {
        if let Err(error) = serde_json::to_writer(&mut self.text, line) {
            let why = format!("this line cannot be written as JSON: {error}");
            self.failure.get_or_insert_with(|| Failure::new(why));
        }
        self.text.push(b'\n');
        self.write_above(PIECE);
    }

    /// Writes what was gathered if it is more than so much. Nothing more after a failure.
    fn write_above(&mut self, length: usize) {
        if self.text.len() <= length {
            return;
        }
        escape::json::visible(&mut self.text, 0);
        if self.failure.is_none()
            && let Err(error) = self.out.write_all(&self.text)
        {
            self.failure = Some(self.out.failure(&error));
        }
        self.text.clear();
    }

    fn finish(mut self, run: &Run) -> Result<(), Failure> {
        self.write_above(0);
        match self.failure {
            Some(failure) => Err(failure),
            None => run.commit(self.out),
        }
    }
}

fn table(run: &Run, text: Result<Vec<u8>, impl std::fmt::Display>) -> Result<(), Failure> {
    let text = text.map_err(|error| Failure::new(format!("cannot write the table: {error}")))?;
    run.emit_text(&text)
}
