//! Jenkins (the variables its core, the git plugin and the pull request builder set).

use contract::environment::Executor;

use super::{Provider, Reader, titled};

pub(super) const PROVIDER: Provider =
    Provider { name: "Jenkins", detect: &[("JENKINS_URL", None)], read };

fn read(reader: &mut Reader<'_>) -> Executor {
    reader.take("commit", &["ghprbActualCommit", "GIT_COMMIT"]);
    reader.take("ref", &["BRANCH_NAME", "GIT_BRANCH"]);
    reader.take("actor", &["BUILD_USER_ID"]);
    reader.take("runner", &["NODE_NAME"]);
    reader.take("repository", &["GIT_URL"]);
    reader.take("run.url", &["BUILD_URL"]);
    reader.take("run.id", &["BUILD_TAG", "BUILD_NUMBER"]);
    if let Some(number) = reader.get("CHANGE_ID").or(reader.get("ghprbPullId")).map(str::to_owned) {
        reader.fact("pull_request", &number);
    }
    Executor {
        name: PROVIDER.name.to_owned(),
        kind: "jenkins".to_owned(),
        url: reader.url("JENKINS_URL"),
        build_order: reader.number("BUILD_NUMBER"),
        build_name: titled(reader.get("JOB_NAME"), reader.get("BUILD_NUMBER")),
        build_url: reader.url("BUILD_URL"),
    }
}
