//! What is wrong with a finished Markdown document, whatever it says.

use std::collections::BTreeSet;

use crate::anchor;

/// GitHub cuts a README here without a word.
const CUT: usize = 500_000;
/// From here on it is near.
const NEAR: usize = 400_000;

/// Words that mark work that is left, each a word of its own and in capitals.
const LEFT: [&str; 4] = ["TBD", "TODO", "FIXME", "XXX"];

/// Something that is wrong at a line, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lint {
    /// The line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// A line with what is outside of code spans and fences.
struct Line<'t> {
    number: usize,
    text: &'t str,
    fenced: bool,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for (place, text) in text.lines().enumerate() {
        let trimmed = text.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| trimmed.starts_with(mark));
        let border = mark.is_some() && (fence.is_none() || fence == mark);
        lines.push(Line { number: place + 1, text, fenced: fence.is_some() || border });
        if border {
            fence = if fence.is_some() { None } else { mark };
        }
    }
    lines
}

/// Everything that is wrong; `exists` says whether a link to a file leads somewhere.
#[must_use]
pub fn markdown(text: &str, exists: &dyn Fn(&str) -> bool) -> Vec<Lint> {
    let mut found = Vec::new();
    if text.len() > NEAR {
        let verb = if text.len() > CUT { "is cut" } else { "is soon cut" };
        let message = format!("{} bytes: on GitHub a page {verb} at {CUT}", text.len());
        found.push(Lint { line: 1, message });
    }
    let lines = lines(text);
    let anchors = anchors(&lines);
    for line in lines.iter().filter(|line| !line.fenced) {
        let plain = without_code(line.text);
        let mut say = |message: String| found.push(Lint { line: line.number, message });
        for tag in ["<script", "<style", "<svg", "<iframe"] {
            if plain.to_ascii_lowercase().contains(tag) {
                say(format!("{tag}> is taken out by GitHub"));
            }
        }
        for target in targets(&plain) {
            match target.split_once('#') {
                Some(("", anchor)) if !anchors.contains(anchor) => {
                    say(format!("no heading or id for the link to #{anchor}"));
                }
                Some(("", _)) => {}
                other => {
                    let file = other.map_or(target, |(file, _)| file);
                    if !file.contains(':') && !file.starts_with('/') && !exists(file) {
                        say(format!("the link to {file} leads nowhere"));
                    }
                }
            }
        }
    }
    tables(&lines, &mut found);
    found.sort_by_key(|lint| lint.line);
    found
}

/// Words that mark work that is left, with their lines.
#[must_use]
pub fn unresolved(text: &str) -> Vec<(usize, String)> {
    let word =
        |line: &str| line.split(|c: char| !c.is_alphanumeric()).any(|word| LEFT.contains(&word));
    let lines = text.lines().enumerate().filter(|(_, line)| word(line));
    lines.map(|(place, line)| (place + 1, line.trim().to_owned())).collect()
}

/// Headings and ids that a link can lead to.
fn anchors(lines: &[Line<'_>]) -> BTreeSet<String> {
    let mut anchors = BTreeSet::new();
    for line in lines.iter().filter(|line| !line.fenced) {
        let level = line.text.len() - line.text.trim_start_matches('#').len();
        if (1..=6).contains(&level) && line.text[level..].starts_with(' ') {
            let slug = anchor::slug(&line.text[level..].replace('\\', ""));
            let mut unique = slug.clone();
            let mut count = 0;
            while !anchors.insert(unique.clone()) {
                count += 1;
                unique = format!("{slug}-{count}");
            }
        }
        for mark in ["id=\"", "name=\""] {
            for rest in line.text.split(mark).skip(1) {
                anchors.extend(rest.split('"').next().map(str::to_owned));
            }
        }
    }
    anchors
}

/// The line without its code spans.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("``")
}

/// The targets of the links in a line.
fn targets(line: &str) -> Vec<&str> {
    line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()).collect()
}

/// Rows that have more cells than their header.
fn tables(lines: &[Line<'_>], found: &mut Vec<Lint>) {
    let cells = |line: &str| {
        let line = line.trim().replace("\\|", "");
        line.trim_matches('|').split('|').count()
    };
    let mut columns = None;
    for pair in lines.windows(2) {
        let [before, line] = pair else { continue };
        let row = line.text.trim_start().starts_with('|') && !line.fenced;
        let ruler =
            row && line.text.chars().all(|c| "|-: \t".contains(c)) && line.text.contains('-');
        if ruler {
            columns = Some(cells(before.text));
        } else if !row {
            columns = None;
        }
        if let Some(columns) = columns.filter(|columns| row && cells(line.text) != *columns) {
            let message = format!("a row of {} cells below {columns} columns", cells(line.text));
            found.push(Lint { line: line.number, message });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        let found = markdown(text, &|file| file == "there.md");
        found.into_iter().map(|lint| format!("{}: {}", lint.line, lint.message)).collect()
    }

    #[test]
    fn links_and_anchors_have_to_lead_somewhere() {
        let text = "# A b\n[x](#a-b) [y](#no) [z](there.md) [w](gone.md#x) [v](https://x/#y)\n";
        assert_eq!(
            messages(text),
            ["2: no heading or id for the link to #no", "2: the link to gone.md leads nowhere"]
        );
    }

    #[test]
    fn tables_are_whole_and_code_is_left_alone() {
        assert_eq!(messages("| a | b |\n|---|---|\n| 1 | 2 |\n| 1 |\n").len(), 1);
        assert!(messages("```\n<svg> [x](gone.md)\n```\n`<svg>` a\\|b\n").is_empty());
        assert_eq!(messages("<svg></svg>\n").len(), 1);
    }

    #[test]
    fn work_that_is_left_is_found() {
        assert_eq!(unresolved("a\nTBD: x\ntodo\nXTODO\n"), [(2, "TBD: x".to_owned())]);
    }
}
