//! CircleCI ("Project values and variables" in its documentation).

use contract::environment::Executor;

use super::{Provider, Reader, titled};

pub(super) const PROVIDER: Provider =
    Provider { name: "CircleCI", detect: &[("CIRCLECI", None)], read };

fn read(reader: &mut Reader<'_>) -> Executor {
    reader.take("commit", &["CIRCLE_SHA1"]);
    reader.take("ref", &["CIRCLE_TAG", "CIRCLE_BRANCH"]);
    reader.take("actor", &["CIRCLE_USERNAME"]);
    reader.take("repository", &["CIRCLE_REPOSITORY_URL"]);
    reader.take("run.url", &["CIRCLE_BUILD_URL"]);
    let workflow = reader.take("run.id", &["CIRCLE_WORKFLOW_ID", "CIRCLE_BUILD_NUM"]);
    if let (Some(workflow), Some(number), Some(_)) =
        (workflow, reader.get("CIRCLE_BUILD_NUM"), reader.get("CIRCLE_WORKFLOW_ID"))
    {
        let id = format!("{workflow}, job {number}");
        reader.fact("run.id", &id);
    }
    match reader.get("CIRCLE_NODE_INDEX").map(|index| format!("container {index}")) {
        Some(runner) => reader.fact("runner", &runner),
        None => reader.unknown("runner", "CIRCLE_NODE_INDEX is not set"),
    }
    if let Some(url) = reader.url("CIRCLE_PULL_REQUEST") {
        reader.fact("pull_request", &url);
    }
    Executor {
        name: PROVIDER.name.to_owned(),
        kind: "circleci".to_owned(),
        url: None,
        build_order: reader.number("CIRCLE_BUILD_NUM"),
        build_name: titled(reader.get("CIRCLE_JOB"), reader.get("CIRCLE_BUILD_NUM")),
        build_url: reader.url("CIRCLE_BUILD_URL"),
    }
}
