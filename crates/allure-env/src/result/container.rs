//! One `*-container.json`: the fixtures around results.

use super::inside::Inside;
use super::loose::{List, Loose};
use super::raw::Step;
use super::{allure2, not_json, object};

object! {
    /// `*-container.json`.
    RawContainer {
        children: List<Loose<'a>> = "children",
        befores: List<Step<'a>> = "befores",
        afters: List<Step<'a>> = "afters",
    }
}

/// A container file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Container {
    /// Why a generator drops its fixtures.
    pub dropped: Option<String>,
    /// Why Allure 2 ends without a report.
    pub fatal: Option<String>,
    /// The attachments of its fixtures.
    pub inside: Inside,
}

/// Reads a container file.
#[must_use]
pub fn container(bytes: &[u8]) -> Container {
    let dropped = |why: &str| Container { dropped: Some(why.to_owned()), ..Container::default() };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return dropped("is empty: it was never written to its end");
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return dropped("is not UTF-8") };
    let raw: RawContainer<'_> = match serde_json::from_str(text) {
        Ok(raw) => raw,
        Err(error) => return dropped(&not_json(&error)),
    };
    if raw.wrong || [&raw.befores, &raw.afters].iter().any(|list| **list == List::Wrong) {
        return dropped("is JSON, but no container");
    }
    let mut container = Container::default();
    for fixtures in [&raw.befores, &raw.afters] {
        if allure2::list(fixtures, allure2::step).is_err() {
            return dropped("a fixture has a field of a type that Allure 2 does not read");
        }
        if raw.children != List::Null
            && (fixtures.has_null() || fixtures.items().any(allure2::null_inside))
        {
            container.fatal = Some("a list of fixtures has a null element".to_owned());
        }
        fixtures.items().for_each(|fixture| container.inside.fixture(fixture));
    }
    container
}
