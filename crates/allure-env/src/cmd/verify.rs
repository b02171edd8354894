//! `allure-env verify`.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use allure_env::plan::RECORD;
use allure_env::verify::against;
use contract::allure::{DeviationKind, Verification};
use contract::environment::Record;
use contract::{InputRef, PathText, Tag};
use plumb::{Failure, Run, Source, Status};

use super::{folder, generator, input};

/// Hold a results directory against the record that `write` left in it
///
/// The answer is no if a file has changed, is gone or was added.
#[derive(clap::Args)]
pub struct Args {
    /// The results directory
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub fn run(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    folder::expect(&args.dir)?;
    let path = args.dir.join(RECORD);
    if folder::read_own(run, &path)?.is_none() {
        let why = format!("there is no record {RECORD}: run `allure-env write` first");
        return Err(Failure::new(why).at(args.dir.display().to_string()));
    }
    let read = run.read(&Source::File(path))?;
    let record: Record = read.json()?;
    let (unchanged, deviations) = against(&record, &present(&args.dir, run)?);
    let PathText { path: directory, path_bytes: directory_bytes } =
        PathText::new(args.dir.as_os_str().as_bytes());
    for deviation in &deviations {
        let why = match deviation.kind {
            DeviationKind::Changed => "is not what was recorded",
            DeviationKind::Missing => "was recorded and is gone",
            DeviationKind::Added => "came after the record",
        };
        run.warn(Some(&format!("{directory}/{}", deviation.path)), why);
    }
    let intact = deviations.is_empty();
    run.emit(&Verification {
        schema: Tag::new(),
        generator: generator(),
        inputs: vec![input(&read.digest)],
        directory,
        directory_bytes,
        intact,
        unchanged,
        deviations,
    })?;
    Ok(Status::yes_if(intact))
}

/// Every file but the record.
fn present(dir: &Path, run: &Run) -> Result<Vec<InputRef>, Failure> {
    let names = folder::list(dir)?;
    let others = names.iter().filter(|name| name.as_path() != Path::new(RECORD));
    others.map(|name| folder::digest(run, dir, name)).collect()
}
