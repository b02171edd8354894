//! The lines that say which run of a series a log holds.

use contract::speed::{END_MARKER, MARKER};

use super::Event;

pub(super) fn read(line: &[u8]) -> Option<Event<'_>> {
    if line[0] != b'#' {
        return None;
    }
    if let Some(json) = line.strip_prefix(MARKER.as_bytes()) {
        return serde_json::from_slice(json).ok().map(|found| Event::Begins(Box::new(found)));
    }
    serde_json::from_slice(line.strip_prefix(END_MARKER.as_bytes())?).ok().map(Event::Ends)
}
