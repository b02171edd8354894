//! `cargo test` (libtest's text).

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind, Span};

use crate::sink::{Count, DETAIL, Sink};
use crate::text::{Claim, Line, LineReader};
use crate::words;
use crate::xml::append;

/// The reader.
#[derive(Default)]
pub struct CargoTest {
    suite: String,
    run: Option<Region>,
    entries: Vec<Entry>,
    remarks: Vec<(u64, Effect, String)>,
    unnamed: Vec<(u64, CheckStatus, u64)>,
    counts: Vec<(u64, &'static str, u64, u64)>,
    results: u64,
    /// Whether a test program was named that has not begun.
    named: bool,
    trouble: Option<(u64, String)>,
    failed_build: Option<(u64, String)>,
    last: u64,
}

/// Between `running N tests` and `test result:`.
struct Region {
    expected: u64,
    line: u64,
    entries: Vec<Entry>,
    /// Names under the last `failures:`.
    listed: Vec<String>,
    listing: bool,
    /// The test whose captured output is being told.
    telling: Option<String>,
    /// A test that began its line and has not ended: with one thread the outcome comes later.
    pending: Option<String>,
}

impl LineReader for CargoTest {
    fn line(&mut self, line: &Line<'_>) {
        self.last = line.number;
        let text = crate::text::plain(line.text);
        let text = text.trim_end();
        if let Some(expected) = running(text).filter(|_| self.run.is_none()) {
            let (entries, listed) = (vec![], vec![]);
            self.named = false;
            self.run = Some(Region {
                expected,
                line: line.number,
                entries,
                listed,
                listing: false,
                telling: None,
                pending: None,
            });
        } else if let Some(mut region) = self.run.take() {
            match result(text).filter(|counts| counts[..4].iter().sum::<u64>() == region.expected) {
                Some(counts) => self.end(region, &counts, line.number),
                None if text.trim_start().starts_with("error: test failed")
                    || text.contains(" ... error: test failed")
                    || text.contains("process didn't exit successfully") =>
                {
                    self.abort(region, line.number, text);
                }
                None => {
                    region.line(line, text);
                    self.run = Some(region);
                }
            }
        } else {
            self.outside(line, text);
        }
    }

    fn name(&self) -> &'static str {
        "cargo-test"
    }

    fn claim(&self) -> Claim {
        if self.results > 0 || self.run.is_some() || self.failed_build.is_some() {
            Claim::Sure
        } else {
            Claim::No
        }
    }

    fn inside(&self) -> bool {
        self.run.is_some()
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("cargo-test");
        if let Some(region) = self.run.take() {
            let missing = region.expected.saturating_sub(region.entries.len() as u64);
            self.unnamed.push((region.line, CheckStatus::NotRun, missing));
            self.entries.extend(region.entries);
            sink.cut_off(self.last);
        }
        if self.named && self.results > 0 && self.failed_build.is_none() {
            sink.cut_off(self.last);
        }
        let failing = self
            .entries
            .iter()
            .any(|entry| matches!(entry.status, CheckStatus::Failed | CheckStatus::Broken));
        if let Some((line, text)) =
            self.failed_build.take().or(self.trouble.take().filter(|_| !failing))
        {
            let mut entry = Entry::new(None, "(build or run)".to_owned(), CheckStatus::Broken);
            entry.message = Some(text);
            entry.line = Some(line);
            self.entries.push(entry);
        }
        for entry in self.entries.drain(..) {
            sink.push(entry);
        }
        for (line, status, count) in self.unnamed.drain(..) {
            sink.unnamed("", Some(line), status, count);
        }
        for (line, name, declared, found) in self.counts.drain(..) {
            let effect =
                if name == "failed" && declared > found { Effect::Fail } else { Effect::None };
            sink.compare("", Some(line), Count { name, declared, found }, effect);
        }
        for (line, effect, message) in self.remarks.drain(..) {
            sink.remark(Some(line), RemarkKind::RunFailed, effect, message);
        }
    }
}

impl CargoTest {
    fn outside(&mut self, line: &Line<'_>, text: &str) {
        let trimmed = text.trim_start();
        if let Some(rest) = trimmed.strip_prefix("Running ") {
            self.suite = program(rest);
            self.named = true;
        } else if let Some(rest) = trimmed.strip_prefix("Doc-tests ") {
            self.suite = format!("doc-tests {rest}");
            self.named = true;
        } else if trimmed.starts_with("error: could not compile") || trimmed.starts_with("error[E")
        {
            self.failed_build.get_or_insert((line.number, trimmed.to_owned()));
        } else if trimmed.starts_with("error: test failed")
            || trimmed.starts_with("error: doctest failed")
            || trimmed.contains("process didn't exit successfully")
        {
            self.trouble.get_or_insert((line.number, trimmed.to_owned()));
        }
    }

    /// The counts of the end are held against the lines: what a test printed is no case.
    fn end(&mut self, mut region: Region, counts: &[u64; 5], line: u64) {
        self.results += 1;
        let [passed, failed, ignored, measured, filtered] = *counts;
        let listed = std::mem::take(&mut region.listed);
        let mut named: Vec<_> = region
            .entries
            .iter()
            .filter(|e| e.status == CheckStatus::Failed)
            .map(|e| e.name.clone())
            .collect();
        named.retain(|name| listed.contains(name) || listed.is_empty() && failed > 0);
        region.entries.retain(|e| e.status != CheckStatus::Failed || named.contains(&e.name));
        for name in listed
            .iter()
            .filter(|name| !named.contains(name))
            .take(usize::try_from(failed).unwrap_or(0))
        {
            region.entries.retain(|e| e.name != *name);
            let mut entry = Entry::new(None, name.clone(), CheckStatus::Failed);
            entry.line = Some(line);
            region.entries.push(entry);
        }
        for (name, status, declared) in [
            ("passed", CheckStatus::Passed, passed + measured),
            ("failed", CheckStatus::Failed, failed),
            ("ignored", CheckStatus::Skipped, ignored),
        ] {
            let found = region.entries.iter().filter(|e| e.status == status).count() as u64;
            self.counts.push((line, name, declared, found.min(declared)));
            if found > declared {
                drop_printed(&mut region.entries, status, found - declared);
            }
            self.unnamed.push((line, status, declared.saturating_sub(found)));
        }
        self.counts.retain(|(_, _, declared, found)| declared != found);
        self.unnamed.push((line, CheckStatus::NotRun, filtered));
        let suite = self.suite.clone();
        self.entries.extend(region.entries.into_iter().map(|entry| in_suite(entry, &suite)));
    }

    /// The process went away before its end.
    fn abort(&mut self, region: Region, line: u64, text: &str) {
        self.results += 1;
        let missing = region.expected.saturating_sub(region.entries.len() as u64);
        let at = text.find("error: test failed").unwrap_or(0);
        let region_pending = region.pending.clone().or(begun(&text[..at]).map(str::to_owned));
        let suite = self.suite.clone();
        self.entries.extend(region.entries.into_iter().map(|entry| in_suite(entry, &suite)));
        let name = region_pending.unwrap_or_else(|| "(the test program ended early)".to_owned());
        let mut entry = Entry::new(None, name, CheckStatus::Broken);
        (entry.line, entry.message) = (Some(line), Some(text.trim().to_owned()));
        self.entries.push(in_suite(entry, &suite));
        self.unnamed.push((line, CheckStatus::NotRun, missing.saturating_sub(1)));
    }
}

/// More lines than tests: `surplus` of them were printed by tests. A test prints before its own
/// line comes; and names without a module are odd among names with one.
fn drop_printed(entries: &mut Vec<Entry>, status: CheckStatus, surplus: u64) {
    let modules = entries.iter().any(|entry| entry.name.contains("::"));
    let mut left = surplus;
    for odd in [true, false] {
        entries.retain(|entry| {
            let candidate =
                entry.status == status && (!odd || modules && !entry.name.contains("::"));
            let drop = candidate && left > 0;
            left -= u64::from(drop);
            !drop
        });
    }
}

impl Region {
    fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    fn line(&mut self, line: &Line<'_>, text: &str) {
        if text == "failures:" {
            (self.listing, self.telling) = (true, None);
            self.listed.clear();
        } else if let Some(name) = told(text).filter(|name| self.has(name)) {
            (self.listing, self.telling) = (false, Some(name.to_owned()));
        } else if let (true, Some(name)) = (self.listing, text.strip_prefix("    ")) {
            self.listed.push(name.to_owned());
        } else if let Some(name) = &self.telling {
            if let Some(entry) = self.entries.iter_mut().find(|entry| entry.name == *name) {
                let detail = entry.detail.get_or_insert_default();
                append(detail, text, DETAIL);
                append(detail, "\n", DETAIL);
            }
        } else if let Some((name, word)) = self.pending.clone().zip(outcome(text)) {
            self.pending = None;
            let mut entry = Entry::new(None, name, word.0);
            entry.line = Some(line.number);
            self.entries.push(entry);
        } else if let (None, Some(name)) = (&self.pending, begun(text)) {
            self.pending = Some(name.to_owned());
        } else if self.pending.is_some() {
            // Printed by the test that runs.
        } else if let Some((name, status, reason)) = test_line(text) {
            let mut entry = Entry::new(None, name.to_owned(), status);
            entry.message = reason.map(str::to_owned);
            entry.line = Some(line.number);
            entry.bytes = Some(Span { start: line.offset, end: line.end() });
            self.entries.push(entry);
        }
    }
}

/// `---- NAME stdout ----`, or `---- NAME ----` of libtest-mimic.
fn told(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("---- ")?.strip_suffix(" ----")?;
    Some(rest.strip_suffix(" stdout").unwrap_or(rest))
}

fn in_suite(mut entry: Entry, suite: &str) -> Entry {
    if !suite.is_empty() {
        entry.id = format!("{suite}::{}", entry.name);
        entry.suite = Some(suite.to_owned());
    }
    if entry.status == CheckStatus::Failed {
        let said = |line: &&str| !line.trim().is_empty() && !line.starts_with("thread '");
        let detail = entry.detail.clone().unwrap_or_default();
        entry.message =
            entry.message.or_else(|| detail.lines().find(said).and_then(words::present));
    }
    entry
}

/// What tells a test program from the others of a workspace, and is the same in the next build:
/// the crate for `unittests src/lib.rs (target/debug/deps/CRATE-HASH)`, the path of the source for
/// `tests/NAME.rs (…)`.
fn program(told: &str) -> String {
    let (source, binary) = told.strip_suffix(')').and_then(|rest| rest.split_once(" (")).unzip();
    let (source, binary) = (source.unwrap_or(told), binary.unwrap_or(told));
    let file = binary.rsplit(['/', '\\']).next().unwrap_or(binary);
    let file = file.strip_suffix(".exe").unwrap_or(file);
    let name = match file.rsplit_once('-') {
        Some((name, hash)) if hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            name
        }
        _ => file,
    };
    match source {
        "unittests" | "unittests src/lib.rs" | "unittests src\\lib.rs" => name.to_owned(),
        _ if source == binary => name.to_owned(),
        _ => match source.strip_prefix("unittests ") {
            Some(_) => format!("bin/{name}"),
            None => source.to_owned(),
        },
    }
}

fn running(text: &str) -> Option<u64> {
    let rest = text.strip_prefix("running ")?;
    let number = rest.strip_suffix(" tests").or_else(|| rest.strip_suffix(" test"))?;
    number.parse().ok()
}

/// `test NAME ... ok`.
fn test_line(text: &str) -> Option<(&str, CheckStatus, Option<&str>)> {
    let (name, word) = text.strip_prefix("test ")?.split_once(" ... ")?;
    let name = name.strip_suffix(" - should panic").unwrap_or(name);
    let (status, reason) = outcome(word)?;
    // libtest-mimic pads names, so that the outcomes stand in one column.
    Some((name.trim_end(), status, reason))
}

/// `test NAME ... ` with anything else than an outcome behind it.
fn begun(text: &str) -> Option<&str> {
    let (name, rest) = text.strip_prefix("test ")?.split_once(" ...")?;
    let name = name.strip_suffix(" - should panic").unwrap_or(name);
    (!name.contains(' ') && test_line(text).is_none() && (rest.is_empty() || rest.starts_with(' ')))
        .then_some(name)
}

fn outcome(word: &str) -> Option<(CheckStatus, Option<&str>)> {
    let (word, reason) =
        word.split_once(", ").map_or((word, None), |(word, reason)| (word, Some(reason)));
    let status = match word.split(" <").next().unwrap_or(word) {
        "ok" => CheckStatus::Passed,
        "FAILED" => CheckStatus::Failed,
        "ignored" => CheckStatus::Skipped,
        word if word.starts_with("bench:") => CheckStatus::Passed,
        _ => return None,
    };
    Some((status, reason))
}

/// Passed, failed, ignored, measured, filtered out.
fn result(text: &str) -> Option<[u64; 5]> {
    let rest = text.strip_prefix("test result: ")?;
    let words = ["passed", "failed", "ignored", "measured", "filtered out"];
    let mut counts = [0; 5];
    for (slot, word) in words.iter().enumerate() {
        let part = rest.split([';', '.']).find(|part| part.trim_end().ends_with(word))?;
        counts[slot] = part.trim().split(' ').next()?.parse().ok()?;
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::program;

    #[test]
    fn a_program_has_the_same_name_in_the_next_build() {
        for (told, name) in [
            ("unittests src/lib.rs (target/debug/deps/allure_env-03eadf441f9baa20)", "allure_env"),
            (
                "unittests src/main.rs (target/debug/deps/allure_env-95bf91dc6ecb8837)",
                "bin/allure_env",
            ),
            ("unittests (target/debug/deps/my_crate-95bf91dc6ecb8837)", "my_crate"),
            ("target/debug/deps/my_crate-95bf91dc6ecb8837", "my_crate"),
            ("tests/it.rs (target/debug/deps/it-dee96aece7f377b9)", "tests/it.rs"),
            ("unittests src\\lib.rs (target\\debug\\deps\\win-dee96aece7f377b9.exe)", "win"),
        ] {
            assert_eq!(program(told), name, "{told}");
        }
    }
}
