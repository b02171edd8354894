//! Commands and their output as people read them.

use crate::mask::Mask;
use crate::ran::{Captured, End};

/// A command and how it ended.
pub(super) fn command_line(argv: &[String], end: &End) -> String {
    let words: Vec<_> = argv.iter().map(|arg| word(arg)).collect();
    let end = match end {
        End::Exit(status) => format!("exit {status}"),
        End::Signal(signal) => format!("signal {signal}"),
        End::TimedOut => "out of time".to_owned(),
        End::LeftBehind => "left something running".to_owned(),
        End::Served => "served".to_owned(),
        End::NotStarted(_) => "not started".to_owned(),
        End::Interrupted => "interrupted".to_owned(),
    };
    format!("{} → {end}", words.join(" "))
}

/// An argument as people read it; quoted where its borders would not be seen.
fn word(arg: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c);
    if !arg.is_empty() && arg.chars().all(plain) { arg.to_owned() } else { format!("{arg:?}") }
}

/// Output as it is attached.
pub(super) fn output(captured: &Captured, mask: &Mask) -> String {
    let Ok(text) = std::str::from_utf8(&captured.bytes).or_else(|error| {
        // A character that the limit cut in two is no sign of binary data.
        let kept = &captured.bytes[..error.valid_up_to()];
        if captured.truncated && error.error_len().is_none() {
            std::str::from_utf8(kept)
        } else {
            Err(error)
        }
    }) else {
        let bytes = captured.bytes.len();
        return format!("[{bytes} bytes that are no text; they are not kept]\n");
    };
    if !captured.truncated {
        return mask.apply(text).text;
    }
    let mut text = mask.apply_cut_off(text).text;
    text.push_str("\n[more was written; only this much is kept]\n");
    text
}
