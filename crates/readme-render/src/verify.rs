//! Whether what a ledger says still holds.

use contract::ledger::{Changed, Ledger, Moved, Verification};
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

/// Values that were used and are not what they were.
fn changed(book: &Ledger, trees: &[Option<Tree>]) -> Vec<Changed> {
    let mut changed = Vec::new();
    for origin in &book.sources {
        let input = origin.input.and_then(|input| usize::try_from(input).ok());
        let Some(index) = input else { continue };
        let Some(Some(tree)) = trees.get(index) else { continue };
        let now = at(tree, &origin.pointer).map(json::bare);
        let (value, sha256) = now.as_ref().map_or((None, None), ledger::recorded);
        if now.is_some() == origin.present && value == origin.value && sha256 == origin.sha256 {
            continue;
        }
        let shown = |value: &Option<String>, sha256: &Option<Sha256>, there: bool| match there {
            false => "nothing".to_owned(),
            true => value.clone().unwrap_or_else(|| {
                sha256.as_ref().map_or_else(String::new, |sha256| format!("sha256 {sha256}"))
            }),
        };
        changed.push(Changed {
            path: origin.path.clone(),
            file: book.inputs.get(index).map_or_else(String::new, |input| input.path.clone()),
            pointer: origin.pointer.clone(),
            was: shown(&origin.value, &origin.sha256, origin.present),
            is: shown(&value, &sha256, now.is_some()),
        });
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
