//! From arguments to what the library works on.

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use contract::part::Part;
use contract::{Generator, InputRef, Sha256};
use evidence_summarize::compare::Previous;
use evidence_summarize::expect::{self, Expected};
use evidence_summarize::gate::Gate;
use evidence_summarize::mistake::Mistake;
use evidence_summarize::read;
use evidence_summarize::requirements::{self, Stated};
use evidence_summarize::rules::Rules;
use evidence_summarize::sink::{Keep, Named, Sink};
use evidence_summarize::summarize::{Options, Share};
use plumb::{Digest, Directories, Failure, Input, Run, Source};

use crate::TOOL;
use crate::buffered::Room;
use crate::cli::Args;
use crate::unpack::{self, Consume};

/// Everything beside the evidence.
pub fn options(args: &Args, run: &Run) -> Result<Options, Failure> {
    let gate = gate(&args.gate, run)?;
    let today = if gate.expires() { run.now_ms()? / 86_400_000 } else { 0 };
    Ok(Options {
        generator: generator(),
        rules: rules(&args.rules, run)?,
        gate,
        expected: expected(&args.expect, run)?,
        requirements: requirements(&args.requirements, run)?,
        previous: previous(args.compare.as_deref(), run)?,
        today,
        list_cases: args.lists_cases(),
        workers: workers(),
    })
}

/// How many threads share the work.
pub fn workers() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

pub fn generator() -> Generator {
    Generator::new(TOOL.name, TOOL.version)
}

fn gate(name: &str, run: &Run) -> Result<Gate, Failure> {
    if Gate::is_built_in(name) || !name.contains(['/', '.']) {
        return Gate::built_in(name).map_err(|mistake| Failure::new(mistake.why).at("--gate"));
    }
    let input = run.read(&Source::File(name.into()))?;
    Gate::parse(input.text()?, Sha256::new(input.digest.sha256))
        .map_err(|mistake| mistaken(&input, mistake))
}

fn rules(paths: &[PathBuf], run: &Run) -> Result<Rules, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let input = run.read(&Source::from_operand(path))?;
        files.push((input.source.to_string(), input.text()?.to_owned()));
    }
    Rules::new(&files).map_err(|why| Failure::new(one_line(&why)).at("--rules"))
}

fn expected(paths: &[PathBuf], run: &Run) -> Result<Vec<Expected>, Failure> {
    let mut checks = Vec::new();
    for path in paths {
        let input = run.read(&Source::from_operand(path))?;
        checks.extend(expect::parse(input.text()?).map_err(|mistake| mistaken(&input, mistake))?);
    }
    Ok(checks)
}

fn requirements(paths: &[PathBuf], run: &Run) -> Result<Vec<Stated>, Failure> {
    let mut all: Vec<Stated> = Vec::new();
    for path in paths {
        let input = run.read(&Source::from_operand(path))?;
        let stated =
            requirements::parse(input.text()?).map_err(|mistake| mistaken(&input, mistake))?;
        if let Some(twice) = stated.iter().find(|new| all.iter().any(|known| known.id == new.id)) {
            let why = format!("a second requirement with the id {:?}", twice.id);
            return Err(input.failure(why));
        }
        all.extend(stated);
    }
    Ok(all)
}

fn previous(path: Option<&Path>, run: &Run) -> Result<Option<Previous>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let input = run.read(&Source::from_operand(path))?;
    let digest = &input.digest;
    let reference = InputRef::new(&digest.name, digest.bytes, digest.sha256);
    let previous =
        Previous::parse(input.text()?, reference).map_err(|why| input.failure(one_line(&why)))?;
    if !previous.lists_all() {
        let source = input.source.to_string();
        let why = "does not list every case, so what vanished, what is new and what became slower \
                   cannot be told: make it with --cases or --format ndjson";
        run.warn(Some(&source), why);
    }
    Ok(Some(previous))
}

/// `FILE:LINE: why`.
fn mistaken(input: &Input, mistake: Mistake) -> Failure {
    let failure = input.failure(mistake.why);
    match mistake.line {
        Some(line) => failure.line(line),
        None => failure,
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What each input says, and how many of them could not be read.
pub fn shares(args: &Args, options: &Options, run: &mut Run) -> Result<(Vec<Share>, u64), Failure> {
    let sources = run.sources(&args.files, Directories::Walk)?;
    if args.merge {
        return Ok(merged(&sources, run));
    }
    let keep = keep(args, options);
    let results = read_all(
        &sources,
        |source, room| share(source, room, options, &keep, args.common.max_input, run),
        &run.progress(sources.len() as u64),
    );
    let (mut shares, mut unread) = (Vec::with_capacity(sources.len()), 0);
    for result in results {
        match result {
            Ok(share) => shares.push(share),
            Err(failure) => {
                unread += 1;
                run.report(&failure);
            }
        }
    }
    Ok((shares, unread))
}

/// Reads every source, several at a time; the results are in the order of the sources.
fn read_all<T: Send>(
    sources: &[Source],
    read: impl Fn(&Source, &mut Room) -> T + Sync,
    progress: &plumb::Progress,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut done, mut room) = (Vec::new(), Room::new());
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(source) = sources.get(index) else { break done };
            done.push((index, read(source, &mut room)));
            progress.step();
        }
    };
    let workers = workers().min(sources.len());
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// What earlier passes wrote with `--part`, and how many lines of it could not be read.
fn merged(sources: &[Source], run: &mut Run) -> (Vec<Share>, u64) {
    let (mut shares, mut unread) = (Vec::new(), 0);
    for input in run.read_all(sources) {
        let text = String::from_utf8_lossy(&input.bytes);
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
            match serde_json::from_str::<Part>(line) {
                Ok(part) => shares.push(Share::whole(part)),
                Err(error) => {
                    unread += 1;
                    let message = format!("expected a line that --part wrote: {error}");
                    run.report(&input.failure(message).line(index as u64 + 1));
                }
            }
        }
    }
    (shares, unread)
}

fn keep(args: &Args, options: &Options) -> Keep {
    if args.part || args.explain.is_some() || options.needs_every_case() {
        return Keep::All;
    }
    let ids = options.expected.iter().map(|check| check.id.clone()).collect();
    let named = Arc::new(Named { ids, rules: options.rules.clone() });
    if options.list_cases { Keep::Packed(named) } else { Keep::Named(named) }
}

fn share(
    source: &Source,
    room: &mut Room,
    options: &Options,
    keep: &Keep,
    limit: u64,
    run: &Run,
) -> Result<Share, Failure> {
    let mut reader = run.open(source)?;
    let evidence = Evidence { rules: &options.rules, keep: keep.clone() };
    let sink = unpack::through(&mut reader, room, limit, evidence)?;
    let digest = reader.finish()?;
    Ok(to_share(sink, &digest))
}

/// Evidence is read as what its content is.
struct Evidence<'a> {
    rules: &'a Rules,
    keep: Keep,
}

impl Consume for Evidence<'_> {
    type Made = Sink;

    fn consume<R: BufRead>(self, input: R) -> io::Result<Sink> {
        read::read(input, self.rules, self.keep)
    }

    fn damaged(made: &mut Sink, why: io::Error) -> io::Result<()> {
        made.damaged(&why.to_string());
        Ok(())
    }
}

fn to_share(mut sink: Sink, digest: &Digest) -> Share {
    sink.entries.shrink_to_fit();
    sink.positions.shrink_to_fit();
    let input = InputRef::new(&digest.name, digest.bytes, digest.sha256);
    Share::of(sink, input, generator())
}
