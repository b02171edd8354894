//! What single lines of `go test` say.

use contract::CheckStatus;

/// The end of a test: `--- PASS: Name (0.00s)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ended<'a> {
    pub status: CheckStatus,
    pub name: &'a str,
    pub seconds: Option<f64>,
    /// How many subtests deep the line stands, by its indentation.
    pub depth: usize,
    /// Whether the line begins with it; a test that ends its output without a newline pushes the
    /// end of the next one behind what it printed.
    pub own_line: bool,
}

/// The end of a test somewhere in `text`.
pub fn ended(text: &str) -> Option<Ended<'_>> {
    let at = text.rfind("--- ")?;
    let before = &text[..at];
    let own_line = before.bytes().all(|byte| byte == b' ');
    let (word, rest) = text[at + 4..].split_once(": ")?;
    let status = match word {
        "PASS" => CheckStatus::Passed,
        "FAIL" => CheckStatus::Failed,
        "SKIP" => CheckStatus::Skipped,
        _ => return None,
    };
    let (name, time) = rest.trim_end().rsplit_once(" (")?;
    let seconds = time.strip_suffix("s)")?.parse().ok();
    let depth = if own_line { before.len() / 4 } else { 0 };
    // Each level is four spaces, and each level is a slash of the name; a name may have more.
    let slashes = name.matches('/').count();
    let fits = (before.len().is_multiple_of(4) || !own_line) && depth <= slashes;
    let fits = fits && (!own_line || depth > 0 || slashes == 0);
    (fits && !name.is_empty()).then_some(Ended { status, name, seconds, depth, own_line })
}

/// `ok  \tpkg\t0.1s`, `FAIL\tpkg [build failed]`, `?   \tpkg\t[no test files]`.
pub fn package_end(text: &str) -> Option<(CheckStatus, &str, &str)> {
    let (word, rest) = text.split_once('\t')?;
    let status = match word.trim_end() {
        "ok" => CheckStatus::Passed,
        "FAIL" => CheckStatus::Failed,
        "?" => CheckStatus::NotRun,
        _ => return None,
    };
    let end = rest.find(['\t', ' ']).unwrap_or(rest.len());
    // A line that was cut off before its time says nothing yet.
    if status == CheckStatus::Passed && rest[end..].trim().is_empty() {
        return None;
    }
    Some((status, &rest[..end], rest[end..].trim()))
}

/// The test whose frame this is, in the dump of a panic: `ex.org/m.TestX(0xc000…)`; newer releases
/// list what was running (`\t\tTestX (1s)`).
pub fn frame(text: &str) -> Option<&str> {
    let name = match text.strip_prefix("\t\tTest") {
        Some(_) => text.trim_start().rsplit_once(" (")?.0,
        None if text.starts_with(char::is_alphanumeric) && text.ends_with(')') => {
            let at = text.find(".Test")?;
            text[at + 1..].split(['(', '.']).next()?
        }
        None => return None,
    };
    (!name.is_empty() && !name.contains(' ')).then_some(name)
}

/// Whether a line below the end of a test belongs to it: what it logged stands indented, what
/// ended it or what an example printed does not.
pub fn belongs(text: &str) -> bool {
    let own = ["    ", "panic: ", "\tpanic: ", "fatal error: ", "got:", "testing: "];
    own.iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_stands_where_its_name_says() {
        let name = |text| ended(text).map(|ended| ended.name.to_owned());
        assert_eq!(name("--- FAIL: TestA (0.00s)").as_deref(), Some("TestA"));
        assert_eq!(name("    --- FAIL: TestA/x_y (0.00s)").as_deref(), Some("TestA/x_y"));
        assert_eq!(name("no newline--- PASS: TestA (0.01s)").as_deref(), Some("TestA"));
        for printed in [
            "        --- FAIL: TestGhost (0.00s)",
            "            --- FAIL: TestA/x (0.00s)",
            "--- FAIL: TestA/x (0.00s)",
            "--- FAIL: TestA",
            "--- LAST: TestA (0.00s)",
        ] {
            assert_eq!(ended(printed), None, "{printed:?}");
        }
    }

    #[test]
    fn a_dump_names_the_test() {
        assert_eq!(frame("ex.org/t.TestHang(0xc000007860?)"), Some("TestHang"));
        assert_eq!(frame("ex.org/t.TestHang.func1()"), Some("TestHang"));
        assert_eq!(frame("\t\tTestHang (1s)"), Some("TestHang"));
        assert_eq!(frame("testing.tRunner(0xc000007ba0, 0x52f2f0)"), None);
        assert_eq!(frame("panic(x.Test y)"), None);
    }
}
