//! The operations guide's rule.

use contract::names::Rule;

use crate::Refusal;
use crate::asset::MAX_BYTES;
use crate::rule::code_point;

/// `/`, `:` and `.` become `_`; anything else stays.
///
/// Different names can end the same (`app:1.10` and `app/1:10`): whoever uses the rule has to look
/// for that. The rule says nothing about names that are no path component even so; those are
/// refused.
///
/// # Errors
/// Why the result would be no usable path component.
pub fn seed(name: &str) -> Result<String, Refusal> {
    let refuse = |rule, why: String| Err(Refusal::new(rule, why));
    if name.trim().is_empty() {
        return refuse(Rule::Empty, "is empty".to_owned());
    }
    if let Some(c) = name.chars().find(|c| c.is_control()) {
        return match c {
            '\0' => refuse(Rule::Nul, "holds the character NUL, U+0000".to_owned()),
            c => refuse(
                Rule::ControlCharacter,
                format!("holds the control character {}", code_point(c)),
            ),
        };
    }
    if name.starts_with('-') {
        return refuse(
            Rule::LeadingDash,
            "starts with a dash: commands would take it for an option".to_owned(),
        );
    }
    let safe: String =
        name.chars().map(|c| if matches!(c, '/' | ':' | '.') { '_' } else { c }).collect();
    match safe.len() {
        0..=MAX_BYTES => Ok(safe),
        length => refuse(
            Rule::TooLong,
            format!("is {length} bytes long; a file name has at most {MAX_BYTES}"),
        ),
    }
}
