//! The same failure has the same rule, whichever report tells it.

use super::*;
use crate::fold;
use crate::sink::Keep;

/// A failure as a report could tell it, and the rule that has to place it.
const FAILURES: &[(&str, &str)] = &[
    ("open /srv/results/out.json: no space left on device", "disk-full"),
    ("dial tcp: lookup registry.internal: no such host", "dns"),
    ("listen tcp 127.0.0.1:0: socket: operation not permitted", "socket-not-permitted"),
    ("go.mod:3: invalid go version '1.23.0': must match format 1.23", "go-version-format"),
    ("AssertionError: expected 3 to equal 4", "assertion"),
    ("assertion `left == right` failed", "assertion"),
    ("got 3, want 4", "assertion"),
    ("assert 1 == 2", "assertion"),
    (
        "no matching signatures: invalid signature when validating ASN.1 encoded signature",
        "signature-invalid",
    ),
    ("x509: certificate signed by unknown authority", "certificate-unknown"),
    ("fault was injected but not detected", "fi-undetected"),
    ("SELF_TEST_KAT_FAILURE: AES_GCM", "fips-self-test"),
    ("ModuleNotFoundError: No module named 'cryptography'", "python-module-missing"),
    ("TypeError: x is not a function", "uncaught-exception"),
    ("bash: ./run.sh: Permission denied", "permission-denied"),
];

/// Reports that tell one failed case `check_one`, and what it said.
fn reports(said: &str) -> Vec<(&'static str, String)> {
    let xml = said.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let json = serde_json::to_string(said).unwrap();
    vec![
        (
            "junit, attribute",
            format!(
                "<testsuite tests='1' failures='1'><testcase name='check_one'><failure message=\"{xml}\"/></testcase></testsuite>"
            ),
        ),
        (
            "junit, text",
            format!(
                "<testsuite tests='1' failures='1'><testcase name='check_one'><failure>{xml}</failure></testcase></testsuite>"
            ),
        ),
        (
            "ctrf",
            format!(
                "{{\"reportFormat\":\"CTRF\",\"specVersion\":\"0.0.0\",\"results\":{{\"tool\":{{\"name\":\"t\"}},\"summary\":{{\"tests\":1,\"passed\":0,\"failed\":1,\"skipped\":0,\"pending\":0,\"other\":0,\"start\":0,\"stop\":1}},\"tests\":[{{\"name\":\"check_one\",\"status\":\"failed\",\"duration\":1,\"message\":{json}}}]}}}}"
            ),
        ),
        (
            "allure",
            format!(
                "{{\"uuid\":\"1\",\"name\":\"check_one\",\"fullName\":\"check_one\",\"status\":\"failed\",\"statusDetails\":{{\"message\":{json}}},\"start\":1,\"stop\":2}}"
            ),
        ),
        (
            "tap",
            format!(
                "TAP version 13\n1..1\nnot ok 1 - check_one\n  ---\n  message: {json}\n  ...\n"
            ),
        ),
    ]
}

/// The same in lines.
fn lines(said: &str) -> Vec<(&'static str, String)> {
    let json = serde_json::to_string(said).unwrap();
    let event = |action: &str, more: &str| {
        format!(
            "{{\"Time\":\"2026-01-01T00:00:00Z\",\"Action\":\"{action}\",\"Package\":\"x\"{more}}}\n"
        )
    };
    let test = ",\"Test\":\"check_one\"";
    let output = serde_json::to_string(&format!("    a_test.go:3: {said}\n")).unwrap();
    vec![
        (
            "go, json",
            event("run", test)
                + &event("output", &format!("{test},\"Output\":{output}"))
                + &event("fail", test)
                + &event("fail", ""),
        ),
        (
            "go, text",
            format!(
                "=== RUN   check_one\n    a_test.go:3: {said}\n--- FAIL: check_one (0.00s)\nFAIL\nFAIL\tx\t0.1s\n"
            ),
        ),
        (
            "cargo, text",
            format!(
                "running 1 test\ntest check_one ... FAILED\n\nfailures:\n\n---- check_one stdout ----\n{said}\n\nfailures:\n    check_one\n\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s\n"
            ),
        ),
        ("log", format!("FAIL check_one: {said}\n")),
        (
            "log, records",
            format!(
                "{{\"check\":\"check_one\",\"result\":\"fail\",\"reason\":{json}}}\n{{\"check\":\"b\",\"result\":\"pass\"}}\n"
            ),
        ),
    ]
}

#[test]
fn the_same_failure_has_the_same_rule_in_every_report() {
    let rules = Rules::new(&[]).unwrap();
    let mut wrong = Vec::new();
    for (said, wanted) in FAILURES {
        for (format, report) in reports(said).into_iter().chain(lines(said)) {
            let sink = crate::read::read(report.as_bytes(), &rules, Keep::All).unwrap();
            let fails = |status| matches!(status, CheckStatus::Failed | CheckStatus::Broken);
            let failing = sink.entries.into_iter().filter(|entry| fails(entry.status));
            let mut folded: Vec<_> = failing.map(fold::alone).collect();
            place(&mut folded, &rules);
            let found: Vec<_> = folded.iter().map(|one| one.case.rule.as_deref()).collect();
            if found != [Some(*wanted)] {
                wrong.push(format!("{format}: {said:?}: {found:?}, not {wanted}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
