//! From arguments to inputs to the library and back.

mod inputs;
mod output;

use contract::speed::{Cause, Host};
use contract::{Generator, InputRef};
use plumb::{Directories, Failure, Run, Source, Status};
use speed_parse::{Expected, Failure as Missing, Item, Parser};

use crate::{Args, TOOL};
use output::Output;

/// Everything.
pub fn run(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    let mut expected = Expected::new(&args.expect);
    // A variable that is not set must not turn the gate off.
    if args.expect.iter().any(|list| Expected::new(std::slice::from_ref(list)).is_empty()) {
        return Err(Failure::new("expected a list of algorithms, found nothing").at("--expect"));
    }
    let sources = run.sources(&args.files, Directories::Walk)?;
    let host = args.host_facts.then(|| host(run));
    let mut output = Output::new(args.format, run, Generator::new(TOOL.name, TOOL.version), host)?;
    let mut parser = Parser::default();
    let mut tally = Tally::default();
    let mut read = 0;
    for (place, source) in sources.iter().enumerate() {
        let before = (output.mark(), parser.runs(), parser.figures());
        parser.begin(read);
        let outcome = inputs::read(run, source, &mut parser, &mut |item| {
            expected.see(&item);
            tally.count(place, &item);
            output.item(item);
        });
        match outcome {
            Ok(digest) => {
                read += 1;
                output.input(InputRef::new(&digest.name, digest.bytes, digest.sha256));
            }
            Err(failure) => {
                run.report(&failure);
                if output.back_to(&before.0) {
                    parser.forget(before.1, before.2);
                }
            }
        }
    }
    if read == 0 && !sources.is_empty() {
        // Everything that can be said was said as a failure.
        return Ok(Status::No);
    }
    let absent: Vec<_> = expected.absent().collect();
    for failed in &absent {
        output.item(Item::Failed(failed.clone()));
    }
    output.finish(run)?;
    say(run, &sources, parser.figures(), &absent, &tally);
    let whole = expected.is_empty() || tally.incomplete == 0;
    if !whole {
        run.warn(None, "--expect takes no incomplete run: figures can be missing");
    }
    Ok(Status::yes_if(parser.figures() > 0 && absent.is_empty() && whole))
}

/// What is not a figure, for the people who read stderr.
#[derive(Default)]
struct Tally {
    failed: u64,
    first_failed: Option<First>,
    ambiguous: u64,
    first_ambiguous: Option<First>,
    disagreements: u64,
    first_disagreement: Option<First>,
    incomplete: u64,
    first_incomplete: Option<First>,
}

/// The first of its kind: the position of its source, and what it says, if it says anything.
type First = (usize, String);

impl Tally {
    fn count(&mut self, source: usize, item: &Item<'_>) {
        match item {
            Item::Failed(failed) => {
                self.failed += 1;
                self.first_failed.get_or_insert_with(|| (source, describe(failed)));
            }
            Item::Ambiguous(_) => {
                self.ambiguous += 1;
                self.first_ambiguous.get_or_insert((source, String::new()));
            }
            Item::Disagreement(_) => {
                self.disagreements += 1;
                self.first_disagreement.get_or_insert((source, String::new()));
            }
            Item::Run(found) if !found.complete => {
                self.incomplete += 1;
                let reason = found.incomplete.clone().unwrap_or_default();
                self.first_incomplete.get_or_insert((source, reason));
            }
            Item::Run(_) | Item::Figure(_) => {}
        }
    }
}

fn describe(failed: &Missing<'_>) -> String {
    match failed.cause() {
        Cause::Absent => failed.algorithm().to_owned(),
        _ => format!("{}: {}", failed.algorithm(), failed.reason()),
    }
}

fn say(run: &Run, sources: &[Source], figures: u64, absent: &[Missing<'_>], tally: &Tally) {
    let source = match sources {
        [source] => Some(source.to_string()),
        _ => None,
    };
    let warn = |message: &str| run.warn(source.as_deref(), message);
    if figures == 0 {
        warn("no records were found: expected the output of openssl speed");
    }
    // Of several logs, the message names those it is about.
    let several = sources.len() > 1;
    for failed in absent {
        let logs = if several { format!(" ({})", names(sources)) } else { String::new() };
        warn(&format!("{}: {}{logs}", failed.algorithm(), failed.reason()));
    }
    let told = [
        (tally.failed, ["not measured"; 2], &tally.first_failed),
        (tally.incomplete, ["incomplete run", "incomplete runs"], &tally.first_incomplete),
        (tally.ambiguous, ["ambiguous line", "ambiguous lines"], &tally.first_ambiguous),
        (
            tally.disagreements,
            [
                "figure that its own progress line contradicts",
                "figures that their own progress lines contradict",
            ],
            &tally.first_disagreement,
        ),
    ];
    for (count, [one, many], first) in told {
        let Some((place, says)) = first else { continue };
        let log = sources.get(*place).filter(|_| several);
        let first = match (log, says.as_str()) {
            (None, "") => String::new(),
            (None, says) => format!(" (the first: {says})"),
            (Some(log), "") => format!(" (the first in {log})"),
            (Some(log), says) => format!(" (the first, in {log}: {says})"),
        };
        warn(&format!("{count} {}{first}", if count == 1 { one } else { many }));
    }
}

/// The first few of them, and how many more there are.
fn names(sources: &[Source]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = sources.iter().take(SHOWN).map(Source::to_string).collect();
    match sources.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn host(run: &Run) -> Host {
    let text = |path: &str| {
        let input = run.read(&Source::File(path.into())).ok()?;
        Some(String::from_utf8_lossy(&input.bytes).into_owned())
    };
    let kernel = text("/proc/sys/kernel/osrelease").unwrap_or_default();
    let system = text("/proc/sys/kernel/ostype").unwrap_or_default();
    speed_parse::host(
        std::env::consts::ARCH,
        &format!("{} {}", system.trim(), kernel.trim()),
        &text("/proc/cpuinfo").unwrap_or_default(),
        text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").as_deref(),
    )
}
