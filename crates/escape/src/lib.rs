//! Text from outside (test names, log lines, image names, file names) made inert for the format it
//! is written into.
//!
//! One module per format, one function per place in it. Characters that could act where no format
//! wants them (control characters, Unicode's bidirectional controls) are shown in every format as
//! `\u{202e}`, never passed through and never dropped.

#![no_std]
extern crate alloc;

pub mod csv;
pub mod html;
pub mod json;
pub mod markdown;
pub mod terminal;
pub mod workflow;
pub mod xml;

/// Whether `c` can change how the text around it is shown or read: C0 and C1 controls, and the
/// characters of UAX #9 and Unicode TR 36 that reorder or hide text.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{061c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}'
                | '\u{feff}'
        )
}

/// Appends the visible form of a character that [`acts`].
fn push_visible(out: &mut alloc::string::String, c: char) {
    out.extend(c.escape_unicode());
}
