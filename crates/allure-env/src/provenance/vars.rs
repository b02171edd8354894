//! The environment as a value.

use std::collections::BTreeMap;

/// Environment variables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vars(BTreeMap<String, String>);

impl Vars {
    /// The value of a variable; one that is empty is not set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.trim().is_empty())
    }
}

impl FromIterator<(String, String)> for Vars {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

/// `url` without `user:password@`, which CI systems put into the URL they clone from. A report is
/// read by more people than a clone URL.
pub(super) fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    match rest[..end].rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::without_credentials;

    #[test]
    fn a_clone_url_loses_its_credentials() {
        assert_eq!(without_credentials("https://u:p@h.example/a.git"), "https://h.example/a.git");
        assert_eq!(without_credentials("https://t@h.example"), "https://h.example");
        assert_eq!(without_credentials("https://h.example/a@b"), "https://h.example/a@b");
        assert_eq!(without_credentials("git@h.example:a.git"), "git@h.example:a.git");
    }
}
