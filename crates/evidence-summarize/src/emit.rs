//! A summary in the form that was asked for.

use std::path::Path;

use contract::summary::Summary;
use evidence_summarize::list::{List, Rest};
use evidence_summarize::render::{self, Refusal, Subject};
use plumb::{Failure, Run};

use crate::cli::{Args, Format};
use crate::listed;

/// Writes the summary; `rest` is what it lists and does not hold.
pub fn emit(args: &Args, run: &Run, mut summary: Summary, rest: Rest) -> Result<(), Failure> {
    let source = args.show.as_ref().map(|path| path.display().to_string());
    let refused = |refusal: Refusal| {
        let failure = Failure::new(refusal.to_string());
        match &source {
            Some(source) => failure.at(source),
            None => failure,
        }
    };
    if let Some(cases) = summary.cases.take() {
        let list = List::new(cases, rest).map_err(no_json)?;
        match args.format {
            Format::Json if !run.indents() => return listed::json(run, &summary, &list),
            Format::Ndjson => return listed::ndjson(run, &summary, &list),
            _ => summary.cases = Some(list.into_cases()),
        }
    }
    match args.format {
        Format::Json => run.emit(&summary),
        Format::Text => run.emit_text(render::text(&summary).as_bytes()),
        Format::Markdown => run.emit_text(render::markdown(&summary).as_bytes()),
        Format::Github => {
            if let Some(path) = &args.step_summary {
                append(run, path, &render::step_summary(&summary))?;
            }
            run.emit_text(render::annotations(&summary).as_bytes())
        }
        Format::Junit => run.emit_text(render::junit(&summary).map_err(refused)?.as_bytes()),
        Format::Ctrf => run.emit_text(&render::ctrf(&summary).map_err(refused)?),
        Format::Ndjson => Err(refused(Refusal::NoCases)),
        Format::Intoto => {
            let subjects = subjects(&args.subject)?;
            run.emit_text(&render::intoto(&summary, &subjects).map_err(refused)?)
        }
        Format::Prometheus => run.emit_text(render::prometheus(&summary).as_bytes()),
    }
}

/// The failure of what cannot be written as JSON.
pub fn no_json(error: serde_json::Error) -> Failure {
    Failure::new(Refusal::Json(error).to_string())
}

fn subjects(texts: &[String]) -> Result<Vec<Subject>, Failure> {
    let subject = |text: &String| Subject::parse(text);
    texts
        .iter()
        .map(subject)
        .collect::<Result<_, _>>()
        .map_err(|why| Failure::new(why).at("--subject"))
}

/// GitHub's step summary is a file that every step of the job appends to.
fn append(run: &Run, path: &Path, text: &str) -> Result<(), Failure> {
    use std::io::Write as _;
    let written = std::fs::File::options().create(true).append(true).open(path);
    let written = written.and_then(|mut file| file.write_all(text.as_bytes()));
    let name = path.display().to_string();
    written.map_err(|error| Failure::io(name.clone(), "cannot append", &error))?;
    run.say(&plumb::Event::OutputWritten { path: &name, bytes: text.len() as u64 });
    Ok(())
}
