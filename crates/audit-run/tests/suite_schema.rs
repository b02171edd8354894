//! The JSON Schema of suite files says what the reader of suite files says.

// Clippy knows tests by their attribute; the functions they share have none.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use audit_run::{builtin, suite};
use serde_json::Value;

fn schema() -> Value {
    serde_json::from_str(suite::JSON_SCHEMA).unwrap()
}

fn fits(text: &str) -> Result<(), String> {
    let suite: Value = toml::from_str(text).map_err(|error| error.to_string())?;
    jsonschema::draft202012::validate(&schema(), &suite).map_err(|error| error.to_string())
}

#[test]
fn it_is_a_schema() {
    jsonschema::draft202012::meta::validate(&schema()).unwrap();
}

#[test]
fn the_suites_that_are_built_in_fit() {
    for builtin in builtin::ALL {
        assert_eq!(fits(builtin.text), Ok(()), "{}", builtin.name);
    }
}

/// Fixtures whose suite is refused for a reason no schema can express.
const BEYOND: [&str; 9] = [
    "a-circle-of-controls",
    "a-control-cannot-be-negative-itself",
    "a-control-that-does-not-exist",
    "a-parameter-that-was-not-declared",
    "a-pattern-that-always-matches",
    "a-pattern-that-is-none",
    "an-id-twice",
    "an-indicator-of-nothing",
    "a-value-for-no-parameter",
];

#[test]
fn what_the_reader_takes_fits_and_what_it_refuses_does_not() {
    let (mut taken, mut refused) = (0, 0);
    for (case, path) in suites() {
        let text = fs::read_to_string(&path).unwrap();
        let read = suite::load(&text, &std::collections::BTreeMap::new());
        match (read, fits(&text)) {
            (Ok(_), fits) => {
                assert_eq!(fits, Ok(()), "{case}");
                taken += 1;
            }
            (Err(_), Err(_)) => refused += 1,
            (Err(errors), Ok(())) => {
                assert!(BEYOND.contains(&case.as_str()), "{case}: {errors:?}");
            }
        }
    }
    assert!(taken >= 10 && refused >= 6, "{taken} taken, {refused} refused");
}

/// Each folder of a fixture with its suite.
fn suites() -> Vec<(String, PathBuf)> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/audit-run");
    let mut cases: Vec<(String, PathBuf)> = fs::read_dir(fixtures)
        .unwrap()
        .map(|case| case.unwrap().path())
        .map(|case| (case.file_name().unwrap().to_string_lossy().into_owned(), case))
        .map(|(name, case)| (name, case.join("in/suite.toml")))
        .filter(|(_, path)| path.is_file())
        .collect();
    cases.sort();
    cases
}

/// A suite with `line` added to one of its tables.
fn with(table: &str, line: &str) -> String {
    let mut text = String::new();
    let parts = [
        ("suite", "name = \"s\""),
        ("parameter", "[parameters.p]\ndescription = \"p\""),
        ("kpis", "[kpis]\nboundary_integrity = []\nalgorithm_blocking = []"),
        (
            "latency",
            "[kpis.self_test_latency]\nprovider = \"p\"\nargv = []\nrounds = 1\nwithout = {}",
        ),
        (
            "check",
            "[[check]]\nid = \"c\"\nfeature = \"f\"\nstory = \"s\"\nlayer = \"capability\"\n\
             severity = \"normal\"",
        ),
        ("copy", "[check.copy.x]\nfrom = \"/x\""),
        ("fault", "[check.copy.x.fault]"),
        ("facts", "[check.fact]"),
        ("step", "[[check.step]]\nargv = [\"true\"]"),
        ("stdin", "[check.step.stdin]"),
        ("stdout", "[check.step.stdout]"),
    ];
    for (name, lines) in parts {
        let own = if name == table { line } else { "" };
        // Exactly one of their keys has to be there, so they are there only for their own turn.
        if own.is_empty() && (name == "fault" || name == "stdin") {
            continue;
        }
        text.push_str(&format!("{lines}\n{own}\n"));
    }
    text
}

/// The keys the reader names when it meets one it does not know.
fn keys_of_the_reader(table: &str) -> BTreeSet<String> {
    let errors = suite::load(&with(table, "zzz = 1"), &std::collections::BTreeMap::new());
    let message = errors.unwrap_err()[0].message.clone();
    let (_, known) = message.split_once("`zzz`, expected ").unwrap_or_else(|| panic!("{message}"));
    known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn keys_of(schema: &Value, pointer: &str) -> BTreeSet<String> {
    let properties = schema.pointer(pointer).and_then(Value::as_object);
    properties.unwrap_or_else(|| panic!("{pointer}")).keys().cloned().collect()
}

#[test]
fn each_table_has_the_keys_the_reader_knows() {
    let schema = schema();
    for (table, pointer) in [
        ("suite", "/properties"),
        ("parameter", "/$defs/Parameter/properties"),
        ("kpis", "/$defs/Kpis/properties"),
        ("latency", "/$defs/Latency/properties"),
        ("check", "/$defs/Check/properties"),
        ("copy", "/$defs/Copy/properties"),
        ("fault", "/$defs/Fault/properties"),
        ("facts", "/$defs/Facts/properties"),
        ("step", "/$defs/Step/properties"),
        ("stdin", "/$defs/Step/properties/stdin/properties"),
        ("stdout", "/$defs/Expected/properties"),
    ] {
        assert_eq!(keys_of_the_reader(table), keys_of(&schema, pointer), "{table}");
    }
}

#[test]
fn the_rules_that_make_a_failure_mean_something_are_in_it() {
    let step = |step: &str, more: &str| {
        with("check", &format!("{more}\nrequirement = \"optional\"")).replace(
            "[[check.step]]\nargv = [\"true\"]",
            &format!("[[check.step]]\nargv = [\"true\"]\n{step}"),
        )
    };
    let controlled = "control = \"other\"";
    assert_eq!(fits(&step("exit = 0", "")), Ok(()));
    assert_eq!(fits(&step("exit = [0, 1]", "")), Ok(()));
    let reason = "exit = 1\nstderr.must = [\"x\"]";
    assert_eq!(fits(&step(reason, controlled)), Ok(()));
    assert!(fits(&step(reason, "")).is_err(), "no control");
    for exit in ["1", "[1, 2]", "\"nonzero\""] {
        assert!(fits(&step(&format!("exit = {exit}"), controlled)).is_err(), "{exit}: no reason");
    }
    assert!(fits(&step("exit = 256", "")).is_err());
    let condition = "when = [\"openssl>=3\"]";
    assert_eq!(fits(&step("", condition)), Ok(()));
    assert!(fits(&step("", condition).replace("\"optional\"", "\"required\"")).is_err());
}
