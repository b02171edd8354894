//! Series with known truth: what is found, and what is cried wolf about.

// A series that cannot be compared is a mistake here: panicking names it at once.
#![allow(clippy::unwrap_used)]

#[allow(dead_code, reason = "the example prints more scenarios than are asserted here")]
mod synthetic;

use contract::Generator;
use contract::speed_comparison::{SpeedComparison, Verdict};
use speed_compare::{Documents, Options, compare};
use synthetic::{CELLS, Noise, Order, QUIET, SECOND, SIZES, TABLES, series};

fn judged(pairs: u64, order: Order, seed: u64, effect: impl Fn(usize) -> f64) -> SpeedComparison {
    judged_on(QUIET, pairs, order, seed, effect)
}

fn judged_on(
    noise: Noise,
    pairs: u64,
    order: Order,
    seed: u64,
    effect: impl Fn(usize) -> f64,
) -> SpeedComparison {
    let (one, other) = series(pairs, noise, order, seed, effect);
    let documents = match &other {
        Some(other) => Documents::Two(&one, other),
        None => Documents::One(&one),
    };
    let generator = Generator::new("speed-compare", "0");
    compare(generator, vec![], documents, None, &Options::default()).unwrap()
}

/// The cells with a verdict of regression or improvement, by their keys.
fn flagged(document: &SpeedComparison) -> Vec<&str> {
    let sure = |verdict| matches!(verdict, Verdict::Regression | Verdict::Improvement);
    document.cells.iter().filter(|c| sure(c.verdict)).map(|c| c.id.as_str()).collect()
}

fn slower(percent: f64) -> f64 {
    (-percent / 100.0).ln_1p()
}

#[test]
fn of_600_cells_without_a_change_at_most_one_is_flagged() {
    let documents: Vec<_> =
        (0..10).map(|seed| judged(10, Order::Interleaved, seed, |_| 0.0)).collect();
    let cells: usize = documents.iter().map(|document| document.cells.len()).sum();
    let flags: usize = documents.iter().map(|document| flagged(document).len()).sum();
    assert_eq!(cells, 10 * CELLS);
    assert!(flags <= 1, "{flags} of {cells}");
}

#[test]
fn five_percent_in_three_cells_are_found_with_ten_pairs() {
    let effect = |cell| if [7, 27, 47].contains(&cell) { slower(5.0) } else { 0.0 };
    let found = judged(10, Order::Interleaved, 101, effect);
    let ids = flagged(&found);
    for id in ["aes-256-cbc/64", "aes-256-ctr/1024", "sha512/16384"] {
        let there = ids.iter().any(|found| *found == format!("throughput/{id}"));
        // Cells 7, 27 and 47 by the generator's order: row 1 column 1, row 4 column 3, row 7 column 5.
        assert!(there, "{id} is not among {ids:?}");
    }
    assert!(ids.len() <= 4, "{ids:?}");
    assert_eq!(found.verdict, Verdict::Regression);
}

#[test]
fn two_percent_in_two_cells_are_found_with_twenty_pairs() {
    let effect = |cell| if [11, 41].contains(&cell) { slower(2.0) } else { 0.0 };
    let found = judged(20, Order::Interleaved, 102, effect);
    let ids = flagged(&found);
    assert!(ids.contains(&"throughput/aes-256-cbc/16384"), "{ids:?}");
    assert!(ids.contains(&"throughput/sha256/16384"), "{ids:?}");
    assert!(ids.len() <= 3, "{ids:?}");
}

/// A second has a tick of 1 %, a table says nothing of time: where the figures vary by more than a
/// tick, that hides no change.
#[test]
fn two_percent_are_found_whatever_the_log_says_of_time() {
    let effect = |cell| if [11, 41].contains(&cell) { slower(2.0) } else { 0.0 };
    let changed = ["throughput/aes-256-cbc/16384", "throughput/sha256/16384"];
    for noise in [SECOND, TABLES] {
        let mut found = 0;
        for seed in 110..115 {
            let document = judged_on(noise, 20, Order::Interleaved, seed, effect);
            let ids = flagged(&document);
            let truly = changed.iter().filter(|id| ids.contains(id)).count();
            assert!(ids.len() <= truly + 1, "{ids:?}");
            found += truly;
        }
        assert!(found >= 9, "{found} of 10");
    }
}

#[test]
fn a_row_that_is_slower_is_found_in_at_least_five_of_six_cells() {
    let effect = |cell| if cell / SIZES.len() == 3 { slower(5.0) } else { 0.0 };
    let found = judged(10, Order::Interleaved, 103, effect);
    let ids = flagged(&found);
    let row = ids.iter().filter(|id| id.contains("/aes-256-gcm/")).count();
    assert!(row >= 5 && ids.len() <= row + 1, "{ids:?}");
}

#[test]
fn a_shift_of_all_cells_is_reported_once() {
    let found = judged(10, Order::Interleaved, 104, |_| slower(5.0));
    assert!(flagged(&found).is_empty());
    let common = found.common.unwrap();
    assert_eq!((common.verdict, common.removed), (Verdict::Regression, true));
    let (low, high) = (common.change.low_percent.unwrap(), common.change.high_percent.unwrap());
    assert!(low <= -5.0 && -5.0 <= high, "{low} {high}");
    assert_eq!(found.verdict, Verdict::Regression);
}

/// Half of the algorithms lose a different amount each: the median is nobody's shift, and what did
/// not change must not look faster.
#[test]
fn cells_that_go_different_ways_have_nothing_in_common() {
    let effect = |cell| match cell / SIZES.len() {
        row @ 0..6 => slower(10.0 * (row + 1) as f64),
        _ => 0.0,
    };
    let found = judged(10, Order::Interleaved, 106, effect);
    assert!(!found.common.unwrap().removed);
    assert_eq!((found.totals.improvement, found.totals.regression), (0, 36));
}

#[test]
fn blocked_series_get_no_confident_verdict() {
    for seed in 0..10 {
        let found = judged(10, Order::Blocked, seed, |_| 0.0);
        assert!(flagged(&found).is_empty());
        assert_eq!(found.totals.not_paired, CELLS as u64);
    }
}

#[test]
fn one_run_on_each_side_decides_nothing() {
    for order in [Order::Interleaved, Order::Blocked] {
        let found = judged(1, order, 105, |_| slower(50.0));
        assert_eq!(found.totals.inconclusive, CELLS as u64);
        assert_eq!(found.verdict, Verdict::Inconclusive);
    }
}

/// Of intervals with 95 % confidence, about 95 % hold the truth.
#[test]
fn intervals_hold_the_truth_as_often_as_they_say() {
    let (mut hold, mut all) = (0, 0);
    for seed in 200..210 {
        for cell in judged(10, Order::Interleaved, seed, |_| 0.0).cells {
            let change = cell.change.unwrap();
            all += 1;
            hold += usize::from(
                change.low_percent.unwrap() <= 0.0 && 0.0 <= change.high_percent.unwrap(),
            );
        }
    }
    assert!(hold * 100 >= all * 94, "{hold} of {all}");
}
