//! Profiles: what a kind of project leaves behind, and what proves that it can go.

use std::collections::BTreeMap;

use contract::cleanup::EntryType;
use serde::Deserialize;

/// The profiles that come with the tool: name and text.
pub const PROFILES: [(&str, &str); 8] = [
    ("audit", include_str!("../profiles/audit.toml")),
    ("bench", include_str!("../profiles/bench.toml")),
    ("docs", include_str!("../profiles/docs.toml")),
    ("images", include_str!("../profiles/images.toml")),
    ("macos", include_str!("../profiles/macos.toml")),
    ("node", include_str!("../profiles/node.toml")),
    ("python", include_str!("../profiles/python.toml")),
    ("rust", include_str!("../profiles/rust.toml")),
];

/// What one kind of project leaves behind.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// For people.
    pub description: String,
    /// What it looks for; the first that matches a name decides.
    pub item: Vec<Item>,
    /// Container images it looks for.
    #[serde(default)]
    pub image: Vec<ImageItem>,
}

/// One kind of container image to look for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageItem {
    /// Its repository, without a host: what is pulled from a registry is somebody's, not ours.
    pub repository: String,
    /// The label that proves who made it.
    pub label: String,
}

/// One thing to look for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The name, with at most one `*`, anywhere below the root; with a slash in front: a path
    /// directly below the root.
    pub name: String,
    /// File or folder.
    pub kind: ItemKind,
    /// Any of these proves that it is disposable.
    pub proof: Vec<Proof>,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A regular file.
    File,
    /// A folder.
    Directory,
}

/// What proves that something is disposable.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Proof {
    /// Git ignores it and tracks nothing in it.
    Ignored,
    /// The folder has a regular file of this name, which begins with `begins`.
    Inside {
        /// Name.
        file: String,
        /// First bytes; empty: any.
        begins: String,
    },
    /// A regular file of this name lies beside it.
    Beside {
        /// Name.
        file: String,
    },
    /// Everything in the folder is a regular file with one of these names (one `*` each), and
    /// there is at least one.
    Only {
        /// Names.
        names: Vec<String>,
    },
    /// The file begins with these bytes.
    Begins {
        /// First bytes.
        bytes: Vec<u8>,
    },
}

impl Proof {
    /// What is looked for, for people.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Ignored => "ignored by git".to_owned(),
            Self::Inside { file, .. } => format!("{file} in it"),
            Self::Beside { file } => format!("{file} beside it"),
            Self::Only { names } => format!("nothing but {} in it", names.join(", ")),
            Self::Begins { .. } => "the first bytes of its format".to_owned(),
        }
    }
}

impl Item {
    /// Whether this is about something of this name and type, at `path` below the root.
    #[must_use]
    pub fn matches(&self, path: &[u8], kind: EntryType) -> bool {
        let name = path.rsplit(|b| *b == b'/').next().unwrap_or(path);
        let named = match self.name.strip_prefix('/') {
            Some(exact) => path == exact.as_bytes(),
            None => matches_name(&self.name, name),
        };
        let typed = match self.kind {
            ItemKind::File => kind == EntryType::File,
            ItemKind::Directory => kind == EntryType::Directory,
        };
        named && typed
    }
}

/// Whether `name` is `pattern`, in which one `*` stands for any bytes.
#[must_use]
pub fn matches_name(pattern: &str, name: &[u8]) -> bool {
    match pattern.split_once('*') {
        None => pattern.as_bytes() == name,
        Some((before, after)) => {
            name.len() >= before.len() + after.len()
                && name.starts_with(before.as_bytes())
                && name.ends_with(after.as_bytes())
        }
    }
}

/// The profiles with these names.
pub fn named(names: &[String]) -> Result<BTreeMap<String, Profile>, String> {
    let mut found = BTreeMap::new();
    for name in names {
        let Some((_, text)) = PROFILES.iter().find(|(known, _)| known == name) else {
            let known: Vec<_> = PROFILES.iter().map(|(name, _)| *name).collect();
            return Err(format!("no profile {name:?}: there are {}", known.join(", ")));
        };
        let profile = toml::from_str(text).map_err(|error| format!("profile {name}: {error}"))?;
        found.insert(name.clone(), profile);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_can_be_read_and_asks_for_proof() {
        let names: Vec<String> = PROFILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        let profiles = named(&names).unwrap();
        for (name, profile) in profiles {
            assert!(!profile.item.is_empty() && !profile.description.is_empty(), "{name}");
            for image in profile.image {
                assert!(!image.label.is_empty() && image.repository.contains('/'), "{name}");
            }
            for item in profile.item {
                assert!(!item.proof.is_empty(), "{name}: {} by its name alone", item.name);
                assert!(item.name.matches('*').count() <= 1 && item.name != "*", "{name}");
            }
        }
    }

    #[test]
    fn one_star_stands_for_any_bytes() {
        assert!(matches_name("*.egg-info", b"a.egg-info") && !matches_name("*.egg-info", b"egg"));
        assert!(matches_name("audit_*", b"audit_") && !matches_name("a*a", b"a"));
    }

    #[test]
    fn a_rooted_item_matches_in_one_place_only() {
        let item = |name: &str| Item {
            name: name.into(),
            kind: ItemKind::Directory,
            proof: vec![Proof::Ignored],
        };
        assert!(item("/out").matches(b"out", EntryType::Directory));
        assert!(!item("/out").matches(b"a/out", EntryType::Directory));
        assert!(item("out").matches(b"a/out", EntryType::Directory));
        assert!(!item("out").matches(b"a/out", EntryType::Symlink));
    }
}
