//! Names that are safe as one path component, and the names they came from.
//!
//! One scheme ([`scheme`]) makes the safe name of any text: two texts never share one, and the text
//! can be had back. What a text has to be before that is a matter of [`Rules`]: an image reference
//! ([`image`]), a file name ([`asset`]), or either. The rules never change the name, so one text has
//! one safe name whoever asks. [`seed`] is the operations guide's rule, for folders that have it.
//!
//! [`Rules`]: contract::names::Rules

pub mod asset;
mod device;
pub mod image;
mod naming;
mod rule;
pub mod scheme;
mod seed;

pub use naming::{Naming, collisions};
pub use rule::Refusal;
pub use seed::seed;

use contract::names::Rule;

/// The safe name of a target as it is named on a command line: `host`, an image reference, a file.
///
/// This is the name of the target's folder of results. `host` is `host`;
/// `ghcr.io/owner/app:v1.2.3` is `ghcr.io_sowner_sapp_cv1.2.3`. Two targets never share one, and
/// the name of a target never changes.
///
/// # Errors
/// Why `target` is neither an image reference nor a file name.
pub fn default_name(target: &str) -> Result<String, Refusal> {
    check_any(target)?;
    Ok(scheme::encode(target))
}

/// An image reference or a file name.
fn check_any(name: &str) -> Result<(), Refusal> {
    let Err(no_image) = image::parse(name) else { return Ok(()) };
    match asset::check_here(name) {
        // With a slash, an image was meant.
        Err(why) if why.rule == Rule::Separator && !name.contains('\\') => {
            let reason = format!("is no image reference: {}", no_image.reason);
            Err(Refusal { reason, ..no_image })
        }
        other => other,
    }
}
