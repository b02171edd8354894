//! Prints how often `speed-compare` is right about series with known truth.
//!
//! `cargo run --release -p speed-compare --example truth` prints one line per scenario and noise:
//! how many of the changed cells were found, how many of the others were flagged.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::cast_precision_loss)]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, missing_docs)]

#[path = "../tests/synthetic/mod.rs"]
mod synthetic;

use contract::speed_comparison::{SpeedComparison, Verdict};
use speed_compare::{Documents, Options, compare};
use synthetic::{
    ALGORITHMS, BURSTS, BUSY, CELLS, Noise, Order, QUIET, SECOND, SIZES, TABLES, series,
};

/// How often each scenario is played.
const SERIES: u64 = 100;

/// A scenario: its name, pairs, order, true change in percent, and the cells that have it.
type Scenario = (&'static str, u64, Order, f64, fn(usize) -> bool);

const SCENARIOS: [Scenario; 7] = [
    ("nothing changed", 10, Order::Interleaved, 0.0, |_| false),
    ("nothing changed", 20, Order::Interleaved, 0.0, |_| false),
    ("5 % slower in 3 cells", 10, Order::Interleaved, -5.0, |cell| cell % 20 == 7),
    ("2 % slower in 2 cells", 20, Order::Interleaved, -2.0, |cell| cell % 30 == 11),
    ("a row 5 % slower", 10, Order::Interleaved, -5.0, |cell| cell / SIZES.len() == 3),
    ("all cells 5 % slower", 10, Order::Interleaved, -5.0, |_| true),
    ("nothing changed, blocked", 10, Order::Blocked, 0.0, |_| false),
];

fn main() {
    println!(
        "{} algorithms x {} sizes = {CELLS} cells, {SERIES} series each",
        ALGORITHMS.len(),
        SIZES.len()
    );
    for (name, noise) in [
        ("quiet", QUIET),
        ("tables", TABLES),
        ("second", SECOND),
        ("bursts", BURSTS),
        ("busy", BUSY),
    ] {
        for scenario in SCENARIOS {
            play(name, noise, scenario);
        }
    }
}

fn play(machine: &str, noise: Noise, (name, pairs, order, percent, changed): Scenario) {
    let (mut found, mut flagged, mut clean, mut common, mut whole) = (0, 0, 0, 0, 0);
    let per_series = (0..CELLS).filter(|cell| changed(*cell)).count() % CELLS;
    for seed in 0..SERIES {
        let log = (percent / 100.0_f64).ln_1p();
        let effect = |cell| if changed(cell) { log } else { 0.0 };
        let (one, other) = series(pairs, noise, order, seed, effect);
        let document = judge(&one, other.as_ref());
        let all = changed(0) && changed(1);
        let verdicts = |truly: bool| {
            let cells = document
                .cells
                .iter()
                .filter(move |cell| (changed(index(&cell.id)) && !all) == truly);
            cells
                .filter(|c| matches!(c.verdict, Verdict::Regression | Verdict::Improvement))
                .count()
        };
        found += verdicts(true);
        flagged += verdicts(false);
        clean += usize::from(verdicts(false) <= 1);
        whole += usize::from(verdicts(true) == per_series);
        common += usize::from(
            document
                .common
                .is_some_and(|c| matches!(c.verdict, Verdict::Regression | Verdict::Improvement)),
        );
    }
    let truly = per_series * SERIES as usize;
    let others = CELLS * SERIES as usize - truly;
    println!(
        "{machine:<6} {name:<26} {pairs:>3} pairs: found {found} of {truly} (all in {whole}), flagged {flagged} of \
         {others} others, at most 1 false in {clean}, common shift in {common}"
    );
}

fn judge(one: &contract::speed::Speed, other: Option<&contract::speed::Speed>) -> SpeedComparison {
    let documents = other.map_or(Documents::One(one), |other| Documents::Two(one, other));
    let generator = contract::Generator::new("speed-compare", "0");
    compare(generator, vec![], documents, None, &Options::default()).unwrap()
}

/// Which cell a key is, in the order of the generator.
fn index(id: &str) -> usize {
    let mut parts = id.split('/').skip(1);
    let (name, size) = (parts.next().unwrap(), parts.next().unwrap());
    let row = ALGORITHMS.iter().position(|algorithm| *algorithm == name).unwrap();
    let column = SIZES.iter().position(|known| known.to_string() == size).unwrap();
    row * SIZES.len() + column
}
