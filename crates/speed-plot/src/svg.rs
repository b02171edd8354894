//! A small writer of SVG: everything is a number, a class or escaped text.

use std::fmt::Write;

use crate::theme;

/// A drawing in the making. Lengths are in pixels at natural size.
#[derive(Debug, Default)]
pub struct Svg {
    body: String,
}

/// Which end of a text its position is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The left end.
    Start,
    /// The middle.
    Middle,
    /// The right end.
    End,
}

/// A length with at most one decimal. What is no number would make the whole drawing invalid.
pub fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0 + 0.0;
    if rounded.is_finite() { rounded.to_string() } else { "0".to_owned() }
}

/// Text that is safe between tags and in quotes, and that XML 1.0 allows.
pub fn escape(text: &str) -> String {
    escape::html::text(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

impl Svg {
    /// A line of text at its baseline.
    pub fn text(&mut self, x: f64, y: f64, class: &str, anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let (x, y, text) = (number(x), number(y), escape(text));
        self.push(format_args!(
            "<text x=\"{x}\" y=\"{y}\" class=\"{class}\"{anchor}>{text}</text>\n"
        ));
    }

    /// A rectangle with slightly round corners.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, class: &str) {
        let [x, y, width, height] = [x, y, width, height].map(number);
        self.push(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"2\" class=\"{class}\"/>\n"
        ));
    }

    /// A straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), class: &str) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(number);
        self.push(format_args!(
            "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" class=\"{class}\"/>\n"
        ));
    }

    /// A line through points, or an area if it is `closed`.
    pub fn path(&mut self, points: &[(f64, f64)], closed: bool, class: &str) {
        if points.is_empty() {
            return;
        }
        let mut data = String::new();
        for (index, (x, y)) in points.iter().enumerate() {
            let letter = if index == 0 { 'M' } else { 'L' };
            let _ = write!(data, "{letter}{} {}", number(*x), number(*y));
        }
        if closed {
            data.push('Z');
        }
        self.push(format_args!("<path d=\"{data}\" class=\"{class}\"/>\n"));
    }

    /// A mark: a circle for the first target, a square for the second.
    pub fn mark(&mut self, x: f64, y: f64, square: bool, class: &str) {
        if square {
            let (x, y) = (number(x - 3.0), number(y - 3.0));
            self.push(format_args!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"6\" height=\"6\" class=\"{class}\"/>\n"
            ));
        } else {
            let (x, y) = (number(x), number(y));
            self.push(format_args!(
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"4.5\" class=\"{class}\"/>\n"
            ));
        }
    }

    /// What `draw` draws, as one thing that has a name.
    pub fn named(&mut self, name: &str, draw: impl FnOnce(&mut Self)) {
        let name = escape(name);
        self.push(format_args!("<g role=\"img\" aria-label=\"{name}\"><title>{name}</title>\n"));
        draw(self);
        self.body.push_str("</g>\n");
    }

    /// The whole file. `metadata` is JSON.
    #[must_use]
    pub fn finish(
        self,
        size: (f64, f64),
        title: &str,
        description: &str,
        metadata: &str,
    ) -> String {
        let (width, height) = (number(size.0), number(size.1));
        // Inside JSON these stand in strings only, where JSON has its own way to write them.
        let metadata =
            metadata.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e");
        let (title, description) = (escape(title), escape(description));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" style=\"max-width:100%;height:auto\" \
             class=\"proofline\" role=\"graphics-document document\" aria-label=\"{title}\">\n\
             <title>{title}</title>\n<desc>{description}</desc>\n<metadata>{metadata}</metadata>\n<style>{}</style>\n{}\
             <rect width=\"{width}\" height=\"{height}\" rx=\"8\" class=\"card\"/>\n{}</svg>\n",
            theme::STYLE,
            theme::PATTERNS,
            self.body
        )
    }

    fn push(&mut self, arguments: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.body.write_fmt(arguments);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_has_no_number_that_is_none() {
        assert_eq!(number(f64::NAN), "0");
        assert_eq!(number(f64::NEG_INFINITY), "0");
        assert_eq!(number(-0.04), "0");
        assert_eq!(number(12.34), "12.3");
    }

    #[test]
    fn names_cannot_leave_their_place() {
        let mut svg = Svg::default();
        svg.named("</title><script>\u{ffff}", |svg| svg.text(0.0, 0.0, "t", Anchor::Start, "<b>"));
        let text = svg.finish((10.0, 10.0), "\"", "&", "[\"<&>\"]");
        assert!(!text.contains("<script>") && !text.contains("<b>") && !text.contains('\u{ffff}'));
        assert!(text.contains("aria-label=\"&#34;\"") && text.contains("<desc>&amp;</desc>"));
        assert!(text.contains("<metadata>[\"\\u003c\\u0026\\u003e\"]</metadata>"), "{text}");
    }
}
