//! `allure-env check`.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use allure_env::check::{Checker, DEFAULT_LIMIT, Directory, Sizes};
use allure_env::listing::{Kind, Listing};
use allure_env::result;
use contract::Tag;
use contract::allure::{Finding, FindingLevel, Findings};
use plumb::{Failure, Run, Source, Status};

use super::{Inputs, emit, folder, generator};

/// Name every file that a generator would drop or miscount, with the reason
///
/// The answer is no if there is an error. Warnings leave the answer as it is.
#[derive(clap::Args)]
pub struct Args {
    /// Results directories
    #[arg(value_name = "DIR", required = true)]
    dirs: Vec<PathBuf>,
    /// Call attachments above this number of bytes oversized
    #[arg(long, value_name = "BYTES", default_value_t = DEFAULT_LIMIT)]
    max_attachment: u64,
}

pub fn run(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    let mut checker = Checker::new(args.max_attachment);
    let mut inputs = Inputs::default();
    for dir in &args.dirs {
        if let Err(failure) = directory(dir, run, &mut checker, &mut inputs) {
            run.report(&failure);
        }
    }
    let findings = checker.finish();
    let count = |level| findings.iter().filter(|finding| finding.level == level).count() as u64;
    let (errors, warnings) = (count(FindingLevel::Error), count(FindingLevel::Warning));
    findings.iter().for_each(|finding| say(run, finding));
    let schema = Tag::new();
    emit(run, &Findings { schema, generator: generator(), inputs, errors, warnings, findings })?;
    Ok(Status::yes_if(errors == 0))
}

fn say(run: &Run, finding: &Finding) {
    let Finding { path, message, level, .. } = finding;
    match level {
        FindingLevel::Error => run.warn(Some(path), message),
        FindingLevel::Warning => run.warn(Some(path), &format!("{message} (no error)")),
    }
}

fn directory(
    dir: &Path,
    run: &mut Run,
    checker: &mut Checker,
    inputs: &mut Inputs,
) -> Result<(), Failure> {
    let listing = folder::listing(dir)?;
    let sizes = sizes(dir, &listing);
    let directory =
        Directory { path: dir.as_os_str().as_bytes(), listing: &listing, sizes: &sizes };
    checker.directory(&directory);
    for (name, kind) in listing.iter() {
        around(dir, &directory, name, kind, checker);
    }
    for name in listing.files().filter(|name| read(name)) {
        let read = match run.read(&Source::File(folder::path(dir, name))) {
            Ok(read) => read,
            Err(failure) => {
                run.report(&failure);
                continue;
            }
        };
        if name.ends_with(folder::RESULT) {
            checker.result(&directory, name, &result::named(name, &read.bytes));
        } else if name.ends_with(folder::CONTAINER) {
            checker.container(&directory, name, &result::container(&read.bytes));
        } else {
            checker.beside(&directory, name, &read.bytes);
        }
        inputs.add(&read.digest);
    }
    Ok(())
}

/// What stands around the results: folders with more of them, reports of another kind.
fn around(dir: &Path, directory: &Directory<'_>, name: &[u8], kind: Kind, checker: &mut Checker) {
    let path = folder::path(dir, name);
    match kind {
        Kind::Folder => {
            // A folder that cannot be listed is not looked into by the generators either.
            let files = folder::listing(&path).unwrap_or_default();
            let results = files.files().filter(|name| name.ends_with(folder::RESULT)).count();
            if results > 0 {
                checker.below(directory, name, results as u64);
            }
        }
        Kind::File if name.ends_with(b".xml") => {
            checker.xml(directory, name, &folder::head(&path).unwrap_or_default());
        }
        _ => {}
    }
}

/// Whether a file is read whole. Attachments are not: they can be large, and say nothing here.
fn read(name: &[u8]) -> bool {
    const WHOLE: [&[u8]; 3] = [b"environment.properties", b"executor.json", b"categories.json"];
    let endings = [folder::RESULT, folder::CONTAINER, b"-globals.json"];
    WHOLE.contains(&name) || endings.iter().any(|end| name.ends_with(end))
}

/// Sizes of what may be attached. A file that has gone meanwhile has none.
fn sizes(dir: &Path, listing: &Listing) -> Sizes {
    listing
        .files()
        .filter(|name| !read(name))
        .filter_map(|name| {
            let meta = fs::symlink_metadata(folder::path(dir, name)).ok()?;
            Some((name.to_vec(), meta.len()))
        })
        .collect()
}
