//! From samples to verdicts.

use std::collections::BTreeMap;

use contract::speed_comparison::{
    Common, CommonShift, Correction, PairsNeeded, Prior as PriorDoc, Verdict,
};

use crate::Options;
use crate::cells::Samples;
use crate::common::{kept_because, shifts};
use crate::stats::{
    adjust, mean, median, moderation, power::Reaches, power::Setting, tick::Tick, trimmed::Trimmed,
};
use crate::test::{Estimate, MIN_PAIRS, percent, round, significant};

/// The share of the level that the test of the common shift may spend; the cells have the rest.
const COMMON_SHARE: f64 = 0.2;

/// What was found out about paired cells.
#[derive(Clone, Debug)]
pub struct Judged<'a> {
    /// By the string form of their key.
    pub cells: BTreeMap<&'a str, JudgedCell>,
    /// What they have in common; none without pairs.
    pub common: Option<Common>,
    /// How many cells were tested.
    pub tested: usize,
    /// What the cells together say about noise.
    pub prior: Option<PriorDoc>,
}

/// What was found out about one cell.
#[derive(Clone, Debug)]
pub struct JudgedCell {
    /// The change, with what is common removed where it is.
    pub estimate: Estimate,
    /// Its p value after adjustment.
    pub p_adjusted: Option<f64>,
    /// What can be said.
    pub verdict: Verdict,
    /// The smallest log-ratio the data would show.
    pub detectable: Option<f64>,
    /// Pairs needed for 5, 2 and 1 %.
    pub needed: PairsNeeded,
}

/// Judges every cell that has pairs.
#[must_use]
pub fn judge<'a>(cells: &BTreeMap<&'a str, Samples<'a>>, options: &Options) -> Judged<'a> {
    let kept = kept_because(cells, options.common_shift);
    let without = kept.is_none();
    let judged = attempt(cells, kept, options);
    let changed = judged.cells.values().filter(|cell| cell.changed()).count();
    if without && options.common_shift == CommonShift::Auto && changed * 3 > judged.tested {
        // The median of cells that went different ways is nobody's shift: without it, cells that
        // did not change would look as if they had.
        let tested = judged.tested;
        let why = format!("{changed} of {tested} cells went another way: nothing is common");
        return attempt(cells, Some(why), options);
    }
    judged
}

impl JudgedCell {
    fn changed(&self) -> bool {
        matches!(self.verdict, Verdict::Regression | Verdict::Improvement)
    }
}

/// Judges with the common shift removed, unless it is kept because of something.
fn attempt<'a>(
    cells: &BTreeMap<&'a str, Samples<'a>>,
    kept: Option<String>,
    options: &Options,
) -> Judged<'a> {
    let shifts = shifts(cells);
    let logs: BTreeMap<&str, (Vec<f64>, Tick)> = cells
        .iter()
        .filter(|(_, cell)| !cell.ratios.is_empty())
        .map(|(id, cell)| {
            let of = |pair| if kept.is_some() { 0.0 } else { shifts[&pair].0 };
            let logs = cell.ratios.iter().map(|ratio| ratio.log - of(ratio.pair)).collect();
            (*id, (logs, cell.tick()))
        })
        .collect();
    let prior = prior(&logs);
    let estimates: BTreeMap<&str, Estimate> = logs
        .iter()
        .map(|(id, (logs, tick))| (*id, Estimate::of(logs, *tick, prior, options)))
        .collect();
    let tested = estimates.values().filter(|estimate| estimate.p.is_some()).count();
    let common = common(&shifts, &logs, kept, options);
    let share = if common.is_some() { 1.0 - COMMON_SHARE } else { 1.0 };
    Judged {
        cells: verdicts(estimates, tested, share, options),
        common,
        tested,
        prior: prior.map(|(prior, _)| PriorDoc {
            deviation_percent: round(prior.variance.sqrt() * 100.0),
            df: prior.df.is_finite().then(|| significant(prior.df)),
        }),
    }
}

fn prior(logs: &BTreeMap<&str, (Vec<f64>, Tick)>) -> Option<(moderation::Prior, f64)> {
    let variances: Vec<(f64, f64)> = logs
        .values()
        .map(|(logs, _)| logs)
        .filter(|logs| logs.len() >= 2)
        .map(|logs| Trimmed::of(logs))
        .map(|trimmed| (trimmed.variance, trimmed.df))
        .collect();
    let joint = moderation::joint_df(&variances);
    moderation::Prior::fit(&variances).map(|prior| (prior, joint))
}

fn verdicts<'a>(
    estimates: BTreeMap<&'a str, Estimate>,
    tested: usize,
    share: f64,
    options: &Options,
) -> BTreeMap<&'a str, JudgedCell> {
    let p: Vec<f64> = estimates.values().filter_map(|estimate| estimate.p).collect();
    let mut adjusted = adjust::adjust(&p, correction(options.correction)).into_iter();
    let looks = match options.correction {
        Correction::None => 1,
        Correction::Holm | Correction::Bh => tested.max(1),
    };
    let level = (1.0 - options.confidence) * share / crate::stats::count(looks);
    let mut reaches = Reaches::new(level);
    let judged = estimates.into_iter().map(|(id, estimate)| {
        let p_adjusted = estimate.p.and_then(|_| adjusted.next()).map(|p| (p / share).min(1.0));
        let setting = Setting {
            deviation: estimate.variance.sqrt(),
            tick: estimate.tick,
            more_df: estimate.df - (crate::stats::count(estimate.pairs) - 1.0),
        };
        // Without two pairs there is no deviation to reckon with.
        let known = estimate.pairs >= 2;
        let cell = JudgedCell {
            p_adjusted,
            verdict: estimate.verdict(p_adjusted, options),
            detectable: setting.detectable(estimate.pairs, &mut reaches),
            needed: if known { needed(&setting, &mut reaches) } else { PairsNeeded::default() },
            estimate,
        };
        (id, cell)
    });
    judged.collect()
}

/// Pairs needed to see the rate fall by 5, 2 and 1 %.
#[must_use]
fn needed(setting: &Setting, reaches: &mut Reaches) -> PairsNeeded {
    let mut of = |share: f64| {
        let pairs = setting.pairs_needed(-(-share).ln_1p(), MIN_PAIRS, reaches);
        pairs.map(|pairs| pairs as u64)
    };
    PairsNeeded { five_percent: of(0.05), two_percent: of(0.02), one_percent: of(0.01) }
}

fn correction(correction: Correction) -> adjust::Correction {
    match correction {
        Correction::Holm => adjust::Correction::Holm,
        Correction::Bh => adjust::Correction::BenjaminiHochberg,
        Correction::None => adjust::Correction::None,
    }
}

/// The shift common to all cells, tested on its own. One cell shares nothing with others.
fn common(
    shifts: &BTreeMap<usize, (f64, f64)>,
    cells: &BTreeMap<&str, (Vec<f64>, Tick)>,
    kept_because: Option<String>,
    options: &Options,
) -> Option<Common> {
    if cells.len() < 2 {
        return None;
    }
    let logs: Vec<f64> = shifts.values().map(|shift| shift.0).collect();
    let ticks: Vec<f64> = shifts.values().map(|shift| shift.1).collect();
    let locked: Vec<f64> = cells.values().map(|(_, tick)| tick.locked).collect();
    let tick = Tick { whole: mean(&ticks), locked: median(&locked) };
    let estimate = Estimate::of(&logs, tick, None, options);
    let p_adjusted = estimate.p.map(|p| (p / COMMON_SHARE).min(1.0));
    Some(Common {
        verdict: estimate.verdict(p_adjusted, options),
        change: estimate.change(p_adjusted),
        deviation_percent: (logs.len() > 1).then(|| percent(estimate.variance.sqrt())),
        removed: kept_because.is_none(),
        kept_because,
    })
}
