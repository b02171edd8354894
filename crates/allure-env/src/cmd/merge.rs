//! `allure-env merge`.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use allure_env::beside;
use allure_env::plan::{EXECUTOR, PROPERTIES};
use allure_env::properties::{self, Properties};
use allure_env::stage::{self, Audit};
use allure_env::stats;
use contract::allure::{Stage, Staged};
use contract::{InputRef, PathText, Tag};
use plumb::{Failure, Run, Status};

use super::staging::{Building, Place};
use super::{folder, generator};

/// Stage several audits so that one report shows every execution of each
///
/// Every staged result is stamped with its image; the environments stand side by side for Allure 2,
/// and each by itself for Allure 3 (allurerc.mjs). The audits themselves are only read. Make the
/// report from the folders of the stage: `allure generate STAGE/*/`, with Allure 3 also
/// `--config STAGE/allurerc.mjs`. The answer is no if an execution would not be shown.
#[derive(clap::Args)]
pub struct Args {
    /// Results directories
    #[arg(value_name = "DIR", required = true)]
    dirs: Vec<PathBuf>,
    /// The stage: a new or empty folder, or the stage of an earlier run, which is replaced
    #[arg(long, value_name = "STAGE")]
    into: PathBuf,
}

pub fn run(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    let place = Place::new(&args.into, &args.dirs)?;
    let before = digests(&args.dirs, run)?;
    let environments = environments(&args.dirs, run)?;
    let audits = stage::audits(&environments);
    let pairs: Vec<(&Audit, &Properties)> =
        audits.iter().zip(environments.iter().map(|(_, own)| own)).collect();
    let mut building = Building::new(place, &pairs)?;
    if stage::several_executors(&pairs) {
        building.executors()?;
        run.warn(
            None,
            "the audits have different executors: Allure 3 shows one for the whole report, which \
             now says so; the environment of each audit names its own",
        );
    }
    let mut staged = Vec::new();
    for (dir, (audit, own)) in args.dirs.iter().zip(&pairs) {
        let results = building.audit(run, dir, audit)?;
        staged.push(describe(dir, audit, own, results));
    }
    if digests(&args.dirs, run)? != before {
        return Err(Failure::new("an audit changed while it was staged: run it again"));
    }
    let (together, executions, unreadable) = building.finish(run)?;
    let stats::Counted { allure2, allure3, .. } = together;
    let shown = [allure2.total, allure3.total];
    let complete = shown == [executions; 2] && unreadable.is_empty() && executions > 0;
    for file in &unreadable {
        run.warn(Some(&file.path), &file.reason);
    }
    if shown != [executions; 2] {
        let [two, three] = shown;
        let why = format!("of {executions} executions Allure 2 shows {two} and Allure 3 {three}");
        run.warn(None, &why);
    }
    let PathText { path: directory, path_bytes: directory_bytes } =
        PathText::new(args.into.as_os_str().as_bytes());
    run.emit(&Stage {
        schema: Tag::new(),
        generator: generator(),
        inputs: before,
        directory,
        directory_bytes,
        audits: staged,
        executions,
        allure2,
        allure3,
        complete,
        unreadable,
    })?;
    Ok(Status::yes_if(complete))
}

fn describe(dir: &Path, audit: &Audit, own: &Properties, results: u64) -> Staged {
    let PathText { path: directory, path_bytes: directory_bytes } =
        PathText::new(dir.as_os_str().as_bytes());
    Staged {
        directory,
        directory_bytes,
        id: audit.id.clone(),
        name: audit.name.clone(),
        image: audit.image.clone(),
        results,
        properties: own.clone(),
    }
}

/// Every file of the audits, by its path.
fn digests(dirs: &[PathBuf], run: &Run) -> Result<Vec<InputRef>, Failure> {
    let mut digests = Vec::new();
    for dir in dirs {
        folder::expect(dir)?;
        for name in folder::list(dir)? {
            digests.push(folder::digest(run, Path::new(""), &dir.join(name))?);
        }
    }
    Ok(digests)
}

/// The name and the environment of each audit.
fn environments(dirs: &[PathBuf], run: &Run) -> Result<Vec<(String, Properties)>, Failure> {
    let mut environments = Vec::new();
    for dir in dirs {
        let bytes = folder::read_own(run, &dir.join(PROPERTIES))?.unwrap_or_default();
        let full = dir.canonicalize();
        let full = full
            .map_err(|error| Failure::io(dir.display().to_string(), "cannot be found", &error))?;
        let name = full.file_name().unwrap_or(dir.as_os_str()).to_string_lossy().into_owned();
        let mut properties = properties::read(&bytes).properties;
        let executor = folder::read_own(run, &dir.join(EXECUTOR))?;
        if let Some(text) = executor.as_deref().and_then(beside::executor_text) {
            properties.entry("executor".to_owned()).or_insert(text);
        }
        environments.push((name, properties));
    }
    Ok(environments)
}
