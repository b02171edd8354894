//! What a check needs and when it applies: `command:openssl`, `provider:fips>=3.4`.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Something that has to be there for a check to run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// `command:NAME`: a command on the target's search path, or at an absolute path.
    Command(String),
    /// `file:PATH`: a file of the target.
    File(String),
    /// `parameter:NAME`: a parameter with a value.
    Parameter(String),
    /// `fact:NAME`: a fact that is known.
    Fact(String),
    /// `user:root`: the checks run as root.
    Root,
    /// `openssl` or `provider:NAME`, with or without a version.
    Subject(Condition),
}

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

impl Need {
    /// Reads a need as it stands in `requires`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let named = |name: &str| {
            if name.is_empty() {
                Err(format!("{text:?} names nothing"))
            } else {
                Ok(name.to_owned())
            }
        };
        match text.split_once(':') {
            Some(("command", name)) => named(name).map(Self::Command),
            Some(("file", path)) if path.starts_with('/') => Ok(Self::File(path.to_owned())),
            Some(("parameter", name)) => named(name).map(Self::Parameter),
            Some(("fact", name)) => named(name).map(Self::Fact),
            Some(("user", "root")) => Ok(Self::Root),
            _ => Condition::parse(text).map(Self::Subject).map_err(|_| {
                format!(
                    "expected command:NAME, file:/PATH, parameter:NAME, fact:NAME, user:root, openssl or \
                     provider:NAME (the last two with >=, < or = and a version, if one matters), \
                     found {text:?}"
                )
            }),
        }
    }

    /// What to do where the suite does not say it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Command(name) => {
                format!("install {name} on the target, or put it on the search path")
            }
            Self::File(path) => format!("provide {path} on the target"),
            Self::Parameter(name) => format!("give it: --set {name}=VALUE"),
            Self::Fact(name) => format!("use a target of which {name} is known"),
            Self::Root => "run the audit as root".to_owned(),
            Self::Subject(Condition { subject: Subject::Openssl, .. }) => {
                "use a target with that version of openssl".to_owned()
            }
            Self::Subject(Condition { subject: Subject::Provider(name), .. }) => {
                format!("install and activate OpenSSL's provider {name} on the target")
            }
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(name) => write!(f, "command:{name}"),
            Self::File(path) => write!(f, "file:{path}"),
            Self::Parameter(name) => write!(f, "parameter:{name}"),
            Self::Fact(name) => write!(f, "fact:{name}"),
            Self::Root => f.write_str("user:root"),
            Self::Subject(condition) => condition.fmt(f),
        }
    }
}

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

/// What is known of a target, to hold needs against.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Facts by name.
    pub facts: BTreeMap<String, String>,
    /// The commands and files that are there, of those that were asked for.
    pub present: BTreeSet<Need>,
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

    #[test]
    fn needs_are_written_as_they_are_read() {
        for text in [
            "command:openssl",
            "file:/etc/ssl",
            "parameter:x",
            "fact:image.id",
            "user:root",
            "openssl",
            "provider:fips>=3.5.7",
        ] {
            assert_eq!(Need::parse(text).unwrap().to_string(), text);
        }
        for text in
            ["", "command:", "file:x", "user:me", "provider:", "openssl>=", "openssl>3", "x"]
        {
            assert!(Need::parse(text).is_err(), "{text}");
        }
    }
}
