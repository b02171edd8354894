//! An explanation for a terminal.

use std::fmt::Write as _;

use contract::CheckStatus;
use contract::explanation::{
    Basis, Explained, Explanation, LayerFrom, RuleHit, RuleOutcome, StatusFrom, Telling, TextPart,
};
use contract::inventory::Requirement;
use escape::terminal::line;

use super::{layer_word, matrix, word};

/// A paragraph for each case.
#[must_use]
pub fn explanation(explanation: &Explanation) -> String {
    let mut out = String::new();
    for explained in &explanation.cases {
        if !out.is_empty() {
            out.push('\n');
        }
        for text in lines(explained, explanation) {
            let _ = writeln!(out, "{}", line(&text));
        }
    }
    let verdict = explanation.verdict.word().replace('_', " ");
    let gate = line(&explanation.gate.name);
    let _ = writeln!(out, "\nverdict over everything: {verdict} (gate: {gate})");
    out
}

fn lines(explained: &Explained, explanation: &Explanation) -> Vec<String> {
    let case = &explained.case;
    let target = case.target.as_ref().map_or(String::new(), |target| format!(" on {target}"));
    let mut lines = vec![
        format!("case:    {}{target}", case.id),
        format!("status:  {} ({})", word(case.status), status_from(explained)),
    ];
    lines.extend(explained.told.iter().flat_map(told));
    if explanation.basis == Basis::Summary
        && let Some(evidence) = &case.evidence
    {
        lines.push(format!("  {} (sha256 {})", super::place(evidence), evidence.sha256));
        lines.extend(case.message.iter().flat_map(|message| quoted(message)));
    }
    layer(&mut lines, explained, explanation.basis);
    lines.push(match &explained.advice {
        Some(advice) => format!("action:  {} ({})", advice.action, advice.rule),
        None => "action:  none".to_owned(),
    });
    lines.push(format!("needed:  {}", needed(explained.requirement)));
    judged(&mut lines, explained, &explanation.gate.name);
    lines
}

fn status_from(explained: &Explained) -> String {
    let attempts: Vec<_> = explained.case.attempts.iter().map(|status| word(*status)).collect();
    match explained.status_from {
        StatusFrom::OneElement => "one element tells of it".to_owned(),
        StatusFrom::LastAttempt => {
            format!("the last of {} attempts: {}", attempts.len(), attempts.join(", "))
        }
        StatusFrom::WorstOfSeveral => "inputs do not agree: the worst status holds".to_owned(),
        StatusFrom::AllAgree => "several inputs tell of it and agree".to_owned(),
        StatusFrom::ExpectedAndAbsent => "it is expected, and no input holds it".to_owned(),
    }
}

fn told(told: &Telling) -> Vec<String> {
    let at = told.line.map_or(String::new(), |line| format!(":{line}"));
    let bytes =
        told.bytes.map_or(String::new(), |span| format!(", bytes {} to {}", span.start, span.end));
    let decides = if told.decides { ", decides" } else { "" };
    let mut lines = vec![
        format!("  {}{at}: {} ({}{bytes}{decides})", told.path, word(told.status), told.format),
        format!("    sha256 {}", told.sha256),
    ];
    lines.extend(told.message.iter().flat_map(|message| quoted(message)));
    lines
}

/// The first lines of a message.
fn quoted(message: &str) -> impl Iterator<Item = String> {
    let told = message.lines().filter(|text| !text.trim().is_empty());
    told.take(5).map(|text| format!("    | {text}"))
}

fn layer(lines: &mut Vec<String>, explained: &Explained, basis: Basis) {
    let case = &explained.case;
    let rule = case.rule.as_deref().unwrap_or_default();
    let decides = explained.rules.iter().find(|hit| hit.outcome == RuleOutcome::Decides);
    lines.push(format!(
        "layer:   {} ({})",
        layer_word(case.layer),
        match explained.layer_from {
            LayerFrom::Input => "the input, or the list of expected checks, says so".to_owned(),
            LayerFrom::NotAsked => "it passed: there is no cause to place".to_owned(),
            LayerFrom::Nothing => "no rule fits what it says".to_owned(),
            LayerFrom::Rule if decides.is_none() && basis == Basis::Summary => {
                format!("rule {rule}; what it fits is not in the summary")
            }
            LayerFrom::Rule => format!("rule {rule}"),
        }
    ));
    for hit in &explained.rules {
        lines.push(format!("  rule {} ({}): {}", hit.rule, layer_word(Some(hit.layer)), fits(hit)));
        lines.push(format!("    pattern {}", hit.pattern));
    }
}

fn fits(hit: &RuleHit) -> String {
    let part = match hit.part {
        TextPart::Message => "message",
        TextPart::Detail => "detail",
        TextPart::Name => "name",
        TextPart::Suite => "suite",
    };
    let why = match hit.outcome {
        RuleOutcome::Decides => "decides",
        RuleOutcome::General => {
            "lost: it is general, and a particular rule fits, or an earlier general one"
        }
        RuleOutcome::Later => "lost: it stands after the one that decides",
        RuleOutcome::LessTelling => "lost: this part tells less than the one that decides",
        RuleOutcome::NotAsked => "not asked for the layer, which is known",
    };
    format!("fits {:?} in the {part}; {why}", hit.text)
}

fn needed(requirement: Option<Requirement>) -> &'static str {
    match requirement {
        Some(Requirement::Required) => "required",
        Some(Requirement::Optional) => "optional",
        None => "no list and no input says whether it has to run",
    }
}

fn judged(lines: &mut Vec<String>, explained: &Explained, gate: &str) {
    let failed = matches!(explained.case.status, CheckStatus::Failed | CheckStatus::Broken);
    if explained.unmet.is_empty() {
        let says = if failed { "lets no failure pass" } else { "misses nothing of it" };
        lines.push(format!("gate:    {gate} {says}"));
    }
    for unmet in &explained.unmet {
        lines.push(format!("gate:    {gate} misses it: {}", unmet.why));
    }
    for row in &explained.requirements {
        let answer = matrix::answer(row.coverage);
        lines.push(format!("speaks for: {} ({}): {answer}", row.id, row.title));
    }
    for changed in &explained.changes {
        let before = changed.change.before.map_or("not listed".to_owned(), word);
        let now = changed.change.now.map_or("not there".to_owned(), word);
        let list = changed.list.replace('_', " ");
        lines.push(format!("changed: {list} ({before} before, {now} now)"));
    }
}
