//! Documents that nobody measured: whatever is in them, the drawing is well-formed XML with finite
//! numbers.

// A document that cannot be made is a mistake here: panicking names it at once.
#![allow(clippy::expect_used)]

use contract::speed_comparison::SpeedComparison;
use proptest::prelude::*;
use quick_xml::events::Event;
use serde_json::{Value, json};
use speed_plot::{dots, heatmap, series, throughput, timeline};

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(0.0),
        Just(-1.0),
        Just(f64::MAX),
        Just(f64::MIN_POSITIVE),
        -1e3..1e3_f64,
        1e-12..1e18_f64
    ]
}

fn cell() -> impl Strategy<Value = Value> {
    let verdicts = prop::sample::select(vec![
        "regression",
        "improvement",
        "same",
        "inconclusive",
        "unavailable",
        "not_paired",
    ]);
    let figures = prop::collection::vec(prop::option::of(number()), 9);
    let size = prop::option::of(prop_oneof![Just(0_u64), Just(u64::MAX), 1..100_000_u64]);
    (".{0,40}", verdicts, figures, size, any::<bool>()).prop_map(
        |(name, verdict, figures, size, out)| {
            let rate = |from: usize| {
                figures[from].map(|rate| {
                    let mut found = json!({"rate": rate, "runs": 3});
                    if let (Some(low), Some(high)) = (figures[from + 1], figures[from + 2]) {
                        found["low"] = json!(low);
                        found["high"] = json!(high);
                    }
                    found
                })
            };
            let kind = if size.is_some() { "throughput" } else { "kem" };
            let mut cell = json!({
                "id": format!("{kind}/{name}"), "algorithm": name, "verdict": verdict,
                "key": {"kind": kind, "family": name}, "unit": "bytes_per_second", "pairs": 3,
                "stands_out": out
            });
            if let Some(size) = size {
                cell["key"]["block_size_bytes"] = json!(size);
            } else if out {
                cell["key"]["operation"] = json!("encaps");
            }
            for (name, rate) in [("baseline", rate(0)), ("candidate", rate(3))] {
                if let Some(rate) = rate {
                    cell[name] = rate;
                }
            }
            if let Some(percent) = figures[6] {
                cell["change"] = json!({"percent": percent});
                if let (Some(low), Some(high)) = (figures[7], figures[8]) {
                    cell["change"]["low_percent"] = json!(low);
                    cell["change"]["high_percent"] = json!(high);
                }
            }
            cell
        },
    )
}

fn document() -> impl Strategy<Value = SpeedComparison> {
    (".{0,200}", prop::collection::vec(cell(), 0..40)).prop_map(|(label, cells)| {
        let side = json!({"label": label, "versions": [], "commands": [], "runs": 3});
        let document = json!({
            "schema": "proofline/speed-comparison/1",
            "generator": {"name": "x", "version": "1"}, "inputs": [],
            "purpose": "change", "verdict": "same",
            "totals": {"cells": 0, "regression": 0, "improvement": 0, "same": 0,
                "inconclusive": 0, "unavailable": 0, "not_paired": 0},
            "baseline": side, "candidate": side,
            "method": {"pairs": "marked", "pair_count": 3, "confidence": 0.95,
                "margin_percent": 5.0, "noise_threshold_percent": 0.5, "correction": "holm",
                "tested": 3, "interval": "t", "common_shift": "auto"},
            "warnings": [], "cells": cells
        });
        serde_json::from_value(document).expect("a document")
    })
}

/// Every attribute that is a place or a length is a number.
fn holds(svg: &str) -> Result<(), TestCaseError> {
    const LENGTHS: [&str; 11] =
        ["x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height"];
    let mut reader = quick_xml::Reader::from_str(svg);
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => {
                for attribute in element.attributes() {
                    let attribute = attribute.map_err(|e| TestCaseError::fail(e.to_string()))?;
                    if LENGTHS.contains(&attribute.key.as_ref()) {
                        let value: Result<f64, _> = attribute.value.parse();
                        prop_assert!(value.is_ok_and(f64::is_finite), "{:?}", attribute);
                    }
                }
            }
            Ok(Event::Eof) => return Ok(()),
            Ok(_) => {}
            Err(error) => return Err(TestCaseError::fail(format!("{error}: {svg}"))),
        }
    }
}

proptest! {
    #[test]
    fn any_document_is_drawn(document in document(), only in prop::option::of(".{0,3}")) {
        let only = only.as_deref();
        holds(&heatmap::heatmap(&document, only, "{}"))?;
        let series = series::of_comparison(&document).only(only);
        holds(&throughput::throughput(&series, "{}"))?;
        holds(&dots::dots(&series, "{}"))?;
        holds(&timeline::timeline(&[("a", &document), ("<b>", &document)], only, "{}"))?;
    }
}
