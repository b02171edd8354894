//! The suite that was asked for.

use std::collections::BTreeMap;
use std::path::Path;

use audit_run::suite::{self, Suite};
use audit_run::{builtin, document};
use contract::{InputRef, Sha256};
use plumb::{Failure, Run, Source};

use crate::args::Args;

/// A suite and where it came from.
pub struct Loaded {
    pub suite: Suite,
    pub sha256: Sha256,
    pub inputs: Vec<InputRef>,
}

/// Reads the suite: a built-in one if there is one of that name, else a file.
pub fn suite(args: &Args, run: &mut Run) -> Result<Loaded, Failure> {
    let set = args.parameters();
    if let Some(builtin) = args.suite.to_str().and_then(builtin::find) {
        let source = format!("built-in suite {}", builtin.name);
        let suite = parse(&source, builtin.text, &set, run)?;
        return Ok(Loaded {
            suite,
            sha256: document::digest(builtin.text.as_bytes()),
            inputs: vec![],
        });
    }
    let input = run
        .read(&Source::from_operand(&args.suite))
        .map_err(|failure| unknown(&args.suite).unwrap_or(failure))?;
    let inputs = vec![InputRef::new(&input.digest.name, input.digest.bytes, input.digest.sha256)];
    let suite = parse(&input.source.to_string(), input.text()?, &set, run)?;
    Ok(Loaded { suite, sha256: Sha256::new(input.digest.sha256), inputs })
}

/// What to say where no file is of the name that was given: it was to be a suite's.
fn unknown(name: &Path) -> Option<Failure> {
    if name == Path::new("-") || name.exists() {
        return None;
    }
    let shown = name.display().to_string();
    let near = builtin::ALL.iter().map(|suite| suite.name).find(|known| {
        let same = known.bytes().zip(shown.bytes()).take_while(|(a, b)| a.eq_ignore_ascii_case(b));
        same.count() >= 4
    });
    let with_ending = name.with_extension("toml");
    let near = match (near, with_ending.exists()) {
        (_, true) => format!("; did you mean the file {}?", with_ending.display()),
        (Some(near), _) => format!("; did you mean {near}?"),
        (None, false) => String::new(),
    };
    let names: Vec<&str> = builtin::ALL.iter().map(|suite| suite.name).collect();
    let message =
        format!("is no file, and no built-in suite (these are {}){near}", names.join(" and "));
    Some(Failure::new(message).at(shown))
}

/// All mistakes are reported, not only the first.
fn parse(
    source: &str,
    text: &str,
    set: &BTreeMap<String, String>,
    run: &mut Run,
) -> Result<Suite, Failure> {
    let errors = match suite::load(text, set) {
        Ok(suite) => return Ok(suite),
        Err(errors) => errors,
    };
    let mut failures = errors
        .into_iter()
        .map(|error| Failure::new(error.message).at(source).line(error.line))
        .rev();
    let last = failures.next().unwrap_or_else(|| Failure::new("cannot be used").at(source));
    for failure in failures.rev() {
        run.report(&failure);
    }
    Err(last)
}
