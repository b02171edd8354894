//! A JSON object of which some fields are changed and all others stay as they are written.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

/// Fields in their order. Of a field that is there twice, the last stays: generators see that one.
#[derive(Debug, Default)]
pub(super) struct Object(Vec<(String, Box<RawValue>)>);

impl Object {
    pub(super) fn get(&self, key: &str) -> Option<&RawValue> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, value)| &**value)
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.get(key)?.get()).ok()
    }

    pub(super) fn set(&mut self, key: &str, value: &impl Serialize) {
        // What is set is text and lists of raw values: that can be written.
        let Ok(value) = to_raw_value(value) else { return };
        match self.0.iter_mut().find(|(name, _)| name == key) {
            Some((_, there)) => *there = value,
            None => self.0.push((key.to_owned(), value)),
        }
    }

    /// The elements of a list that are not null; `None` if the field is no list.
    pub(super) fn list(&self, key: &str) -> Option<Vec<Box<RawValue>>> {
        let items: Vec<Box<RawValue>> = serde_json::from_str(self.get(key)?.get()).ok()?;
        Some(items.into_iter().filter(|item| item.get() != "null").collect())
    }

    /// Drops a field that is null.
    pub(super) fn drop_null(&mut self, key: &str) {
        self.0.retain(|(name, value)| name != key || value.get() != "null");
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> Visitor<'de> for ObjectVisitor {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
        let mut fields: Vec<(String, Box<RawValue>)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, Box<RawValue>>()? {
            match fields.iter_mut().find(|(name, _)| *name == key) {
                Some((_, there)) => *there = value,
                None => fields.push((key, value)),
            }
        }
        Ok(Object(fields))
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}
