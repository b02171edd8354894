//! What all charts share: how wide a text is, the frame with its heading, the legend.

use crate::svg::{Anchor, Svg};

/// Space around everything.
pub const MARGIN: f64 = 20.0;

/// The height of a line of small text.
pub const LINE: f64 = 17.0;

/// About how wide a small text is: fonts differ, so this is on the wide side.
pub fn width(text: &str) -> f64 {
    let of = |c: char| match c {
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 11.5,
        'f' | 'i' | 'j' | 'l' | 'r' | 't' | ' ' | '-' | '.' | ':' | '/' | '(' | ')' => 4.9,
        'A'..='Z' => 8.7,
        _ => 7.5,
    };
    text.chars().map(of).sum()
}

/// At most `chars` characters; what is longer loses its middle: names that are alike often differ
/// at their end.
pub fn cut(text: &str, chars: usize) -> String {
    let all = text.chars().count();
    if all <= chars {
        return text.to_owned();
    }
    let tail = chars.saturating_sub(1) / 2;
    let head = text.chars().take(chars.saturating_sub(1 + tail));
    head.chain(['…']).chain(text.chars().skip(all - tail)).collect()
}

/// Text in lines of at most `chars` characters, broken between words.
pub fn wrapped(text: &str, chars: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= chars => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(cut(word, chars)),
        }
    }
    lines
}

/// Draws the heading and what stands below it, wrapped to the chart's width; where the chart
/// itself may begin.
pub fn heading(svg: &mut Svg, title: &str, notes: &[String], chart_width: f64) -> f64 {
    let room = chart_width - 2.0 * MARGIN;
    let fitting = |per_char: f64| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let chars = (room / per_char).max(8.0) as usize;
        chars
    };
    let mut y = MARGIN + 14.0;
    for line in wrapped(title, fitting(10.2)) {
        svg.text(MARGIN, y, "title", Anchor::Start, &line);
        y += 21.0;
    }
    for line in notes.iter().flat_map(|note| wrapped(note, fitting(6.6))) {
        svg.text(MARGIN, y, "dim", Anchor::Start, &line);
        y += LINE;
    }
    y + 4.0
}

/// The names of the targets with their marks; where the next thing may begin.
pub fn targets(svg: &mut Svg, names: &[String], y: f64) -> f64 {
    let mut y = y + 6.0;
    for (index, name) in names.iter().take(2).enumerate() {
        let (class, line) = class(index);
        svg.line((MARGIN, y), (MARGIN + 26.0, y), line);
        svg.mark(MARGIN + 13.0, y, index == 1, class);
        svg.text(MARGIN + 34.0, y + 4.0, "", Anchor::Start, &cut(name, 80));
        y += LINE;
    }
    y + 4.0
}

/// The classes of a target's marks and lines.
pub fn class(index: usize) -> (&'static str, &'static str) {
    if index == 0 { ("a", "la") } else { ("b", "lb") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_or_wrapped() {
        assert_eq!(cut("chacha20-poly1305", 8), "chac…305");
        assert_eq!(cut("sha256", 6), "sha256");
        assert_eq!(cut("sha256", 1), "…");
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
    }
}
