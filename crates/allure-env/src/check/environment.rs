//! The files beside the results.

use contract::allure::FindingRule;
use serde::Deserialize;

use crate::{beside, properties};

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

pub(super) fn check(checker: &mut Checker, path: &[u8], name: &[u8], bytes: &[u8]) {
    match name {
        name if name.ends_with(b"-globals.json") => globals(checker, path, bytes),
        b"environment.properties" => {
            if let Some(why) = beside::garbled(bytes) {
                unreadable(checker, path, why);
            }
            for line in properties::read(bytes).malformed {
                let message = format!(
                    "line {line} has a malformed \\u: Allure 2 ends without a report, Allure 3 \
                     shows no environment (write repairs it)"
                );
                unreadable(checker, path, &message);
            }
        }
        name if beside::fatal(name, bytes).is_some() => {
            let why = beside::fatal(name, bytes).unwrap_or_default();
            let message = format!("{why}: Allure 2 ends without any report");
            checker.error(path, FindingRule::EndsAllure2, message);
        }
        b"executor.json" if !beside::executor(bytes) => unreadable(
            checker,
            path,
            "no generator shows this executor: an object of texts is expected, with a whole number \
             as buildOrder",
        ),
        b"categories.json" => {
            if let Some(why) = beside::categories(bytes) {
                unreadable(checker, path, why);
            }
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
