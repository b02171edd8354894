//! The files beside the results.

use contract::allure::FindingRule;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::properties;

use super::Checker;

/// What an adapter writes about errors outside of any test (`*-globals.json`).
#[derive(Deserialize)]
struct Globals {
    errors: Option<Vec<GlobalError>>,
}

#[derive(Deserialize)]
struct GlobalError {
    message: Option<String>,
}

/// `executor.json`, as strict as Allure 2 reads it.
#[derive(Deserialize)]
struct Executor {
    #[serde(rename = "buildOrder")]
    _build_order: Option<i64>,
}

pub(super) fn check(checker: &mut Checker, path: &[u8], name: &[u8], bytes: &[u8]) {
    match name {
        name if name.ends_with(b"-globals.json") => globals(checker, path, bytes),
        b"environment.properties" => {
            for line in properties::read(bytes).malformed {
                let message = format!(
                    "line {line} has a malformed \\u: Allure 2 ends without a report, Allure 3 \
                     shows no environment (write repairs it)"
                );
                unreadable(checker, path, &message);
            }
        }
        b"executor.json" if serde_json::from_slice::<Executor>(bytes).is_err() => unreadable(
            checker,
            path,
            "no generator shows this executor: an object is expected, with a whole number as \
             buildOrder",
        ),
        b"categories.json" if serde_json::from_slice::<Vec<IgnoredAny>>(bytes).is_err() => {
            unreadable(checker, path, "Allure 2 ignores these categories: an array is expected");
        }
        _ => {}
    }
}

fn unreadable(checker: &mut Checker, path: &[u8], message: &str) {
    checker.error(path, FindingRule::EnvironmentUnreadable, message.to_owned());
}

fn globals(checker: &mut Checker, path: &[u8], bytes: &[u8]) {
    match serde_json::from_slice::<Globals>(bytes) {
        Err(error) => {
            let message = format!("is not what an adapter writes: {error}");
            checker.error(path, FindingRule::Dropped, message);
        }
        Ok(globals) => {
            for error in globals.errors.unwrap_or_default() {
                let message = error.message.unwrap_or_default();
                let first = message.lines().next().unwrap_or("no message").to_owned();
                let message =
                    format!("an error outside of any test, whose results may be missing: {first}");
                checker.error(path, FindingRule::GlobalError, message);
            }
        }
    }
}
