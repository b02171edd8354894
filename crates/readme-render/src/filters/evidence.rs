//! Our own filters: evidence and where it is.

use contract::{Gaps, Verdict};
use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use super::{Answer, Call, Filter};
use crate::engine::{Escape, Flaw};
use crate::places::Src;
use crate::value::{Tracked, Val};

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("cite", cite),
    ("verdict", verdict),
    ("integrity", integrity),
    ("badge_json", badge_json),
    ("badge_svg", badge_svg),
];

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

/// The label, the message and the colour of a badge, and where they came from.
fn badge(call: &Call<'_, '_>) -> Result<(String, String, String), Flaw> {
    let args = call.args.bind(&["label", "color"])?;
    let (label, message) = (super::text_arg(args[0].as_ref(), "")?, call.text()?);
    if message.trim().is_empty() || label.trim().is_empty() {
        return Err(Flaw::Error("a badge needs a label and a message".to_owned()));
    }
    let color = super::text_arg(args[1].as_ref(), "#57606a")?;
    let plain = color.chars().all(|c| c.is_ascii_alphanumeric() || c == '#');
    if !plain || color.is_empty() {
        return Err(Flaw::Error(format!("{color:?} is no colour")));
    }
    Ok((label, message, color))
}

/// The message as a shields.io endpoint document.
fn badge_json(call: Call<'_, '_>) -> Answer {
    let (label, message, color) = badge(&call)?;
    let quoted = |text: &str| crate::json::write(&Val::str(text), None);
    let text = format!(
        "{{\"schemaVersion\":1,\"label\":{},\"message\":{},\"color\":{}}}",
        quoted(&label)?,
        quoted(&message)?,
        quoted(&color)?
    );
    Ok(Val::safe(text).into())
}

/// The message as a picture of its own, to be committed beside the document: no cache shows an
/// old one, and no other host is asked.
fn badge_svg(call: Call<'_, '_>) -> Answer {
    let (label, message, color) = badge(&call)?;
    let width = |text: &str| 12 + 7 * text.chars().count();
    let (left, right) = (width(&label), width(&message));
    let total = left + right;
    let (label, message) = (escape::html::text(&label), escape::html::text(&message));
    let (label_x, message_x) = (left / 2, left + right / 2);
    let text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{total}\" height=\"20\" role=\"img\" \
         aria-label=\"{label}: {message}\"><title>{label}: {message}</title>\
         <rect width=\"{left}\" height=\"20\" fill=\"#333\"/>\
         <rect x=\"{left}\" width=\"{right}\" height=\"20\" fill=\"{color}\"/>\
         <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,sans-serif\" \
         font-size=\"11\"><text x=\"{label_x}\" y=\"14\">{label}</text>\
         <text x=\"{message_x}\" y=\"14\">{message}</text></g></svg>"
    );
    Ok(Val::safe(text).into())
}

/// `sha256-…` in base64: how a content security policy names an inline style or script.
fn integrity(call: Call<'_, '_>) -> Answer {
    let digest = BASE64.encode(&Sha256::digest(call.text()?.as_bytes()));
    Ok(Val::safe(format!("sha256-{digest}")).into())
}
