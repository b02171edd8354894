//! Allure 3's configuration of a stage.

use std::collections::BTreeMap;

use serde::Serialize;

use super::LABEL;
use super::label::Audit;
use crate::categories::{Rule, rules};
use crate::properties::Properties;

#[derive(Serialize)]
struct Data<'a> {
    environments: Vec<Environment<'a>>,
    categories: Vec<Rule>,
}

#[derive(Serialize)]
struct Environment<'a> {
    id: &'a str,
    name: &'a str,
    variables: BTreeMap<&'a str, &'a str>,
}

/// The text of `allurerc.mjs`. It is a module and no JSON because an environment without a matcher
/// function drops every result. Where the history of earlier runs
/// is kept is for the caller to say, in the variable `PROOFLINE_HISTORY`: a stage does not last.
#[must_use]
pub fn config(audits: &[(&Audit, &Properties)]) -> String {
    let environments = audits
        .iter()
        .map(|(audit, own)| {
            let mut variables: BTreeMap<&str, &str> =
                own.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            variables.insert("image", &audit.image);
            Environment { id: &audit.id, name: &audit.name, variables }
        })
        .collect();
    let data = Data { environments, categories: rules() };
    // Text from outside stands in here as JSON alone, which is JavaScript, too.
    let json = serde_json::to_string_pretty(&data).unwrap_or_default();
    format!(
        "const data = {json};\n\
         const history = process.env.PROOFLINE_HISTORY;\n\
         const of = (id) => ({{ labels }}) =>\n  \
           labels.some((label) => label.name === \"{LABEL}\" && label.value === id);\n\
         export default {{\n  \
           name: \"Audits side by side\",\n  \
           ...(history ? {{ historyPath: history }} : {{}}),\n  \
           environments: Object.fromEntries(data.environments.map(({{ id, name, variables }}) =>\n    \
             [id, {{ name, variables, matcher: of(id) }}])),\n  \
           categories: data.categories,\n\
         }};\n"
    )
}
