//! What changed since a previous summary.

use std::collections::{BTreeMap, BTreeSet};

use contract::summary::{Case, Change, Comparison, Slower, Summary};
use contract::{CheckStatus, InputRef, Totals, Verdict};

use crate::fold::rank;

/// A time that is this many times the previous one …
const FACTOR: u64 = 2;
/// … and this much longer, in milliseconds, is slower.
const MORE_MS: u64 = 100;

/// A previous summary.
#[derive(Clone, Debug)]
pub struct Previous {
    input: InputRef,
    verdict: Verdict,
    lists_all: bool,
    /// Failures that it only counts.
    unnamed: u64,
    cases: Then,
}

type Key = (String, Option<String>);
type Then = BTreeMap<Key, Seen>;

/// What is known of a case.
#[derive(Clone, Copy, Debug)]
struct Seen {
    status: CheckStatus,
    duration_ms: Option<u64>,
}

impl Previous {
    /// Reads a `summary` document, or the lines of `--format ndjson`.
    ///
    /// # Errors
    ///
    /// What was expected, and what to do.
    pub fn parse(text: &str, input: InputRef) -> Result<Self, String> {
        let text = text.trim_end();
        let (cases, last) = text.rsplit_once('\n').unwrap_or(("", text));
        let summary = match serde_json::from_str::<Summary>(last) {
            Ok(mut summary) if !cases.is_empty() => {
                summary.cases = Some(lines(cases)?);
                summary
            }
            Ok(summary) => summary,
            // A document that was indented by another program.
            Err(_) => {
                serde_json::from_str(text).map_err(|error| match serde_json::from_str(last) {
                    Ok(Case { .. }) => {
                        "expected the summary in the last line, found a case: the rest \
                                    was cut off"
                            .to_owned()
                    }
                    Err(_) => format!("expected a summary, or what --format ndjson wrote: {error}"),
                })?
            }
        };
        Self::of(summary, input)
    }

    fn of(summary: Summary, input: InputRef) -> Result<Self, String> {
        let omitted = summary.omitted.map_or(0, |omitted| omitted.failures);
        if summary.cases.is_none() && omitted > 0 {
            return Err(format!(
                "leaves out {omitted} cases that failed, so what fails newly cannot be told: make \
                 the previous summary with --cases or --format ndjson"
            ));
        }
        let lists_all = summary.cases.is_some();
        let listed: Vec<&Case> = match &summary.cases {
            Some(cases) => cases.iter().collect(),
            None => {
                summary.failures.iter().chain(&summary.unproven).chain(&summary.flaky).collect()
            }
        };
        let unnamed = unnamed_failures(&summary.totals, listed.iter().copied());
        let cases = seen(listed.into_iter());
        Ok(Self { input, verdict: summary.verdict, lists_all, unnamed, cases })
    }

    /// Whether it lists every case.
    #[must_use]
    pub fn lists_all(&self) -> bool {
        self.lists_all
    }
}

fn lines(text: &str) -> Result<Vec<Case>, String> {
    let case = |(index, line): (usize, &str)| {
        serde_json::from_str(line)
            .map_err(|error| format!("expected a case in line {}: {error}", index + 1))
    };
    text.lines().enumerate().map(case).collect()
}

/// How many of the failures in `totals` are no case of their own.
pub fn unnamed_failures<'a>(totals: &Totals, cases: impl Iterator<Item = &'a Case>) -> u64 {
    let named: Totals = cases.map(|case| case.status).collect();
    let count = |totals: &Totals| totals.failed.saturating_add(totals.broken);
    count(totals).saturating_sub(count(&named))
}

/// The cases by id and target; of several the worst status and the longest time.
fn seen<'a>(cases: impl Iterator<Item = &'a Case>) -> Then {
    let mut seen = Then::new();
    for case in cases {
        let new = Seen { status: case.status, duration_ms: case.duration_ms };
        let entry = seen.entry((case.id.clone(), case.target.clone())).or_insert(new);
        if rank(new.status) > rank(entry.status) {
            entry.status = new.status;
        }
        entry.duration_ms = entry.duration_ms.max(new.duration_ms);
    }
    seen
}

/// What is different in `cases`, which are all there are now; `unnamed` more failures are only
/// counted.
#[must_use]
pub fn compare(previous: &Previous, cases: &[Case], unnamed: u64) -> Comparison {
    let now = seen(cases.iter());
    let both = Both::new(&previous.cases, &now);
    let all = |chosen: Vec<Change>| previous.lists_all.then_some(chosen);
    let flaky: BTreeSet<_> = cases
        .iter()
        .filter(|case| case.flaky)
        .map(|case| (case.id.as_str(), case.target.as_deref()))
        .collect();
    let is_flaky = |key: &Key| flaky.contains(&(key.0.as_str(), key.1.as_deref()));
    Comparison {
        previous: previous.input.clone(),
        previous_verdict: previous.verdict,
        previous_lists_all: previous.lists_all,
        unnamed_failures_before: previous.unnamed,
        unnamed_failures_now: unnamed,
        newly_failing: both.changes(|_, then, now| fails(now) && !fails(then)),
        fixed: both.changes(|_, then, now| fails(then) && passed(now)),
        still_failing: both.changes(|_, then, now| fails(then) && fails(now)),
        unresolved: both.changes(|_, then, now| fails(then) && !fails(now) && !passed(now)),
        flaky: both.changes(|key, _, _| is_flaky(key)),
        vanished: all(both.changes(|_, then, now| ran(then) && !ran(now))),
        new: all(both.changes(|_, then, _| then.is_none())),
        slower: previous.lists_all.then(|| both.slower()),
    }
}

fn fails(seen: Option<Seen>) -> bool {
    is(seen, |status| matches!(status, CheckStatus::Failed | CheckStatus::Broken))
}

fn passed(seen: Option<Seen>) -> bool {
    is(seen, |status| status == CheckStatus::Passed)
}

fn ran(seen: Option<Seen>) -> bool {
    is(seen, CheckStatus::executed)
}

fn is(seen: Option<Seen>, what: impl Fn(CheckStatus) -> bool) -> bool {
    seen.is_some_and(|seen| what(seen.status))
}

/// Each case of either side, then and now, sorted.
struct Both<'a>(Vec<(&'a Key, Option<Seen>, Option<Seen>)>);

impl<'a> Both<'a> {
    fn new(then: &'a Then, now: &'a Then) -> Self {
        let keys: BTreeSet<&Key> = then.keys().chain(now.keys()).collect();
        let of = |key: &'a Key| (key, then.get(key).copied(), now.get(key).copied());
        Self(keys.into_iter().map(of).collect())
    }

    fn changes(&self, choose: impl Fn(&Key, Option<Seen>, Option<Seen>) -> bool) -> Vec<Change> {
        let chosen = self.0.iter().filter(|(key, then, now)| choose(key, *then, *now));
        let change = |(key, then, now): &(&Key, Option<Seen>, Option<Seen>)| Change {
            id: key.0.clone(),
            target: key.1.clone(),
            before: then.map(|seen| seen.status),
            now: now.map(|seen| seen.status),
        };
        chosen.map(change).collect()
    }

    fn slower(&self) -> Vec<Slower> {
        let slower = |(key, then, now): &(&Key, Option<Seen>, Option<Seen>)| {
            let (before_ms, now_ms) = ((*then)?.duration_ms?, (*now)?.duration_ms?);
            let longer = now_ms >= before_ms.saturating_mul(FACTOR)
                && now_ms.saturating_sub(before_ms) >= MORE_MS;
            (passed(*then) && passed(*now) && longer).then(|| Slower {
                id: key.0.clone(),
                target: key.1.clone(),
                before_ms,
                now_ms,
            })
        };
        self.0.iter().filter_map(slower).collect()
    }
}
