//! A plain git checkout.

use contract::environment::Executor;

use super::{Found, vars::without_credentials};

/// What git says of the checkout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Git {
    /// The commit's full id.
    pub commit: String,
    /// The branch; absent where the commit itself is checked out.
    pub branch: Option<String>,
    /// Whether files differ from the commit; absent if that could not be found out.
    pub modified: Option<bool>,
    /// Where it was cloned from.
    pub remote: Option<String>,
}

impl Git {
    pub(super) fn executor(&self) -> Executor {
        let short = self.commit.get(..12).unwrap_or(&self.commit);
        let place = self.branch.as_deref().map(|branch| format!("{branch} ")).unwrap_or_default();
        let modified = if self.modified == Some(true) { ", modified" } else { "" };
        Executor {
            name: "git, no CI system".to_owned(),
            kind: "git".to_owned(),
            url: None,
            build_order: None,
            build_name: Some(format!("{place}{short}{modified}")),
            build_url: None,
        }
    }
}

/// Fills in from git what no CI system said, and says why the rest stays unknown.
pub(super) fn complete(found: &mut Found, git: &Result<Git, String>) {
    let in_ci = found.facts.contains_key("ci");
    let git = match git {
        Ok(git) => git,
        Err(reason) => {
            for key in ["commit", "ref", "repository"] {
                if !found.facts.contains_key(key) {
                    found.unknown.entry(key.to_owned()).or_insert_with(|| reason.clone());
                }
            }
            return;
        }
    };
    let remote = git.remote.as_deref().map(without_credentials);
    let values = [
        ("commit", Some(git.commit.clone()), ""),
        ("ref", git.branch.clone(), "no branch is checked out"),
        ("repository", remote, "the checkout has no remote called origin"),
    ];
    for (key, value, why) in values {
        if found.facts.contains_key(key) {
            continue;
        }
        match value {
            Some(value) => {
                found.unknown.remove(key);
                found.facts.insert(key.to_owned(), value);
            }
            None => {
                found.unknown.entry(key.to_owned()).or_insert_with(|| why.to_owned());
            }
        }
    }
    // In a CI run, caches and build output make every checkout differ: it would say nothing.
    if let (false, Some(modified)) = (in_ci, git.modified) {
        let word = if modified { "yes" } else { "no" };
        found.facts.insert("commit.modified".to_owned(), word.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Vars, find};
    use super::*;

    fn git() -> Git {
        Git {
            commit: "0123456789abcdef0123456789abcdef01234567".to_owned(),
            branch: Some("main".to_owned()),
            modified: Some(true),
            remote: Some("https://token@h.example/a.git".to_owned()),
        }
    }

    #[test]
    fn a_plain_checkout_is_said_to_be_one() {
        let found = find(&Vars::default(), &Ok(git()));
        assert_eq!(found.facts["commit"], git().commit);
        assert_eq!(found.facts["commit.modified"], "yes");
        assert_eq!(found.facts["repository"], "https://h.example/a.git");
        let executor = found.executor.unwrap();
        assert_eq!(executor.build_name.unwrap(), "main 0123456789ab, modified");
        assert_eq!((executor.build_order, executor.build_url), (None, None));
    }

    #[test]
    fn a_ci_system_has_the_word_and_git_fills_the_gaps() {
        let vars = Vars::from_iter([
            ("JENKINS_URL".to_owned(), "https://ci.example/".to_owned()),
            ("BRANCH_NAME".to_owned(), "release".to_owned()),
        ]);
        let found = find(&vars, &Ok(git()));
        assert_eq!(found.facts["ref"], "release");
        assert_eq!(found.facts["commit"], git().commit);
        assert!(!found.facts.contains_key("commit.modified"));
        assert!(!found.unknown.contains_key("commit"));
    }
}
