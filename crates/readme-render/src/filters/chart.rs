//! Our own filter `line_chart`: rows as a drawing of lines over two logarithmic axes.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Answer, Call, Filter, text_arg};
use crate::engine::{Escape, Flaw};
use crate::ops::Number;
use crate::places::Src;
use crate::value::{Tracked, Val};

pub(super) const FILTERS: &[(&str, Filter)] = &[("line_chart", line_chart)];

/// The drawing, without and with the margins for figures and names.
const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 80.0;
const TOP: f64 = 12.0;
const TOTAL_WIDTH: u32 = 720;
const TOTAL_HEIGHT: u32 = 280;

/// Lines that can be told apart without colour; more are not drawn, and said to be missing.
const DASHES: [&str; 6] = ["none", "8 4", "2 3", "10 3 2 3", "14 5", "5 2"];

/// The points of one line, by their place on the first axis.
type Line = Vec<(f64, f64)>;

/// `rows|line_chart(x, y, by, title)`: `x` and `y` name numbers above zero, `by` what a line is
/// for. Everything in it is drawn from the rows; their table is the accessible copy.
fn line_chart(mut call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["x", "y", "by", "title", "x_unit", "y_unit"])?;
    let text = |at: usize| text_arg(args[at].as_ref(), "");
    let (title, units) = (text(3)?, [text(4)?, text(5)?]);
    if call.machine.escape != Escape::Html {
        return Err(Flaw::Error("draws in HTML only".to_owned()));
    }
    let mut src = call.input.src.clone();
    let mut lines: BTreeMap<String, Line> = BTreeMap::new();
    let items = call.items()?;
    for item in &items {
        let mut field = |at: usize| -> Result<Tracked, Flaw> {
            let name =
                args[at].as_ref().ok_or_else(|| Flaw::Error("needs x, y and by".to_owned()))?;
            let value = call.machine.item(item, name, call.line)?;
            call.machine.present(value, call.line)
        };
        let (x, y, by) = (field(0)?, field(1)?, field(2)?);
        src = src.and(&x.src).and(&y.src).and(&by.src);
        let point = (Number::of(&x.val), Number::of(&y.val));
        let (Some(x), Some(y)) = point else {
            return Err(Flaw::Error("x and y have to be numbers".to_owned()));
        };
        let (x, y) = (x.float(), y.float());
        if x > 0.0 && y > 0.0 && x.is_finite() && y.is_finite() {
            lines.entry(super::shown(&by.val)?).or_default().push((x, y));
        }
    }
    let src = call.machine.join(&Src::None, &src);
    let drawing = draw(&lines, &title, &units);
    Ok(Tracked { val: Val::safe(drawing), src })
}

/// Where values lie on an axis.
#[derive(Clone, Copy)]
struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>) -> Self {
        let bounds = values.fold((f64::INFINITY, 0.0_f64), |(a, b), v| (a.min(v), b.max(v)));
        Self { low: bounds.0.ln(), high: bounds.1.ln() }
    }

    /// From 0 at the low end to 1 at the high one.
    fn share(self, value: f64) -> f64 {
        let span = self.high - self.low;
        if span > 0.0 { (value.ln() - self.low) / span } else { 0.5 }
    }
}

fn draw(lines: &BTreeMap<String, Line>, title: &str, [x_unit, y_unit]: &[String; 2]) -> String {
    let points = || lines.values().flatten();
    if points().next().is_none() {
        return "<p>No evidence: there is nothing to draw.</p>".to_owned();
    }
    let (x_axis, y_axis) = (Axis::over(points().map(|p| p.0)), Axis::over(points().map(|p| p.1)));
    let at = |(x, y): (f64, f64)| {
        (LEFT + WIDTH * x_axis.share(x), TOP + HEIGHT * (1.0 - y_axis.share(y)))
    };
    let title = escape::html::text(title);
    let mut out = format!(
        "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 {TOTAL_WIDTH} {TOTAL_HEIGHT}\" \
         aria-label=\"{title}\"><title>{title}</title><g fill=\"none\" stroke=\"currentColor\">\
         <path d=\"M{LEFT} {TOP}V{0}H{1}\" stroke-opacity=\".5\"/>",
        TOP + HEIGHT,
        LEFT + WIDTH
    );
    let shown = lines.iter().take(DASHES.len());
    for ((_, line), dash) in shown.clone().zip(DASHES) {
        let mut line = line.clone();
        line.sort_by(|a, b| a.0.total_cmp(&b.0));
        let path: Vec<String> = line
            .iter()
            .map(|point| {
                let (x, y) = at(*point);
                format!("{x:.1} {y:.1}")
            })
            .collect();
        let _ = write!(
            out,
            "<path d=\"M{}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\" \
             stroke-linejoin=\"round\"/>",
            path.join("L")
        );
    }
    out.push_str("</g><g fill=\"currentColor\" font-size=\"13\" font-family=\"sans-serif\">");
    names(lines, at, &mut out);
    figures(lines, at, (x_unit, y_unit), &mut out);
    let missing = lines.len().saturating_sub(DASHES.len());
    if missing > 0 {
        let _ = write!(
            out,
            "<text x=\"{LEFT}\" y=\"{TOTAL_HEIGHT}\">{missing} more are in the table</text>"
        );
    }
    out + "</g></svg>"
}

/// The name of each line at its right end, none above another.
fn names(lines: &BTreeMap<String, Line>, at: impl Fn((f64, f64)) -> (f64, f64), out: &mut String) {
    let ends = lines.iter().take(DASHES.len()).filter_map(|(name, line)| {
        let last = line.iter().copied().max_by(|a, b| a.0.total_cmp(&b.0))?;
        Some((at(last), name))
    });
    let mut ends: Vec<((f64, f64), &String)> = ends.collect();
    ends.sort_by(|a, b| a.0.1.total_cmp(&b.0.1));
    let mut lowest = 0.0_f64;
    for ((x, y), name) in ends {
        lowest = (y + 4.0).max(lowest + 15.0);
        let name = escape::html::text(&name.chars().take(24).collect::<String>());
        let _ = write!(out, "<text x=\"{:.1}\" y=\"{lowest:.1}\">{name}</text>", x + 6.0);
    }
}

/// The lowest and the highest value of each axis.
fn figures(
    lines: &BTreeMap<String, Line>,
    at: impl Fn((f64, f64)) -> (f64, f64),
    (x_unit, y_unit): (&str, &str),
    out: &mut String,
) {
    let points = || lines.values().flatten().copied();
    let by = |pick: fn(&(f64, f64)) -> f64| {
        let order = |a: &(f64, f64), b: &(f64, f64)| pick(a).total_cmp(&pick(b));
        [points().min_by(order), points().max_by(order)]
    };
    for (place, point) in by(|p| p.0).into_iter().enumerate() {
        let Some(point) = point else { continue };
        let anchor = if place == 0 { "start" } else { "end" };
        let text = super::units::figure(point.0, x_unit);
        let (x, y) = (at(point).0, TOP + HEIGHT + 18.0);
        let _ =
            write!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>");
    }
    for point in by(|p| p.1).into_iter().flatten() {
        let text = super::units::figure(point.1, y_unit);
        let (x, y) = (LEFT - 6.0, at(point).1 + 4.0);
        let _ = write!(out, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\">{text}</text>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_drawn_within_the_picture_and_names_are_inert() {
        let line = vec![(16.0, 1e6), (16384.0, 1e9)];
        let lines = BTreeMap::from([("<b>".to_owned(), line)]);
        let drawing = draw(&lines, "a & b", &["bytes".to_owned(), "B/s".to_owned()]);
        assert!(drawing.contains("M80.0 232.0L520.0 12.0"), "{drawing}");
        assert!(drawing.contains("&lt;b&gt;") && drawing.contains("a &amp; b"));
        assert!(drawing.contains("16 KiB") && drawing.contains("1 GB/s"));
        assert!(
            draw(&BTreeMap::new(), "", &[String::new(), String::new()]).contains("No evidence")
        );
    }
}
