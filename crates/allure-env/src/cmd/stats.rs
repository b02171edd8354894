//! `allure-env stats`.

use std::path::{Path, PathBuf};

use allure_env::result;
use allure_env::stats::Counter;
use contract::allure::{Stats, Unreadable};
use contract::{InputRef, PathText, Tag};
use plumb::{Failure, Run, Source, Status};

use super::{folder, generator, input};

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
        match folder::results(dir) {
            Ok(paths) => paths.iter().for_each(|path| counting.file(run, path)),
            Err(failure) => run.report(&failure),
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
    run.emit(&Stats {
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
    })?;
    Ok(Status::yes_if(answer))
}

#[derive(Default)]
struct Counting {
    counter: Counter,
    inputs: Vec<InputRef>,
    unreadable: Vec<Unreadable>,
    results: u64,
}

impl Counting {
    fn file(&mut self, run: &mut Run, path: &Path) {
        let read = match run.read(&Source::File(path.to_owned())) {
            Ok(read) => read,
            Err(failure) => return run.report(&failure),
        };
        let position = self.inputs.len() as u64;
        let dropping = if path.as_os_str().as_encoded_bytes().ends_with(folder::RESULT) {
            self.results += 1;
            self.counter.add(position, result::read(&read.bytes))
        } else {
            self.counter.container(&result::container(&read.bytes))
        };
        if let Some(dropping) = dropping {
            let PathText { path, path_bytes } = PathText::new(&read.digest.name);
            self.unreadable.push(dropping.of(path, path_bytes));
        }
        self.inputs.push(input(&read.digest));
    }
}
