//! What holds for any input: of properties, of counting, of staging.

// The helpers of the tests, too, end a test by a panic.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use allure_env::{properties, result, stats};
use proptest::prelude::*;
use serde::Deserialize;

/// `java.util.Properties.load`, after its documentation, over UTF-16 units, one at a time.
mod java {
    use std::collections::BTreeMap;

    fn blank(unit: u16) -> bool {
        matches!(unit, 0x20 | 0x09 | 0x0c)
    }

    /// Logical lines: comments and blank lines are gone, continued lines are one.
    fn lines(text: &[u16]) -> Vec<Vec<u16>> {
        let (mut lines, mut line) = (Vec::new(), Vec::new());
        let (mut at, mut fresh) = (0, true);
        while at < text.len() {
            let unit = text[at];
            if fresh && blank(unit) {
                at += 1;
                continue;
            }
            if fresh && line.is_empty() && (unit == 0x23 || unit == 0x21) {
                while at < text.len() && !matches!(text[at], 0x0a | 0x0d) {
                    at += 1;
                }
                continue;
            }
            fresh = false;
            match unit {
                0x0a | 0x0d => {
                    if !line.is_empty() {
                        lines.push(std::mem::take(&mut line));
                    }
                    fresh = true;
                }
                0x5c if matches!(text.get(at + 1), Some(0x0a | 0x0d)) => {
                    at +=
                        if text[at + 1] == 0x0d && text.get(at + 2) == Some(&0x0a) { 2 } else { 1 };
                    fresh = true;
                }
                0x5c if at + 1 < text.len() => {
                    line.extend_from_slice(&text[at..at + 2]);
                    at += 1;
                }
                // The file ends with it: even an empty line counts.
                0x5c => return [lines, vec![line]].concat(),
                other => line.push(other),
            }
            at += 1;
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    fn unescaped(units: &[u16]) -> String {
        let (mut out, mut at) = (Vec::new(), 0);
        while at < units.len() {
            if units[at] != 0x5c {
                out.push(units[at]);
                at += 1;
                continue;
            }
            let escaped = units[at + 1];
            at += 2;
            out.push(match escaped {
                0x75 => {
                    let digits = String::from_utf16(&units[at..at + 4]).unwrap();
                    at += 4;
                    u16::from_str_radix(&digits, 16).unwrap()
                }
                0x74 => 0x09,
                0x6e => 0x0a,
                0x72 => 0x0d,
                0x66 => 0x0c,
                other => other,
            });
        }
        String::from_utf16(&out).unwrap()
    }

    pub fn load(text: &str) -> BTreeMap<String, String> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut map = BTreeMap::new();
        for line in lines(&units) {
            let mut end = 0;
            while end < line.len() && !blank(line[end]) && line[end] != 0x3d && line[end] != 0x3a {
                end += if line[end] == 0x5c { 2 } else { 1 };
            }
            let mut start = end.min(line.len());
            let skip = |start: &mut usize| {
                while *start < line.len() && blank(line[*start]) {
                    *start += 1;
                }
            };
            skip(&mut start);
            if start < line.len() && (line[start] == 0x3d || line[start] == 0x3a) {
                start += 1;
                skip(&mut start);
            }
            map.insert(unescaped(&line[..end.min(line.len())]), unescaped(&line[start..]));
        }
        map
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ \\\\:=#!\t\n\r\u{c}a-c]{0,8}", ".{0,12}", "C:\\\\[a-z]{1,4}\\\\u[0-9a-f]{0,4}"]
}

/// What one generated result says; few different values, so that results meet.
#[derive(Clone, Debug)]
struct Given {
    uuid: u8,
    test: u8,
    parameter: Option<u8>,
    status: &'static str,
    start: Option<i64>,
    suite: u8,
}

fn given() -> impl Strategy<Value = Given> {
    let status = prop::sample::select(vec!["passed", "failed", "broken", "skipped", "weird"]);
    let start = prop::option::weighted(0.9, 1_000_i64..1_050);
    (0_u8..6, 0_u8..3, prop::option::of(0_u8..2), status, start, 0_u8..2).prop_map(
        |(uuid, test, parameter, status, start, suite)| Given {
            uuid,
            test,
            parameter,
            status,
            start,
            suite,
        },
    )
}

fn json(given: &Given) -> String {
    let Given { uuid, test, parameter, status, start, suite } = given;
    let parameters = parameter.map(|value| format!(r#"{{"name":"p","value":"{value}"}}"#));
    let start = start.map_or(String::new(), |start| format!(r#""start":{start},"#));
    format!(
        r#"{{"uuid":"u{uuid}","name":"t{test}","fullName":"s.t{test}","status":"{status}",{start}"stop":2000,"labels":[{{"name":"suite","value":"s{suite}"}}],"parameters":[{}]}}"#,
        parameters.unwrap_or_default()
    )
}

fn counted<'a>(results: impl Iterator<Item = &'a Given>) -> stats::Counted {
    let mut counter = stats::Counter::default();
    for (file, given) in results.enumerate() {
        assert!(counter.add(file as u64, result::read(json(given).as_bytes())).is_none());
    }
    counter.counted()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn java_reads_what_was_written(map in prop::collection::btree_map(text(), text(), 0..6)) {
        let map: BTreeMap<String, String> =
            map.into_iter().filter(|(key, _)| properties::unwritable(key).is_none()).collect();
        let written = properties::write(&map);
        prop_assert!(written.is_ascii());
        prop_assert_eq!(&java::load(&written), &map);
        prop_assert_eq!(&properties::read(written.as_bytes()).properties, &map);
    }

    #[test]
    fn any_file_is_read_as_java_reads_it(file in "[ \\\\:=#!\t\n\r\u{c}a-cA-C]{0,40}") {
        prop_assert_eq!(properties::read(file.as_bytes()).properties, java::load(&file));
    }

    #[test]
    fn counts_add_up(results in prop::collection::vec(given(), 0..20)) {
        let counted = counted(results.iter());
        for counts in [counted.allure2, counted.allure3] {
            let sum = counts.passed + counts.failed + counts.broken + counts.skipped + counts.unknown;
            prop_assert_eq!(counts.total, sum);
        }
        prop_assert_eq!(counted.allure2.total + counted.allure2.retries, results.len() as u64);
        let suites: u64 = counted.by_suite.values().map(|counts| counts.total).sum();
        prop_assert_eq!(suites, counted.allure2.total);
        prop_assert!(counted.allure3.retries <= counted.allure3.total);
    }

    #[test]
    fn the_order_of_the_files_does_not_matter(
        mut results in prop::collection::vec(given(), 0..20),
        seed in any::<prop::sample::Index>(),
    ) {
        // Where nothing is left to the order: each has a start and a uuid of its own.
        for (at, given) in results.iter_mut().enumerate() {
            given.start = Some(1000 + at as i64);
            given.uuid = u8::try_from(at).unwrap();
        }
        let before = counted(results.iter());
        let middle = if results.is_empty() { 0 } else { seed.index(results.len()) };
        results.rotate_left(middle);
        let rotated = counted(results.iter());
        results.reverse();
        let reversed = counted(results.iter());
        for after in [rotated, reversed] {
            prop_assert_eq!(before.allure2, after.allure2);
            prop_assert_eq!(before.allure3, after.allure3);
            prop_assert_eq!(&before.by_suite, &after.by_suite);
        }
    }
}

#[derive(Deserialize)]
struct Total {
    total: u64,
}

#[derive(Deserialize)]
struct Staged {
    executions: u64,
    allure2: Total,
    allure3: Total,
    complete: bool,
}

#[derive(Deserialize)]
struct Alone {
    allure2: Total,
}

fn run<D: serde::de::DeserializeOwned>(folder: &Path, args: &[&str]) -> D {
    let output = Command::new(env!("CARGO_BIN_EXE_allure-env"))
        .args(args)
        .arg("-q")
        .current_dir(folder)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{args:?}: {error}\n{}", String::from_utf8_lossy(&output.stderr))
    })
}

proptest! {
    // Each case is a few processes.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn merge_loses_no_execution(
        audits in prop::collection::vec(prop::collection::vec(given(), 1..6), 1..4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let names: Vec<String> = (0..audits.len()).map(|number| format!("audit_{number}")).collect();
        let mut alone = 0;
        for (name, results) in names.iter().zip(&audits) {
            let dir = folder.path().join(name);
            fs::create_dir(&dir).unwrap();
            for (at, given) in results.iter().enumerate() {
                fs::write(dir.join(format!("{at}-result.json")), json(given)).unwrap();
            }
            alone += run::<Alone>(folder.path(), &["stats", name]).allure2.total;
        }
        let mut args = vec!["merge", "--into", "stage"];
        args.extend(names.iter().map(String::as_str));
        let staged: Staged = run(folder.path(), &args);
        prop_assert_eq!(staged.executions, alone);
        prop_assert_eq!(staged.allure2.total, alone);
        prop_assert_eq!(staged.allure3.total, alone);
        prop_assert!(staged.complete);
    }
}
