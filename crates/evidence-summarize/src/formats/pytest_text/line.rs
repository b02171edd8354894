//! What single lines of pytest say.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::words;

/// What a line says of a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub word: String,
    pub id: String,
    pub message: Option<String>,
    pub line: u64,
}

// This module's own pattern: a mistake in it is found by the fixtures.
static COUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed|deselected|rerun|warnings?|subtests passed|subtests failed)\b").ok()
});

const WORDS: [&str; 10] = [
    "PASSED",
    "FAILED",
    "ERROR",
    "SKIPPED",
    "XFAIL",
    "XPASS",
    "RERUN",
    "SUBFAILED",
    "SUBFAIL",
    "SUBPASSED",
];

/// `=== 4 failed, 6 passed in 0.15s ===`, or without the rule as `-q` prints it.
pub fn totals(text: &str) -> Option<BTreeMap<String, u64>> {
    if text.starts_with('=') && text.len() < 40 {
        // As wide as a terminal, or printed by a test.
        return None;
    }
    let inner = text.trim_matches(['=', ' ']);
    let timed = inner.rsplit_once(" in ").is_some_and(|(_, time)| {
        time.starts_with(|c: char| c.is_ascii_digit()) && time.contains('s')
    });
    if !timed {
        return None;
    }
    if inner.starts_with("no tests ran") {
        return Some(BTreeMap::new());
    }
    let pattern = COUNT.as_ref()?;
    if !inner.starts_with(|c: char| c.is_ascii_digit()) || !pattern.is_match(inner) {
        return None;
    }
    let one = |found: regex::Captures<'_>| {
        let word =
            if found[2].starts_with("error") { "error".to_owned() } else { found[2].to_owned() };
        Some((word, found[1].parse().ok()?))
    };
    Some(pattern.captures_iter(inner).filter_map(one).collect())
}

/// `..F.s  [100%]`, also behind the name of a file: a letter for each test, and whether the
/// percentage says that these are the last.
pub fn dots(text: &str) -> Option<(&str, bool)> {
    let (letters, percent) = text.rsplit_once('[')?;
    let percent = percent.strip_suffix("%]")?.trim().parse::<u32>().ok()?;
    let letters = letters.trim_end();
    let letters = match letters.rsplit_once(' ') {
        Some((file, letters)) if file.ends_with(".py") && !file.contains(' ') => letters,
        Some(_) => return None,
        None => letters,
    };
    let known = letters.bytes().all(|letter| b".FEsxXRu,".contains(&letter));
    (known && !letters.is_empty()).then_some((letters, percent == 100))
}

/// A headline among the failures: `___ TestA.test_x ___`, `___ ERROR at setup of test_x ___`.
pub fn heading(text: &str, line: u64) -> Option<Told> {
    let name = text.strip_prefix("___")?.strip_suffix("___")?.trim_matches('_');
    let name = name.strip_prefix(' ')?.strip_suffix(' ')?;
    let error = name.strip_prefix("ERROR ");
    let name = error.map_or(name, |rest| {
        let place = ["at setup of ", "at teardown of ", "collecting "];
        place.iter().find_map(|start| rest.strip_prefix(start)).unwrap_or(rest)
    });
    let word = if error.is_some() { "ERROR" } else { "FAILED" };
    let (word, id) = (word.to_owned(), name.replace('.', "::").replace("::py", ".py"));
    Some(Told { word, id, message: None, line })
}

/// `FAILED tests/test_a.py::test_x - message`.
pub fn summary_line(text: &str, line: u64) -> Option<Told> {
    if let Some(rest) = text.strip_prefix("SUBFAIL") {
        return subtest(rest, line);
    }
    let (word, rest) = text.split_once(' ')?;
    let word = WORDS.into_iter().find(|known| *known == word)?.to_owned();
    // A parameter can hold anything; nothing is said of a pass.
    let parameters =
        rest.find('[').map_or(0, |open| rest[open..].find("] - ").map_or(0, |at| open + at));
    let cut = rest[parameters..].find(" - ").map(|at| parameters + at);
    let (id, message) = match cut.filter(|_| word != "PASSED") {
        Some(at) => (&rest[..at], words::present(&rest[at + 3..])),
        None => (rest, None),
    };
    if word == "SKIPPED" {
        // `SKIPPED [2] tests/test_a.py:5: why`
        let (_, place) = rest.split_once("] ")?;
        let (place, why) = place.split_once(": ").unwrap_or((place, ""));
        return Some(Told { word, id: place.to_owned(), message: words::present(why), line });
    }
    Some(Told { word, id: id.trim().to_owned(), message, line })
}

/// What follows `SUBFAIL` in `SUBFAILED[message] (i=1) tests/test_a.py::test_x - why`.
fn subtest(rest: &str, line: u64) -> Option<Told> {
    let at = rest.find("::")?;
    let start = rest[..at].rfind(' ').map_or(0, |space| space + 1);
    let (id, message) = rest[start..].split_once(" - ").unwrap_or((&rest[start..], ""));
    let which = rest[..start].trim_start_matches("ED").trim();
    let message = words::present(&format!("{which} {message}"));
    Some(Told { word: "FAILED".to_owned(), id: id.trim().to_owned(), message, line })
}

/// `tests/test_a.py::test_x PASSED   [ 50%]`, or as pytest-xdist prints it
/// (`[gw0] [ 50%] PASSED tests/test_a.py::test_x`), and whether it has the percentage.
pub fn progress_line(text: &str, line: u64) -> Option<(Told, bool)> {
    let told = |word: &str, id: &str, message| {
        let word = if word.starts_with("SUBFAIL") { "FAILED" } else { word };
        Told { word: word.to_owned(), id: id.trim().to_owned(), message, line }
    };
    if let Some(rest) = text.strip_prefix("[gw") {
        let (_, rest) = rest.split_once("%] ")?;
        let (word, id) = rest.split_once(' ')?;
        let own = WORDS.contains(&word) && id.contains("::") && word != "SUBPASSED";
        return own.then(|| (told(word, id, None), true));
    }
    let (text, percent) = match text.rsplit_once(" [") {
        Some((before, percent)) if percent.ends_with("%]") => (before.trim_end(), true),
        _ => (text, false),
    };
    if let Some((id, word)) = text.rsplit_once(' ').filter(|(_, word)| WORDS.contains(word)) {
        let own = is_id(id) && word != "SUBPASSED";
        return own.then(|| (told(word, id, None), percent));
    }
    // A reason or the name of a subtest stands behind the word.
    let words = ["SKIPPED", "XFAIL", "XPASS", "SUBFAILED", "SUBFAIL"];
    let (id, word, rest) = words.iter().find_map(|word| {
        let (id, rest) = text.split_once(&format!(" {word}"))?;
        (rest.starts_with([' ', '[', '(']) && is_id(id)).then_some((id, *word, rest))
    })?;
    let message = words::present(rest.trim_matches(['(', ')', ' ']));
    Some((told(word, id, message), percent))
}

/// The test that a line begins with whose outcome comes later.
pub fn started(text: &str) -> Option<&str> {
    let space = text.find(' ')?;
    let end = match text.find('[').filter(|open| *open < space) {
        Some(open) => open + text[open..].find("] ")? + 1,
        None => space,
    };
    let id = &text[..end];
    let (file, test) = id.split_once("::")?;
    (file.ends_with(".py") && !test.is_empty()).then_some(id)
}

/// The outcome in a line that holds nothing else of pytest's.
pub fn word_alone(text: &str) -> Option<&'static str> {
    let text = text.rsplit_once(" [").filter(|(_, end)| end.ends_with("%]")).map_or(text, |t| t.0);
    WORDS[..6].iter().find(|word| text.trim_end() == **word).copied()
}

fn is_id(text: &str) -> bool {
    text.contains("::") && !text.split('[').next().unwrap_or(text).trim().contains(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(text: &str) -> Option<(String, String)> {
        progress_line(text, 1).map(|(told, _)| (told.word, told.id))
    }

    #[test]
    fn progress_names_a_test_and_its_outcome() {
        let of = |word: &str, id: &str| Some((word.to_owned(), id.to_owned()));
        assert_eq!(progress("a.py::test_x PASSED       [ 50%]"), of("PASSED", "a.py::test_x"));
        assert_eq!(progress("[gw0] [ 50%] FAILED a.py::t[a b] "), of("FAILED", "a.py::t[a b]"));
        assert_eq!(progress("a.py::t[x] SKIPPED (a - b) [ 5%]"), of("SKIPPED", "a.py::t[x]"));
        assert_eq!(progress("a.py::t SUBFAILED[m - x] (i=1) [ 5%]"), of("FAILED", "a.py::t"));
        assert_eq!(progress("a.py::t SUBPASSED[m - x] (i=1) [ 5%]"), None);
        assert_eq!(progress("a.py::t prints PASSED"), None);
    }

    #[test]
    fn letters_are_tests() {
        assert_eq!(dots("..F.s     [100%]"), Some(("..F.s", true)));
        assert_eq!(dots("tests/test_a.py ..F [ 50%]"), Some(("..F", false)));
        assert_eq!(dots("loading... [ 50%]"), None);
        assert_eq!(dots("some words. [ 50%]"), None);
    }

    #[test]
    fn a_subtest_belongs_to_its_test() {
        let told = summary_line("SUBFAILED[m - x] (i=1) a.py::test_s - assert 1 != 1", 1).unwrap();
        assert_eq!((told.word.as_str(), told.id.as_str()), ("FAILED", "a.py::test_s"));
        assert_eq!(told.message.as_deref(), Some("[m - x] (i=1) assert 1 != 1"));
    }
}
