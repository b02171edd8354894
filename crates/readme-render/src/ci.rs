//! What a CI system says about the run, from its environment variables.
//!
//! Names as the systems document them. What a system does not say is absent: there are no
//! placeholders.

use std::path::Path;
use std::rc::Rc;

use crate::data::Tree;
use crate::value::Val;

/// A CI system: its name, the variable that gives it away, and the variables of its fields.
type System = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const SYSTEMS: [System; 6] = [
    (
        "github",
        "GITHUB_ACTIONS",
        &[
            ("commit", "GITHUB_SHA"),
            ("ref", "GITHUB_REF_NAME"),
            ("repository", "GITHUB_REPOSITORY"),
            ("run_id", "GITHUB_RUN_ID"),
            ("run_number", "GITHUB_RUN_NUMBER"),
            ("actor", "GITHUB_ACTOR"),
            ("runner", "RUNNER_NAME"),
        ],
    ),
    (
        "gitlab",
        "GITLAB_CI",
        &[
            ("commit", "CI_COMMIT_SHA"),
            ("ref", "CI_COMMIT_REF_NAME"),
            ("repository", "CI_PROJECT_PATH"),
            ("run_id", "CI_PIPELINE_ID"),
            ("run_url", "CI_PIPELINE_URL"),
            ("actor", "GITLAB_USER_LOGIN"),
            ("runner", "CI_RUNNER_DESCRIPTION"),
        ],
    ),
    (
        "jenkins",
        "JENKINS_URL",
        &[
            ("commit", "GIT_COMMIT"),
            ("ref", "GIT_BRANCH"),
            ("repository", "GIT_URL"),
            ("run_id", "BUILD_TAG"),
            ("run_number", "BUILD_NUMBER"),
            ("run_url", "BUILD_URL"),
            ("actor", "BUILD_USER_ID"),
            ("runner", "NODE_NAME"),
        ],
    ),
    (
        "buildkite",
        "BUILDKITE",
        &[
            ("commit", "BUILDKITE_COMMIT"),
            ("ref", "BUILDKITE_BRANCH"),
            ("repository", "BUILDKITE_REPO"),
            ("run_id", "BUILDKITE_BUILD_ID"),
            ("run_number", "BUILDKITE_BUILD_NUMBER"),
            ("run_url", "BUILDKITE_BUILD_URL"),
            ("actor", "BUILDKITE_BUILD_CREATOR"),
            ("runner", "BUILDKITE_AGENT_NAME"),
        ],
    ),
    (
        "azure",
        "TF_BUILD",
        &[
            ("commit", "BUILD_SOURCEVERSION"),
            ("ref", "BUILD_SOURCEBRANCH"),
            ("repository", "BUILD_REPOSITORY_URI"),
            ("run_id", "BUILD_BUILDID"),
            ("run_number", "BUILD_BUILDNUMBER"),
            ("actor", "BUILD_REQUESTEDFOR"),
            ("runner", "AGENT_NAME"),
        ],
    ),
    (
        "circleci",
        "CIRCLECI",
        &[
            ("commit", "CIRCLE_SHA1"),
            ("ref", "CIRCLE_BRANCH"),
            ("repository", "CIRCLE_REPOSITORY_URL"),
            ("run_id", "CIRCLE_WORKFLOW_ID"),
            ("run_number", "CIRCLE_BUILD_NUM"),
            ("run_url", "CIRCLE_BUILD_URL"),
            ("actor", "CIRCLE_USERNAME"),
        ],
    ),
];

/// `ci`: what the environment says; `None` outside of the CI systems that are known.
#[must_use]
pub fn detect(variable: &dyn Fn(&str) -> Option<String>) -> Option<Tree> {
    let given = |name: &str| variable(name).filter(|value| !value.is_empty());
    let (system, _, fields) = SYSTEMS.iter().find(|(_, mark, _)| given(mark).is_some())?;
    let text = |value: String| Tree::Scalar(Val::str(value));
    let mut entries: Vec<(Rc<str>, Tree)> = vec![("system".into(), text((*system).to_owned()))];
    for (field, name) in *fields {
        // Buildkite says HEAD before it knows the commit.
        if let Some(value) = given(name).filter(|value| value != "HEAD") {
            entries.push(((*field).into(), text(value)));
        }
    }
    let url = match *system {
        "github" => github_url(&given),
        "azure" => azure_url(&given),
        _ => None,
    };
    entries.extend(url.map(|url| ("run_url".into(), text(url))));
    let commit = commit_url(system, &given);
    entries.extend(commit.map(|url| ("commit_url".into(), text(url))));
    Some(Tree::Map(entries))
}

/// What a Git repository says without being run: `system`, `commit` and, on a branch, `ref`.
///
/// `read` gives the text of a file; `folder` is where to look first, then above it.
#[must_use]
pub fn git(read: &dyn Fn(&Path) -> Option<String>, folder: &Path) -> Option<Tree> {
    let (git, head) = folder.ancestors().find_map(|folder| {
        let dot = folder.join(".git");
        // A worktree has a file there that says where its folder is.
        let git = match read(&dot) {
            Some(text) => folder.join(text.strip_prefix("gitdir:")?.trim()),
            None => dot,
        };
        Some((git.clone(), read(&git.join("HEAD"))?))
    })?;
    let shared = read(&git.join("commondir")).map_or(git.clone(), |to| git.join(to.trim()));
    let (commit, branch) = match head.trim().strip_prefix("ref:").map(str::trim) {
        None => (head.trim().to_owned(), None),
        Some(name) => {
            let packed = || {
                let all = read(&shared.join("packed-refs"))?;
                let line = all.lines().find(|line| line.split(' ').nth(1) == Some(name))?;
                line.split(' ').next().map(str::to_owned)
            };
            let loose = [&git, &shared].into_iter().find_map(|git| read(&git.join(name)));
            (loose.or_else(packed)?.trim().to_owned(), name.strip_prefix("refs/heads/"))
        }
    };
    let whole = matches!(commit.len(), 40 | 64) && commit.bytes().all(|b| b.is_ascii_hexdigit());
    let text = |value: &str| Tree::Scalar(Val::str(value));
    let mut entries: Vec<(Rc<str>, Tree)> = vec![("system".into(), text("git"))];
    entries.push(("commit".into(), text(whole.then_some(&*commit)?)));
    entries.extend(branch.map(|branch| ("ref".into(), text(branch))));
    Some(Tree::Map(entries))
}

/// The page of the commit, where the system says where it is.
fn commit_url(system: &str, given: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    match system {
        "github" => {
            let (server, repository) = (given("GITHUB_SERVER_URL")?, given("GITHUB_REPOSITORY")?);
            Some(format!("{server}/{repository}/commit/{}", given("GITHUB_SHA")?))
        }
        "gitlab" => {
            Some(format!("{}/-/commit/{}", given("CI_PROJECT_URL")?, given("CI_COMMIT_SHA")?))
        }
        _ => None,
    }
}

fn github_url(given: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let (server, repository) = (given("GITHUB_SERVER_URL")?, given("GITHUB_REPOSITORY")?);
    let run = given("GITHUB_RUN_ID")?;
    let attempt = given("GITHUB_RUN_ATTEMPT");
    let attempt = attempt.map_or(String::new(), |attempt| format!("/attempts/{attempt}"));
    Some(format!("{server}/{repository}/actions/runs/{run}{attempt}"))
}

fn azure_url(given: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let (collection, project) = (given("SYSTEM_COLLECTIONURI")?, given("SYSTEM_TEAMPROJECT")?);
    let run = given("BUILD_BUILDID")?;
    Some(format!("{collection}{project}/_build/results?buildId={run}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_system_does_not_say_is_absent() {
        let github = |name: &str| match name {
            "GITHUB_ACTIONS" => Some("true".to_owned()),
            "GITHUB_SHA" => Some("abc".to_owned()),
            "GITHUB_ACTOR" => Some(String::new()),
            _ => None,
        };
        let Some(Tree::Map(entries)) = detect(&github) else { panic!("nothing was detected") };
        let names: Vec<&str> = entries.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["system", "commit"]);
        assert!(detect(&|_| None).is_none());
    }

    #[test]
    fn git_says_its_commit_and_its_branch() {
        let sha = "0123456789abcdef0123456789abcdef01234567";
        let repository = |head: &'static str, refs: &'static str| {
            move |path: &Path| match path.to_str()? {
                "/r/.git/HEAD" => Some(head.to_owned()),
                "/r/.git/packed-refs" => Some(format!("# pack\n{sha} {refs}\n")),
                _ => None,
            }
        };
        let found = |head, refs| git(&repository(head, refs), Path::new("/r/a/b"));
        let Some(Tree::Map(entries)) = found("ref: refs/heads/a/b\n", "refs/heads/a/b") else {
            panic!("nothing was found")
        };
        let texts: Vec<String> = entries.iter().map(|(k, v)| format!("{k} {v:?}")).collect();
        assert!(texts[1].contains(sha) && texts[2].contains("a/b"), "{texts:?}");
        assert!(found("ref: refs/heads/none\n", "refs/heads/x").is_none(), "no commit yet");
        let Some(Tree::Map(entries)) =
            git(&repository("0123456789abcdef0123456789abcdef01234567", ""), Path::new("/r"))
        else {
            panic!("nothing was found")
        };
        assert_eq!(entries.len(), 2, "a detached head is on no branch");
    }
}
