//! One file per format. A new one is its file and a line in one of the tables below.

mod allure;
mod audit;
mod ctrf;
mod junit;
pub mod oplog;

use crate::json::{JsonFormat, Keys};
use crate::text::LineReader;
use crate::xml::{Choose, Handler, Tag};

/// Documents in JSON; the first that knows the keys reads the document.
pub const JSON: &[&JsonFormat] =
    &[&audit::FORMAT, &allure::RESULT, &allure::CONTAINER, &allure::GLOBALS, &ctrf::FORMAT];

/// Documents in XML.
const XML: &[Choose] = &[junit::choose];

/// Texts, the more particular ones first.
pub fn line_readers() -> Vec<Box<dyn LineReader>> {
    vec![]
}

/// The reader for an XML document that begins with `tag`.
pub fn choose(tag: &Tag<'_>) -> Option<Box<dyn Handler>> {
    XML.iter().find_map(|choose| choose(tag))
}

/// Whether a JSON document with these keys is known.
pub fn knows(keys: &Keys) -> bool {
    JSON.iter().any(|format| (format.knows)(keys))
}

/// Whether an object with these keys is an event on a line of its own.
pub fn is_event(keys: &Keys) -> bool {
    let events: [&[&str]; 4] =
        [&["Action", "Package"], &["type", "event"], &["$report_type"], &["Action", "Time"]];
    events.iter().any(|names| keys.has(names))
}
