//! When a check applies: `provider:fips>=3.4`.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

/// A thing with a version, and which versions are meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// The thing.
    pub subject: Subject,
    /// Which versions; none: any.
    pub version: Option<(Operator, Vec<u64>)>,
}

/// A thing with a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// `openssl`: the command line tool.
    Openssl,
    /// `provider:NAME`: a provider that is active.
    Provider(String),
}

/// How a version is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operator {
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `=`: the same as far as the suite says it, so that 3.5.7 is `=3.5`.
    Is,
}

const OPERATORS: [(&str, Operator); 3] =
    [(">=", Operator::AtLeast), ("<", Operator::Below), ("=", Operator::Is)];

impl Condition {
    /// Reads a condition as it stands in `when`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "expected openssl or provider:NAME, then >=, < or = and a version, found {text:?}"
            )
        };
        let split = OPERATORS
            .iter()
            .filter_map(|(sign, operator)| Some((text.split_once(sign)?, *operator)))
            .next();
        let (subject, version) = match split {
            Some(((subject, version), operator)) => {
                let version = plain_version(version.trim()).ok_or_else(wrong)?;
                (subject.trim(), Some((operator, version)))
            }
            None => (text, None),
        };
        let subject = match subject.split_once(':') {
            None if subject == "openssl" => Subject::Openssl,
            Some(("provider", name)) if !name.is_empty() => Subject::Provider(name.to_owned()),
            _ => return Err(wrong()),
        };
        Ok(Self { subject, version })
    }

    /// Whether it holds; `None` if the version that would tell is not known.
    #[must_use]
    pub fn holds(&self, facts: &BTreeMap<String, String>) -> Option<bool> {
        let known = facts.get(&self.subject.fact());
        let Some((operator, wanted)) = &self.version else { return Some(known.is_some()) };
        let found = leading_version(known?)?;
        Some(match operator {
            Operator::AtLeast => compare(&found, wanted) != Ordering::Less,
            Operator::Below => compare(&found, wanted) == Ordering::Less,
            Operator::Is => {
                let same = found.iter().chain(std::iter::repeat(&0)).zip(wanted);
                same.into_iter().all(|(found, wanted)| found == wanted)
            }
        })
    }
}

impl Subject {
    /// The fact that holds its version.
    #[must_use]
    pub fn fact(&self) -> String {
        match self {
            Self::Openssl => "openssl.version".to_owned(),
            Self::Provider(name) => format!("provider.{name}.version"),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.subject {
            Subject::Openssl => f.write_str("openssl")?,
            Subject::Provider(name) => write!(f, "provider:{name}")?,
        }
        let Some((operator, version)) = &self.version else { return Ok(()) };
        let sign =
            OPERATORS.iter().find(|(_, known)| known == operator).map_or("", |(sign, _)| sign);
        let parts: Vec<_> = version.iter().map(ToString::to_string).collect();
        write!(f, "{sign}{}", parts.join("."))
    }
}

/// `3.5.7` and nothing else.
fn plain_version(text: &str) -> Option<Vec<u64>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

/// The numbers a version begins with: `3.6.0-dev` is 3.6.0.
fn leading_version(text: &str) -> Option<Vec<u64>> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    plain_version(text[..end].trim_end_matches('.'))
}

/// Absent parts count as 0.
fn compare(a: &[u64], b: &[u64]) -> Ordering {
    let length = a.len().max(b.len());
    let part = |version: &[u64], i: usize| version.get(i).copied().unwrap_or(0);
    (0..length).map(|i| part(a, i).cmp(&part(b, i))).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(condition: &str, version: &str) -> Option<bool> {
        let facts = BTreeMap::from([("provider.fips.version".to_owned(), version.to_owned())]);
        Condition::parse(condition).unwrap().holds(&facts)
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(holds("provider:fips>=3.4", "3.10.0"), Some(true));
        assert_eq!(holds("provider:fips>=3.4", "3.4"), Some(true));
        assert_eq!(holds("provider:fips<3.4", "3.3.9"), Some(true));
        assert_eq!(holds("provider:fips<3.4", "3.4.0-dev"), Some(false));
        assert_eq!(holds("provider:fips=3.5", "3.5.7"), Some(true));
        assert_eq!(holds("provider:fips=3.5.7", "3.5"), Some(false));
    }

    #[test]
    fn an_unknown_version_is_neither_true_nor_false() {
        assert_eq!(holds("provider:fips>=3.4", "unknown"), None);
        assert_eq!(Condition::parse("openssl<3").unwrap().holds(&BTreeMap::new()), None);
        assert_eq!(Condition::parse("openssl").unwrap().holds(&BTreeMap::new()), Some(false));
    }
}
