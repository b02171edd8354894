//! The ledger of a rendering.

use std::collections::BTreeMap;

use contract::ledger::{
    Allowance, AllowedBy, Decided, Expression, Ledger, Origin, Output, Printed,
};
use contract::{Generator, InputRef, PathText, Sha256, Tag};
use sha2::{Digest, Sha256 as Hasher};

use crate::engine::Fault;
use crate::json;
use crate::places::{PlaceId, Src};
use crate::render::Rendered;
use crate::value::Val;

/// Longest scalar that is written out.
const LONGEST_VALUE: usize = 200;

/// The ledger of `rendered`, whose documents go to `paths` (their bytes, in the same order).
#[must_use]
pub fn ledger(
    generator: Generator,
    inputs: Vec<InputRef>,
    paths: &[Vec<u8>],
    rendered: &Rendered,
) -> Ledger {
    let mut book = Book::new(rendered);
    let (mut outputs, mut values, mut decisions) = (Vec::new(), Vec::new(), Vec::new());
    for (output, (document, path)) in rendered.documents.iter().zip(paths).enumerate() {
        let text = document.piece.text.as_bytes();
        let PathText { path, path_bytes } = PathText::new(path);
        outputs.push(Output {
            path,
            path_bytes,
            template: document.template.clone(),
            bytes: text.len() as u64,
            sha256: Sha256::new(Hasher::digest(text).into()),
        });
        for printed in &document.piece.printed {
            values.push(Printed {
                output: output as u64,
                start: printed.start as u64,
                end: printed.end as u64,
                expression: book.expression(&printed.template, printed.line, &printed.expression),
                sources: book.sources(&printed.src),
                safe: printed.safe.then_some(true),
            });
        }
        for decided in &document.piece.decided {
            decisions.push(Decided {
                output: output as u64,
                at: decided.at as u64,
                expression: book.expression(&decided.template, decided.line, decided.what),
                sources: book.sources(&decided.src),
            });
        }
    }
    let allowances = allowances(rendered);
    let Book { expressions, origins, .. } = book;
    Ledger {
        schema: Tag::new(),
        generator,
        inputs,
        outputs,
        expressions,
        sources: origins,
        values,
        decisions,
        allowances,
    }
}

/// Expressions and sources, each entered once.
struct Book<'r> {
    rendered: &'r Rendered,
    expressions: Vec<Expression>,
    known_expressions: BTreeMap<(String, u32, String), u64>,
    origins: Vec<Origin>,
    known_origins: BTreeMap<PlaceId, u64>,
}

impl<'r> Book<'r> {
    fn new(rendered: &'r Rendered) -> Self {
        Self {
            rendered,
            expressions: Vec::new(),
            known_expressions: BTreeMap::new(),
            origins: Vec::new(),
            known_origins: BTreeMap::new(),
        }
    }

    fn expression(&mut self, template: &str, line: u32, text: &str) -> u64 {
        let key = (template.to_owned(), line, text.to_owned());
        let next = self.expressions.len() as u64;
        let expressions = &mut self.expressions;
        *self.known_expressions.entry(key).or_insert_with(|| {
            expressions.push(Expression {
                template: template.to_owned(),
                line: line.into(),
                text: text.to_owned(),
            });
            next
        })
    }

    fn sources(&mut self, src: &Src) -> Vec<u64> {
        src.ids().iter().map(|id| self.source(*id)).collect()
    }

    fn source(&mut self, id: PlaceId) -> u64 {
        if let Some(known) = self.known_origins.get(&id) {
            return *known;
        }
        let places = &self.rendered.places;
        let (input, pointer) = places.pointer(id);
        let val = places.get(id).and_then(|place| place.val);
        let (value, sha256) = val.as_ref().map_or((None, None), recorded);
        let next = self.origins.len() as u64;
        self.origins.push(Origin {
            input: input.map(|input| input as u64),
            pointer,
            path: places.path(id),
            present: val.is_some(),
            value,
            sha256,
        });
        self.known_origins.insert(id, next);
        next
    }
}

/// A value as the ledger holds it: a short scalar as JSON, anything else by its digest.
#[must_use]
pub fn recorded(val: &Val) -> (Option<String>, Option<Sha256>) {
    let Ok(text) = json::write(val, None) else { return (None, None) };
    let scalar =
        matches!(val, Val::None | Val::Bool(_) | Val::Int(_) | Val::Float(_) | Val::Str(_));
    if scalar && text.len() <= LONGEST_VALUE {
        (Some(text), None)
    } else {
        (None, Some(Sha256::new(Hasher::digest(text.as_bytes()).into())))
    }
}

fn allowances(rendered: &Rendered) -> Vec<Allowance> {
    let mut uses: BTreeMap<(String, AllowedBy), u64> = BTreeMap::new();
    for document in &rendered.documents {
        for allowed in &document.allowed {
            *uses.entry((allowed.0.clone(), allowed.1)).or_default() += 1;
        }
    }
    for problem in rendered.problems.iter().filter(|problem| problem.fault == Fault::Lenient) {
        let path = problem.message.trim_end_matches(" is undefined");
        let path = path.split_once(" holds ").map_or(path, |(path, _)| path).to_owned();
        *uses.entry((path, AllowedBy::Lenient)).or_default() += problem.count;
    }
    uses.into_iter().map(|((path, by), uses)| Allowance { path, by, uses }).collect()
}
