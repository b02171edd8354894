//! Refuses evidence that is about something else, contradicts itself or is too old.

use plumb::{Failure, Run};
use readme_render::render::Data;
use readme_render::{stale, supply};

use super::Args;

/// Whether the data is about one image, and about the commit and young enough as far as the
/// arguments ask; what is not is reported. At least one file has to say: silence is no evidence
/// either.
pub fn check(args: &Args, run: &Run, data: &[Data]) -> Result<bool, Failure> {
    let mut fresh = true;
    let refuse = |source: &str, message: &str| {
        run.say(&plumb::Event::Failed { source: Some(source), line: None, message });
    };
    let files = || data.iter().filter_map(|data| Some((data.file.as_ref()?, &data.tree)));
    if let Some(wanted) = &args.commit {
        let mut named = false;
        let (wanted, may_differ) = stale::clean(wanted);
        for (file, tree) in files() {
            let Some(found) = stale::commit(tree) else { continue };
            named = true;
            let (found, _) = stale::clean(found);
            if !stale::same_commit(found, wanted) {
                refuse(&file.path, &format!("is about commit {found}, not {wanted}"));
                fresh = false;
            } else if stale::dirty(tree) && !may_differ {
                let why = format!(
                    "was made of files that differ from commit {found}: commit them and make it again, or say --commit {wanted}-dirty"
                );
                refuse(&file.path, &why);
                fresh = false;
            }
        }
        if !named {
            refuse("--commit", "no data file names the commit it is about");
            fresh = false;
        }
    }
    if let Some(age) = &args.max_age {
        let most = stale::duration(age).ok_or_else(|| {
            Failure::new(format!("expected a duration (90s, 30m, 24h, 7d), found {age:?}"))
                .at("--max-age")
        })?;
        let now = i64::try_from(run.now_ms()?).unwrap_or(i64::MAX);
        let mut named = false;
        for (file, tree) in files() {
            let Some(made) = stale::time(tree) else { continue };
            named = true;
            if now.saturating_sub(made) > most {
                let hours = now.saturating_sub(made) / 3_600_000;
                refuse(&file.path, &format!("is {hours} hours old; at most {age} is allowed"));
                fresh = false;
            }
        }
        if !named {
            refuse("--max-age", "no data file says when it was made");
            fresh = false;
        }
    }
    let claims: Vec<_> = files()
        .filter_map(|(file, tree)| Some((file.path.as_str(), supply::claims(tree)?)))
        .collect();
    for (source, message) in supply::disagreements(&claims) {
        refuse(&source, &message);
        fresh = false;
    }
    Ok(fresh)
}
