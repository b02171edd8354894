//! `allure-env shown`.

use std::path::{Path, PathBuf};

use allure_env::shown::{Summary2, Summary3, expected};
use contract::Tag;
use contract::allure::{AllureVersion, Report, Shown, Stage};
use plumb::{Failure, Input, Run, Source, Status};

use super::{generator, input};

/// Where the summaries are, by the generator that writes them.
const SUMMARIES: [(&str, AllureVersion); 3] = [
    ("widgets/summary.json", AllureVersion::Two),
    ("summary.json", AllureVersion::Three),
    ("awesome/summary.json", AllureVersion::Three),
];

/// Hold a generated report against the stage it was made from
///
/// The answer is no if the report shows nothing, or anything else than the stage has.
#[derive(clap::Args)]
pub struct Args {
    /// The folder of the report
    #[arg(value_name = "REPORT")]
    report: PathBuf,
    /// The document that `merge` wrote
    #[arg(long, value_name = "FILE")]
    stage: PathBuf,
}

pub fn run(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    let stage_read = run.read(&Source::from_operand(&args.stage))?;
    let stage: Stage = stage_read.json()?;
    let (read, allure) = summary(&args.report, run)?;
    let (found, counts): (Shown, _) = match allure {
        AllureVersion::Two => (read.json::<Summary2>()?.statistic.into(), &stage.allure2),
        AllureVersion::Three => (read.json::<Summary3>()?.stats.into(), &stage.allure3),
    };
    let expected = expected(counts);
    let agrees = found == expected && found.total > 0;
    let report = args.report.display().to_string();
    if found.total == 0 {
        run.warn(Some(&report), "shows no test at all");
    } else if !agrees {
        let why = format!("shows {}; the stage has {}", words(&found), words(&expected));
        run.warn(Some(&report), &why);
    }
    run.emit(&Report {
        schema: Tag::new(),
        generator: generator(),
        inputs: vec![input(&stage_read.digest), input(&read.digest)],
        allure,
        expected,
        found,
        agrees,
    })?;
    Ok(Status::yes_if(agrees))
}

fn words(shown: &Shown) -> String {
    let Shown { total, passed, failed, broken, skipped, unknown } = shown;
    format!(
        "{total} tests ({passed} passed, {failed} failed, {broken} broken, {skipped} skipped, \
         {unknown} unknown)"
    )
}

fn summary(report: &Path, run: &Run) -> Result<(Input, AllureVersion), Failure> {
    for (name, allure) in SUMMARIES {
        let path = report.join(name);
        if path.is_file() {
            return Ok((run.read(&Source::File(path))?, allure));
        }
    }
    let why = "expected the report of Allure 2 or 3, found no summary.json in it";
    Err(Failure::new(why).at(report.display().to_string()))
}
