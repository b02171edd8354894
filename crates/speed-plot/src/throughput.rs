//! Throughput over block size, both axes logarithmic: a panel per algorithm, a line per target.

use contract::speed_comparison::size;

use crate::layout::{self, LINE, MARGIN, cut};
use crate::scale::{Log, rate};
use crate::series::{Cell, Point, Series};
use crate::svg::{Anchor, Svg};

/// A panel, its axes' labels not counted.
const PANEL: (f64, f64) = (220.0, 150.0);
const LABELS: (f64, f64) = (72.0, 54.0);
const MOST_COLUMNS: usize = 3;

/// The chart; algorithms without block sizes are left out.
#[must_use]
pub fn throughput(series: &Series, metadata: &str) -> String {
    let panels = panels(series);
    let columns = panels.len().clamp(1, MOST_COLUMNS);
    let scale = if panels.len() == 1 { 2.2 } else { 1.0 };
    let (wide, high) = (PANEL.0 * scale, PANEL.1 * scale);
    let total = 2.0 * MARGIN + steps(columns) * (wide + LABELS.0) + 14.0;
    let title = "Throughput over block size".to_owned();
    let notes = vec![format!("bytes per second (1 kB = 1000 B); {}", series.band)];
    let mut svg = Svg::default();
    let top = layout::heading(&mut svg, &title, &notes, total);
    let top = layout::targets(&mut svg, &series.targets, top);
    if panels.is_empty() {
        svg.text(MARGIN, top + LINE, "", Anchor::Start, "no throughput to show");
    }
    let values = panels.iter().flat_map(|(_, cells)| cells.iter()).flat_map(|cell| {
        cell.points.iter().flatten().flat_map(|point| [point.low, point.high, point.rate])
    });
    let y_axis = Log::around(values, high, 0.0);
    let sizes: Vec<f64> = panels.iter().flat_map(|(_, cells)| cells.iter()).map(block).collect();
    let x_axis = Log::around(sizes, 0.0, wide);
    for (index, (name, cells)) in panels.iter().enumerate() {
        let left = MARGIN + LABELS.0 + steps(index % columns) * (wide + LABELS.0);
        let down = top + 22.0 + steps(index / columns) * (high + LABELS.1);
        let frame = Frame { left, down, wide, high, x_axis, y_axis };
        frame.draw(&mut svg, name, cells, &series.targets);
    }
    let rows = panels.len().div_ceil(columns).max(1);
    let bottom = top + 22.0 + steps(rows) * (high + LABELS.1);
    svg.finish((total, bottom), &title, &notes.join(". "), metadata)
}

/// The cells of each algorithm.
fn panels(series: &Series) -> Vec<(String, Vec<&Cell>)> {
    let mut panels: Vec<(String, Vec<&Cell>)> = vec![];
    let mut family = None;
    for cell in series.cells.iter().filter(|cell| cell.key.block_size_bytes.is_some()) {
        if family != Some(&cell.key.family) {
            family = Some(&cell.key.family);
            panels.push((cell.algorithm.clone(), vec![]));
        }
        if let Some(panel) = panels.last_mut() {
            panel.1.push(cell);
        }
    }
    panels
}

/// A block size as a place: a block of no bytes is shown where one byte is.
fn block(cell: &&Cell) -> f64 {
    #[allow(clippy::cast_precision_loss)]
    let bytes = cell.key.block_size_bytes.unwrap_or(0).max(1) as f64;
    bytes
}

struct Frame {
    left: f64,
    down: f64,
    wide: f64,
    high: f64,
    x_axis: Log,
    y_axis: Log,
}

impl Frame {
    fn draw(&self, svg: &mut Svg, name: &str, cells: &[&Cell], targets: &[String]) {
        svg.text(self.left, self.down - 7.0, "head", Anchor::Start, &cut(name, 32));
        self.axes(svg, cells);
        for (target, name) in targets.iter().take(2).enumerate() {
            self.target(svg, cells, target, name);
        }
    }

    fn axes(&self, svg: &mut Svg, cells: &[&Cell]) {
        let right = self.left + self.wide;
        for tick in self.y_axis.ticks(6) {
            let y = self.down + self.y_axis.at(tick);
            svg.line((self.left, y), (right, y), "grid");
            svg.text(self.left - 6.0, y + 4.0, "dim", Anchor::End, &rate(tick, "B/s"));
        }
        let bottom = self.down + self.high;
        // From the right: the largest block is the one that people look for.
        let mut free = f64::INFINITY;
        for cell in cells.iter().rev() {
            let x = self.left + self.x_axis.at(block(cell));
            svg.line((x, bottom), (x, bottom + 4.0), "axis");
            let text = size(cell.key.block_size_bytes.unwrap_or(0));
            let half = layout::width(&text) / 2.0;
            if x + half < free {
                svg.text(x, bottom + 17.0, "dim", Anchor::Middle, &text);
                free = x - half;
            }
        }
        svg.line((self.left, bottom), (right, bottom), "axis");
    }

    fn target(&self, svg: &mut Svg, cells: &[&Cell], target: usize, name: &str) {
        let points: Vec<(&Cell, f64, Point)> = cells
            .iter()
            .filter_map(|cell| {
                let point = cell.points.get(target).copied().flatten()?;
                Some((*cell, self.left + self.x_axis.at(block(cell)), point))
            })
            .collect();
        let at = |value: f64| self.down + self.y_axis.at(value);
        let upper = points.iter().map(|(_, x, point)| (*x, at(point.high)));
        let lower = points.iter().rev().map(|(_, x, point)| (*x, at(point.low)));
        let band: Vec<(f64, f64)> = upper.chain(lower).collect();
        svg.path(&band, true, if target == 0 { "ba" } else { "bb" });
        let line: Vec<(f64, f64)> = points.iter().map(|(_, x, p)| (*x, at(p.rate))).collect();
        let (class, line_class) = layout::class(target);
        svg.path(&line, false, line_class);
        for (cell, x, point) in points {
            svg.named(&datum(cell, point, name), |svg| {
                svg.mark(x, at(point.rate), target == 1, class);
            });
        }
    }
}

fn datum(cell: &Cell, point: Point, target: &str) -> String {
    format!(
        "{} {}, {target}: {} [{}, {}]",
        cell.algorithm,
        size(cell.key.block_size_bytes.unwrap_or(0)),
        rate(point.rate, "B/s"),
        rate(point.low, "B/s"),
        rate(point.high, "B/s")
    )
}

fn steps(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
