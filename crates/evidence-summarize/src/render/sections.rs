//! What stands under the headings of every form for people.

use std::collections::BTreeMap;

use contract::summary::{Case, Change, Comparison, Exception, SourceShare, Summary};
use contract::{CheckStatus, Totals, Verdict};

use super::{MOST, action, counts, discrepancy, finding, message, word};

/// The section that people need before anything else.
pub const FIRST: &str = "What to do first";

/// From here on the files of a folder share a line, and good news is counted.
const MANY: usize = 5;
/// Changes of one kind that are named.
const SOME: usize = 25;

/// What stands under each heading, as plain lines; empty sections are left out.
pub struct Section {
    pub title: &'static str,
    pub lines: Vec<String>,
}

/// The sections that are the same in every form.
pub fn sections(summary: &Summary) -> Vec<Section> {
    let unmet = summary
        .unmet
        .iter()
        .map(|unmet| (String::new(), unmet.id.as_str(), unmet.why.clone()))
        .collect();
    let flaky = |case: &Case| format!("{} ({} attempts)", case.id, case.attempts.len());
    let mut sections = vec![
        Section { title: FIRST, lines: summary.actions.iter().map(action).collect() },
        Section { title: "Required and missing", lines: by_reason(unmet) },
        Section { title: "Exceptions of the gate", lines: exceptions(summary) },
        Section { title: "Failures that no rule knows", lines: groups(summary) },
        Section { title: "What was not run", lines: unproven(summary) },
        Section { title: "What changed", lines: changes(summary) },
        Section {
            title: "Passed only when tried again",
            lines: summary.flaky.iter().map(flaky).collect(),
        },
        Section {
            title: "Not as declared",
            lines: summary.discrepancies.iter().map(discrepancy).collect(),
        },
        Section { title: "Findings", lines: summary.findings.iter().map(finding).collect() },
        Section { title: "Where to look", lines: where_to_look(summary) },
        Section { title: "Left out of the document", lines: omitted(summary) },
    ];
    sections.retain(|section| !section.lines.is_empty());
    for section in &mut sections {
        let more = section.lines.len().saturating_sub(MOST);
        section.lines.truncate(MOST);
        if more > 0 {
            section.lines.push(format!("and {more} more (all of them are in the JSON document)"));
        }
    }
    sections
}

fn exceptions(summary: &Summary) -> Vec<String> {
    let one = |exception: &Exception| {
        let Exception { id, reason, until, .. } = exception;
        match (exception.ended, exception.cases) {
            (true, 0) => format!("{id}: ended on {until}, and is for nothing ({reason})"),
            (true, cases) => format!("{id}: ended on {until}, {cases} would need it ({reason})"),
            (false, 0) => format!("{id}: is for nothing, until {until} ({reason})"),
            (false, cases) => format!("{id}: excuses {cases}, until {until} ({reason})"),
        }
    };
    summary.exceptions.iter().map(one).collect()
}

/// A line for each kind of failure that more than one case shares: a person reads each once.
fn groups(summary: &Summary) -> Vec<String> {
    let shared = summary.groups.iter().filter(|group| group.cases > 1);
    shared
        .map(|group| format!("{} times: {} (first {})", group.cases, group.message, group.example))
        .collect()
}

fn omitted(summary: &Summary) -> Vec<String> {
    let omitted = summary.omitted.unwrap_or_default();
    let counts = [
        (omitted.failures, "failures"),
        (omitted.unproven, "cases that were skipped, did not run or have no known outcome"),
        (omitted.groups, "kinds of failures that no rule knows"),
    ];
    let named = counts.iter().filter(|(count, _)| *count > 0);
    named.map(|(count, what)| format!("{count} {what} (--cases lists every case)")).collect()
}

/// What was skipped, did not run or has no known outcome; what is not listed is counted.
fn unproven(summary: &Summary) -> Vec<String> {
    let listed = summary.unproven.iter();
    let rows = listed.map(|case| (word(case.status), case.id.as_str(), message(case)));
    let mut lines = by_reason(rows.collect());
    for status in [CheckStatus::Skipped, CheckStatus::NotRun, CheckStatus::Unknown] {
        let listed = summary.unproven.iter().filter(|case| case.status == status).count() as u64;
        let more = summary.totals.of(status).saturating_sub(listed);
        if more > 0 {
            lines.push(format!("{}: {more} {}", word(status), nameless(summary, status)));
        }
    }
    lines
}

/// Why cases of a status have no name here.
fn nameless(summary: &Summary, status: CheckStatus) -> String {
    if summary.omitted.is_some_and(|omitted| omitted.unproven > 0) {
        return "more that are counted and not listed".to_owned();
    }
    let counting = summary.sources.iter().filter(|source| {
        let from = |case: &&Case| case.evidence.as_ref().is_some_and(|at| at.path == source.path);
        let named = summary.unproven.iter().filter(|case| case.status == status).filter(from);
        source.totals.of(status) > named.count() as u64
    });
    match counting.collect::<Vec<_>>()[..] {
        [only] => format!("that {} counts and does not name", only.path),
        _ => "that the inputs count and do not name".to_owned(),
    }
}

/// What changed since the previous summary: what cannot be told, then the worst first.
fn changes(summary: &Summary) -> Vec<String> {
    let Some(comparison) = &summary.comparison else { return vec![] };
    let mut lines = untold(comparison);
    let none = Vec::new();
    let kinds = [
        ("fails newly", &comparison.newly_failing, SOME),
        ("vanished", comparison.vanished.as_ref().unwrap_or(&none), SOME),
        ("failed before and did not run", &comparison.unresolved, SOME),
        ("still fails", &comparison.still_failing, SOME),
        ("passed only when tried again", &comparison.flaky, SOME),
        ("fixed", &comparison.fixed, MANY),
        ("new", comparison.new.as_ref().unwrap_or(&none), MANY),
    ];
    let absent = if comparison.previous_lists_all { "not there" } else { "not listed" };
    for (kind, changes, most) in kinds {
        let all = changes.iter().map(|change| changed(change, absent));
        lines.extend(first(kind, all, most));
    }
    let slower = comparison.slower.as_deref().unwrap_or_default().iter();
    let slower = slower.map(|one| {
        let target = on(one.target.as_ref());
        format!("{}{target} ({} ms before, {} ms now)", one.id, one.before_ms, one.now_ms)
    });
    lines.extend(first("slower", slower, SOME));
    lines
}

/// The first `most` of `all`, and how many there are more.
fn first(kind: &str, all: impl Iterator<Item = String>, most: usize) -> Vec<String> {
    let mut lines: Vec<_> = all.map(|line| format!("{kind}: {line}")).collect();
    let more = lines.len().saturating_sub(most);
    lines.truncate(most);
    if more > 0 {
        lines.push(format!("{kind}: {more} more"));
    }
    lines
}

/// What is compared, and what a comparison cannot tell.
fn untold(comparison: &Comparison) -> Vec<String> {
    let previous = &comparison.previous.path;
    let mut lines =
        vec![format!("compared with {previous}: {}", word_of(comparison.previous_verdict))];
    let (before, now) = (comparison.unnamed_failures_before, comparison.unnamed_failures_now);
    if before > 0 || now > 0 {
        lines.push(format!(
            "failures that are only counted cannot be compared: {before} before, {now} now"
        ));
    }
    if !comparison.previous_lists_all {
        lines.push(
            "the previous summary does not list every case: what vanished, what is new and what \
             became slower cannot be told"
                .to_owned(),
        );
    }
    lines
}

fn on(target: Option<&String>) -> String {
    target.map_or(String::new(), |target| format!(" on {target}"))
}

fn changed(change: &Change, absent: &str) -> String {
    let target = on(change.target.as_ref());
    let before = change.before.map_or(absent.to_owned(), word);
    let now = change.now.map_or("not there".to_owned(), word);
    format!("{}{target} ({before} before, {now} now)", change.id)
}

fn word_of(verdict: Verdict) -> String {
    verdict.word().replace('_', " ")
}

/// A line for each check, or one for all that share a reason if there are many of them. A row is a
/// word, an id and the reason.
fn by_reason(mut rows: Vec<(String, &str, String)>) -> Vec<String> {
    rows.sort();
    let mut reasons: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for (word, id, reason) in &rows {
        reasons.entry((word, reason)).or_default().push(id);
    }
    let mut lines = Vec::new();
    for ((word, reason), ids) in reasons {
        let prefix = if word.is_empty() { String::new() } else { format!("{word}: ") };
        if ids.len() <= MANY {
            lines.extend(ids.iter().map(|id| format!("{prefix}{id} ({reason})")));
            continue;
        }
        let (named, more) = (ids[..MANY - 2].join(", "), ids.len() - (MANY - 2));
        lines.push(format!("{prefix}{} checks ({reason}): {named} and {more} more", ids.len()));
    }
    lines
}

/// A line for each input; inputs of one format in one folder share a line if there are many.
fn where_to_look(summary: &Summary) -> Vec<String> {
    let mut folders: BTreeMap<(&str, &str, bool), Vec<&SourceShare>> = BTreeMap::new();
    for source in summary.sources.iter().filter(|source| source.format != "attachment") {
        let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folders.entry((folder, &source.format, source.complete)).or_default().push(source);
    }
    let mut lines = Vec::new();
    for ((folder, format, complete), sources) in folders {
        let cut = if complete { "" } else { ", not whole" };
        if sources.len() > MANY {
            let totals = sources.iter().fold(Totals::default(), |sum, one| sum.plus(&one.totals));
            let files = sources.len();
            lines.push(format!("{folder}/ ({files} files, {format}{cut}): {}", counts(&totals)));
            continue;
        }
        let line =
            |one: &&SourceShare| format!("{} ({format}{cut}): {}", one.path, counts(&one.totals));
        lines.extend(sources.iter().map(line));
    }
    lines
}
