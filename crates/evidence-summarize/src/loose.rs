//! Fields of foreign JSON whose type nobody keeps to: one of them that is something else hides no
//! case. Nothing here turns what is odd into a pass: a word that is none is a word nobody knows.

use std::fmt;
use std::ops::Deref;

use contract::part::{Effect, RemarkKind};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::sink::{Count, Sink};

/// A value, as far as it is no list and no object.
enum Scalar {
    Text(String),
    Number(f64),
    Whole(u64),
    Bool(bool),
    Other,
}

struct Any;

impl<'de> Visitor<'de> for Any {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }

    #[allow(clippy::cast_precision_loss)]
    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(u64::try_from(value).map_or(Scalar::Number(value as f64), Scalar::Whole))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        Ok(Scalar::Whole(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

/// A text that only explains: anything else counts as absent.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match deserializer.deserialize_any(Any)? {
        Scalar::Text(text) => Some(text),
        _ => None,
    })
}

/// A duration, a time: anything else than a number counts as absent.
#[allow(clippy::cast_precision_loss)]
pub fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(match deserializer.deserialize_any(Any)? {
        Scalar::Number(number) => Some(number),
        Scalar::Whole(whole) => Some(whole as f64),
        _ => None,
    })
}

/// A word that says what became of a case. What is no text is no known word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word(String);

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match deserializer.deserialize_any(Any)? {
            Scalar::Text(text) => text,
            _ => "(no word)".to_owned(),
        }))
    }
}

/// Something that is so or not. What is neither may be so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flag(bool);

impl Flag {
    /// Whether it is so.
    pub fn said(self) -> bool {
        self.0
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(!matches!(deserializer.deserialize_any(Any)?, Scalar::Bool(false))))
    }
}

/// A declared count, whatever stands there.
#[derive(Clone, Debug, PartialEq)]
pub enum Declared {
    /// A count. More than can be counted is more than is there.
    Count(u64),
    /// What stands there instead.
    Odd(String),
}

impl Declared {
    /// The count, if it is one.
    pub fn count(&self) -> Option<u64> {
        match self {
            Self::Count(count) => Some(*count),
            Self::Odd(_) => None,
        }
    }
}

impl<'de> Deserialize<'de> for Declared {
    // The cast saturates.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match deserializer.deserialize_any(Any)? {
            Scalar::Whole(count) => Self::Count(count),
            Scalar::Number(number) if number >= 0.0 && number.fract() == 0.0 => {
                Self::Count(number as u64)
            }
            Scalar::Number(number) => Self::Odd(number.to_string()),
            Scalar::Text(text) => Self::Odd(format!("{text:?}")),
            Scalar::Bool(value) => Self::Odd(value.to_string()),
            Scalar::Other => Self::Odd("no number".to_owned()),
        })
    }
}

/// A declared count and what was found, with what it means if more are declared.
pub type Comparison<'a> = (&'static str, &'a Option<Declared>, u64, Effect);

/// Holds declared counts against what was found.
pub fn compare(counts: &[Comparison<'_>], sink: &mut Sink) {
    compare_in("", counts, sink);
}

/// The same for what is declared of one part of the document.
pub fn compare_in(scope: &str, counts: &[Comparison<'_>], sink: &mut Sink) {
    for (name, declared, found, effect) in counts {
        match declared {
            None => {}
            Some(Declared::Count(declared)) => {
                let effect = if declared > found { *effect } else { Effect::None };
                let count = Count { name, declared: *declared, found: *found };
                sink.compare(scope, None, count, effect);
            }
            Some(Declared::Odd(said)) => {
                let message = format!("a declared count cannot be read: {name} is {said}");
                sink.remark(None, RemarkKind::Malformed, Effect::None, message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_a_whole_number() {
        let read = |text: &str| serde_json::from_str::<Declared>(text).unwrap().count();
        assert_eq!(read("3"), Some(3));
        assert_eq!(read("3.0"), Some(3));
        assert_eq!(read("1e30"), Some(u64::MAX));
        for odd in ["-1", "1.5", "\"3\"", "null", "[3]", "{\"n\":3}", "true"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_is_no_text_is_no_known_word() {
        for odd in ["1", "true", "[\"passed\"]", "{\"status\":\"passed\"}"] {
            let word: Word = serde_json::from_str(odd).unwrap();
            assert_eq!(crate::words::outcome(&word), contract::CheckStatus::Unknown);
        }
    }
}
