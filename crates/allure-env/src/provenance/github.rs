//! GitHub Actions ("Variables reference" in its documentation).

use contract::environment::Executor;

use super::{Provider, Reader, titled};

pub(super) const PROVIDER: Provider =
    Provider { name: "GitHub Actions", detect: &[("GITHUB_ACTIONS", Some("true"))], read };

fn read(reader: &mut Reader<'_>) -> Executor {
    reader.take("commit", &["GITHUB_SHA"]);
    reader.take("ref", &["GITHUB_REF", "GITHUB_REF_NAME"]);
    reader.take("actor", &["GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"]);
    reader.take("runner", &["RUNNER_NAME"]);
    let attempt = reader.get("GITHUB_RUN_ATTEMPT").map(str::to_owned);
    let run = reader.take("run.id", &["GITHUB_RUN_ID"]);
    if let (Some(run), Some(attempt)) = (&run, &attempt) {
        reader.fact("run.id", &format!("{run}, attempt {attempt}"));
    }
    let repository = reader.take("repository", &["GITHUB_REPOSITORY"]);
    let url = match (reader.url("GITHUB_SERVER_URL"), repository) {
        (Some(server), Some(repository)) => Some(format!("{server}/{repository}")),
        _ => None,
    };
    let build_url = match (&url, &run) {
        (Some(url), Some(run)) => {
            let attempt = attempt.map(|attempt| format!("/attempts/{attempt}")).unwrap_or_default();
            Some(format!("{url}/actions/runs/{run}{attempt}"))
        }
        _ => None,
    };
    match &build_url {
        Some(url) => reader.fact("run.url", url),
        None => reader.unknown(
            "run.url",
            "GITHUB_SERVER_URL, GITHUB_REPOSITORY and GITHUB_RUN_ID are not all set",
        ),
    }
    pull_request(reader);
    Executor {
        name: PROVIDER.name.to_owned(),
        kind: "github".to_owned(),
        url,
        build_order: reader.number("GITHUB_RUN_NUMBER"),
        build_name: titled(reader.get("GITHUB_WORKFLOW"), reader.get("GITHUB_RUN_NUMBER")),
        build_url,
    }
}

/// On a pull request, the ref is `refs/pull/NUMBER/merge`.
fn pull_request(reader: &mut Reader<'_>) {
    let number = reader
        .get("GITHUB_REF")
        .and_then(|name| name.strip_prefix("refs/pull/"))
        .and_then(|rest| rest.split('/').next())
        .map(str::to_owned);
    if let Some(number) = number {
        reader.fact("pull_request", &number);
    }
}
