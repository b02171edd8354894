//! Change in percent, algorithm by block size (and by operation).
//!
//! Only what is sure has a colour. What is not decided is hatched, what is not paired dotted, what
//! one side does not have is grey.

use std::collections::{BTreeMap, BTreeSet};

use contract::speed_comparison::{Cell, Purpose, SpeedComparison, Verdict, size};

use crate::layout::{self, LINE, MARGIN, cut, width};
use crate::scale::signed;
use crate::svg::{Anchor, Svg};

const CELL: (f64, f64) = (78.0, 30.0);
const GAP: f64 = 3.0;
const LONGEST_NAME: usize = 26;

/// The borders, in percent, between the shades of a colour.
const SHADES: [f64; 3] = [5.0, 10.0, 20.0];

/// Rows and columns of one block of the chart.
struct Matrix<'a> {
    columns: Vec<String>,
    rows: Vec<Row<'a>>,
}

/// The name of a row, and its cells by their column.
type Row<'a> = (String, BTreeMap<usize, &'a Cell>);

/// The chart of the cells whose key contains `only`.
#[must_use]
pub fn heatmap(document: &SpeedComparison, only: Option<&str>, metadata: &str) -> String {
    let blocks: Vec<Matrix<'_>> = [throughput(document, only), operations(document, only)]
        .into_iter()
        .filter(|matrix| !matrix.rows.is_empty())
        .collect();
    let names = blocks.iter().flat_map(|block| &block.rows).map(|(name, _)| width(name));
    let left = MARGIN + names.fold(60.0, f64::max) + 10.0;
    let most = blocks.iter().map(|block| block.columns.len()).max().unwrap_or(0);
    let total = (left + steps(most) * (CELL.0 + GAP) + MARGIN).max(520.0);
    let what = match document.purpose {
        Purpose::Change => "Change of speed",
        Purpose::FipsTax => "FIPS tax",
    };
    let title = format!("{what}: {}", document.candidate.label);
    let notes = notes(document);
    let mut svg = Svg::default();
    let mut y = layout::heading(&mut svg, &title, &notes, total);
    for block in &blocks {
        y = draw(&mut svg, block, left, y) + 12.0;
    }
    if blocks.is_empty() {
        svg.text(MARGIN, y + LINE, "", Anchor::Start, "no cells to show");
        y += 2.0 * LINE;
    }
    let bottom = legend(&mut svg, &seen(&blocks), y, total);
    svg.finish((total, bottom + 10.0), &title, &notes.join(". "), metadata)
}

fn notes(document: &SpeedComparison) -> Vec<String> {
    let count = |verdict| document.cells.iter().filter(|cell| cell.verdict == verdict).count();
    let counts: Vec<String> = Verdict::ALL
        .into_iter()
        .filter(|verdict| count(*verdict) > 0)
        .map(|verdict| format!("{} {}", count(verdict), word(verdict)))
        .collect();
    let mut notes = vec![
        format!(
            "against {}, in % of the rate; {} pairs",
            document.baseline.label, document.method.pair_count
        ),
        counts.join(", "),
    ];
    if let Some(common) = &document.common {
        let interval = match (common.change.low_percent, common.change.high_percent) {
            (Some(low), Some(high)) => format!(" [{}, {}]", signed(low), signed(high)),
            _ => String::new(),
        };
        let (what, done) = if common.removed {
            ("common to all cells", "removed from the cells")
        } else {
            ("median of the cells", "left in them")
        };
        let word = word(common.verdict);
        notes.push(format!(
            "{what}: {} %{interval}, {word} ({done})",
            signed(common.change.percent)
        ));
    }
    if let Some(startup) = &document.startup {
        notes.push(format!(
            "starting the process, apart from that: {:.1} ms of CPU time, against {:.1} ms",
            startup.candidate.median_ms, startup.baseline.median_ms
        ));
    }
    notes
}

fn word(verdict: Verdict) -> String {
    verdict.word().replace('_', " ")
}

fn chosen<'a>(
    document: &'a SpeedComparison,
    only: Option<&'a str>,
    with_size: bool,
) -> impl Iterator<Item = &'a Cell> {
    document
        .cells
        .iter()
        .filter(move |cell| cell.key.block_size_bytes.is_some() == with_size)
        .filter(move |cell| only.is_none_or(|text| cell.id.contains(text)))
}

fn throughput<'a>(document: &'a SpeedComparison, only: Option<&'a str>) -> Matrix<'a> {
    let size_of = |cell: &Cell| cell.key.block_size_bytes.unwrap_or(0);
    matrix(chosen(document, only, true).collect(), size_of, |bytes| size(*bytes))
}

fn operations<'a>(document: &'a SpeedComparison, only: Option<&'a str>) -> Matrix<'a> {
    let cells = chosen(document, only, false).collect();
    matrix(
        cells,
        |cell| cell.key.operation,
        |operation| operation.map_or("rate".to_owned(), |operation| operation.to_string()),
    )
}

/// Cells that differ in nothing but their column stand in one row; the document's order is kept.
fn matrix<'a, C: Ord>(
    cells: Vec<&'a Cell>,
    column: impl Fn(&Cell) -> C,
    name: impl Fn(&C) -> String,
) -> Matrix<'a> {
    let columns: BTreeSet<C> = cells.iter().map(|cell| column(cell)).collect();
    let place: BTreeMap<&C, usize> = columns.iter().enumerate().map(|(n, c)| (c, n)).collect();
    let mut rows: Vec<Row<'a>> = vec![];
    let mut known = BTreeMap::new();
    for cell in cells {
        let key = (cell.key.kind, &cell.key.family, &cell.key.curve, cell.key.bits);
        let row = *known.entry(key).or_insert(rows.len());
        if row == rows.len() {
            rows.push((cut(&cell.algorithm, LONGEST_NAME), BTreeMap::new()));
        }
        if let Some(column) = place.get(&column(cell)) {
            rows[row].1.insert(*column, cell);
        }
    }
    Matrix { columns: columns.iter().map(name).collect(), rows }
}

fn draw(svg: &mut Svg, block: &Matrix<'_>, left: f64, top: f64) -> f64 {
    let x = |column: usize| left + steps(column) * (CELL.0 + GAP);
    for (column, name) in block.columns.iter().enumerate() {
        svg.text(x(column) + CELL.0 / 2.0, top + 12.0, "dim", Anchor::Middle, name);
    }
    let mut y = top + 20.0;
    for (name, cells) in &block.rows {
        svg.text(left - 10.0, y + 19.5, "", Anchor::End, name);
        if cells.len() < block.columns.len() {
            // Leads the eye over the places where nothing was measured.
            let wide = steps(block.columns.len()) * (CELL.0 + GAP) - GAP;
            svg.rect(left, y + CELL.1 / 2.0, wide, 1.0, "none");
        }
        for (column, cell) in cells {
            svg.named(&datum(cell), |svg| value(svg, cell, x(*column), y));
        }
        y += CELL.1 + GAP;
    }
    y
}

fn value(svg: &mut Svg, cell: &Cell, x: f64, y: f64) {
    let (class, pattern, on) = look(cell);
    svg.rect(x, y, CELL.0, CELL.1, &class);
    if let Some(pattern) = pattern {
        svg.rect(x, y, CELL.0, CELL.1, pattern);
    }
    if cell.stands_out == Some(true) {
        svg.rect(x + 1.0, y + 1.0, CELL.0 - 2.0, CELL.1 - 2.0, "out");
    }
    svg.text(x + CELL.0 / 2.0, y + 19.5, &on, Anchor::Middle, &shown(cell));
}

/// The classes of a cell's ground, of the pattern on it, and of its text.
fn look(cell: &Cell) -> (String, Option<&'static str>, String) {
    let percent = cell.change.map_or(0.0, |change| change.percent);
    let shade = 1 + SHADES.iter().filter(|border| percent.abs() >= **border).count();
    let plain = |class: &str, pattern, on: &str| (class.to_owned(), pattern, on.to_owned());
    match cell.verdict {
        Verdict::Regression | Verdict::Improvement => {
            let letter = if cell.verdict == Verdict::Regression { 'w' } else { 'f' };
            let on = match shade {
                4 => format!("sure on{letter}4"),
                3 => "sure on3".to_owned(),
                _ => "sure".to_owned(),
            };
            (format!("{letter}{shade}"), None, on)
        }
        Verdict::Same => plain("none", None, ""),
        Verdict::Inconclusive => plain("none", Some("hatch"), "halo"),
        Verdict::NotPaired => plain("none", Some("dots"), "halo"),
        Verdict::Unavailable => plain("gone", None, ""),
    }
}

/// The pattern or else the colour of each cell.
fn seen(blocks: &[Matrix<'_>]) -> BTreeSet<String> {
    let rows = blocks.iter().flat_map(|block| &block.rows);
    let looks = rows.flat_map(|(_, cells)| cells.values()).map(|cell| look(cell));
    looks.map(|(ground, pattern, _)| pattern.map_or(ground, str::to_owned)).collect()
}

fn shown(cell: &Cell) -> String {
    let change = cell.change.map(|change| signed(change.percent));
    match (cell.verdict, change) {
        (Verdict::Unavailable, _) | (_, None) => "n/a".to_owned(),
        (Verdict::Regression, Some(change)) => format!("▼ {change}"),
        (Verdict::Improvement, Some(change)) => format!("▲ {change}"),
        (_, Some(change)) => change,
    }
}

/// The whole datum as text.
fn datum(cell: &Cell) -> String {
    let mut text = format!("{}: {}", cell.title(), word(cell.verdict));
    if let Some(change) = cell.change {
        text.push_str(&format!(", {} %", signed(change.percent)));
        if let (Some(low), Some(high)) = (change.low_percent, change.high_percent) {
            text.push_str(&format!(" [{}, {}]", signed(low), signed(high)));
        }
    }
    if let Some(reason) = &cell.reason {
        text.push_str(&format!(" ({reason})"));
    }
    text
}

/// What stands for what, of what is there.
fn legend(svg: &mut Svg, seen: &BTreeSet<String>, top: f64, total: f64) -> f64 {
    let entries: [(&[&str], &str); 12] = [
        (&["w4"], "≥ 20 % slower"),
        (&["w3"], "10–20 % slower"),
        (&["w2"], "5–10 % slower"),
        (&["w1"], "< 5 % slower"),
        (&["none"], "same"),
        (&["f1"], "< 5 % faster"),
        (&["f2"], "5–10 % faster"),
        (&["f3"], "10–20 % faster"),
        (&["f4"], "≥ 20 % faster"),
        (&["none", "hatch"], "inconclusive"),
        (&["none", "dots"], "not paired"),
        (&["gone"], "unavailable"),
    ];
    let there = entries.iter().filter(|entry| entry.0.last().is_some_and(|c| seen.contains(*c)));
    let (mut x, mut y) = (MARGIN, top + 4.0);
    for (classes, text) in there {
        let needed = 24.0 + width(text) + 14.0;
        if x > MARGIN && x + needed > total - MARGIN + 14.0 {
            (x, y) = (MARGIN, y + LINE + 3.0);
        }
        for class in *classes {
            svg.rect(x, y, 18.0, 13.0, class);
        }
        svg.text(x + 24.0, y + 11.0, "dim", Anchor::Start, text);
        x += needed;
    }
    y + LINE
}

fn steps(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
