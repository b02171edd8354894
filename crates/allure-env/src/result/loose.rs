//! JSON values of any type where one is expected, and what Java and JavaScript make of them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A value of a field whose type nobody vouches for.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Loose<'a> {
    /// The field is not there.
    #[default]
    Absent,
    Null,
    Bool(bool),
    Int(i64),
    /// A number with a fraction, an exponent, or outside of 64 bits.
    Float(f64),
    Text(Cow<'a, str>),
    /// An array or an object.
    Nested,
}

/// The value has a type that Jackson does not turn into the expected one: it drops the whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mismatch;

impl Loose<'_> {
    /// As Jackson reads a `String`: scalars are taken as text.
    pub(crate) fn java_text(&self) -> Result<Option<Cow<'_, str>>, Mismatch> {
        match self {
            Self::Absent | Self::Null => Ok(None),
            Self::Text(text) => Ok(Some(Cow::Borrowed(text))),
            Self::Bool(value) => Ok(Some(Cow::Owned(value.to_string()))),
            Self::Int(value) => Ok(Some(Cow::Owned(value.to_string()))),
            Self::Float(value) => Ok(Some(Cow::Owned(value.to_string()))),
            Self::Nested => Err(Mismatch),
        }
    }

    /// As Jackson reads a `Long`: fractions are cut, digits in a string are taken.
    pub(crate) fn java_long(&self) -> Result<Option<i64>, Mismatch> {
        match self {
            Self::Absent | Self::Null => Ok(None),
            Self::Int(value) => Ok(Some(*value)),
            // 2^63 itself is out of range; every f64 below it is in range once it is cut.
            #[allow(clippy::cast_possible_truncation)]
            Self::Float(value) if value.abs() < 9_223_372_036_854_775_808.0 => {
                Ok(Some(*value as i64))
            }
            Self::Text(text) => match java_trim(text) {
                "" | "null" => Ok(None),
                digits => digits.parse().map(Some).map_err(|_| Mismatch),
            },
            Self::Float(_) | Self::Bool(_) | Self::Nested => Err(Mismatch),
        }
    }

    /// As Jackson reads a `Boolean`.
    pub(crate) fn java_bool(&self) -> Result<bool, Mismatch> {
        match self {
            Self::Absent | Self::Null => Ok(false),
            Self::Bool(value) => Ok(*value),
            Self::Int(value) => Ok(*value != 0),
            Self::Text(text) => match java_trim(text) {
                "true" | "True" | "TRUE" => Ok(true),
                "" | "null" | "false" | "False" | "FALSE" => Ok(false),
                _ => Err(Mismatch),
            },
            Self::Float(_) | Self::Nested => Err(Mismatch),
        }
    }

    /// As Allure 3's `ensureString` reads it.
    pub(crate) fn js_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// As Allure 3's `ensureInt` reads it.
    pub(crate) fn js_number(&self) -> Option<f64> {
        match self {
            // A JavaScript number is this, too.
            #[allow(clippy::cast_precision_loss)]
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Text(text) => parse_int(text),
            _ => None,
        }
    }
}

/// Java's `String.trim()`: it cuts everything up to the blank.
pub(super) fn java_trim(text: &str) -> &str {
    text.trim_matches(|c| c <= ' ')
}

/// JavaScript's `parseInt(text, 10)`: the digits at the beginning.
fn parse_int(text: &str) -> Option<f64> {
    let text = text.trim_start();
    let sign = text.starts_with(['+', '-']);
    let digits = text[usize::from(sign)..].bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 { None } else { text[..usize::from(sign) + digits].parse().ok() }
}

impl<'de> Deserialize<'de> for Loose<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Loose::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Loose::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Loose::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        // What does not fit is compared as JavaScript would compare it.
        #[allow(clippy::cast_precision_loss)]
        Ok(i64::try_from(value).map_or(Loose::Float(value as f64), Loose::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Loose::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Loose::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::Nested)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Loose::Nested)
    }
}

/// An array whose elements may be null, or something that is no array.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum List<T> {
    #[default]
    Absent,
    Null,
    /// `None` is a null element.
    Items(Vec<Option<T>>),
    /// Something else than an array.
    Wrong,
}

impl<T> List<T> {
    /// The elements that are not null.
    pub(crate) fn items(&self) -> impl Iterator<Item = &T> {
        let items: &[Option<T>] = match self {
            Self::Items(items) => items,
            _ => &[],
        };
        items.iter().flatten()
    }

    /// Whether one of the elements is null.
    pub(crate) fn has_null(&self) -> bool {
        matches!(self, Self::Items(items) if items.iter().any(Option::is_none))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ListVisitor(std::marker::PhantomData))
    }
}

struct ListVisitor<T>(std::marker::PhantomData<T>);

macro_rules! wrong {
    ($($method:ident: $type:ty),*) => {
        $(fn $method<E>(self, _: $type) -> Result<Self::Value, E> { Ok(List::Wrong) })*
    };
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(List::Null)
    }

    wrong!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<Option<T>>()? {
            items.push(item);
        }
        Ok(List::Items(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(List::Wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loose(json: &str) -> Loose<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn numbers_are_read_as_java_and_javascript_do() {
        assert_eq!(loose("17").java_long(), Ok(Some(17)));
        assert_eq!(loose("1.9").java_long(), Ok(Some(1)));
        assert_eq!(loose("\"12\"").java_long(), Ok(Some(12)));
        assert_eq!(loose("\"12x\"").java_long(), Err(Mismatch));
        assert_eq!(loose("99999999999999999999").java_long(), Err(Mismatch));
        assert_eq!(loose("true").java_long(), Err(Mismatch));
        assert_eq!(loose("\"12x\"").js_number(), Some(12.0));
        assert_eq!(loose("99999999999999999999").js_number(), Some(1e20));
        assert_eq!(loose("true").js_number(), None);
    }

    #[test]
    fn texts_are_read_as_java_and_javascript_do() {
        assert_eq!(loose("5").java_text(), Ok(Some(Cow::Borrowed("5"))));
        assert_eq!(loose("{}").java_text(), Err(Mismatch));
        assert_eq!(loose("5").js_text(), None);
    }
}
