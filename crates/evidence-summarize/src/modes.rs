//! What the tool can be asked for.

use contract::part::Part;
use contract::summary::Summary;
use evidence_summarize::explain;
use evidence_summarize::list::Rest;
use evidence_summarize::render;
use evidence_summarize::rules::Rules;
use evidence_summarize::summarize::{self, Options, Share};
use plumb::{Failure, Run, Source, Status};

use crate::cli::{Args, Format};
use crate::inputs;

/// One summary of all inputs.
pub fn summary(args: &Args, run: &mut Run) -> Result<(Summary, Rest), Failure> {
    let options = inputs::options(args, run)?;
    let (shares, unread) = inputs::shares(args, &options, run)?;
    Ok(judge(shares, unread, &options, run))
}

fn judge(shares: Vec<Share>, unread: u64, options: &Options, run: &mut Run) -> (Summary, Rest) {
    let outcome = summarize::summarize(shares, unread, options);
    for (path, line, why) in outcome.unusable {
        let failure = Failure::new(why).at(if path == "-" { "stdin".to_owned() } else { path });
        run.report(&match line {
            Some(line) => failure.line(line),
            None => failure,
        });
    }
    (outcome.summary, outcome.rest)
}

/// A line for each input, in the order of their digests.
pub fn parts(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    let options = inputs::options(args, run)?;
    let (shares, _) = inputs::shares(args, &options, run)?;
    let mut parts: Vec<_> = shares.into_iter().map(|share| share.part).collect();
    parts.sort_by(|a, b| {
        let key = |part: &Part| part.inputs.first().map(|input| input.sha256.clone());
        key(a).cmp(&key(b)).then_with(|| a.inputs.cmp(&b.inputs))
    });
    run.emit_lines(&parts)?;
    Ok(Status::Yes)
}

/// Why a case is what it is.
pub fn explain(args: &Args, asked: &str, run: &mut Run) -> Result<Status, Failure> {
    if !matches!(args.format, Format::Json | Format::Text) {
        return Err(Failure::new("--explain has the forms json and text").at("--format"));
    }
    let explained = match &args.show {
        Some(path) => {
            let input = run.read(&Source::from_operand(path))?;
            let rules = Rules::new(&[]).map_err(Failure::new)?;
            explain::explain(&input.json()?, asked, None, &rules)
                .map_err(|why| input.failure(why))?
        }
        None => {
            let options = inputs::options(args, run)?;
            let (shares, unread) = inputs::shares(args, &options, run)?;
            let heard = explain::hear(&shares, asked);
            let (summary, _) = judge(shares, unread, &options, run);
            explain::explain(&summary, asked, Some(&heard), &options.rules)
                .map_err(|why| Failure::new(why).at("--explain"))?
        }
    };
    match args.format {
        Format::Text => run.emit_text(render::explanation(&explained).as_bytes())?,
        _ => run.emit(&explained)?,
    }
    Ok(Status::Yes)
}
