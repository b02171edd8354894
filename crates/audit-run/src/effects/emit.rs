//! The document in the form that was asked for.

use contract::audit::Audit;
use contract::inventory::Inventory;
use contract::lint::Lint;
use plumb::{Failure, Run};

use crate::args::Format;

/// Writes the document of a run.
pub fn audit(run: &Run, audit: &Audit, format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => run.emit(audit),
        Format::Ndjson => run.emit_lines(&audit.checks),
        Format::Text => run.emit_text(audit_run::text::audit(audit).as_bytes()),
    }
}

/// Writes what a suite contains.
pub fn inventory(run: &Run, inventory: &Inventory, format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => run.emit(inventory),
        Format::Ndjson => run.emit_lines(&inventory.checks),
        Format::Text => run.emit_text(audit_run::text::inventory(inventory).as_bytes()),
    }
}

/// Writes what a suite does where it must not pass.
pub fn lint(run: &Run, lint: &Lint, format: Format) -> Result<(), Failure> {
    match format {
        Format::Json => run.emit(lint),
        Format::Ndjson => run.emit_lines(&lint.checks),
        Format::Text => run.emit_text(audit_run::text::lint(lint).as_bytes()),
    }
}
