//! `--verify`: a ledger against its files.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use contract::ledger::Ledger;
use contract::{Generator, PathText};
use plumb::{Failure, Run, Source, Status};
use readme_render::verify;

use crate::TOOL;

/// Says which files and which used values are not what the ledger says.
pub fn verify(ledger: &Path, run: &mut Run) -> Result<Status, Failure> {
    let input = run.read(&Source::from_operand(ledger))?;
    let book: Ledger = input.json()?;
    let read = |path: &str, path_bytes: &Option<String>| {
        let path = PathText { path: path.to_owned(), path_bytes: path_bytes.clone() };
        let path = OsString::from_vec(path.bytes()?);
        run.read(&Source::File(path.into())).ok().map(|input| input.bytes)
    };
    let inputs: Vec<_> = book.inputs.iter().map(|one| read(&one.path, &one.path_bytes)).collect();
    let outputs: Vec<_> = book.outputs.iter().map(|one| read(&one.path, &one.path_bytes)).collect();
    let generator = Generator::new(TOOL.name, TOOL.version);
    let source = super::reference(&input.digest);
    let found = verify::verify(generator, source, &book, &inputs, &outputs);
    run.emit(&found)?;
    for file in &found.files {
        let what =
            if file.found.is_some() { "is not the file of the ledger" } else { "cannot be read" };
        run.warn(Some(&file.path), what);
    }
    for value in &found.changed {
        let message = format!("{} was {}, is {}", value.path, value.was, value.is);
        run.warn(Some(&value.file), &message);
    }
    Ok(Status::yes_if(found.files.is_empty() && found.changed.is_empty()))
}
