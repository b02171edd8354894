//! From names as they are given to the records of the document, and back.

use std::borrow::Cow;

use contract::PathText;
use contract::names::{Collision, Name, Refused, Rule, Rules, Scheme};

use crate::{Refusal, asset, check_any, image, scheme, seed};

/// What names are held to, and how the safe ones are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Naming {
    /// What a name has to be.
    pub rules: Rules,
    /// How its safe name is made.
    pub scheme: Scheme,
}

impl Naming {
    /// The record of the name `given`, as bytes because it need not be UTF-8.
    ///
    /// # Errors
    /// The record of its refusal.
    pub fn name(self, given: &[u8]) -> Result<Name<'_>, Refused> {
        let input = text(given)?;
        self.make(input).map_err(|why| refused(given, why))
    }

    /// The record of the name whose safe name is `given`.
    ///
    /// # Errors
    /// The record of its refusal: also if the name found breaks the rules.
    pub fn original(self, given: &[u8]) -> Result<Name<'_>, Refused> {
        let safe = text(given)?;
        let found = scheme::decode(safe).and_then(|input| {
            let name = self.make(&input)?.into_owned();
            Ok(Name { safe: Cow::Borrowed(safe), ..name })
        });
        found.map_err(|why| refused(given, why))
    }

    fn make(self, input: &str) -> Result<Name<'_>, Refusal> {
        let mut name = Name {
            input: Cow::Borrowed(input),
            safe: Cow::Borrowed(""),
            registry: None,
            repository: None,
            tag: None,
            digest: None,
        };
        match self.rules {
            Rules::Any => check_any(input)?,
            Rules::Asset => asset::check(input)?,
            Rules::Seed => {}
            Rules::Image => {
                let image = image::parse(input)?;
                name.registry = Some(Cow::Borrowed(image.registry));
                name.repository = Some(image.repository);
                name.tag = image.tag.map(Cow::Borrowed);
                name.digest = image.digest.map(Cow::Borrowed);
            }
        }
        name.safe = Cow::Owned(match self.scheme {
            Scheme::Injective => scheme::encode(input),
            Scheme::Seed => seed(input)?,
        });
        Ok(name)
    }
}

fn text(given: &[u8]) -> Result<&str, Refused> {
    std::str::from_utf8(given)
        .map_err(|_| refused(given, Refusal::new(Rule::NotUtf8, "is not UTF-8")))
}

fn refused(given: &[u8], Refusal { rule, reason }: Refusal) -> Refused {
    let PathText { path: input, path_bytes: input_bytes } = PathText::new(given);
    Refused { input, input_bytes, rule, reason }
}

/// Different inputs with one safe name, by that name. The same input twice is no collision.
#[must_use]
pub fn collisions(mut pairs: Vec<(String, String)>) -> Vec<Collision> {
    pairs.sort();
    pairs.dedup();
    pairs
        .chunk_by(|(safe, _), (other, _)| safe == other)
        .filter(|pairs| pairs.len() > 1)
        .map(|pairs| Collision {
            safe: pairs[0].0.clone(),
            inputs: pairs.iter().map(|(_, input)| input.clone()).collect(),
        })
        .collect()
}
