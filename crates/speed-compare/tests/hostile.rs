//! Documents that nobody measured: whatever the figures are, there is an answer, and it is one that
//! can be read again.

// A document that cannot be made is a mistake here: panicking names it at once.
#![allow(clippy::expect_used)]

use contract::Generator;
use contract::speed::Speed;
use contract::speed_comparison::{Interval, SpeedComparison, Verdict};
use proptest::prelude::*;
use serde_json::{Value, json};
use speed_compare::{Documents, Options, compare, gate, report};

fn rate() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(-1.0),
        Just(f64::MAX),
        Just(f64::MIN_POSITIVE),
        1e-300..1e300_f64,
        99.0..101.0_f64,
    ]
}

fn record(runs: u64) -> impl Strategy<Value = Value> {
    (0..runs + 2, 0..4_u64, rate(), any::<u64>(), prop::option::of(0.0..3.0_f64), any::<bool>())
        .prop_map(|(run, name, ops, bytes, resolution, throughput)| {
            let kind = if throughput { "throughput" } else { "asymmetric" };
            let mut record = json!({
                "id": format!("{kind}/alg{name}"), "kind": kind, "algorithm": format!("alg{name}|"),
                "key": {"kind": kind, "family": format!("alg{name}")},
                "run": run, "line": 1, "source": "table"
            });
            if throughput {
                record["bytes_per_second"] = json!(bytes);
            } else {
                record["ops_per_second"] = json!(ops);
            }
            if let Some(resolution) = resolution {
                record["resolution"] = json!(resolution);
            }
            record
        })
}

fn run() -> impl Strategy<Value = Value> {
    (prop::option::of((0..4_u64, any::<bool>())), any::<bool>()).prop_map(|(pair, complete)| {
        let mut run = json!({"input": 0, "line": 1, "complete": complete});
        if let Some((pair, b)) = pair {
            let target = if b { "b" } else { "a" };
            run["pairing"] = json!({
                "round": pair, "pair": pair, "target": target, "label": "x", "argv": []
            });
        }
        run
    })
}

fn document() -> impl Strategy<Value = Speed> {
    let runs = prop::collection::vec(run(), 0..9);
    (runs, prop::collection::vec(record(8), 0..60)).prop_map(|(runs, records)| {
        let document = json!({
            "schema": "proofline/speed/1", "generator": {"name": "x", "version": "1"},
            "inputs": [], "runs": runs, "records": records,
            "failed": [], "ambiguous": [], "disagreements": []
        });
        serde_json::from_value(document).expect("a document")
    })
}

/// What holds of every answer.
fn holds(document: &SpeedComparison) -> Result<(), TestCaseError> {
    let text = serde_json::to_string(document).expect("JSON");
    let again: SpeedComparison = serde_json::from_str(&text).expect("what was written is read");
    prop_assert_eq!(&again, document);
    let totals = document.totals;
    prop_assert_eq!(totals.cells, document.cells.len() as u64);
    for cell in &document.cells {
        let measured = cell.baseline.is_some() && cell.candidate.is_some();
        prop_assert_eq!(measured, cell.verdict != Verdict::Unavailable);
        prop_assert!(measured || cell.change.is_none());
        let sure = matches!(cell.verdict, Verdict::Regression | Verdict::Improvement);
        prop_assert!(!sure || cell.pairs >= 3);
        if let Some((low, high)) =
            cell.change.and_then(|change| change.low_percent.zip(change.high_percent))
        {
            prop_assert!(low <= high);
        }
    }
    let [strict, plain] = [true, false].map(|strict| gate::answer(document, strict).passes);
    prop_assert!(!strict || plain);
    let escape = char::from(27);
    prop_assert!(!report::text::text(document).contains(escape));
    prop_assert!(report::csv::csv(document).is_ok());
    prop_assert!(!report::markdown::markdown(document).contains("NaN"));
    prop_assert!(report::github::github(document).ends_with('\n'));
    Ok(())
}

proptest! {
    #[test]
    fn any_two_documents_have_an_answer(a in document(), b in document(), paired: bool, t: bool) {
        let interval = if t { Interval::T } else { Interval::Bootstrap };
        let options = Options { paired, interval, ..Options::default() };
        for documents in [Documents::One(&a), Documents::Two(&a, &b)] {
            let generator = Generator::new("speed-compare", "0");
            if let Ok(document) = compare(generator, vec![], documents, None, &options) {
                holds(&document)?;
            }
        }
    }
}
