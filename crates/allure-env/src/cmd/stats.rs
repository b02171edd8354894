//! `allure-env stats`.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use allure_env::beside;
use allure_env::listing::Kind;
use allure_env::result;
use allure_env::stats::{Counter, Dropping};
use contract::allure::{Stats, Unreadable};
use contract::{PathText, Tag};
use plumb::{Failure, Run, Source, Status};

use super::{Inputs, emit, folder, generator};

/// Count results as Allure 2 (2.46) and Allure 3 (3.18) count them, and say where they differ
///
/// Several directories are counted together, as the generators do: results of one test hide each
/// other across directories. The answer is no if a file is dropped or nothing is counted.
#[derive(clap::Args)]
pub struct Args {
    /// Results directories
    #[arg(value_name = "DIR", required = true)]
    dirs: Vec<PathBuf>,
}

pub fn run(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    let mut counting = Counting::default();
    for dir in &args.dirs {
        if let Err(failure) = counting.directory(run, dir) {
            run.report(&failure);
        }
    }
    let Counting { counter, inputs, unreadable, results } = counting;
    let counted = counter.counted();
    for file in &unreadable {
        run.warn(Some(&file.path), &file.reason);
    }
    if results == 0 {
        run.warn(None, "no result file in any of the directories: nothing was tested");
    }
    let answer = unreadable.is_empty() && counted.allure2.total > 0;
    let stats = Stats {
        schema: Tag::new(),
        generator: generator(),
        inputs,
        unreadable,
        allure2: counted.allure2,
        allure3: counted.allure3,
        differences: counted.differences,
        slowest: counted.slowest,
        by_suite: counted.by_suite,
        by_feature: counted.by_feature,
        by_layer: counted.by_layer,
    };
    emit(run, &stats)?;
    Ok(Status::yes_if(answer))
}

#[derive(Default)]
struct Counting {
    counter: Counter,
    inputs: Inputs,
    unreadable: Vec<Unreadable>,
    results: u64,
}

impl Counting {
    fn directory(&mut self, run: &mut Run, dir: &Path) -> Result<(), Failure> {
        let listing = folder::listing(dir)?;
        for (name, kind) in listing.iter() {
            match kind {
                Kind::File if folder::counts(name) || beside::NAMES.contains(&name) => {
                    self.file(run, dir, name);
                }
                Kind::File if name.ends_with(b".xml") => self.xml(dir, name),
                Kind::Link if name.ends_with(folder::RESULT) => self.link(dir, name),
                _ => {}
            }
        }
        Ok(())
    }

    fn file(&mut self, run: &mut Run, dir: &Path, name: &[u8]) {
        let read = match run.read(&Source::File(folder::path(dir, name))) {
            Ok(read) => read,
            Err(failure) => return run.report(&failure),
        };
        let position = self.inputs.count();
        let dropping = if name.ends_with(folder::RESULT) {
            self.results += 1;
            self.counter.add(position, result::named(name, &read.bytes))
        } else if name.ends_with(folder::CONTAINER) {
            self.counter.container(&result::container(&read.bytes))
        } else {
            self.counter.beside(name, &read.bytes)
        };
        if let Some(dropping) = dropping {
            self.drop(&read.digest.name, dropping);
        }
        self.inputs.add(&read.digest);
    }

    /// A report of another kind, whose tests the generators count, too.
    fn xml(&mut self, dir: &Path, name: &[u8]) {
        let path = folder::path(dir, name);
        if beside::foreign(&folder::head(&path).unwrap_or_default()) {
            let reason = "is a JUnit report, and not counted here: both generators count its tests";
            let dropping = Dropping { allure2: true, allure3: true, reason: reason.to_owned() };
            self.drop(path.as_os_str().as_bytes(), dropping);
        }
    }

    /// Where a link leads is not part of the results. That is a difference to Allure 2, so it is
    /// told.
    fn link(&mut self, dir: &Path, name: &[u8]) {
        let reason = "is a link, and not counted here: Allure 2 reads what it leads to, Allure 3 \
                      does not";
        let dropping = Dropping { allure2: true, allure3: false, reason: reason.to_owned() };
        self.drop(folder::path(dir, name).as_os_str().as_bytes(), dropping);
    }

    fn drop(&mut self, path: &[u8], dropping: Dropping) {
        let PathText { path, path_bytes } = PathText::new(path);
        self.unreadable.push(dropping.of(path, path_bytes));
    }
}
