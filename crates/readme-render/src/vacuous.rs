//! Words of success that nothing stands behind.
//!
//! "No failures" is true of a run in which nothing ran. So a word of success is refused if it
//! depends on nothing but zeros and empty lists, and nothing near them was counted.

use crate::places::{Place, PlaceId, Places, Src, Step};
use crate::value::Val;

/// Words of success, lower case.
const GREEN: [&str; 18] = [
    "pass",
    "passed",
    "passes",
    "passing",
    "success",
    "successful",
    "succeeded",
    "verified",
    "compliant",
    "clean",
    "healthy",
    "secure",
    "green",
    "brightgreen",
    "ok",
    "clear",
    "zero",
    "certified",
];

/// Signs of success.
const SIGNS: [char; 5] = ['✅', '✔', '✓', '🟢', '☑'];

/// Words before a word of success that take it back.
const NOT: [&str; 9] = ["no", "not", "none", "never", "without", "nothing", "only", "un", "0"];

/// Keys that count what was executed.
const COUNTS: [&str; 15] = [
    "total",
    "tests",
    "passed",
    "failed",
    "failures",
    "errors",
    "error",
    "broken",
    "executed",
    "collected",
    "count",
    "checks",
    "cases",
    "numtotaltests",
    "successful",
];

/// Maps that hold such counts for what is around them.
const TOTALS: [&str; 5] = ["totals", "summary", "stats", "statistic", "counts"];

/// The word or sign of success in `text`, if there is one that is not taken back.
#[must_use]
pub fn green(text: &str) -> Option<String> {
    if !text.is_ascii()
        && let Some(sign) = text.chars().find(|c| SIGNS.contains(c))
    {
        return Some(sign.to_string());
    }
    let is = |word: &str, known: &[&str]| known.iter().any(|one| one.eq_ignore_ascii_case(word));
    let mut before: [&str; 4] = [""; 4];
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if is(word, &GREEN) && !before.iter().any(|word| is(word, &NOT)) {
            return Some(word.to_owned());
        }
        before.rotate_left(1);
        before[3] = word;
    }
    None
}

/// The place because of which `src` proves nothing: all of it is zero, empty or absent, and
/// nothing around it was counted.
#[must_use]
pub fn unbacked(places: &Places, src: &Src) -> Option<PlaceId> {
    let ids = src.ids();
    let all_empty = !ids.is_empty()
        && ids.iter().all(|id| places.get(*id).is_none_or(|place| is_empty(&place)));
    if all_empty && !ids.iter().any(|id| backed(places, *id) == Some(true)) {
        return ids.first().copied();
    }
    None
}

/// The place of a word of success in the data that stands beside counts which are all zero.
#[must_use]
pub fn hollow(places: &Places, src: &Src) -> Option<PlaceId> {
    src.ids().iter().copied().find(|id| {
        let word = places.get(*id).and_then(|place| place.val);
        matches!(&word, Some(Val::Str(word)) if green(word).is_some())
            && backed(places, *id) == Some(false)
    })
}

fn is_empty(place: &Place) -> bool {
    match &place.val {
        None => true,
        Some(Val::Int(value)) => *value == 0,
        Some(Val::Float(value)) => *value == 0.0,
        Some(val) => !val.truth(),
    }
}

/// Whether something was executed, as far as what is around a place says: counts first, the
/// nearest ones decide; where there is none, lists that are not empty. `None`: nothing is said.
fn backed(places: &Places, id: PlaceId) -> Option<bool> {
    let mut listed = None;
    let mut next = places.get(id).and_then(|place| place.parent);
    while let Some(place) = next.and_then(|id| places.get(id)) {
        if let Some(Val::Map(map)) = &place.val {
            let map = map.borrow();
            if let Some(counted) = counted(&map) {
                return Some(counted);
            }
            let full = map.iter().any(|(key, value)| {
                key.as_str() != Some("inputs")
                    && matches!(&value.val, Val::List(items) if !items.borrow().is_empty())
            });
            if full {
                listed = Some(true);
            }
        }
        if matches!(place.step, Step::Root(..)) {
            break;
        }
        next = place.parent;
    }
    listed
}

/// Whether a count in the map, or in its totals, is above zero; `None` if it has none.
fn counted(map: &crate::map::Map) -> Option<bool> {
    let mut found = None;
    for (key, value) in map.iter() {
        let Some(key) = key.as_str().map(str::to_ascii_lowercase) else { continue };
        let number = match &value.val {
            Val::Int(value) => Some(*value > 0),
            Val::Map(inner) if TOTALS.contains(&key.as_str()) => counted(&inner.borrow()),
            _ => None,
        };
        let counts = COUNTS.contains(&key.as_str()) || TOTALS.contains(&key.as_str());
        if let (true, Some(positive)) = (counts, number) {
            found = Some(found.unwrap_or(false) || positive);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::green;

    #[test]
    fn words_of_success_are_told_from_their_denial() {
        for text in ["PASSED", "Build: ✅", "zero-cve verified", "badge/x-brightgreen"] {
            assert!(green(text).is_some(), "{text}");
        }
        for text in ["No check passed", "not verified", "bypass", "passport", "failed"] {
            assert!(green(text).is_none(), "{text}");
        }
    }
}
