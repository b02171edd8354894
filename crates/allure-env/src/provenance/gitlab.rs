//! GitLab CI ("Predefined CI/CD variables reference" in its documentation).

use contract::environment::Executor;

use super::{Provider, Reader, titled};

pub(super) const PROVIDER: Provider =
    Provider { name: "GitLab CI", detect: &[("GITLAB_CI", None)], read };

fn read(reader: &mut Reader<'_>) -> Executor {
    reader.take("commit", &["CI_COMMIT_SHA"]);
    reader.take("ref", &["CI_COMMIT_REF_NAME"]);
    reader.take("actor", &["GITLAB_USER_LOGIN"]);
    reader.take("runner", &["CI_RUNNER_DESCRIPTION", "CI_RUNNER_ID"]);
    reader.take("repository", &["CI_PROJECT_PATH", "CI_PROJECT_URL"]);
    reader.take("run.url", &["CI_JOB_URL", "CI_PIPELINE_URL"]);
    let pipeline = reader.take("run.id", &["CI_PIPELINE_ID"]);
    if let (Some(pipeline), Some(job)) = (pipeline, reader.get("CI_JOB_ID").map(str::to_owned)) {
        reader.fact("run.id", &format!("{pipeline}, job {job}"));
    }
    if let Some(number) = reader.get("CI_MERGE_REQUEST_IID").map(str::to_owned) {
        reader.fact("pull_request", &number);
    }
    Executor {
        name: PROVIDER.name.to_owned(),
        kind: "gitlab".to_owned(),
        url: reader.url("CI_PROJECT_URL"),
        build_order: reader.number("CI_PIPELINE_IID").or(reader.number("CI_PIPELINE_ID")),
        build_name: titled(
            reader.get("CI_JOB_NAME"),
            reader.get("CI_PIPELINE_IID").or(reader.get("CI_PIPELINE_ID")),
        ),
        build_url: reader.url("CI_JOB_URL").or(reader.url("CI_PIPELINE_URL")),
    }
}
