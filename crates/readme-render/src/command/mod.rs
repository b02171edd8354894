//! From the arguments to the status.

mod args;
mod data;
mod fresh;
mod lints;
mod outputs;
mod templates;
mod verify;

pub use args::Args;

use contract::{Generator, InputRef};
use plumb::{Digest, Failure, Run, Status};
use readme_render::engine::{Fault, Problem};
use readme_render::ledger;
use readme_render::render::{self, Rendered};

use crate::TOOL;
use args::Format;
use outputs::Targets;
use templates::Templates;

/// Stack of the thread that works. Templates and their values can be nested as deep as their
/// author likes; what is reserved and not used costs nothing.
const STACK: usize = 512 << 20;

/// Everything the tool does, where there is room for it.
pub fn main(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(STACK);
        let worker = worker.spawn_scoped(scope, || work(args, run));
        match worker.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(done)) => done,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => Err(Failure::io("stack", "cannot reserve", &error)),
        }
    })
}

fn work(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    match &args.verify {
        Some(ledger) => verify::verify(ledger, run),
        None => render(args, run),
    }
}

fn render(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    let templates = Templates::find(args, run)?;
    let targets = Targets::new(args, &templates)?;
    let (data, mut digests) = data::read(args, run, templates.root());
    if data.failed {
        return Ok(Status::No);
    }
    let load = |name: &str| templates.load(run, name);
    if !fresh::check(args, run, &data.files)? {
        return Ok(Status::No);
    }
    let mut rendered = render::render(&templates.names, &data.files, &args.options(), &load)
        .map_err(Failure::new)?;
    digests.extend(templates.digests());
    if !say(run, &templates, &rendered) {
        return Ok(Status::No);
    }
    if let Some(name) = &args.region
        && !outputs::fill(args, run, name, &mut rendered)?
    {
        return Ok(Status::No);
    }
    if !lints::markdown(args, run, &targets, &rendered) {
        return Ok(Status::No);
    }
    let inputs: Vec<InputRef> = digests.iter().map(reference).collect();
    let ledger = || {
        let generator = Generator::new(TOOL.name, TOOL.version);
        ledger::ledger(generator, inputs.clone(), &targets.names(), &rendered)
    };
    if args.check {
        return outputs::check(args, run, &targets, &rendered, ledger).map(Status::yes_if);
    }
    targets.write(args, run, &rendered, ledger)?;
    let resolved = lints::unresolved(args, run, &targets, &rendered)?;
    if args.stdout || args.format == Some(Format::Text) {
        outputs::text(run, &rendered)?;
    }
    Ok(Status::yes_if(resolved))
}

fn reference(digest: &Digest) -> InputRef {
    InputRef::new(&digest.name, digest.bytes, digest.sha256)
}

/// Says everything that is wrong; whether the documents count.
fn say(run: &mut Run, templates: &Templates, rendered: &Rendered) -> bool {
    for problem in &rendered.problems {
        let more = match problem.count {
            1 => String::new(),
            count => format!(" (and {} more like it)", count - 1),
        };
        let source = templates.shown(&problem.template);
        let message = format!("{}{more}{}", problem.message, advice(problem));
        let failure = Failure::new(message).at(source).line(problem.line.into());
        match problem.fault {
            Fault::Template => run.report(&failure),
            Fault::Lenient => run.say(&plumb::Event::Warning {
                source: failure.source.as_deref(),
                line: failure.line,
                message: &failure.message,
            }),
            // The answer is no: that is not the same as no answer.
            _ => run.say(&plumb::Event::Failed {
                source: failure.source.as_deref(),
                line: failure.line,
                message: &failure.message,
            }),
        }
    }
    !rendered.refused()
}

/// What to do about it.
fn advice(problem: &Problem) -> &'static str {
    match problem.fault {
        Fault::Missing if problem.message.starts_with("nothing at") => {
            ": give it, or declare it with {# proofline:optional PATH #}"
        }
        _ => "",
    }
}
