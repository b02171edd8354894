//! Messages without what differs from case to case, so that a person reads each kind once.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What varies, and what stands for it, the longer forms first. This module's own pattern: a
/// mistake in it is found by the first test.
static VARYING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let parts = [
        r#"(?P<quoted>"[^"]*"|`[^`']*[`']|“[^”]*”|「[^」]*」|„[^“]*“)"#,
        r"(?P<url>(?-u:\b)[a-z][a-z0-9+.-]{1,10}://[^ ,;)>\]]+)",
        r"(?P<time>(?-u:\b)[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.,]+(?:Z|[+-][0-9:]{4,6})?)?|(?-u:\b)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?)",
        r"(?P<id>(?-u:\b)(?:sha[0-9]+:)?(?:0x[0-9a-fA-F]+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-f]*[0-9][0-9a-f]{7,}|[0-9a-f]{7,}[0-9][0-9a-f]*|[0-9a-f]{32,})(?-u:\b))",
        r"(?P<address>(?-u:\b)[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]+)?|\[[0-9a-fA-F:]{2,}\](?::[0-9]+)?)",
        r"(?P<path>(?:(?-u:\b)[A-Za-z]:)?(?:\.{0,2}[/\\][0-9A-Za-z_.@+%-]+){2,}[/\\]?|(?-u:\b)(?:[0-9A-Za-z_.@+-]+/){1,}[0-9A-Za-z_@+-]+\.[0-9A-Za-z]{1,8}(?-u:\b))",
        r"(?P<duration>(?-u:\b)(?:[0-9]+(?:\.[0-9]+)? ?(?:h|min|m|s|secs?|seconds?|ms|msecs?|milliseconds?|us|µs|ns))+(?-u:\b))",
        r"(?P<number>[0-9]+(?:[.,_][0-9]+)*(?:[eE][+-]?[0-9]+)?)",
    ];
    Regex::new(&parts.join("|")).ok()
});

/// Lists of numbers of any length; text in single quotes, which an apostrophe does not begin;
/// white space.
static SHORTENED: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let patterns =
        [(r"(^|[^0-9A-Za-z_])'[^']*'", "$1'…'"), (r"-?N(?:, ?-?N)+", "N, …"), (r"\s+", " ")];
    let compiled = patterns.into_iter().map(|(text, with)| Some((Regex::new(text).ok()?, with)));
    compiled.flatten().collect()
});

/// Longest part of a message that decides, in bytes.
const HEAD: usize = 400;

/// What a message says, without quoted text, addresses, paths, times and numbers. Only its first
/// line counts, and the next where the first only announces it.
pub fn normal(message: &str) -> String {
    let head = said(message);
    let head = crate::sink::head(&head, HEAD);
    let Some(varying) = VARYING.as_ref() else { return head.to_owned() };
    let text = varying.replace_all(head, |found: &Captures<'_>| {
        let is = |name| found.name(name).is_some();
        if is("quoted") {
            "'…'"
        } else if is("path") {
            "/…"
        } else if is("number") {
            "N"
        } else if is("duration") {
            "Ns"
        } else {
            "…"
        }
    });
    let text = SHORTENED.iter().fold(text.into_owned(), |text, (pattern, with)| {
        pattern.replace_all(&text, *with).into_owned()
    });
    text.trim().to_owned()
}

fn said(message: &str) -> Cow<'_, str> {
    let mut lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    match lines.next() {
        Some(next) if first.ends_with(':') || first.len() < 12 => format!("{first} {next}").into(),
        _ => first.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_varies_is_taken_out() {
        let table = [
            (
                "worker 17 at 0x7ffe: \"alpha\" not in /tmp/x/y  after 3.5s",
                "worker N at …: '…' not in /… after Ns",
            ),
            ("can't read 'a b' of 'c'", "can't read '…' of '…'"),
            ("took 120 ms, not 1m2s", "took Ns, not Ns"),
            ("10.0.0.1:443 said 503 at 2026-01-02T03:04:05Z", "… said N at …"),
            ("pod 4f1c2d3e-1111-2222-3333-444455556666 is gone", "pod … is gone"),
            ("digest sha256:00ff00ff00ff00ff is not listed", "digest … is not listed"),
            ("GET https://a.example/x?y=1 gave 7", "GET … gave N"),
            ("[1, 2, 3] is too long", "[N, …] is too long"),
            ("tests/api/test_x.py: row 3", "/…: row N"),
            ("deadbeef decade facade", "deadbeef decade facade"),
            (
                "unexpected state:\n  leader 3 of term 9\nmore 1",
                "unexpected state: leader N of term N",
            ),
        ];
        for (message, wanted) in table {
            assert_eq!(normal(message), wanted, "{message}");
        }
    }

    #[test]
    fn a_thousand_failures_of_three_kinds_are_three() {
        let of = |n: u32| match n % 3 {
            0 => format!("row {n}: value {}.{n} is out of range [{}, {n}]", n * 7, n % 11),
            1 => format!("node-{n} (10.1.{}.{}:7{n}) left the ring after {n}ms", n % 200, n % 99),
            _ => format!("'/var/lib/x/{n:08x}' differs from \"{n}\" at offset 0x{n:x}"),
        };
        let kinds: std::collections::BTreeSet<_> = (0..1000).map(|n| normal(&of(n))).collect();
        assert_eq!(kinds.len(), 3, "{kinds:?}");
    }
}
