//! The exit status a step is expected to end with.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};

/// `0`, `[0, 1]` or `"nonzero"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// One of these.
    OneOf(Vec<i32>),
    /// Anything but 0.
    Nonzero,
}

impl Exit {
    /// Whether `status` is expected.
    #[must_use]
    pub fn holds(&self, status: i32) -> bool {
        match self {
            Self::OneOf(statuses) => statuses.contains(&status),
            Self::Nonzero => status != 0,
        }
    }

    /// Whether a failure of the command is what is expected.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        !self.holds(0)
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneOf(statuses) => {
                let words: Vec<_> = statuses.iter().map(ToString::to_string).collect();
                write!(f, "exit {}", words.join(" or "))
            }
            Self::Nonzero => f.write_str("an exit other than 0"),
        }
    }
}

impl<'de> Deserialize<'de> for Exit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyExit)
    }
}

struct AnyExit;

impl<'de> Visitor<'de> for AnyExit {
    type Value = Exit;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an exit status from 0 to 255, a list of them, or \"nonzero\"")
    }

    fn visit_i64<E: de::Error>(self, status: i64) -> Result<Exit, E> {
        one(status).map(|status| Exit::OneOf(vec![status]))
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Exit, E> {
        match word {
            "nonzero" => Ok(Exit::Nonzero),
            other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Exit, A::Error> {
        let mut statuses = Vec::new();
        while let Some(status) = list.next_element::<i64>()? {
            statuses.push(one(status)?);
        }
        if statuses.is_empty() {
            return Err(de::Error::invalid_length(0, &self));
        }
        Ok(Exit::OneOf(statuses))
    }
}

fn one<E: de::Error>(status: i64) -> Result<i32, E> {
    match i32::try_from(status) {
        Ok(status @ 0..=255) => Ok(status),
        _ => Err(E::invalid_value(de::Unexpected::Signed(status), &AnyExit)),
    }
}
