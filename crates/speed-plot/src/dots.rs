//! Operations per second of everything that has a key: a row each, one logarithmic axis.

use crate::layout::{self, LINE, MARGIN, cut, width};
use crate::scale::{Log, rate};
use crate::series::{Cell, Series};
use crate::svg::{Anchor, Svg};

const ROW: f64 = 24.0;
const PLOT: f64 = 480.0;

/// The chart; throughput is left out.
#[must_use]
pub fn dots(series: &Series, metadata: &str) -> String {
    let cells: Vec<&Cell> =
        series.cells.iter().filter(|cell| cell.key.block_size_bytes.is_none()).collect();
    let names: Vec<String> = cells.iter().map(|cell| cut(&title(cell), 40)).collect();
    let left = MARGIN + names.iter().map(|name| width(name)).fold(60.0, f64::max) + 12.0;
    let total = left + PLOT + MARGIN + 24.0;
    let heading = "Operations per second".to_owned();
    let notes = vec![format!("logarithmic axis; {}", series.band)];
    let mut svg = Svg::default();
    let top = layout::heading(&mut svg, &heading, &notes, total);
    let top = layout::targets(&mut svg, &series.targets, top);
    if cells.is_empty() {
        svg.text(MARGIN, top + LINE, "", Anchor::Start, "no operations to show");
    }
    let rows = f64::from(u32::try_from(cells.len()).unwrap_or(u32::MAX));
    let bottom = top + rows.max(1.0) * ROW + 8.0;
    let values = cells.iter().flat_map(|cell| cell.points.iter().flatten());
    let axis = Log::around(values.flat_map(|p| [p.low, p.high, p.rate]), left, left + PLOT);
    if !cells.is_empty() {
        for tick in axis.ticks(7) {
            let x = axis.at(tick);
            svg.line((x, top), (x, bottom), "grid");
            svg.text(x, bottom + 16.0, "dim", Anchor::Middle, &rate(tick, "/s"));
        }
        svg.line((left, bottom), (left + PLOT, bottom), "axis");
    }
    let mut y = top + ROW / 2.0;
    for (cell, name) in cells.iter().zip(names) {
        svg.text(left - 12.0, y + 4.0, "", Anchor::End, &name);
        row(&mut svg, cell, &series.targets, axis, y);
        y += ROW;
    }
    svg.finish((total, bottom + 34.0), &heading, &notes.join(". "), metadata)
}

fn title(cell: &Cell) -> String {
    match cell.key.operation {
        Some(operation) => format!("{} {operation}", cell.algorithm),
        None => cell.algorithm.clone(),
    }
}

fn row(svg: &mut Svg, cell: &Cell, targets: &[String], axis: Log, y: f64) {
    for (target, name) in targets.iter().take(2).enumerate() {
        let Some(point) = cell.points.get(target).copied().flatten() else { continue };
        // The second target's mark lies a little lower, so that neither hides the other.
        let y = if target == 0 { y - 3.5 } else { y + 3.5 };
        let text = format!(
            "{}, {name}: {} [{}, {}]",
            title(cell),
            rate(point.rate, "/s"),
            rate(point.low, "/s"),
            rate(point.high, "/s")
        );
        svg.named(&text, |svg| {
            let class = if target == 0 { "ea" } else { "eb" };
            svg.line((axis.at(point.low), y), (axis.at(point.high), y), class);
            svg.mark(axis.at(point.rate), y, target == 1, layout::class(target).0);
        });
    }
}
