//! What the tool can be asked for.

use std::io::{self, BufRead};

use contract::InputRef;
use contract::part::Part;
use contract::summary::Summary;
use evidence_summarize::events::{self, Sums};
use evidence_summarize::explain;
use evidence_summarize::list::Rest;
use evidence_summarize::render;
use evidence_summarize::rules::Rules;
use evidence_summarize::summarize::{self, Options, Share};
use plumb::{Directories, Failure, Run, Source, Status};

use crate::buffered::Room;
use crate::cli::{Args, Format};
use crate::inputs;
use crate::unpack::{self, Consume};

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
    text_or_json(args, "--explain")?;
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

/// What the tools' own logs amount to.
pub fn events(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    text_or_json(args, "--events")?;
    let (mut sums, mut inputs) = (Sums::default(), Vec::new());
    for source in run.sources(&args.files, Directories::Walk)? {
        match log(&source, args.common.max_input, &mut sums, run) {
            Ok(input) => inputs.push(input),
            Err(failure) => run.report(&failure),
        }
    }
    let events = sums.finish(inputs::generator(), inputs);
    match args.format {
        Format::Text => run.emit_text(render::events(&events).as_bytes())?,
        _ => run.emit(&events)?,
    }
    let clean = events.totals.failures == 0 && events.totals.odd == 0;
    Ok(Status::yes_if(clean && events.totals.events > 0))
}

struct Log<'a> {
    path: &'a str,
    sums: &'a mut Sums,
}

impl Consume for Log<'_> {
    type Made = u64;

    fn consume<R: BufRead>(self, input: R) -> io::Result<u64> {
        events::read(input, self.path, self.sums)
    }
}

fn log(source: &Source, limit: u64, sums: &mut Sums, run: &mut Run) -> Result<InputRef, Failure> {
    let mut reader = run.open(source)?;
    let path = source.to_string();
    let events = unpack::through(&mut reader, &mut Room::new(), limit, Log { path: &path, sums })?;
    let digest = reader.finish()?;
    if events == 0 {
        let why = "expected lines that a tool wrote with --log-format json, found none";
        run.report(&Failure::new(why).at(path));
    }
    Ok(InputRef::new(&digest.name, digest.bytes, digest.sha256))
}

fn text_or_json(args: &Args, option: &str) -> Result<(), Failure> {
    if matches!(args.format, Format::Json | Format::Text) {
        return Ok(());
    }
    Err(Failure::new(format!("{option} has the forms json and text")).at("--format"))
}
