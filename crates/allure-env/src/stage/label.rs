//! What an audit is called in a report.

use std::collections::BTreeSet;

use crate::properties::Properties;
use crate::sha256;

/// The longest name and id of an environment that Allure 3 takes.
const LONGEST: usize = 64;

/// One audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Letters, digits, `-` and `_`: a folder's name and an environment's id.
    pub id: String,
    /// The environment's name.
    pub name: String,
    /// The full name of what was audited.
    pub image: String,
}

impl Audit {
    /// What its results carry: the name, by which the report's environment calls it, and the image
    /// in full. Reports cut long values, and the references of two images often begin alike.
    #[must_use]
    pub fn stamp(&self) -> String {
        if self.name == self.image {
            self.image.clone()
        } else {
            format!("{}: {}", self.name, self.image)
        }
    }
}

/// Names for audits, each given by the name of its folder and its environment. No two are alike.
#[must_use]
pub fn audits(given: &[(String, Properties)]) -> Vec<Audit> {
    let (mut ids, mut names, mut images) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    given
        .iter()
        .map(|(folder, properties)| {
            let image = unlike(&mut images, &image(folder, properties), folder, usize::MAX);
            let id = unlike(&mut ids, &id(folder), "", LONGEST);
            let name = unlike(&mut names, &name(&image), folder, LONGEST);
            Audit { id, name, image }
        })
        .collect()
}

/// The image as its environment names it, with its digest, or else the folder's name.
fn image(folder: &str, properties: &Properties) -> String {
    let get = |keys: &[&str]| {
        let found = keys.iter().find_map(|key| properties.get(*key));
        found.map(|value| value.trim()).filter(|value| !value.is_empty())
    };
    let reference = get(&["image", "Image", "IMAGE", "target"]);
    let digest = get(&["image.digest", "image.id", "Digest"]);
    match (reference, digest) {
        (Some(reference), Some(digest)) if !reference.contains('@') => {
            format!("{reference}@{digest}")
        }
        (Some(reference), _) => reference.to_owned(),
        (None, Some(digest)) => format!("{folder}@{digest}"),
        (None, None) => folder.to_owned(),
    }
}

fn id(folder: &str) -> String {
    let id: String = folder
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' })
        .collect();
    if id.is_empty() { "audit".to_owned() } else { id }
}

/// The image without its registry and with a short digest: what Allure 3 takes as a name.
fn name(image: &str) -> String {
    let (reference, digest) = image.split_once('@').unwrap_or((image, ""));
    let last = reference.rsplit(['/', '\\']).next().unwrap_or(reference);
    let short: String = digest.rsplit(':').next().unwrap_or(digest).chars().take(12).collect();
    let name = if short.is_empty() { last.to_owned() } else { format!("{last}@{short}") };
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    match name.trim() {
        "" | "." | ".." => "audit".to_owned(),
        name => name.to_owned(),
    }
}

/// `text`, cut to `longest` characters; with something of its own where it is taken or was cut.
fn unlike(taken: &mut BTreeSet<String>, text: &str, more: &str, longest: usize) -> String {
    let cut = |text: &str, room: usize| text.chars().take(room).collect::<String>();
    let mut unlike = cut(text, longest);
    if (taken.contains(&unlike) || unlike != text) && !more.is_empty() {
        unlike = cut(&format!("{} {more}", cut(text, longest / 2)), longest);
    }
    let mut number = 1;
    while taken.contains(&unlike) || unlike.contains(['/', '\\']) && longest == LONGEST {
        number += 1;
        let hash = sha256(format!("{text}\0{more}\0{number}").as_bytes());
        let room = longest.saturating_sub(9);
        unlike = format!("{}-{}", cut(&text.replace(['/', '\\'], "_"), room), &hash.as_str()[..8]);
    }
    taken.insert(unlike.clone());
    unlike
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(folder: &str, pairs: &[(&str, &str)]) -> (String, Properties) {
        let pairs = pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        (folder.to_owned(), pairs.collect())
    }

    #[test]
    fn an_audit_is_called_by_its_image_and_digest() {
        let digest = format!("sha256:{}", "ab".repeat(32));
        let given = [
            of("audit_a", &[("image", "ghcr.io/o/app:1"), ("image.digest", &digest)]),
            of("audit_b", &[]),
        ];
        let audits = audits(&given);
        assert_eq!(audits[0].image, format!("ghcr.io/o/app:1@{digest}"));
        assert_eq!(audits[0].name, "app:1@abababababab");
        assert_eq!(audits[0].id, "audit_a");
        assert_eq!(audits[0].stamp(), format!("app:1@abababababab: ghcr.io/o/app:1@{digest}"));
        assert_eq!(audits[1].stamp(), "audit_b");
        assert_eq!((audits[1].image.as_str(), audits[1].name.as_str()), ("audit_b", "audit_b"));
    }

    #[test]
    fn two_audits_of_one_image_are_told_apart() {
        let given = [of("a", &[("target", "host")]), of("b", &[("target", "host")]), of("b", &[])];
        let audits = audits(&given);
        assert_eq!(audits[0].image, "host");
        assert_eq!(audits[1].image, "host b");
        let ids: BTreeSet<_> = audits.iter().map(|audit| &audit.id).collect();
        let names: BTreeSet<_> = audits.iter().map(|audit| &audit.name).collect();
        assert_eq!((ids.len(), names.len()), (3, 3));
    }

    #[test]
    fn names_are_what_allure_3_takes() {
        let long = "x/".repeat(100) + &"ü".repeat(100);
        let given = [of(&long, &[("image", &long)]), of(&long, &[("image", &long)])];
        for audit in audits(&given) {
            assert!(
                audit.id.len() <= LONGEST && audit.name.chars().count() <= LONGEST,
                "{audit:?}"
            );
            assert!(!audit.name.contains('/') && !audit.id.contains('/'));
        }
    }
}
