//! Where a text holds the whole run of a runner that says how it begins and how it ends. What
//! stands between belongs to that runner: the tests printed it, whatever it looks like.

use crate::formats::own_text;

/// The lines of one run, by their indices.
#[derive(Debug, PartialEq)]
pub struct Run {
    pub first: usize,
    pub last: usize,
    /// The readers that may read them.
    pub owners: &'static [&'static str],
}

/// What came before the line at hand.
#[derive(Clone, Copy)]
struct Before<'a> {
    /// What the beginning of the run says of its end.
    expected: u64,
    line: &'a str,
}

/// How the runs of one runner are found.
struct Bounds {
    owners: &'static [&'static str],
    /// Whether a run begins, and what its end has to agree with.
    begins: fn(&str) -> Option<u64>,
    ends: fn(&str, Before<'_>) -> bool,
    /// Whether the last end before the next beginning holds, or the first.
    last: bool,
}

const BOUNDS: [Bounds; 12] = [
    // One of our own summaries, up to the end of the text.
    Bounds {
        owners: &["own-text"],
        begins: |text| own_text::begins(text).then_some(0),
        ends: |_, _| true,
        last: true,
    },
    Bounds {
        owners: &["pytest"],
        begins: |text| text.contains("= test session starts =").then_some(0),
        ends: |text, _| {
            text.len() >= 40
                && text.starts_with('=')
                && text.ends_with('=')
                && text.contains(" in ")
        },
        last: true,
    },
    // The same with `-q`: letters, and a sum without a rule.
    Bounds {
        owners: &["pytest"],
        begins: |text| {
            let (letters, percent) = text.split_once(' ')?;
            let own = letters.bytes().all(|letter| b".FEsxXRu,".contains(&letter));
            (own && !letters.is_empty()
                && percent.trim_start().starts_with('[')
                && percent.ends_with("%]"))
            .then_some(0)
        },
        ends: |text, _| {
            text.starts_with(|c: char| c.is_ascii_digit())
                && text.ends_with('s')
                && text.contains(" in ")
                && (text.contains(" passed") || text.contains(" failed") || text.contains(" error"))
        },
        last: true,
    },
    Bounds { owners: &["cargo-test"], begins: count_of_cargo, ends: ends_cargo, last: false },
    Bounds {
        owners: &["nextest-text"],
        begins: |text| text.trim_start().starts_with("Nextest run ID ").then_some(0),
        ends: |text, _| text.trim_start().starts_with("Summary ["),
        last: true,
    },
    Bounds {
        owners: &["gtest"],
        begins: |text| (text.starts_with("[==========] Running ")).then_some(0),
        ends: |text, _| text.starts_with("[==========] ") && text.contains(" ran."),
        last: true,
    },
    Bounds {
        owners: &["ctest"],
        begins: |text| text.starts_with("Test project ").then_some(0),
        ends: |text, _| text.starts_with("Total Test time (real)"),
        last: true,
    },
    Bounds {
        owners: &["phpunit-text", "teamcity"],
        begins: |text| {
            (text.starts_with("PHPUnit ") && text.contains(" by Sebastian")).then_some(0)
        },
        ends: |text, _| {
            text.starts_with("OK (")
                || text.starts_with("Tests: ") && text.contains(", Assertions: ")
        },
        last: true,
    },
    Bounds {
        owners: &["playwright-text"],
        begins: |text| {
            (text.starts_with("Running ") && text.contains(" using ") && text.contains(" worker"))
                .then_some(0)
        },
        ends: |text, _| text.starts_with("  ") && text.contains(" passed ("),
        last: true,
    },
    Bounds {
        owners: &["vitest-text"],
        begins: |text| text.trim_start().starts_with("RUN  v").then_some(0),
        ends: |text, _| text.trim_start().starts_with("Duration  "),
        last: true,
    },
    Bounds {
        owners: &["go-test", "gotestsum"],
        begins: |text| text.starts_with("=== RUN   ").then_some(0),
        ends: |text, before| {
            let own = |start| before.line.starts_with(start);
            text.starts_with("FAIL\t")
                || text.starts_with("ok  \t") && ["PASS", "coverage: ", "testing: "].iter().any(own)
        },
        last: false,
    },
    Bounds {
        owners: &["libtest-json"],
        begins: |text| {
            (text.starts_with("{ \"type\": \"suite\"") && text.contains("\"started\"")).then_some(0)
        },
        ends: |text, _| text.starts_with("{ \"type\": \"suite\"") && !text.contains("\"started\""),
        last: true,
    },
];

fn count_of_cargo(text: &str) -> Option<u64> {
    let rest = text.strip_prefix("running ")?;
    rest.strip_suffix(" tests").or_else(|| rest.strip_suffix(" test"))?.parse().ok()
}

/// Whether the counts of the last line add up to the one of the first.
fn ends_cargo(text: &str, before: Before<'_>) -> bool {
    let Some(rest) = text.strip_prefix("test result: ") else { return false };
    let counted = |part: &str| {
        let (number, word) = part.trim().split_once(' ')?;
        let counts = ["passed", "failed", "ignored", "measured"].contains(&word);
        number.parse::<u64>().ok().filter(|_| counts)
    };
    rest.split([';', '.']).filter_map(counted).fold(0, u64::saturating_add) == before.expected
}

/// The runs that lie in no other one.
pub fn of<T: AsRef<str>>(lines: impl Iterator<Item = T>) -> Vec<Run> {
    let mut found: Vec<Run> = Vec::new();
    let mut open: [Option<(usize, u64, Option<usize>)>; BOUNDS.len()] = [None; BOUNDS.len()];
    let mut last_line = String::new();
    for (index, line) in lines.enumerate() {
        let text = line.as_ref().trim_end();
        let mut ended = None;
        for (bounds, open) in BOUNDS.iter().zip(&mut open) {
            if let Some(expected) = (bounds.begins)(text) {
                // One that began inside another of its kind was printed, unless that has ended.
                if open.is_none_or(|(_, _, end)| end.is_some()) {
                    found.extend(close(open.take(), bounds));
                    *open = Some((index, expected, None));
                }
            } else if let Some((first, expected, end)) = open
                && (bounds.ends)(text, Before { expected: *expected, line: &last_line })
            {
                (*end, ended) = (Some(index), Some(*first));
                if !bounds.last {
                    found.extend(close(open.take(), bounds));
                }
            }
        }
        // What began inside a run that ends here, and did not end, was printed.
        if let Some(begun) = ended {
            open.iter_mut().for_each(|open| {
                open.take_if(|(first, _, end)| *first > begun && end.is_none());
            });
        }
        text.clone_into(&mut last_line);
    }
    for (bounds, open) in BOUNDS.iter().zip(&mut open) {
        found.extend(close(open.take(), bounds));
    }
    found.sort_by_key(|run| (run.first, usize::MAX - run.last));
    let mut after = 0;
    found.retain(|run| {
        let outermost = run.first >= after;
        after = if outermost { run.last + 1 } else { after };
        outermost
    });
    found
}

fn close(open: Option<(usize, u64, Option<usize>)>, bounds: &Bounds) -> Option<Run> {
    let (first, _, last) = open?;
    Some(Run { first, last: last?, owners: bounds.owners })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(text: &str) -> Vec<(usize, usize, &'static str)> {
        of(text.lines()).iter().map(|run| (run.first, run.last, run.owners[0])).collect()
    }

    #[test]
    fn what_a_test_prints_begins_no_run_and_ends_none() {
        let text = "running 2 tests\n=== RUN   TestGhost\n\
                    test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
                    ok  \tghost\t0.1s\n\
                    test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out\n\
                    === RUN   TestA\nok  \tghost\t0.1s\nPASS\nok  \tpackage\t0.1s\n";
        assert_eq!(runs(text), [(0, 4, "cargo-test"), (5, 8, "go-test")]);
    }

    #[test]
    fn a_run_without_an_end_holds_nothing() {
        assert_eq!(runs("running 2 tests\ntest a ... ok\n"), []);
    }
}
