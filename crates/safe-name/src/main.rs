//! Safe names for image references and file names.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use contract::names::Names;
use contract::{Document, Generator, InputRef};
use plumb::{Common, Failure, HasCommon, Input, Run, Source, Status, Tool};

const TOOL: Tool = Tool {
    name: "safe-name",
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[("", Names::JSON_SCHEMA)],
};

/// Turn image references and file names into names that are safe as one path component.
///
/// `/`, `:` and `.` become `_`. Two different inputs that end in the same name are an error: the
/// evidence of one would overwrite that of the other.
#[derive(Parser)]
struct Args {
    /// Names; none: one per line of standard input
    #[arg(value_name = "NAME")]
    names: Vec<OsString>,
    /// Print nothing but the safe names, one per line
    #[arg(long, conflicts_with = "format")]
    plain: bool,
    /// One document, or one record per line
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: Format,
    #[command(flatten)]
    common: Common,
}

#[derive(ValueEnum, Clone, Copy, Default, PartialEq)]
enum Format {
    #[default]
    Json,
    Ndjson,
}

impl HasCommon for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}

fn main() -> ExitCode {
    plumb::run(TOOL, |args: Args, run| {
        let (given, inputs) = given(&args, run)?;
        let document = naming::names(Generator::new(TOOL.name, TOOL.version), inputs, &given);
        emit(&args, run, &document)?;
        for refused in &document.refused {
            run.warn(Some(&format!("{:?}", refused.input)), &refused.reason);
        }
        for collision in &document.collisions {
            let inputs = collision.inputs.join(", ");
            run.warn(Some(&collision.safe), &format!("is the safe name of all of: {inputs}"));
        }
        Ok(Status::yes_if(document.refused.is_empty() && document.collisions.is_empty()))
    })
}

/// The names to work on, from the arguments or else from standard input.
fn given(args: &Args, run: &Run) -> Result<(Vec<Vec<u8>>, Vec<InputRef>), Failure> {
    if !args.names.is_empty() && args.names != ["-"] {
        return Ok((args.names.iter().cloned().map(OsString::into_vec).collect(), vec![]));
    }
    let source = if args.names.is_empty() { run.stdin()? } else { Source::Stdin };
    let input = run.read(&source)?;
    Ok((
        lines(&input)?,
        vec![InputRef::new(&input.digest.name, input.digest.bytes, input.digest.sha256)],
    ))
}

fn lines(input: &Input) -> Result<Vec<Vec<u8>>, Failure> {
    if input.bytes.is_empty() {
        return Err(input.failure("expected names, one per line, found nothing"));
    }
    if input.bytes.contains(&0) {
        return Err(input.failure("expected names, one per line, found binary data"));
    }
    let text = input.bytes.strip_suffix(b"\n").unwrap_or(&input.bytes);
    Ok(text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect())
}

fn emit(args: &Args, run: &Run, document: &Names) -> Result<(), Failure> {
    if args.plain {
        let mut text = String::new();
        for name in &document.names {
            text.push_str(&name.safe);
            text.push('\n');
        }
        return run.emit_text(text.as_bytes());
    }
    match args.format {
        Format::Json => run.emit(document),
        Format::Ndjson => run.emit_lines(&document.names),
    }
}
