//! Buildkite ("Environment variables" in its documentation).

use contract::environment::Executor;

use super::{Provider, Reader, titled};

pub(super) const PROVIDER: Provider =
    Provider { name: "Buildkite", detect: &[("BUILDKITE", None)], read };

fn read(reader: &mut Reader<'_>) -> Executor {
    // A build that was started for a branch's tip says HEAD, which names no commit.
    if reader.take("commit", &["BUILDKITE_COMMIT"]).as_deref() == Some("HEAD") {
        reader.unknown("commit", "BUILDKITE_COMMIT is HEAD, which names no commit");
    }
    reader.take("ref", &["BUILDKITE_TAG", "BUILDKITE_BRANCH"]);
    reader.take("actor", &["BUILDKITE_BUILD_CREATOR"]);
    reader.take("runner", &["BUILDKITE_AGENT_NAME"]);
    reader.take("repository", &["BUILDKITE_REPO"]);
    let build = reader.take("run.id", &["BUILDKITE_BUILD_ID"]);
    let job = reader.get("BUILDKITE_JOB_ID").map(str::to_owned);
    if let (Some(build), Some(job)) = (build, &job) {
        reader.fact("run.id", &format!("{build}, job {job}"));
    }
    let url = reader.take("run.url", &["BUILDKITE_BUILD_URL"]);
    let build_url = match (url, job) {
        (Some(url), Some(job)) => Some(format!("{url}#{job}")),
        (url, _) => url,
    };
    if let Some(url) = &build_url {
        reader.fact("run.url", url);
    }
    let pull_request = reader.get("BUILDKITE_PULL_REQUEST").filter(|number| *number != "false");
    if let Some(number) = pull_request.map(str::to_owned) {
        reader.fact("pull_request", &number);
    }
    Executor {
        name: PROVIDER.name.to_owned(),
        kind: "buildkite".to_owned(),
        url: None,
        build_order: reader.number("BUILDKITE_BUILD_NUMBER"),
        build_name: titled(
            reader.get("BUILDKITE_PIPELINE_SLUG"),
            reader.get("BUILDKITE_BUILD_NUMBER"),
        ),
        build_url,
    }
}
