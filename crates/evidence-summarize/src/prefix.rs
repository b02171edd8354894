//! What a CI system writes before each line of a log: a time, the name of a service.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::text::{Line, plain};

/// The prefix that the lines of a text have in common, if any.
pub struct Prefix(Option<&'static Regex>);

/// How many lines are looked at.
const LOOKED_AT: usize = 200;

// This module's own patterns: a mistake in one is found by the tests below.
static PREFIXES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let day = r"\d{4}-\d\d-\d\d";
    let time = r"\d\d:\d\d:\d\d(?:[.,]\d+)?";
    let zone = r"(?:Z|[+-]\d\d:?\d\d)?";
    let patterns = [
        // `gh run view --log`: job, step, time.
        format!(r"^[^\t]*\t[^\t]*\t\u{{feff}}?{day}T{time}Z ?"),
        // GitLab (with the number and kind of the stream), GitHub, Azure, docker, kubectl.
        format!(r"^\u{{feff}}?{day}[T ]{time}{zone}(?: \d\d[OE][+ ]?| ?)"),
        // Jenkins' timestamper, logs of build tools.
        format!(r"^\[(?:{day}[T ])?{time}{zone}\] ?"),
        format!(r"^{time} {{1,2}}"),
        // syslog and journald.
        format!(r"^[A-Z][a-z]{{2}} [ \d]\d {time} (?:\S+ [\w.-]+\[\d+\]: )?"),
        // docker compose: the service, padded.
        r"^(?P<name>[\w.-]+) *\| ?".to_owned(),
    ];
    patterns.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect()
});

impl Prefix {
    /// The prefix of nearly all of the first lines; a line that says nothing counts for none.
    pub fn of<'a>(lines: impl Iterator<Item = Line<'a>>) -> Self {
        let lines: Vec<_> = lines
            .filter(|line| !line.text.trim().is_empty())
            .take(LOOKED_AT)
            .map(|line| plain(line.text))
            .collect();
        let common = |pattern: &&Regex| {
            let count = lines.iter().filter(|line| pattern.is_match(line)).count();
            count >= 2 && count * 10 >= lines.len() * 9
        };
        Self(PREFIXES.iter().find(common))
    }

    /// The line without it.
    pub fn strip<'a>(&self, line: &Line<'a>) -> Line<'a> {
        let found = self.0.and_then(|pattern| pattern.find(line.text));
        let at = found.map_or(0, |found| found.end());
        Line { text: &line.text[at..], number: line.number, offset: line.offset + at as u64 }
    }

    /// All lines without it; those of one service stand together.
    pub fn order<'a>(&self, lines: impl Iterator<Item = Line<'a>>) -> Vec<Line<'a>> {
        let mut services: BTreeMap<&str, usize> = BTreeMap::new();
        let mut order: Vec<_> = lines
            .map(|line| {
                let name = self.0.and_then(|pattern| pattern.captures(line.text)?.name("name"));
                let next = services.len();
                let service = name.map_or(0, |name| *services.entry(name.as_str()).or_insert(next));
                (service, self.strip(&line))
            })
            .collect();
        order.sort_by_key(|(service, _)| *service);
        order.into_iter().map(|(_, line)| line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(text: &str) -> Vec<&str> {
        let lines = || text.lines().map(|text| Line { text, number: 1, offset: 0 });
        Prefix::of(lines()).order(lines()).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn times_of_ci_systems_are_taken_off() {
        for start in [
            "2026-11-21T07:00:00.1234567Z ",
            "2026-11-21T07:00:00.123456Z 00O ",
            "2026-11-21T07:00:00.123456Z 01E+",
            "[2026-11-21T07:00:00.123Z] ",
            "07:00:00  ",
            "[07:00:00] ",
            "build\tRun tests\t2026-11-21T07:00:00.1234567Z ",
            "Nov 21 07:00:00 host run[12]: ",
            "tests-1  | ",
        ] {
            let text = format!("{start}  a\n{start}b\n");
            assert_eq!(stripped(&text), ["  a", "b"], "{start}");
        }
    }

    #[test]
    fn lines_of_one_service_stand_together() {
        assert_eq!(stripped("a-1  | 1\nb-1  | 2\na-1  | 3\n"), ["1", "3", "2"]);
    }

    #[test]
    fn a_few_times_are_no_prefix() {
        let text = "2026-11-21T07:00:00Z started\nok 1 - a\nok 2 - b\n1..2\n";
        assert_eq!(stripped(text)[0], "2026-11-21T07:00:00Z started");
    }
}
