//! Azure Pipelines ("Use predefined variables" in its documentation).

use contract::environment::Executor;

use super::{Provider, Reader, titled};

pub(super) const PROVIDER: Provider = Provider {
    name: "Azure Pipelines",
    detect: &[("TF_BUILD", Some("true")), ("BUILD_BUILDURI", None)],
    read,
};

fn read(reader: &mut Reader<'_>) -> Executor {
    reader.take("commit", &["BUILD_SOURCEVERSION"]);
    reader.take("ref", &["BUILD_SOURCEBRANCH"]);
    reader.take("actor", &["BUILD_REQUESTEDFOR"]);
    reader.take("runner", &["AGENT_NAME"]);
    reader.take("repository", &["BUILD_REPOSITORY_URI"]);
    let build = reader.take("run.id", &["BUILD_BUILDID"]);
    if let (Some(build), Some(attempt)) =
        (&build, reader.get("SYSTEM_JOBATTEMPT").map(str::to_owned))
    {
        reader.fact("run.id", &format!("{build}, attempt {attempt}"));
    }
    if let Some(number) = reader.get("SYSTEM_PULLREQUEST_PULLREQUESTID").map(str::to_owned) {
        reader.fact("pull_request", &number);
    }
    let (collection, project) =
        (reader.url("SYSTEM_COLLECTIONURI"), reader.get("SYSTEM_TEAMPROJECT"));
    // A project's name may hold blanks; links may not.
    let url = match (collection, project) {
        (Some(collection), Some(project)) => {
            let collection = collection.trim_end_matches('/');
            Some(format!("{collection}/{}", project.replace(' ', "%20")))
        }
        _ => None,
    };
    let build_url = match (&url, &build) {
        (Some(url), Some(build)) => Some(format!("{url}/_build/results?buildId={build}")),
        _ => None,
    };
    match &build_url {
        Some(url) => reader.fact("run.url", url),
        None => reader.unknown(
            "run.url",
            "SYSTEM_COLLECTIONURI, SYSTEM_TEAMPROJECT and BUILD_BUILDID are not all set",
        ),
    }
    Executor {
        name: PROVIDER.name.to_owned(),
        kind: "azure".to_owned(),
        url,
        build_order: reader.number("BUILD_BUILDID"),
        build_name: titled(
            reader.get("BUILD_DEFINITIONNAME"),
            reader.get("BUILD_BUILDNUMBER").or(build.as_deref()),
        ),
        build_url,
    }
}
