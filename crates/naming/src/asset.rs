//! Names of files that somebody else chose: of a release's assets, of an archive's members.

use contract::names::Rule;

use crate::Refusal;
use crate::device::is_device;
use crate::rule::code_point;

/// Longest file name that common file systems take, in bytes.
pub const MAX_BYTES: usize = 255;

/// Whether `name` is fit to be one path component on any system.
///
/// What is only unusual (spaces, apostrophes, a dash at the start, letters of any script) is no
/// reason to refuse: its safe name has none of it.
///
/// # Errors
/// The first rule it breaks.
pub fn check(name: &str) -> Result<(), Refusal> {
    check_here(name)?;
    // `:` is the worst of them: what follows it goes into a stream of another file.
    match name.chars().find(|c| matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*')) {
        None => Ok(()),
        Some(c) => Err(Refusal::new(
            Rule::WindowsCharacter,
            format!("holds `{c}`: Windows has no file of that name"),
        )),
    }
}

/// Whether `name` can be one path component here without a trap for people or other systems that
/// nothing would tell of.
pub(crate) fn check_here(name: &str) -> Result<(), Refusal> {
    let refuse = |rule, why: String| Err(Refusal::new(rule, why));
    if name.is_empty() {
        return refuse(Rule::Empty, "is empty".to_owned());
    }
    if name == "." || name == ".." {
        return refuse(Rule::DotName, "is the folder itself or its parent, and no file".to_owned());
    }
    for c in name.chars() {
        check_char(c)?;
    }
    if name.ends_with(['.', ' ']) {
        return refuse(
            Rule::TrailingDotOrSpace,
            "ends in a dot or a space: Windows drops it, and finds another file".to_owned(),
        );
    }
    // `:` ends the name of the file on Windows, and spaces before the dot are dropped.
    let stem = name.split(['.', ':']).next().unwrap_or_default().trim_end_matches(' ');
    if is_device(stem) {
        return refuse(Rule::ReservedDevice, format!("is the device {stem:?} on Windows"));
    }
    match name.len() {
        0..=MAX_BYTES => Ok(()),
        length => refuse(
            Rule::TooLong,
            format!("is {length} bytes long; a file name has at most {MAX_BYTES}"),
        ),
    }
}

fn check_char(c: char) -> Result<(), Refusal> {
    let (rule, what) = match c {
        '/' | '\\' => {
            return Err(Refusal::new(
                Rule::Separator,
                format!("holds the separator `{c}`: one file name is expected, and no path"),
            ));
        }
        '\0' => (Rule::Nul, "the character NUL,"),
        // The Unicode line and paragraph separators are newlines to what honours them.
        '\u{2028}' | '\u{2029}' => (Rule::ControlCharacter, "the line separator"),
        c if c.is_control() => (Rule::ControlCharacter, "the control character"),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            (Rule::BidiCharacter, "a character that reorders the text around it,")
        }
        // U+200C and U+200D join letters in several scripts and stay allowed.
        '\u{ad}'
        | '\u{200b}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => {
            (Rule::InvisibleCharacter, "a character that cannot be seen,")
        }
        _ => return Ok(()),
    };
    Err(Refusal::new(rule, format!("holds {what} {}", code_point(c))))
}
