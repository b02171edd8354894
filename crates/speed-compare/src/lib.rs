//! Compares runs of `openssl speed` and says which cells changed, and how sure that is.
//!
//! Two runs next to each other in time are a pair; what counts is the logarithm of the ratio of
//! their rates. What all cells of a pair share (the machine's mood) is taken out and judged apart.
//! What is left is tested cell by cell, with the timer's resolution granted to "no change", and
//! with the p values adjusted for the number of cells.

mod apart;
mod assemble;
mod cells;
mod common;
pub mod gate;
mod judge;
mod options;
pub mod report;
mod sides;
mod startup;
pub mod stats;
mod test;
mod warnings;

use contract::speed::Speed;
use contract::speed_comparison::{
    Cell, Common, Interval, Method, Pairs, Purpose, SpeedComparison, Totals, Verdict,
};
use contract::speed_startup::SpeedStartup;
use contract::{Generator, InputRef, Tag};

pub use options::Options;
pub use sides::Error;
use sides::Sides;

/// What is compared: one document whose log marks its runs, or a document for each side.
#[derive(Clone, Copy, Debug)]
pub enum Documents<'a> {
    /// Runs marked as targets a and b.
    One(&'a Speed),
    /// Baseline and candidate.
    Two(&'a Speed, &'a Speed),
}

/// Compares. `inputs` are the bytes of `documents`, in the order given, and then of `starts`.
pub fn compare(
    generator: Generator,
    inputs: Vec<InputRef>,
    documents: Documents<'_>,
    starts: Option<&SpeedStartup>,
    options: &Options,
) -> Result<SpeedComparison, Error> {
    let (sides, all) = match documents {
        Documents::One(document) => (sides::of_one(document)?, vec![document]),
        Documents::Two(a, b) => (sides::of_two(a, b, options.paired)?, vec![a, b]),
    };
    let samples = cells::collect(&sides);
    let mut method = method(&sides, options);
    let (found, common, power) = if sides.basis == Pairs::None || sides.pairs.is_empty() {
        let (apart, common) = apart::estimate(&samples, options);
        (assemble::unpaired(&samples, &apart, options.confidence), common, None)
    } else {
        let judged = judge::judge(&samples, options);
        let cells = assemble::paired(&samples, &judged, options.confidence);
        method.tested = judged.tested as u64;
        method.prior = judged.prior;
        let power = assemble::power(&cells, &judged);
        (cells, judged.common, power)
    };
    let name = |index: usize| inputs.get(index).map_or("-", |input| input.path.as_str());
    let candidate = all.len() - 1;
    let startup = starts.and_then(|starts| startup::compare(starts, options.confidence));
    let mut warnings = warnings::warnings(&sides, &samples, &all, starts);
    if options.purpose == Purpose::FipsTax {
        warnings.extend(warnings::fips(&found, startup.as_ref()));
        warnings.sort();
    }
    Ok(SpeedComparison {
        schema: Tag::new(),
        generator,
        purpose: options.purpose,
        verdict: overall(&found, common.as_ref()),
        totals: Totals::of(found.iter().map(|cell| cell.verdict)),
        baseline: sides::describe(&sides.baseline, name(0)),
        candidate: sides::describe(&sides.candidate, name(candidate)),
        method,
        common,
        power,
        startup,
        warnings,
        cells: found,
        inputs,
    })
}

fn method(sides: &Sides<'_>, options: &Options) -> Method {
    Method {
        pairs: sides.basis,
        pair_count: sides.pairs.len() as u64,
        confidence: options.confidence,
        margin_percent: test::round(options.margin * 100.0),
        noise_threshold_percent: test::round(options.noise_threshold * 100.0),
        correction: options.correction,
        tested: 0,
        interval: options.interval,
        seed: (options.interval == Interval::Bootstrap).then_some(options.seed),
        common_shift: options.common_shift,
        prior: None,
    }
}

/// A regression anywhere is one; short of that, the least certain answer counts.
fn overall(cells: &[Cell], common: Option<&Common>) -> Verdict {
    let verdicts = || cells.iter().map(|cell| cell.verdict).chain(common.map(|c| c.verdict));
    if cells.iter().all(|cell| cell.verdict == Verdict::Unavailable) {
        return Verdict::Unavailable;
    }
    let order = [
        Verdict::Regression,
        Verdict::NotPaired,
        Verdict::Inconclusive,
        Verdict::Improvement,
        Verdict::Same,
    ];
    order
        .into_iter()
        .find(|wanted| verdicts().any(|verdict| verdict == *wanted))
        .unwrap_or(Verdict::Unavailable)
}
