//! Our own filters: evidence and where it is.

use contract::{Gaps, Verdict};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::{Answer, Call, Filter};
use crate::engine::{Escape, Flaw};
use crate::places::Src;
use crate::value::{Tracked, Val};

pub(super) const FILTERS: &[(&str, Filter)] =
    &[("cite", cite), ("verdict", verdict), ("integrity", integrity)];

/// The value as a link to its entry in `evidence.cited`, which the document lists somewhere: the
/// way from a number to its bytes. A value that no data stands behind cannot be cited.
fn cite(call: Call<'_, '_>) -> Answer {
    let src = call.input.deep();
    if src == Src::None {
        return Err(Flaw::Error("there is no data behind this value".to_owned()));
    }
    let number = call.machine.cite(&src);
    let text = call.text()?;
    let val = match call.machine.escape {
        Escape::Html => Val::safe(format!(
            "<a class=\"cite\" href=\"#e{number}\">{}</a>",
            escape::html::text(&text)
        )),
        Escape::Markdown => Val::safe(format!("[{}](#e{number})", escape::markdown::inline(&text))),
        Escape::None => Val::str(text),
    };
    Ok(Tracked { val, src })
}

/// A verdict of the family with its gaps, never without: `pass, 2 not run`.
fn verdict(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["gaps"])?;
    let word = call.text()?;
    let known = [Verdict::Pass, Verdict::Incomplete, Verdict::NoEvidence, Verdict::Fail];
    let Some(verdict) = known.into_iter().find(|verdict| verdict.word() == word) else {
        return Err(Flaw::Error(format!("{word:?} is no verdict")));
    };
    let Some(Val::Map(gaps)) = args[0].as_ref().map(|gaps| &gaps.val) else {
        return Err(Flaw::Error("a verdict is not shown without its gaps: give them".to_owned()));
    };
    let gap = |name: &str| match gaps.borrow().get(name).map(|gap| &gap.val) {
        Some(Val::Int(count)) => u64::try_from(*count).map_err(|error| error.to_string()),
        _ => Err(format!("these are no gaps: there is no number {name:?} among them")),
    };
    let gaps = Gaps {
        skipped: gap("skipped")?,
        not_run: gap("not_run")?,
        degraded: gap("degraded")?,
        flaky: gap("flaky")?,
        unknown: gap("unknown")?,
    };
    Ok(Val::str(verdict.with(&gaps)).into())
}

/// `sha256-…` in base64: how a content security policy names an inline style or script.
fn integrity(call: Call<'_, '_>) -> Answer {
    let digest = BASE64.encode(&Sha256::digest(call.text()?.as_bytes()));
    Ok(Val::safe(format!("sha256-{digest}")).into())
}
