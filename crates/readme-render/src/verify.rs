//! Whether what a ledger says still holds.

use std::collections::BTreeMap;

use contract::ledger::{Changed, Ledger, Moved, Origin, Verification};
use contract::{Generator, InputRef, Sha256, Tag};
use sha2::{Digest, Sha256 as Hasher};

use crate::data::{self, Syntax, Tree};
use crate::json;
use crate::ledger;

/// What is found of one file that a ledger names; `None` if it cannot be read.
pub type Found = Option<Vec<u8>>;

/// Compares `ledger` with its inputs and outputs as they are now (in its order).
///
/// A file with another digest is named; of a data file, each value that was used and differs.
#[must_use]
pub fn verify(
    generator: Generator,
    source: InputRef,
    book: &Ledger,
    inputs: &[Found],
    outputs: &[Found],
) -> Verification {
    let mut files = Vec::new();
    let expected = book.inputs.iter().map(|input| (&input.path, &input.sha256));
    let written = book.outputs.iter().map(|output| (&output.path, &output.sha256));
    let all = expected.zip(inputs).chain(written.zip(outputs));
    for ((path, expected), found) in all {
        if path == "-" {
            continue;
        }
        let found = found.as_deref().map(digest);
        if found.as_ref() != Some(expected) {
            files.push(Moved { path: path.clone(), expected: expected.clone(), found });
        }
    }
    let trees: Vec<Option<Tree>> = book
        .inputs
        .iter()
        .zip(inputs)
        .map(|(input, found)| match found.as_deref() {
            Some(bytes) if digest(bytes) != input.sha256 => {
                data::read(Syntax::of(&input.path), bytes).ok()
            }
            _ => None,
        })
        .collect();
    Verification {
        schema: Tag::new(),
        generator,
        inputs: vec![source],
        files,
        changed: changed(book, &trees),
    }
}

fn digest(bytes: &[u8]) -> Sha256 {
    Sha256::new(Hasher::digest(bytes).into())
}

/// Values that both ledgers use and that are not the same in them.
#[must_use]
pub fn compare(before: &Ledger, now: &Ledger) -> Vec<Changed> {
    let known: BTreeMap<&str, &Origin> =
        now.sources.iter().map(|origin| (origin.path.as_str(), origin)).collect();
    let pairs = before.sources.iter().filter_map(|was| Some((was, *known.get(&*was.path)?)));
    pairs
        .filter(|(was, is)| state(was) != state(is))
        .map(|(was, is)| difference(before, was, state(is)))
        .collect()
}

/// Whether something is there, and what.
type State<'a> = (bool, Option<&'a String>, Option<&'a Sha256>);

fn state(origin: &Origin) -> State<'_> {
    (origin.present, origin.value.as_ref(), origin.sha256.as_ref())
}

fn difference(book: &Ledger, was: &Origin, is: State<'_>) -> Changed {
    let shown = |(there, value, sha256): State<'_>| match (there, value, sha256) {
        (false, ..) => "nothing".to_owned(),
        (true, Some(value), _) => value.clone(),
        (true, None, Some(sha256)) => format!("sha256 {sha256}"),
        (true, None, None) => String::new(),
    };
    let file = was.input.and_then(|index| book.inputs.get(usize::try_from(index).ok()?));
    Changed {
        path: was.path.clone(),
        file: file.map_or_else(String::new, |input| input.path.clone()),
        pointer: was.pointer.clone(),
        was: shown(state(was)),
        is: shown(is),
    }
}

/// Values that were used and are not what they were.
fn changed(book: &Ledger, trees: &[Option<Tree>]) -> Vec<Changed> {
    let mut changed = Vec::new();
    for origin in &book.sources {
        let input = origin.input.and_then(|input| usize::try_from(input).ok());
        let Some(Some(tree)) = input.and_then(|index| trees.get(index)) else { continue };
        let now = at(tree, &origin.pointer).map(json::bare);
        let (value, sha256) = now.as_ref().map_or((None, None), ledger::recorded);
        let is = (now.is_some(), value.as_ref(), sha256.as_ref());
        if state(origin) != is {
            changed.push(difference(book, origin, is));
        }
    }
    changed
}

/// What a JSON pointer leads to.
fn at<'t>(tree: &'t Tree, pointer: &str) -> Option<&'t Tree> {
    pointer.split('/').skip(1).try_fold(tree, |tree, step| {
        let step = step.replace("~1", "/").replace("~0", "~");
        match tree {
            Tree::Map(entries) => entries.iter().find(|(key, _)| **key == *step).map(|(_, v)| v),
            Tree::List(items) => step.parse::<usize>().ok().and_then(|index| items.get(index)),
            Tree::Scalar(_) => None,
        }
    })
}
