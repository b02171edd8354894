//! The files beside the results: what the generators make of them.

use crate::properties;
use crate::result::{List, Loose, object};

/// The files that [`fatal`] looks at.
pub const NAMES: [&[u8]; 3] = [b"environment.properties", b"executor.json", b"categories.json"];

object! {
    /// A category.
    Category {
        name: Loose<'a> = "name",
        statuses: List<Loose<'a>> = "matchedStatuses",
    }
}

object! {
    /// `executor.json`.
    Executor {
        name: Loose<'a> = "name",
        kind: Loose<'a> = "type",
        url: Loose<'a> = "url",
        build_order: Loose<'a> = "buildOrder",
        build_name: Loose<'a> = "buildName",
        build_url: Loose<'a> = "buildUrl",
        report_name: Loose<'a> = "reportName",
        report_url: Loose<'a> = "reportUrl",
    }
}

/// Whether Allure 2 shows this executor.
pub(crate) fn executor(bytes: &[u8]) -> bool {
    let Ok(executor) = serde_json::from_slice::<Executor<'_>>(bytes) else { return false };
    let texts = [
        &executor.name,
        &executor.kind,
        &executor.url,
        &executor.build_name,
        &executor.build_url,
        &executor.report_name,
        &executor.report_url,
    ];
    !executor.wrong
        && executor.build_order.java_long().is_ok()
        && texts.iter().all(|text| text.java_text().is_ok())
}

/// What an executor calls itself, its build and where that is; `None` if it says nothing of it.
#[must_use]
pub fn executor_text(bytes: &[u8]) -> Option<String> {
    let executor = serde_json::from_slice::<Executor<'_>>(bytes).ok()?;
    let parts = [&executor.name, &executor.build_name, &executor.build_url];
    let parts: Vec<&str> =
        parts.iter().filter_map(|part| part.js_text()).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Why Allure 2 does not show these categories.
pub(crate) fn categories(bytes: &[u8]) -> Option<&'static str> {
    let Ok(categories) = serde_json::from_slice::<Vec<Category<'_>>>(bytes) else {
        return Some("Allure 2 ignores these categories: an array is expected");
    };
    if categories.iter().any(|category| category.wrong) {
        return Some("Allure 2 ignores these categories: an array of objects is expected");
    }
    let nameless = |category: &Category<'_>| matches!(category.name, Loose::Absent | Loose::Null);
    categories.iter().any(nameless).then_some(
        "a category has no name: Allure 2 ends without any report as soon as a result matches it",
    )
}

/// Why one of the generators shows these properties other than they were meant.
pub(crate) fn garbled(bytes: &[u8]) -> Option<&'static str> {
    if bytes.contains(&0) {
        Some("holds NUL bytes: both generators show them as they are (is it UTF-16?)")
    } else if bytes.starts_with(b"\xef\xbb\xbf") {
        Some(
            "begins with a byte order mark: Allure 3 takes it for a part of the first name (write repairs it)",
        )
    } else if std::str::from_utf8(bytes).is_err() {
        Some("is not UTF-8: Allure 3 shows U+FFFD (write repairs it)")
    } else {
        None
    }
}

/// Why Allure 2 makes no report of a directory with this file in it.
#[must_use]
pub fn fatal(name: &[u8], bytes: &[u8]) -> Option<String> {
    match name {
        b"environment.properties" => properties::read(bytes)
            .malformed
            .first()
            .map(|line| format!("line {line} has a malformed \\u (write repairs it)")),
        b"executor.json" | b"categories.json" if bytes.trim_ascii() == b"null" => {
            Some("is null".to_owned())
        }
        b"categories.json" => {
            let categories: Vec<Option<Category<'_>>> = serde_json::from_slice(bytes).ok()?;
            let null = |category: &Option<Category<'_>>| {
                category.as_ref().is_none_or(|category| category.statuses == List::Null)
            };
            let why = || "a category is null, or its list of statuses".to_owned();
            categories.iter().any(null).then(why)
        }
        _ => None,
    }
}

/// Whether an XML file that begins like this is a JUnit report, which both generators count.
#[must_use]
pub fn foreign(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let mut rest = &*text;
    let root = loop {
        let Some((_, tag)) = rest.split_once('<') else { return false };
        rest = match tag.strip_prefix("!--") {
            Some(comment) => comment.split_once("-->").map_or("", |(_, after)| after),
            None => tag,
        };
        if tag.starts_with(char::is_alphabetic) {
            break tag;
        }
    };
    let name = root.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next();
    matches!(name, Some("testsuite" | "testsuites"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_allure_2_is_told() {
        let fatal = |name: &str, text: &str| fatal(name.as_bytes(), text.as_bytes()).is_some();
        assert!(fatal("environment.properties", "a=1\np=C:\\users\n"));
        assert!(fatal("executor.json", " null\n"));
        for json in ["null", "[null]", r#"[{"name":"a","matchedStatuses":null}]"#] {
            assert!(fatal("categories.json", json), "{json}");
        }
    }

    #[test]
    fn an_executor_is_told_in_a_line() {
        let json = br#"{"name":"CI","buildName":"","buildUrl":"http://ci/7","buildOrder":7}"#;
        assert_eq!(executor_text(json).unwrap(), "CI, http://ci/7");
        assert_eq!(executor_text(b"{}"), None);
        assert_eq!(executor_text(b"{"), None);
    }

    #[test]
    fn a_junit_report_is_known_by_its_root() {
        let head = "<?xml version=\"1.0\"?>\n<!-- <a> -->\n<testsuites name=\"x\">";
        assert!(foreign(head.as_bytes()));
        assert!(foreign(b"<testsuite/>"));
        assert!(!foreign(b"<html><testsuite>"));
        assert!(!foreign(b"no xml"));
    }

    #[test]
    fn what_allure_2_only_ignores_is_not() {
        let fatal = |name: &str, text: &str| fatal(name.as_bytes(), text.as_bytes()).is_some();
        assert!(!fatal("environment.properties", "p=C:\\\\users\n"));
        assert!(!fatal("executor.json", "[]"));
        for json in ["{}", "[", r#"[{"name":"a"}]"#, r#"[{"matchedStatuses":["failed"]}]"#] {
            assert!(!fatal("categories.json", json), "{json}");
        }
    }
}
