//! What the tools' own JSON logs (`--log-format json`) amount to.

mod line;
mod sums;

pub use line::{Event, Said, parse};
pub use sums::Sums;

use std::io::{self, BufRead};

use crate::text::next_line;
use crate::utf8::Utf8;

/// Adds every line of the log `path`; how many of them are events.
///
/// # Errors
///
/// Those of reading alone: a line that is no event is counted.
pub fn read<R: BufRead>(input: R, path: &str, sums: &mut Sums) -> io::Result<u64> {
    let mut input = Utf8::new(input);
    let mut text = String::new();
    let mut events = 0;
    loop {
        let number = input.line();
        if !next_line(&mut input, &mut text)? {
            return Ok(events);
        }
        let line = text.trim_end_matches(['\n', '\r']);
        if line.trim().is_empty() {
            continue;
        }
        match parse(line) {
            Ok(event) => {
                events += 1;
                sums.add(path, number, event);
            }
            Err(why) => sums.odd(path, number, why),
        }
    }
}
