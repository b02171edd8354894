//! Whether a log without a word on the whole says more checks are to come than it tells.

use std::sync::LazyLock;

use regex::Regex;

use super::Kept;
use super::line::Said;

/// `03/32`, `[3/32]`, `3 of 32` in front of a name. This module's own pattern: a mistake in it is
/// found by the test below.
static NUMBERED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)^\W{0,4}(?:(?:check|test|case|step|scenario|stage|suite) #?)?[\[(]?(\d{1,6}) ?(?:/| of ) ?(\d{1,6})\b").ok()
});

/// Whether the log stops before what it announced: the last of its numbers, as many checks as it
/// planned, or the outcome of the check it was at.
pub(super) fn stops_early(kept: &[Kept]) -> bool {
    let checks = || kept.iter().filter(|line| matches!(line.said, Said::Check { .. }));
    let told = checks().count() as u64;
    if told == 0 {
        return false;
    }
    let planned = kept.iter().filter_map(|line| match line.said {
        Said::Planned(count) => Some(count),
        _ => None,
    });
    if planned.max().is_some_and(|planned| planned > told) {
        return true;
    }
    let numbers: Vec<_> = checks().filter_map(|line| number(&line.text)).collect();
    let short =
        numbers.iter().map(|(this, _)| this).max() < numbers.iter().map(|(_, all)| all).max();
    let waits = kept.last().is_some_and(|line| line.said == Said::Begun);
    waits || (numbers.len() as u64 == told && short)
}

fn number(text: &str) -> Option<(u64, u64)> {
    let found = NUMBERED.as_ref()?.captures(text)?;
    let (this, all) = (found[1].parse().ok()?, found[2].parse().ok()?);
    (this <= all).then_some((this, all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_check_stands_before_its_name() {
        assert_eq!(number("check 03/32 policy"), Some((3, 32)));
        assert_eq!(number("[3/32] policy ... ok"), Some((3, 32)));
        assert_eq!(number("(3 of 32) policy"), Some((3, 32)));
        assert_eq!(number("policy 3/32"), None);
        assert_eq!(number("2025/11/21 x"), None);
    }
}
