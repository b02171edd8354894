//! Where a run comes from: a CI system, or a plain git checkout.
//!
//! A provider is one file and its line in [`ALL`]. Nothing here is guessed: what no variable says
//! is absent and named in [`Found::unknown`].

mod azure;
mod buildkite;
mod circleci;
mod git;
mod github;
mod gitlab;
mod jenkins;
mod vars;

use std::collections::BTreeMap;

use contract::environment::Executor;

pub use git::Git;
pub use vars::Vars;

/// A CI system.
struct Provider {
    /// Its name for people.
    name: &'static str,
    /// The variable that says it is this one; see [`here`].
    detect: &'static [(&'static str, Option<&'static str>)],
    /// Reads its variables.
    read: fn(&mut Reader<'_>) -> Executor,
}

/// The first whose variables are there is the one.
const ALL: [Provider; 6] = [
    github::PROVIDER,
    gitlab::PROVIDER,
    jenkins::PROVIDER,
    buildkite::PROVIDER,
    azure::PROVIDER,
    circleci::PROVIDER,
];

/// What is known of a run's origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Properties: `ci`, `commit`, `ref`, `run.id`, `run.url`, `repository`, `actor`, `runner`,
    /// `pull_request`.
    pub facts: BTreeMap<String, String>,
    /// Those of them that are not known, each with the reason.
    pub unknown: BTreeMap<String, String>,
    /// What goes into `executor.json`.
    pub executor: Option<Executor>,
}

/// What `vars` (the environment) and `git` (the checkout, if there is one) say of the run.
#[must_use]
pub fn find(vars: &Vars, git: &Result<Git, String>) -> Found {
    let mut reader = Reader { vars, found: Found::default() };
    let executor = match ALL.iter().find(|provider| here(provider, vars)) {
        Some(provider) => {
            reader.found.facts.insert("ci".to_owned(), provider.name.to_owned());
            Some((provider.read)(&mut reader))
        }
        None => {
            reader.found.unknown.insert(
                "ci".to_owned(),
                "no variable of GitHub, GitLab, Jenkins, Buildkite, Azure or CircleCI is set"
                    .to_owned(),
            );
            git.as_ref().ok().map(Git::executor)
        }
    };
    let mut found = reader.found;
    found.executor = executor;
    git::complete(&mut found, git);
    found
}

/// Whether one of the provider's variables is set (to its value, where one is given).
fn here(provider: &Provider, vars: &Vars) -> bool {
    provider.detect.iter().any(|(name, value)| match value {
        None => vars.get(name).is_some(),
        Some(value) => vars.get(name).is_some_and(|found| found.eq_ignore_ascii_case(value)),
    })
}

/// Reads variables into facts.
struct Reader<'a> {
    vars: &'a Vars,
    found: Found,
}

impl Reader<'_> {
    /// The first of `names` that is set becomes the fact `key`.
    fn take(&mut self, key: &str, names: &[&str]) -> Option<String> {
        let value = names.iter().find_map(|name| self.vars.get(name)).map(str::to_owned);
        match &value {
            Some(value) => self.fact(key, value),
            None => self.unknown(key, &not_set(names)),
        }
        value
    }

    fn fact(&mut self, key: &str, value: &str) {
        self.found.unknown.remove(key);
        self.found.facts.insert(key.to_owned(), vars::without_credentials(value));
    }

    fn unknown(&mut self, key: &str, reason: &str) {
        self.found.facts.remove(key);
        self.found.unknown.insert(key.to_owned(), reason.to_owned());
    }

    /// A variable that becomes no fact by itself.
    fn get(&self, name: &str) -> Option<&str> {
        self.vars.get(name)
    }

    /// A running number; absent if it is none.
    fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.parse().ok()
    }

    /// A link, without the credentials that clone URLs carry.
    fn url(&self, name: &str) -> Option<String> {
        self.get(name).map(vars::without_credentials)
    }
}

fn not_set(names: &[&str]) -> String {
    match names {
        [one] => format!("{one} is not set"),
        names => format!("none of {} is set", names.join(", ")),
    }
}

/// `NAME #NUMBER`, of which either may be missing.
fn titled(name: Option<&str>, number: Option<&str>) -> Option<String> {
    match (name, number) {
        (Some(name), Some(number)) => Some(format!("{name} #{number}")),
        (Some(name), None) => Some(name.to_owned()),
        (None, Some(number)) => Some(format!("#{number}")),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_known_is_nothing_said() {
        let found = find(&Vars::default(), &Err("no git repository here".to_owned()));
        assert_eq!(found.facts, BTreeMap::new());
        assert_eq!(found.executor, None);
        assert_eq!(found.unknown["commit"], "no git repository here");
    }

    #[test]
    fn each_provider_is_recognised_by_its_own_variable() {
        let cases = [
            ("GITHUB_ACTIONS", "true", "GitHub Actions"),
            ("GITLAB_CI", "true", "GitLab CI"),
            ("BUILDKITE", "true", "Buildkite"),
            ("CIRCLECI", "true", "CircleCI"),
            ("TF_BUILD", "True", "Azure Pipelines"),
            ("JENKINS_URL", "https://ci.example/", "Jenkins"),
        ];
        for (name, value, ci) in cases {
            let vars = Vars::from_iter([(name.to_owned(), value.to_owned())]);
            let found = find(&vars, &Err("none".to_owned()));
            assert_eq!(found.facts["ci"], ci);
            assert_eq!(found.executor.unwrap().name, ci);
            assert!(found.unknown.contains_key("run.url"), "{ci}: {:?}", found.unknown);
        }
    }
}
