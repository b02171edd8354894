//! Categories of defects: the layers of the contract, told apart by what the message says.

use std::collections::BTreeMap;

use contract::Layer;
use serde::Serialize;

/// One entry of `categories.json` (Allure 2's `io.qameta.allure.category.Category`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Category {
    /// Its title in the report.
    pub name: &'static str,
    /// Statuses it takes.
    pub matched_statuses: &'static [&'static str],
    /// What the whole message has to match; any message if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_regex: Option<String>,
}

const NOT_PASSED: &[&str] = &["failed", "broken"];

/// What a message of a layer says, besides the layer's own name in brackets.
const SIGNS: [(Layer, &str, &[&str]); 4] = [
    (
        Layer::Toolchain,
        "Toolchain: compilers, interpreters, runners",
        &[
            "command not found",
            "cannot open shared object file",
            "version `[^']*' not found",
            "ModuleNotFoundError",
            "ImportError",
            "exec format error",
        ],
    ),
    (
        Layer::Environment,
        "Environment: machine, network, permissions, container runtime",
        &[
            "[Nn]o space left on device",
            "[Pp]ermission denied",
            "[Cc]onnection (?:refused|reset|timed out)",
            "[Nn]ame or service not known",
            "[Tt]emporary failure in name resolution",
            "[Cc]annot allocate memory",
        ],
    ),
    (Layer::Capability, "Capability: what the product is meant to do", &[]),
    (Layer::FaultInjection, "Fault injection: what the product is meant to survive", &[]),
];

/// One rule of Allure 3's configuration. It ignores the `categories.json` of results.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    name: &'static str,
    matchers: Vec<Matcher>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Matcher {
    statuses: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<BTreeMap<&'static str, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// The same categories for Allure 3, which also knows a layer by its label.
#[must_use]
pub fn rules() -> Vec<Rule> {
    let of = |category: Category| {
        let layer = SIGNS.iter().find(|(_, name, _)| *name == category.name);
        let statuses = category.matched_statuses;
        let by_label = layer.map(|(layer, _, _)| Matcher {
            statuses,
            labels: Some(BTreeMap::from([("layer", format!("^{}$", layer.word()))])),
            message: None,
        });
        let by_message = Matcher { statuses, labels: None, message: category.message_regex };
        Rule { name: category.name, matchers: by_label.into_iter().chain([by_message]).collect() }
    };
    all().into_iter().map(of).collect()
}

/// All categories, in the order in which a cause is looked for.
#[must_use]
pub fn all() -> Vec<Category> {
    let mut all: Vec<Category> = SIGNS
        .iter()
        .map(|(layer, name, signs)| Category {
            name,
            matched_statuses: NOT_PASSED,
            message_regex: Some(message(*layer, signs)),
        })
        .collect();
    all.push(Category {
        name: "Not executed: a prerequisite was missing",
        matched_statuses: &["skipped"],
        message_regex: None,
    });
    all.push(Category {
        name: "Outcome cannot be told",
        matched_statuses: &["unknown"],
        message_regex: None,
    });
    all
}

/// Matches a whole message of several lines in Java and in JavaScript alike.
fn message(layer: Layer, signs: &[&str]) -> String {
    let mut any = vec![format!("\\[{}\\]", layer.word())];
    any.extend(signs.iter().map(|sign| (*sign).to_owned()));
    format!("[\\s\\S]*(?:{})[\\s\\S]*", any.join("|"))
}

/// The text of `categories.json`.
#[must_use]
pub fn json() -> Vec<u8> {
    crate::plan::pretty(&all())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each layer has a category, and it takes the layer's own name.
    #[test]
    fn every_layer_is_a_category() {
        let all = all();
        for layer in Layer::ALL {
            let marker = format!("\\[{}\\]", layer.word());
            let of = |category: &&Category| {
                category.message_regex.as_deref().is_some_and(|regex| regex.contains(&marker))
            };
            assert_eq!(all.iter().filter(of).count(), 1, "{layer}");
        }
    }
}
