//! `allure-env from`.

use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use allure_env::from::{Format, Unreadable, files, tests, totals};
use clap::ValueEnum;
use contract::allure::Import;
use contract::{PathText, Tag};
use plumb::{Failure, Input, Looks, Run, Source, Status};

use super::{folder, generator, input};

/// Turn a report of another kind into Allure results
///
/// The same report gives the same files. The answer is no if the report holds no test.
#[derive(clap::Args)]
pub struct Args {
    /// The kind of the report
    #[arg(value_enum, value_name = "FORMAT")]
    format: Kind,
    /// The report (`-`: standard input)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The results directory; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
}

#[derive(ValueEnum, Clone, Copy)]
enum Kind {
    Junit,
    Ctrf,
}

pub fn run(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    let source = Source::from_operand(&args.file);
    let read = run.read(&if source == Source::Stdin { run.stdin()? } else { source })?;
    let format = match args.format {
        Kind::Junit => Format::Junit,
        Kind::Ctrf => Format::Ctrf,
    };
    let tests = tests(format, read.text()?).map_err(|why| unreadable(format, &read, why))?;
    let report = input(&read.digest);
    let name = args.into.display().to_string();
    std::fs::create_dir_all(&args.into)
        .map_err(|error| Failure::io(name.as_str(), "cannot create", &error))?;
    for (file, bytes) in files(format, &report, &tests) {
        folder::write(run, &args.into.join(file), &bytes)?;
    }
    let PathText { path: directory, path_bytes: directory_bytes } =
        PathText::new(args.into.as_os_str().as_bytes());
    if tests.is_empty() {
        run.warn(Some(&report.path), "holds no test: nothing was turned into results");
    }
    let results = totals(&tests);
    run.emit(&Import {
        schema: Tag::new(),
        generator: generator(),
        inputs: vec![report],
        directory,
        directory_bytes,
        results,
    })?;
    Ok(Status::yes_if(results.total > 0))
}

/// Why, or, of a report of another kind, what it is.
fn unreadable(format: Format, read: &Input, why: Unreadable) -> Failure {
    let json = read.bytes.trim_ascii_start().starts_with(b"{");
    let message = match (format, Looks::like(&read.bytes)) {
        (Format::Junit, None) if json => {
            "expected JUnit XML, found JSON (a CTRF report is read with `from ctrf`)".to_owned()
        }
        (Format::Ctrf, Some(Looks::Xml)) => {
            "expected a CTRF report (JSON), found XML (JUnit XML is read with `from junit`)"
                .to_owned()
        }
        (Format::Junit, Some(looks)) if looks != Looks::Xml => {
            format!("expected JUnit XML, found {looks}")
        }
        (Format::Ctrf, Some(looks)) => format!("expected a CTRF report (JSON), found {looks}"),
        _ => {
            let failure = read.failure(why.message);
            return why.line.map_or(failure.clone(), |line| failure.line(line));
        }
    };
    read.failure(message)
}
