//! The environment of a stage, as one table.

use std::collections::{BTreeMap, BTreeSet};

use super::label::Audit;
use crate::properties::Properties;

/// What every folder of a stage says: a property that all audits share under its own name, any
/// other one under `NAME (AUDIT)`. Allure 2 throws the values of one name together without order,
/// and Allure 3 takes the table of the last folder: so each folder has the whole table.
#[must_use]
pub fn properties(audits: &[(&Audit, &Properties)]) -> Properties {
    let keys: BTreeSet<&String> = audits.iter().flat_map(|(_, own)| own.keys()).collect();
    let mut all = BTreeMap::new();
    for key in keys {
        let values: BTreeSet<Option<&String>> =
            audits.iter().map(|(_, own)| own.get(key)).collect();
        match values.first() {
            Some(Some(value)) if values.len() == 1 => {
                all.insert(key.clone(), (*value).clone());
            }
            _ => {
                for (audit, own) in audits {
                    if let Some(value) = own.get(key) {
                        all.insert(format!("{key} ({})", audit.name), value.clone());
                    }
                }
            }
        }
    }
    for (number, (audit, _)) in audits.iter().enumerate() {
        all.insert(format!("audit {}", number + 1), audit.stamp());
    }
    all
}
