//! From parts to one verdict.

use std::collections::BTreeMap;

use contract::part::{Effect, Part, RemarkKind};
use contract::summary::{
    Case, Discrepancy, Exception, Finding, LayerShare, RequirementRow, SourceShare, Summary, Unmet,
};
use contract::{CheckStatus, Gaps, Generator, InputRef, Layer, SourceRef, Tag, Totals, Verdict};

use crate::actions::Known;
use crate::companions::{companions, set_aside};
use crate::compare::{self, Previous};
use crate::counted::{Counted, Shown, rest, said, shown, thin};
use crate::expect::{self, Expected};
use crate::fold::{self, Folded};
use crate::gate::{Found, Gate};
use crate::list::Rest;
use crate::packed::Packed;
use crate::requirements::{self, Stated};
use crate::rules::Rules;
use crate::sink::Sink;
use crate::tally::Tally;

/// A part, and what was counted of it and not kept.
#[derive(Clone, Debug)]
pub struct Share {
    /// The part.
    pub part: Part,
    /// Passed cases that are not among its entries.
    pub passed: u64,
    /// Other cases that are not among its entries.
    pub tally: Tally,
    /// The position of each entry in the input; empty where that is its index.
    pub positions: Vec<u64>,
    /// The cases that are not among its entries, if they are to be listed.
    pub packed: Packed,
}

impl Share {
    /// What was read of `input`.
    #[must_use]
    pub fn of(sink: Sink, input: InputRef, generator: Generator) -> Self {
        let part = Part {
            schema: Tag::new(),
            generator,
            inputs: vec![input],
            format: sink.formats(),
            source: sink.source,
            complete: sink.complete,
            entries: sink.entries,
            unnamed: sink.unnamed,
            miscounts: sink.miscounts,
            remarks: sink.remarks,
            attachments: sink.attachments,
        };
        Self {
            part,
            passed: sink.passed,
            tally: sink.tally,
            positions: sink.positions,
            packed: sink.packed,
        }
    }

    /// A part that holds everything.
    #[must_use]
    pub fn whole(part: Part) -> Self {
        Self {
            part,
            passed: 0,
            tally: Tally::default(),
            positions: Vec::new(),
            packed: Packed::default(),
        }
    }
}

/// Everything beside the evidence that a summary depends on.
#[derive(Clone, Debug)]
pub struct Options {
    /// Who makes the summary.
    pub generator: Generator,
    /// Rules for layers and actions.
    pub rules: Rules,
    /// The policy.
    pub gate: Gate,
    /// What was to be run.
    pub expected: Vec<Expected>,
    /// Requirements, and the checks that speak for them.
    pub requirements: Vec<Stated>,
    /// A summary to compare with.
    pub previous: Option<Previous>,
    /// Days since 1970-01-01; only looked at by policies whose exceptions end.
    pub today: u64,
    /// Whether to list every case.
    pub list_cases: bool,
    /// How many threads may share the work; changes nothing of what comes of it.
    pub workers: usize,
}

impl Options {
    /// Whether anything speaks of cases that passed, so that every case has to be kept whole.
    #[must_use]
    pub fn needs_every_case(&self) -> bool {
        self.gate.requires() || !self.requirements.is_empty() || self.previous.is_some()
    }
}

/// A summary, and the inputs that could not be used as what they are.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The summary. If it lists every case, then those that were packed are not among them.
    pub summary: Summary,
    /// The packed cases.
    pub rest: Rest,
    /// Path, line and reason of each input that is no evidence or not whole.
    pub unusable: Vec<(String, Option<u64>, String)>,
}

/// One summary of all `shares`; `unread` of the inputs could not be read at all. The order of the
/// shares, and how often each is there, changes nothing.
#[must_use]
pub fn summarize(shares: Vec<Share>, unread: u64, options: &Options) -> Outcome {
    let (mut parts, mut counted) = apart(canonical(shares));
    if !options.list_cases && !options.needs_every_case() {
        thin(&mut parts, &mut counted, options);
    }
    let mut findings = findings(&parts);
    let discrepancies = discrepancies(&parts);
    let sources = sources(&parts, &counted);
    let mut folded = fold::fold(&mut parts, &mut findings);
    let said = said(&mut folded, &counted, options);
    let degraded = degraded(&folded, &findings);
    let rest = rest(&parts, &mut counted, &folded);
    let mut cases: Vec<Case> = folded.into_iter().map(|folded| folded.case).collect();
    expect::apply(&options.expected, &mut cases);
    let Judged { requirements, unmet, exceptions } = judged(&cases, options);
    findings.extend(requirements::unknown(&options.requirements, &cases));
    let totals = totals(&cases, &parts, &counted);
    let flaky: Vec<_> = cases.iter().filter(|case| case.flaky).cloned().collect();
    let gaps = Gaps { degraded, flaky: flaky.len() as u64, ..Gaps::of(&totals) };
    let complete = unread == 0 && parts.iter().all(|part| part.complete);
    let verdict = verdict(&totals, &unmet, complete, worst(&discrepancies, &findings));
    let unnamed = compare::unnamed_failures(&totals, cases.iter());
    let comparison =
        options.previous.as_ref().map(|previous| compare::compare(previous, &cases, unnamed));
    let known = Known {
        unmet: &unmet,
        exceptions: &exceptions,
        discrepancies: &discrepancies,
        findings: &findings,
    };
    let actions = known.actions(&said, comparison.as_ref());
    let (groups, more_kinds) = said.groups();
    let Shown { failures, unproven, omitted } = shown(&cases, &counted, more_kinds);
    let summary = Summary {
        schema: Tag::new(),
        generator: options.generator.clone(),
        inputs: parts.iter().flat_map(|part| part.inputs.iter().cloned()).collect(),
        source: source(&parts),
        verdict,
        gate: options.gate.reference.clone(),
        totals,
        gaps,
        sources,
        layers: layers(&cases, &counted, &totals),
        flaky,
        failures,
        unproven,
        groups,
        omitted,
        actions,
        discrepancies,
        findings,
        unmet,
        exceptions,
        requirements,
        comparison,
        cases: options.list_cases.then_some(cases),
    };
    let unusable = unusable(&summary.findings);
    Outcome { summary, rest, unusable }
}

/// What requirements and gate say of the cases.
struct Judged {
    requirements: Option<Vec<RequirementRow>>,
    unmet: Vec<Unmet>,
    exceptions: Vec<Exception>,
}

fn judged(cases: &[Case], options: &Options) -> Judged {
    let stated = &options.requirements;
    let requirements = (!stated.is_empty()).then(|| requirements::rows(stated, cases));
    let rows = requirements.as_deref().unwrap_or_default();
    let found = Found { cases, rows, expected: &options.expected, today: options.today };
    let mut unmet = options.gate.unmet(&found);
    for more in requirements::unmet(rows) {
        if !unmet.iter().any(|known| known.id == more.id) {
            unmet.push(more);
        }
    }
    unmet.sort();
    let exceptions = options.gate.exceptions(&found);
    Judged { requirements, unmet, exceptions }
}

/// The commit that all parts agree on which name one.
fn source(parts: &[Part]) -> Option<SourceRef> {
    let mut named = parts.iter().filter_map(|part| part.source.as_ref());
    let first = named.next()?;
    named.all(|other| other == first).then(|| first.clone())
}

/// The parts and what was counted of them; what only accompanies others says nothing.
fn apart(shares: Vec<Share>) -> (Vec<Part>, Vec<Counted>) {
    let mut counted: Vec<Counted> = Vec::with_capacity(shares.len());
    let mut parts: Vec<Part> = Vec::with_capacity(shares.len());
    for share in shares {
        let Share { part, passed, tally, positions, packed } = share;
        parts.push(part);
        counted.push(Counted { passed, tally, positions, packed });
    }
    let companions = companions(&parts);
    for (index, part) in parts.iter_mut().enumerate() {
        if companions[index] {
            set_aside(part);
            counted[index] = Counted::default();
        }
    }
    (parts, counted)
}

/// The shares by path, each content once.
fn canonical(shares: Vec<Share>) -> Vec<Share> {
    let mut by_digest: BTreeMap<String, Share> = BTreeMap::new();
    for share in shares {
        let digest =
            share.part.inputs.first().map_or(String::new(), |input| input.sha256.to_string());
        match by_digest.get_mut(&digest) {
            Some(known) => known.part.inputs.extend(share.part.inputs),
            None => {
                by_digest.insert(digest, share);
            }
        }
    }
    let mut shares: Vec<_> = by_digest.into_values().collect();
    for share in &mut shares {
        share.part.inputs.sort();
        share.part.inputs.dedup();
    }
    shares.sort_by(|a, b| a.part.inputs.cmp(&b.part.inputs));
    shares
}

fn path(part: &Part) -> String {
    part.inputs.first().map_or(String::new(), |input| input.path.clone())
}

fn findings(parts: &[Part]) -> Vec<Finding> {
    let of = |part: &Part| -> Vec<Finding> {
        let named = |remark: &Finding| Finding { path: Some(path(part)), ..remark.clone() };
        part.remarks.iter().map(named).collect()
    };
    parts.iter().flat_map(of).collect()
}

fn discrepancies(parts: &[Part]) -> Vec<Discrepancy> {
    let of = |part: &Part| -> Vec<Discrepancy> {
        let named = |count: &Discrepancy| Discrepancy { path: Some(path(part)), ..count.clone() };
        part.miscounts.iter().map(named).collect()
    };
    parts.iter().flat_map(of).collect()
}

fn degraded(folded: &[Folded], findings: &[Finding]) -> u64 {
    let said = findings.iter().filter(|finding| finding.kind == RemarkKind::Degraded).count();
    (folded.iter().filter(|folded| folded.degraded).count() + said) as u64
}

fn totals(cases: &[Case], parts: &[Part], counted: &[Counted]) -> Totals {
    let mut totals: Totals = cases.iter().map(|case| case.status).collect();
    for counted in counted {
        totals = totals.plus(&counted.tally.totals);
    }
    let passed = counted.iter().map(|counted| counted.passed).sum();
    let unnamed = parts.iter().flat_map(|part| &part.unnamed);
    let more = unnamed.map(|unnamed| (unnamed.status, unnamed.count));
    for (status, count) in more.chain([(CheckStatus::Passed, passed)]) {
        totals = plus(totals, status, count);
    }
    totals
}

fn plus(mut totals: Totals, status: CheckStatus, count: u64) -> Totals {
    let slot = match status {
        CheckStatus::Passed => &mut totals.passed,
        CheckStatus::Failed => &mut totals.failed,
        CheckStatus::Broken => &mut totals.broken,
        CheckStatus::Skipped => &mut totals.skipped,
        CheckStatus::NotRun => &mut totals.not_run,
        CheckStatus::Unknown => &mut totals.unknown,
    };
    *slot = slot.saturating_add(count);
    totals.total = totals.total.saturating_add(count);
    totals
}

fn worst(discrepancies: &[Discrepancy], findings: &[Finding]) -> Effect {
    let counts = discrepancies.iter().map(|discrepancy| discrepancy.effect);
    counts.chain(findings.iter().map(|finding| finding.effect)).max().unwrap_or_default()
}

fn verdict(totals: &Totals, unmet: &[Unmet], complete: bool, effect: Effect) -> Verdict {
    match (Verdict::of(totals, unmet.len() as u64, complete), effect) {
        (_, Effect::Fail) => Verdict::Fail,
        (Verdict::Pass, Effect::Incomplete) => Verdict::Incomplete,
        (verdict, _) => verdict,
    }
}

fn sources(parts: &[Part], counted: &[Counted]) -> Vec<SourceShare> {
    let share = |(part, counted): (&Part, &Counted)| {
        let kept: Totals = part.entries.iter().map(|entry| entry.status).collect();
        let mut totals = kept.plus(&counted.tally.totals);
        for unnamed in &part.unnamed {
            totals = plus(totals, unnamed.status, unnamed.count);
        }
        SourceShare {
            path: path(part),
            format: part.format.clone(),
            totals: plus(totals, CheckStatus::Passed, counted.passed),
            complete: part.complete,
        }
    };
    parts.iter().zip(counted).map(share).collect()
}

/// Totals by layer. What no case stands for has no layer.
fn layers(cases: &[Case], counted: &[Counted], totals: &Totals) -> Vec<LayerShare> {
    let mut shares: BTreeMap<Layer, Totals> = BTreeMap::new();
    for (layer, counted) in counted.iter().flat_map(|counted| &counted.tally.layers) {
        let share = shares.entry(*layer).or_default();
        *share = share.plus(counted);
    }
    for case in cases {
        if let Some(layer) = case.layer {
            shares.entry(layer).or_default().count(case.status);
        }
    }
    let mut rest = *totals;
    for placed in shares.values() {
        rest = Totals {
            total: rest.total - placed.total,
            passed: rest.passed - placed.passed,
            failed: rest.failed - placed.failed,
            broken: rest.broken - placed.broken,
            skipped: rest.skipped - placed.skipped,
            not_run: rest.not_run - placed.not_run,
            unknown: rest.unknown - placed.unknown,
        };
    }
    let placed =
        shares.into_iter().map(|(layer, totals)| LayerShare { layer: Some(layer), totals });
    let unplaced = (rest.total > 0).then_some(LayerShare { layer: None, totals: rest });
    placed.chain(unplaced).collect()
}

fn unusable(findings: &[Finding]) -> Vec<(String, Option<u64>, String)> {
    let unusable = findings.iter().filter(|finding| {
        let kind = matches!(
            finding.kind,
            RemarkKind::Unrecognised | RemarkKind::Truncated | RemarkKind::Malformed
        );
        kind && finding.effect > Effect::None
    });
    let one = |finding: &Finding| {
        (finding.path.clone().unwrap_or_default(), finding.line, finding.message.clone())
    };
    unusable.map(one).collect()
}

#[cfg(test)]
mod tests;
