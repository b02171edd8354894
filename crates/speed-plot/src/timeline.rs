//! How the change of each cell went from one comparison to the next: a panel per cell.

use std::collections::BTreeMap;

use contract::speed::Key;
use contract::speed_comparison::{Cell, SpeedComparison, Verdict};

use crate::layout::{self, LINE, MARGIN, cut};
use crate::scale::{Linear, signed};
use crate::svg::{Anchor, Svg};

const PANEL: (f64, f64) = (230.0, 110.0);
const LABELS: (f64, f64) = (52.0, 52.0);
const MOST_COLUMNS: usize = 3;

/// Beyond this nobody looks at a panel any more.
pub const MOST_PANELS: usize = 24;

/// One comparison and what it is called.
pub type Entry<'a> = (&'a str, &'a SpeedComparison);

/// The chart of the cells whose key contains `only`, over comparisons in the order given.
#[must_use]
pub fn timeline(entries: &[Entry<'_>], only: Option<&str>, metadata: &str) -> String {
    let panels = panels(entries, only);
    let shown: Vec<_> = panels.iter().take(MOST_PANELS).collect();
    let columns = shown.len().clamp(1, MOST_COLUMNS);
    let total = 2.0 * MARGIN + steps(columns) * (PANEL.0 + LABELS.0);
    let title = "Change over time".to_owned();
    let mut notes = vec![format!(
        "candidate against baseline, in % of the rate, over {} comparisons from {} to {}; bars: \
         intervals; filled: a verdict of regression or improvement",
        entries.len(),
        entries.first().map_or("-", |entry| entry.0),
        entries.last().map_or("-", |entry| entry.0)
    )];
    if panels.len() > shown.len() {
        notes.push(format!(
            "the first {} of {} cells, those that changed before those that did not",
            shown.len(),
            panels.len()
        ));
    }
    let mut svg = Svg::default();
    let top = layout::heading(&mut svg, &title, &notes, total);
    if shown.is_empty() {
        svg.text(MARGIN, top + LINE, "", Anchor::Start, "no cells to show");
    }
    let margin = entries.iter().map(|(_, d)| d.method.margin_percent).fold(0.0, f64::max);
    for (index, cells) in shown.iter().enumerate() {
        let left = MARGIN + LABELS.0 + steps(index % columns) * (PANEL.0 + LABELS.0);
        let down = top + 22.0 + steps(index / columns) * (PANEL.1 + LABELS.1);
        let x_axis = Linear {
            low: 0.0,
            high: steps(entries.len().saturating_sub(1)),
            from: left + 10.0,
            to: left + PANEL.0 - 10.0,
        };
        draw(&mut svg, entries, cells, (left, down), x_axis, margin);
    }
    let rows = shown.len().div_ceil(columns).max(1);
    let bottom = top + 22.0 + steps(rows) * (PANEL.1 + LABELS.1);
    svg.finish((total, bottom), &title, &notes.join(". "), metadata)
}

/// The cells of each key, those first of which the latest verdicts say something.
fn panels<'a>(entries: &[Entry<'a>], only: Option<&str>) -> Vec<Vec<(usize, &'a Cell)>> {
    let mut panels: BTreeMap<&Key, Vec<(usize, &Cell)>> = BTreeMap::new();
    for (index, (_, document)) in entries.iter().enumerate() {
        for cell in &document.cells {
            if only.is_none_or(|text| cell.id.contains(text)) {
                panels.entry(&cell.key).or_default().push((index, cell));
            }
        }
    }
    let mut panels: Vec<_> = panels.into_values().collect();
    let last_change = |cells: &[(usize, &Cell)]| {
        let changed = |verdict| matches!(verdict, Verdict::Regression | Verdict::Improvement);
        cells.iter().rev().find(|(_, cell)| changed(cell.verdict)).map(|(index, _)| *index)
    };
    panels.sort_by_key(|cells| std::cmp::Reverse(last_change(cells)));
    panels
}

/// The axis of a panel, with the margin and zero always on it.
fn axis(cells: &[(usize, &Cell)], margin: f64) -> Linear {
    let changes = cells.iter().filter_map(|(_, cell)| cell.change);
    let mut reach = margin.max(1.0);
    for change in changes {
        let ends = [Some(change.percent), change.low_percent, change.high_percent];
        reach = ends.into_iter().flatten().map(f64::abs).fold(reach, f64::max);
    }
    let reach = reach.min(100.0) * 1.1;
    Linear { low: -reach, high: reach, from: PANEL.1, to: 0.0 }
}

fn draw(
    svg: &mut Svg,
    entries: &[Entry<'_>],
    cells: &[(usize, &Cell)],
    (left, down): (f64, f64),
    x_axis: Linear,
    margin: f64,
) {
    let y_axis = axis(cells, margin);
    let right = left + PANEL.0;
    let at = |percent: f64| down + y_axis.at(percent.clamp(y_axis.low, y_axis.high));
    if let Some((_, cell)) = cells.first() {
        svg.text(left, down - 7.0, "head", Anchor::Start, &cut(&cell.title(), 34));
    }
    svg.rect(left, at(margin), PANEL.0, at(-margin) - at(margin), "none");
    for tick in y_axis.ticks(6) {
        svg.line((left, at(tick)), (right, at(tick)), "grid");
        svg.text(left - 6.0, at(tick) + 4.0, "dim", Anchor::End, &signed(tick));
    }
    svg.line((left, at(0.0)), (right, at(0.0)), "axis");
    let bottom = down + PANEL.1 + 14.0;
    if let (Some(first), Some(last)) = (entries.first(), entries.last()) {
        let (from, to) = apart(first.0, last.0);
        svg.text(left, bottom, "dim", Anchor::Start, &cut(from, 15));
        if entries.len() > 1 {
            svg.text(right, bottom, "dim", Anchor::End, &cut(to, 15));
        }
    }
    for (index, cell) in cells {
        let Some(change) = cell.change else { continue };
        let x = x_axis.at(steps(*index));
        let name = entries.get(*index).map_or("", |entry| entry.0);
        let text = format!(
            "{}, {name}: {} %, {}",
            cell.title(),
            signed(change.percent),
            cell.verdict.word().replace('_', " ")
        );
        svg.named(&text, |svg| {
            if let (Some(low), Some(high)) = (change.low_percent, change.high_percent) {
                svg.line((x, at(low)), (x, at(high)), "ea");
            }
            let (square, class) = match cell.verdict {
                Verdict::Regression => (true, "b"),
                Verdict::Improvement => (false, "a"),
                _ => (false, "open"),
            };
            svg.mark(x, at(change.percent), square, class);
        });
    }
}

/// Of the times in a history the days, unless they are of one day; other names as they are.
fn apart<'a>(first: &'a str, last: &'a str) -> (&'a str, &'a str) {
    let day = |name: &'a str| name.split_once('T').filter(|(day, _)| day.len() == 10);
    match (day(first), day(last)) {
        (Some((from, _)), Some((to, _))) if from != to => (from, to),
        (Some((_, from)), Some((_, to))) => (from, to),
        _ => (first, last),
    }
}

fn steps(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
