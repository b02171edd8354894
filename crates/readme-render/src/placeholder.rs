//! Values that stand where evidence should be.

use crate::value::Val;

/// Words that mean "there is nothing", whole and in any case.
const WORDS: [&str; 14] = [
    "n/a",
    "na",
    "tbd",
    "tba",
    "todo",
    "fixme",
    "xxx",
    "#",
    "?",
    "null",
    "undefined",
    "changeme",
    "placeholder",
    "nan",
];

/// What the value says instead of a value, if it does: `"N/A"`, `"manual-run-id"`, `null`.
#[must_use]
pub fn word(val: &Val) -> Option<String> {
    let text = match val {
        Val::None => return Some("null".to_owned()),
        Val::Str(text) => text.trim(),
        _ => return None,
    };
    let lower = text.to_ascii_lowercase();
    let is_word = text.len() <= 16 && WORDS.contains(&lower.as_str());
    // The defaults of a run outside CI, such as `manual-run-id` and `manual-repo-name`.
    let manual = lower.strip_prefix("manual-").is_some_and(|rest| {
        ["run", "repo", "build", "commit", "sha", "ref", "actor"]
            .iter()
            .any(|what| rest.starts_with(what))
    });
    (is_word || manual).then(|| format!("{text:?}"))
}

#[cfg(test)]
mod tests {
    use super::word;
    use crate::value::Val;

    #[test]
    fn words_for_nothing_are_told_from_values() {
        for text in ["N/A", " tbd ", "#", "manual-run-id", "manual-repo-name", "NaN"] {
            assert!(word(&Val::str(text)).is_some(), "{text}");
        }
        for text in ["0", "unknown", "none", "manual-control-7", "nano", "", "NA-1"] {
            assert!(word(&Val::str(text)).is_none(), "{text}");
        }
        assert!(word(&Val::None).is_some() && word(&Val::Int(0)).is_none());
    }
}
