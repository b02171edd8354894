//! The document in the form that was asked for.

use contract::speed_comparison::SpeedComparison;
use plumb::{Failure, Run};
use speed_compare::report;

use crate::args::{Args, Format};

/// Writes `document` to the output.
pub fn emit(args: &Args, run: &Run, document: &SpeedComparison) -> Result<(), Failure> {
    match args.format {
        Format::Json => run.emit(document),
        Format::Markdown => run.emit_text(report::markdown::markdown(document).as_bytes()),
        Format::Text => run.emit_text(report::text::text(document).as_bytes()),
        Format::Github => run.emit_text(report::github::github(document).as_bytes()),
        Format::Csv => {
            let csv = report::csv::csv(document)
                .map_err(|error| Failure::new(format!("cannot write CSV: {error}")))?;
            run.emit_text(&csv)
        }
    }
}
