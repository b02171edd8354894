//! Container images: which may be removed, from what a runtime says of them.

use std::collections::BTreeMap;

use contract::cleanup::Rule;
use contract::cleanup_plan::{Image, Runtime};
use serde::Deserialize;

use crate::profile::ImageItem;
use crate::rules::Forbidden;

/// What `image inspect` of docker and podman says of an image, as far as it counts here.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Inspected {
    /// 64 hexadecimal digits; docker writes `sha256:` before them.
    pub id: String,
    /// Its names, `REPOSITORY:TAG` each; `null` in some versions, if there is none.
    pub repo_tags: Option<Vec<String>>,
    /// When it was made (RFC 3339).
    pub created: String,
    /// Bytes.
    pub size: u64,
    /// How containers of it are started.
    pub config: Option<Config>,
}

/// The part of an image that says what it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Config {
    /// Labels; `null` if there are none.
    pub labels: Option<BTreeMap<String, String>>,
}

impl Inspected {
    /// Its names.
    #[must_use]
    pub fn names(&self) -> &[String] {
        self.repo_tags.as_deref().unwrap_or_default()
    }

    fn has_label(&self, label: &str) -> bool {
        let labels = self.config.as_ref().and_then(|config| config.labels.as_ref());
        labels.is_some_and(|labels| labels.contains_key(label))
    }
}

/// The name of a runtime's program.
#[must_use]
pub fn program(runtime: Runtime) -> &'static str {
    match runtime {
        Runtime::Docker => "docker",
        Runtime::Podman => "podman",
    }
}

/// How an image is shown where a path stands otherwise.
#[must_use]
pub fn shown(runtime: Runtime, name: &str) -> String {
    format!("{} image {name}", program(runtime))
}

/// Whether `id` is one, and not an option or another command's argument.
#[must_use]
pub fn is_id(id: &str) -> bool {
    let digits = id.strip_prefix("sha256:").unwrap_or(id);
    digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The repository of `REPOSITORY:TAG`, without the host that podman puts before what was made here.
#[must_use]
pub fn repository(name: &str) -> &str {
    let name = name.strip_prefix("localhost/").unwrap_or(name);
    match name.rsplit_once(':') {
        // A colon before the last slash belongs to a port.
        Some((repository, tag)) if !tag.contains('/') => repository,
        _ => name,
    }
}

/// The item that is about `name`.
#[must_use]
pub fn item<'a>(items: &'a [ImageItem], name: &str) -> Option<&'a ImageItem> {
    items.iter().find(|item| item.repository == repository(name))
}

/// Whether the image proves what its name says: it has the label that only this project writes.
#[must_use]
pub fn proven(image: &Inspected, item: &ImageItem) -> bool {
    image.has_label(&item.label)
}

/// Why the image must stay. `containers` are the ids of those made from it or from one that builds
/// on it.
pub fn judge(image: &Inspected, name: &str, containers: &[String]) -> Result<(), Forbidden> {
    if let Some(other) = image.names().iter().find(|other| *other != name) {
        let reason = format!("it is {other} as well: remove the name that is not needed");
        return Err(Forbidden::new(Rule::ImageHasOtherName, reason));
    }
    if let Some(container) = containers.first() {
        let short = container.get(..12).unwrap_or(container);
        let reason = format!(
            "{} made from it, the first is {short}: remove what is not needed any more",
            match containers.len() {
                1 => "a container was".to_owned(),
                count => format!("{count} containers were"),
            }
        );
        return Err(Forbidden::new(Rule::ImageInUse, reason));
    }
    Ok(())
}

/// Why the image is not the one that was planned.
pub fn same(planned: &Image, found: &Inspected) -> Result<(), Forbidden> {
    let changed =
        |what: &str| Err(Forbidden::new(Rule::Changed, format!("{what}: make a new plan")));
    let digits = |id: &str| id.strip_prefix("sha256:").unwrap_or(id).to_owned();
    if digits(&planned.id) != digits(&found.id) {
        return changed("it is another image now");
    }
    if !found.names().contains(&planned.name) {
        return changed("it has lost the name it had");
    }
    if planned.created != found.created {
        return changed("it was made at another time");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(names: &[&str]) -> Inspected {
        Inspected {
            id: "a".repeat(64),
            repo_tags: Some(names.iter().map(|name| (*name).to_owned()).collect()),
            created: "2026-01-01T00:00:00Z".into(),
            size: 7,
            config: Some(Config { labels: Some([("l".into(), "v".into())].into()) }),
        }
    }

    #[test]
    fn a_repository_is_the_name_without_host_and_tag() {
        assert_eq!(repository("localhost/proofline/bridges:latest"), "proofline/bridges");
        assert_eq!(repository("proofline/bridges"), "proofline/bridges");
        assert_eq!(repository("reg.io:5000/proofline/bridges"), "reg.io:5000/proofline/bridges");
        assert_eq!(repository("reg.io:5000/a:b"), "reg.io:5000/a");
    }

    #[test]
    fn an_id_is_nothing_else() {
        assert!(is_id(&"0".repeat(64)) && is_id(&format!("sha256:{}", "f".repeat(64))));
        for wrong in ["", "--all", "sha256:", &"F".repeat(64), &"a".repeat(63), "latest"] {
            assert!(!is_id(wrong), "{wrong}");
        }
    }

    #[test]
    fn another_name_and_a_container_keep_an_image() {
        let rule = |image: &Inspected, containers: &[String]| {
            judge(image, "p:1", containers).map_err(|forbidden| forbidden.rule)
        };
        assert_eq!(rule(&image(&["p:1"]), &[]), Ok(()));
        assert_eq!(rule(&image(&["p:1", "p:2"]), &[]), Err(Rule::ImageHasOtherName));
        assert_eq!(rule(&image(&["p:1"]), &["c".into()]), Err(Rule::ImageInUse));
    }

    #[test]
    fn a_label_is_the_proof() {
        let item = |label: &str| ImageItem { repository: "p".into(), label: label.into() };
        assert!(proven(&image(&[]), &item("l")) && !proven(&image(&[]), &item("m")));
        let bare = Inspected { config: None, ..image(&[]) };
        assert!(!proven(&bare, &item("l")));
    }
}
