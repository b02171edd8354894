//! Sums over events, for a terminal.

use std::fmt::Write as _;

use contract::events::{EventTotals, Events, Operation, ProblemKind};
use escape::terminal::line;

use super::MOST;

/// The sums, then what went wrong, then what is no event.
#[must_use]
pub fn events(events: &Events) -> String {
    let totals = &events.totals;
    let mut out = format!("all {}\n", sums(totals));
    for operation in &events.operations {
        let _ = writeln!(out, "  {}", line(&row(operation)));
        for command in operation.commands.iter().take(5) {
            let text = format!(
                "{}: {} ended, {} of them not with status 0, {} ms, longest {} ms",
                command.command,
                command.ended,
                command.not_well,
                command.duration_ms,
                command.longest_ms
            );
            let _ = writeln!(out, "    {}", line(&text));
        }
    }
    rest(&mut out, events.omitted.operations, "events of further operations");
    let open = totals.children_started.saturating_sub(totals.children_ended);
    rest(&mut out, open, "child processes have no end: the log was cut off, or they still run");
    if !events.problems.is_empty() {
        out.push_str("\nWhat went wrong\n");
    }
    // Failures before warnings: the end of a long list is cut.
    let of = |kind| events.problems.iter().filter(move |problem| problem.kind == kind);
    let sorted: Vec<_> = of(ProblemKind::Failure).chain(of(ProblemKind::Warning)).collect();
    for problem in sorted.iter().take(MOST) {
        let kind = if problem.kind == ProblemKind::Failure { "failure" } else { "warning" };
        let about = problem.about.as_ref().map_or(String::new(), |about| format!("{about}: "));
        let (path, number, tool) = (&problem.path, problem.line, &problem.operation);
        let text = format!("{kind}: {tool}: {about}{} ({path}:{number})", problem.message);
        let _ = writeln!(out, "  {}", line(&text));
    }
    let more = sorted.len().saturating_sub(MOST) as u64 + events.omitted.problems;
    rest(&mut out, more, "more");
    if !events.odd.is_empty() {
        out.push_str("\nLines that are no event\n");
    }
    for odd in &events.odd {
        let text = format!("{}:{}: {}", odd.path, odd.line, odd.why);
        let _ = writeln!(out, "  {}", line(&text));
    }
    rest(&mut out, events.omitted.odd, "more");
    out
}

fn rest(out: &mut String, count: u64, what: &str) {
    if count > 0 {
        let _ = writeln!(out, "  {count} {what}");
    }
}

fn row(operation: &Operation) -> String {
    let run = operation.run_id.as_ref().map_or(String::new(), |run| format!("{run}, "));
    let span = operation.span_ms.map_or(String::new(), |span| format!(", within {span} ms"));
    format!("{run}{} {}{span}", operation.operation, sums(&operation.totals))
}

fn sums(totals: &EventTotals) -> String {
    let counts = [
        ("failures", totals.failures),
        ("warnings", totals.warnings),
        ("lines that are no event", totals.odd),
        ("child processes", totals.children_ended),
        ("not with status 0", totals.children_not_well),
        ("ms in child processes", totals.children_ms),
    ];
    let mut text = format!("events: {}", totals.events);
    for (word, count) in counts.iter().filter(|(_, count)| *count > 0) {
        let _ = write!(text, ", {word}: {count}");
    }
    text
}
