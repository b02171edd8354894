//! Names that are safe as one path component, and the pairs that would share one.

use std::collections::{BTreeMap, BTreeSet};

use contract::names::{Collision, Name, Names, Refused};
use contract::{Generator, InputRef, PathText, Tag};

/// Longest file name that common file systems take, in bytes.
const MAX_BYTES: usize = 255;

/// The operations guide's rule: `/`, `:` and `.` become `_`; anything else stays.
///
/// The rule says nothing about names that are no path component even so; those are refused here,
/// with the reason.
pub fn seed(name: &str) -> Result<String, String> {
    if name.is_empty() || name.chars().all(char::is_whitespace) {
        return Err("is empty".to_owned());
    }
    if let Some(c) = name.chars().find(|c| c.is_control()) {
        return Err(format!("holds the control character {}", c.escape_unicode()));
    }
    if name.starts_with('-') {
        return Err("starts with a dash: commands would take it for an option".to_owned());
    }
    let safe = name.replace(['/', ':', '.'], "_");
    if safe.len() > MAX_BYTES {
        return Err(format!("is {} bytes long; a file name has at most {MAX_BYTES}", safe.len()));
    }
    Ok(safe)
}

/// The document over all `names`, given as bytes because a name need not be UTF-8.
#[must_use]
pub fn names(generator: Generator, inputs: Vec<InputRef>, given: &[Vec<u8>]) -> Names {
    let (mut names, mut refused) = (Vec::new(), Vec::new());
    for bytes in given {
        let PathText { path: input, path_bytes: input_bytes } = PathText::new(bytes);
        let safe = match &input_bytes {
            None => seed(&input),
            Some(_) => Err("is not UTF-8".to_owned()),
        };
        match safe {
            Ok(safe) => names.push(Name { input, safe }),
            Err(reason) => refused.push(Refused { input, input_bytes, reason }),
        }
    }
    let collisions = collisions(&names);
    Names { schema: Tag::new(), generator, inputs, names, refused, collisions }
}

/// Different inputs with one safe name. The same input twice is no collision.
fn collisions(names: &[Name]) -> Vec<Collision> {
    let mut shared: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for name in names {
        shared.entry(&name.safe).or_default().insert(&name.input);
    }
    shared
        .into_iter()
        .filter(|(_, inputs)| inputs.len() > 1)
        .map(|(safe, inputs)| Collision {
            safe: safe.to_owned(),
            inputs: inputs.into_iter().map(str::to_owned).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guide_s_own_examples() {
        assert_eq!(seed("ghcr.io/repo:latest").unwrap(), "ghcr_io_repo_latest");
        assert_eq!(seed("ghcr.io/repo:tag").unwrap(), "ghcr_io_repo_tag");
    }

    #[test]
    fn two_images_of_one_name_are_told() {
        let given = [b"ghcr.io/owner/app:v1.2.3".to_vec(), b"ghcr.io/owner/app:v1_2_3".to_vec()];
        let document = names(Generator::new("safe-name", "0"), vec![], &given);
        assert_eq!(document.collisions.len(), 1);
        assert_eq!(document.collisions[0].safe, "ghcr_io_owner_app_v1_2_3");
    }

    #[test]
    fn the_same_name_twice_is_no_collision() {
        let given = [b"a:b".to_vec(), b"a:b".to_vec()];
        assert!(names(Generator::new("safe-name", "0"), vec![], &given).collisions.is_empty());
    }

    #[test]
    fn what_is_no_file_name_is_refused() {
        for bad in ["", "  ", "a\0b", "a\nb", "-rf", &"x".repeat(256)] {
            assert!(seed(bad).is_err(), "{bad:?}");
        }
        assert_eq!(seed("..").unwrap(), "__");
    }
}
