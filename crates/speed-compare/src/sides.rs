//! From documents to two sides and the pairs between them.

use std::collections::{BTreeMap, BTreeSet};

use contract::speed::{Failed, Record, Run, Speed, Target};
use contract::speed_comparison::{Pairs, Side};

/// The figures of one run, by their canonical key.
#[derive(Clone, Debug)]
pub struct RunFigures<'a> {
    /// What the log says of the run.
    pub run: &'a Run,
    /// Where it stands among all runs of its document.
    pub place: usize,
    /// What was measured.
    pub figures: BTreeMap<&'a str, &'a Record>,
    /// What was not.
    pub failed: Vec<&'a Failed>,
    /// How many figures were left out because their key had one already.
    pub repeated: u64,
}

/// The runs of one side.
#[derive(Clone, Debug, Default)]
pub struct Runs<'a> {
    /// In the order of the log.
    pub runs: Vec<RunFigures<'a>>,
    /// What was expected and no run mentions.
    pub absent: Vec<&'a Failed>,
}

/// What is compared.
#[derive(Clone, Debug)]
pub struct Sides<'a> {
    /// What is compared against.
    pub baseline: Runs<'a>,
    /// What is judged.
    pub candidate: Runs<'a>,
    /// Indices into both: runs that lie next to each other in time.
    pub pairs: Vec<(usize, usize)>,
    /// What makes them pairs.
    pub basis: Pairs,
    /// Marked pairs that are none, because other runs lie between their two.
    pub not_interleaved: u64,
}

/// Why documents cannot be compared at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// One document whose runs do not say which side they belong to.
    NoMarks,
    /// One document with runs of one side only.
    OneTarget(Target),
    /// One of two documents (0: the first) holds both sides.
    BothTargets(usize),
    /// No document has a figure.
    Nothing,
}

impl Error {
    /// Which input it concerns.
    #[must_use]
    pub fn input(self) -> usize {
        match self {
            Self::BothTargets(index) => index,
            Self::NoMarks | Self::OneTarget(_) | Self::Nothing => 0,
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoMarks => f.write_str(
                "expected runs marked as targets a and b, found none: measure with speed-run, \
                 or give two documents",
            ),
            Self::OneTarget(target) => {
                write!(
                    f,
                    "expected runs of two targets, found only target {target}: \
                     measure with speed-run --a … --b …, or give two documents"
                )
            }
            Self::BothTargets(_) => f.write_str(
                "expected the runs of one side, found both targets: give this document alone",
            ),
            Self::Nothing => f.write_str("expected figures to compare, found none"),
        }
    }
}

/// Both sides of one document, told apart by the marks in its log.
pub fn of_one(document: &Speed) -> Result<Sides<'_>, Error> {
    let [baseline, candidate] = [Target::A, Target::B].map(|target| {
        select(document, |run| run.pairing.as_ref().is_some_and(|p| p.target == target))
    });
    match (baseline.runs.is_empty(), candidate.runs.is_empty()) {
        (true, true) => return Err(Error::NoMarks),
        (true, false) => return Err(Error::OneTarget(Target::B)),
        (false, true) => return Err(Error::OneTarget(Target::A)),
        (false, false) => {}
    }
    let (pairs, not_interleaved) = marked(&baseline, &candidate, true);
    sides(baseline, candidate, pairs, Pairs::Marked, not_interleaved)
}

/// The two sides from a document each.
pub fn of_two<'a>(
    baseline: &'a Speed,
    candidate: &'a Speed,
    paired: bool,
) -> Result<Sides<'a>, Error> {
    for (index, document) in [baseline, candidate].into_iter().enumerate() {
        if targets(document).len() == 2 {
            return Err(Error::BothTargets(index));
        }
    }
    let split = targets(baseline) == BTreeSet::from([Target::A])
        && targets(candidate) == BTreeSet::from([Target::B]);
    let (baseline, candidate) = (select(baseline, |_| true), select(candidate, |_| true));
    let shorter = baseline.runs.len().min(candidate.runs.len());
    let by_order = (0..shorter).map(|n| (n, n)).collect();
    let (basis, pairs) = match (split, shorter, baseline.runs.len() == candidate.runs.len()) {
        (true, ..) => (Pairs::Marked, marked(&baseline, &candidate, false).0),
        _ if paired => (Pairs::Asserted, by_order),
        (_, 1, true) => (Pairs::Single, by_order),
        _ => (Pairs::None, vec![]),
    };
    sides(baseline, candidate, pairs, basis, 0)
}

fn sides<'a>(
    baseline: Runs<'a>,
    candidate: Runs<'a>,
    pairs: Vec<(usize, usize)>,
    basis: Pairs,
    not_interleaved: u64,
) -> Result<Sides<'a>, Error> {
    if [&baseline, &candidate].iter().all(|side| side.runs.iter().all(|r| r.figures.is_empty())) {
        return Err(Error::Nothing);
    }
    Ok(Sides { baseline, candidate, pairs, basis, not_interleaved })
}

fn targets(document: &Speed) -> BTreeSet<Target> {
    document.runs.iter().filter_map(|run| run.pairing.as_ref()).map(|p| p.target).collect()
}

/// The runs for which `wanted` holds and that measured something or failed to.
fn select<'a>(document: &'a Speed, wanted: impl Fn(&Run) -> bool) -> Runs<'a> {
    let mut all: Vec<RunFigures<'a>> = document
        .runs
        .iter()
        .enumerate()
        .map(|(place, run)| RunFigures {
            run,
            place,
            figures: BTreeMap::new(),
            failed: vec![],
            repeated: 0,
        })
        .collect();
    for record in &document.records {
        if let Some(run) = usize::try_from(record.run).ok().and_then(|run| all.get_mut(run)) {
            if run.figures.contains_key(record.id.as_str()) {
                run.repeated += 1;
            } else {
                run.figures.insert(&record.id, record);
            }
        }
    }
    let mut absent = vec![];
    for failed in &document.failed {
        let run = failed.run.and_then(|run| usize::try_from(run).ok());
        match run.and_then(|run| all.get_mut(run)) {
            Some(run) => run.failed.push(failed),
            None => absent.push(failed),
        }
    }
    all.retain(|run| wanted(run.run));
    Runs { runs: all, absent }
}

/// Pairs by the marks of the log, and how many marked pairs are none.
///
/// In one log the two runs of a pair stand next to each other. Where they do not, the log is not
/// an interleaved series, whatever its marks say.
fn marked(baseline: &Runs<'_>, candidate: &Runs<'_>, one_log: bool) -> (Vec<(usize, usize)>, u64) {
    let mark = |run: &RunFigures<'_>| {
        let pair = run.run.pairing.as_ref().map(|p| p.pair);
        // The same number in another log is another pair.
        pair.map(|pair| (if one_log { run.run.input } else { 0 }, pair))
    };
    let partners: BTreeMap<_, usize> = candidate
        .runs
        .iter()
        .enumerate()
        .filter_map(|(index, run)| Some((mark(run)?, index)))
        .collect();
    let (mut pairs, mut apart) = (vec![], 0);
    let mut taken = BTreeSet::new();
    for (index, run) in baseline.runs.iter().enumerate() {
        let Some(partner) = mark(run).and_then(|mark| partners.get(&mark).copied()) else {
            continue;
        };
        let next_to = run.place.abs_diff(candidate.runs[partner].place) == 1;
        if !taken.insert(partner) || (one_log && !next_to) {
            apart += 1;
        } else {
            pairs.push((index, partner));
        }
    }
    (pairs, apart)
}

/// What the document says of a side.
#[must_use]
pub fn describe(runs: &Runs<'_>, otherwise: &str) -> Side {
    let versions: BTreeSet<String> =
        runs.runs.iter().filter_map(|run| run.run.version.clone()).collect();
    let pairings = || runs.runs.iter().filter_map(|run| run.run.pairing.as_ref());
    let labels: BTreeSet<&str> = pairings().map(|pairing| pairing.label.as_str()).collect();
    let commands: BTreeSet<Vec<String>> = pairings().map(|pairing| pairing.argv.clone()).collect();
    let label = if !labels.is_empty() {
        labels.into_iter().collect::<Vec<_>>().join(", ")
    } else if versions.is_empty() {
        otherwise.to_owned()
    } else {
        format!("OpenSSL {}", versions.iter().cloned().collect::<Vec<_>>().join(", "))
    };
    Side {
        label,
        versions: versions.into_iter().collect(),
        commands: commands.into_iter().collect(),
        runs: runs.runs.len() as u64,
    }
}
