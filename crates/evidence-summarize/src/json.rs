//! JSON documents: one, or several one after the other, recognised by their keys.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use contract::CheckStatus;
use contract::part::{Effect, Entry, RemarkKind, Span};
use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use crate::sink::Sink;
use crate::text::Behind;
use crate::tidy::tidy;

/// A format of JSON documents.
pub struct JsonFormat {
    /// Its name.
    pub name: &'static str,
    /// Whether a document with these keys is one.
    pub knows: fn(&Keys) -> bool,
    /// Reads one.
    pub read: fn(&Document<'_>, &mut Sink) -> serde_json::Result<()>,
}

/// What is looked at to recognise a document.
#[derive(Debug, Default)]
pub struct Keys {
    /// Whether the document is an array; then the keys are those of its first element.
    pub array: bool,
    keys: BTreeSet<String>,
    /// The value of `schema`, if that is a string.
    pub schema: Option<String>,
}

impl Keys {
    /// Whether all of `names` are there.
    pub fn has(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.keys.contains(*name))
    }
}

/// One document in its input.
pub struct Document<'a> {
    /// Its text.
    pub text: &'a str,
    /// Offset and line of its first byte.
    offset: u64,
    line: u64,
    /// How far lines were counted: offset in `text`, newlines before it.
    counted: Cell<(usize, u64)>,
}

impl Document<'_> {
    /// The entry with the place of `element`, which was read from this document.
    pub fn at(&self, element: &RawValue, mut entry: Entry) -> Entry {
        let text = element.get();
        let start = (text.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        if start + text.len() <= self.text.len() {
            let begin = self.offset + start as u64;
            entry.bytes = Some(Span { start: begin, end: begin + text.len() as u64 });
            entry.line = Some(self.line_at(start));
        }
        entry
    }

    fn line_at(&self, offset: usize) -> u64 {
        let (mut at, mut lines) = self.counted.get();
        if offset < at {
            (at, lines) = (0, 0);
        }
        lines += memchr::memchr_iter(b'\n', &self.text.as_bytes()[at..offset]).count() as u64;
        self.counted.set((offset, lines));
        self.line + lines
    }

    /// Reads one element of a list. One that is not what the format says is said, and the others
    /// are still read.
    pub fn element<T: DeserializeOwned>(&self, raw: &RawValue, sink: &mut Sink) -> Option<T> {
        let error = match serde_json::from_str(raw.get()) {
            Ok(element) => return Some(element),
            Err(error) => error,
        };
        let line = self.at(raw, Entry::new(None, String::new(), CheckStatus::Unknown)).line;
        if let Some(element) = tidy(raw.get()).and_then(|text| serde_json::from_str(&text).ok()) {
            repaired(line.unwrap_or(self.line), sink);
            return Some(element);
        }
        let message = format!("an element is not what its format says: {error}");
        sink.remark(line, RemarkKind::Malformed, Effect::Incomplete, message);
        None
    }

    /// The same for an element that holds others, which are read later: what breaks the rules of
    /// JSON is repaired where they stand.
    pub fn holder<'e, T: Deserialize<'e>>(&self, raw: &'e RawValue, sink: &mut Sink) -> Option<T> {
        serde_json::from_str(raw.get())
            .map_err(|error| {
                let message = format!("an element is not what its format says: {error}");
                sink.remark(Some(self.line), RemarkKind::Malformed, Effect::Incomplete, message);
            })
            .ok()
    }
}

/// Reads every document of `text`. Returns whether one of them was known.
pub fn read(
    text: &str,
    place: (u64, u64),
    formats: &[&JsonFormat],
    behind: &mut Vec<Behind>,
    sink: &mut Sink,
) -> bool {
    let (mut known, mut at, mut tries) = (false, 0, 0);
    let mut tidied: Option<String> = None;
    let mut beside = false;
    loop {
        let whole = tidied.as_deref().unwrap_or(text);
        let Some(start) = next_start(whole, at) else {
            beside |= stray(whole, at..whole.len(), place, known, behind);
            break;
        };
        beside |= stray(whole, at..start, place, known, behind);
        let rest = &whole[start..];
        let lines = memchr::memchr_iter(b'\n', &whole.as_bytes()[..start]).count() as u64;
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<Keys>();
        let first = stream.next();
        let length = stream.byte_offset();
        let document = |text| Document {
            text,
            offset: place.0 + start as u64,
            line: place.1 + lines,
            counted: Cell::new((0, 0)),
        };
        match first {
            Some(Ok(keys)) => {
                known |= dispatch(&document(&rest[..length]), &keys, formats, sink);
                at = start + length;
            }
            Some(Err(error)) if error.is_eof() => {
                let saved = salvage(rest, &document, formats, sink);
                if known && !saved {
                    sink.cut_off(place.1 + lines);
                }
                return saved || known;
            }
            // Once, in place: what was read before keeps its bytes.
            _ if tidied.is_none() && tidies(text, &mut tidied) => {}
            _ if tries < MAX_TRIES => (at, tries) = (start + 1, tries + 1),
            _ => break,
        }
    }
    if known && tidied.is_some() {
        let message = "breaks the rules of JSON (control characters, escapes, numbers or commas); \
                       every element was still read";
        sink.remark(None, RemarkKind::Malformed, Effect::None, message);
    }
    if known && (beside || tries > 0) {
        let message = "something stands beside the document that is no JSON: it was not read";
        sink.remark(None, RemarkKind::Malformed, Effect::None, message);
    }
    known
}

/// Keeps what stands behind a `known` document. Returns whether there is something else, which is
/// not read.
fn stray(
    whole: &str,
    range: Range<usize>,
    place: (u64, u64),
    known: bool,
    behind: &mut Vec<Behind>,
) -> bool {
    let text = &whole[range.clone()];
    let some = !text.trim().is_empty();
    if some && known {
        let lines = memchr::memchr_iter(b'\n', &whole.as_bytes()[..range.start]).count() as u64;
        let (line, offset) = (place.1 + lines, place.0 + range.start as u64);
        behind.push(Behind { line, offset, text: text.to_owned() });
    }
    some && !known
}

/// So many times a document is looked for behind something that is none.
const MAX_TRIES: u32 = 100;

fn tidies(text: &str, tidied: &mut Option<String>) -> bool {
    *tidied = tidy(text);
    tidied.is_some()
}

/// Where the next document begins: at the next brace or bracket that starts a line.
fn next_start(text: &str, from: usize) -> Option<usize> {
    let rest = &text[from..];
    let lead = rest.len() - rest.trim_start().len();
    if rest.trim_start().starts_with(['{', '[']) {
        return Some(from + lead);
    }
    let found = rest.match_indices('\n').map(|(at, _)| at + 1);
    found.map(|at| from + at).find(|at| text[*at..].starts_with(['{', '[']))
}

fn dispatch(
    document: &Document<'_>,
    keys: &Keys,
    formats: &[&JsonFormat],
    sink: &mut Sink,
) -> bool {
    let Some(format) = formats.iter().find(|format| (format.knows)(keys)) else {
        if let Some(schema) = &keys.schema {
            let message = format!("a document {schema:?}: it is none that is read as evidence");
            sink.remark(Some(document.line), RemarkKind::Unrecognised, Effect::Incomplete, message);
        }
        return false;
    };
    sink.format(format.name);
    let before = sink.entries.len();
    let mut read = (format.read)(document, sink);
    if read.is_err()
        && sink.entries.len() == before
        && let Some(text) = tidy(document.text)
    {
        let copy = Document { text: &text, counted: Cell::new((0, 0)), ..*document };
        read = (format.read)(&copy, sink);
        repaired(document.line, sink);
    }
    if let Err(error) = read {
        let message = format!("not what {} looks like: {error}", format.name);
        sink.remark(Some(document.line), RemarkKind::Malformed, Effect::Incomplete, message);
        sink.complete = false;
    }
    true
}

fn repaired(line: u64, sink: &mut Sink) {
    let message = "breaks the rules of JSON; what that hides was still read";
    sink.remark_once(Some(line), RemarkKind::Malformed, Effect::None, message);
}

/// Reads what is there of a document that ends too early.
fn salvage<'a>(
    text: &'a str,
    document: &dyn Fn(&'a str) -> Document<'a>,
    formats: &[&JsonFormat],
    sink: &mut Sink,
) -> bool {
    let mended = mend(text);
    let mended = tidy(&mended).unwrap_or(mended);
    let Ok(keys) = serde_json::from_str::<Keys>(&mended) else { return false };
    let Some(format) = formats.iter().find(|format| (format.knows)(&keys)) else { return false };
    sink.format(format.name);
    let whole = document(text);
    let copy = Document {
        text: &mended,
        offset: whole.offset,
        line: whole.line,
        counted: Cell::new((0, 0)),
    };
    // What is missing may be something the format needs; the cut is what has to be said.
    let _ = (format.read)(&copy, sink);
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64;
    sink.cut_off(whole.line + lines);
    true
}

/// The longest start of `text` that ends after a value, closed.
fn mend(text: &str) -> String {
    let (mut stack, mut in_string, mut escaped) = (Vec::new(), false, false);
    let mut good = (0, Vec::new());
    for (at, byte) in text.bytes().enumerate() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' => stack.push(b'}'),
            b'[' => stack.push(b']'),
            b'}' | b']' => {
                if stack.pop() != Some(byte) {
                    break;
                }
                good = (at + 1, stack.clone());
            }
            // A comma ends a value, so everything before it is whole.
            b',' if stack.len() < 64 => good = (at, stack.clone()),
            _ => {}
        }
    }
    let mut mended = text[..good.0].to_owned();
    mended.extend(good.1.iter().rev().map(|closer| char::from(*closer)));
    mended
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeysVisitor)
    }
}

struct KeysVisitor;

impl<'de> Visitor<'de> for KeysVisitor {
    type Value = Keys;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
        let mut keys = Keys::default();
        while let Some(key) = map.next_key::<String>()? {
            if key == "schema" {
                keys.schema = map.next_value::<MaybeText>()?.0;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
            keys.keys.insert(key);
        }
        Ok(keys)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Keys, A::Error> {
        let mut keys = match seq.next_element::<FirstKeys>()? {
            Some(FirstKeys(keys)) => keys,
            None => Keys::default(),
        };
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        keys.array = true;
        Ok(keys)
    }
}

/// The keys of an element, which may be something else than an object.
struct FirstKeys(Keys);

impl<'de> Deserialize<'de> for FirstKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        let object = raw.get().starts_with('{');
        let keys = if object { serde_json::from_str(raw.get()).ok() } else { None };
        Ok(Self(keys.unwrap_or_default()))
    }
}

/// A string, or anything else.
struct MaybeText(Option<String>);

impl<'de> Deserialize<'de> for MaybeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_document_is_closed_after_its_last_whole_value() {
        assert_eq!(mend(r#"{"a":[{"b":1},{"c":"#), r#"{"a":[{"b":1}]}"#);
        assert_eq!(mend(r#"{"a":1,"b":"x"#), r#"{"a":1}"#);
        assert_eq!(mend("{"), "");
    }

    #[test]
    fn keys_of_an_array_are_those_of_its_first_element() {
        let keys: Keys = serde_json::from_str(r#"[{"a":1},2]"#).unwrap();
        assert!(keys.array && keys.has(&["a"]));
        let keys: Keys = serde_json::from_str(r#"{"schema":{"x":1}}"#).unwrap();
        assert_eq!(keys.schema, None);
    }

    #[test]
    fn deep_nesting_is_no_crash() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(serde_json::from_str::<Keys>(&deep).is_ok_and(|keys| keys.array));
    }
}
