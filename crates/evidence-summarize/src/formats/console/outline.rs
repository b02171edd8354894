//! Where a case stands in an outline: suites are the less indented lines above it.

/// The open suites, outermost first.
#[derive(Default)]
pub struct Outline(Vec<(usize, String)>);

impl Outline {
    /// A suite begins.
    pub fn heading(&mut self, indent: usize, title: &str) {
        self.0.retain(|(open, _)| *open < indent);
        self.0.push((indent, title.to_owned()));
    }

    /// The suites around a line.
    pub fn path(&mut self, indent: usize) -> Option<String> {
        self.0.retain(|(open, _)| *open < indent);
        let titles: Vec<_> = self.0.iter().map(|(_, title)| title.as_str()).collect();
        (!titles.is_empty()).then(|| titles.join(" > "))
    }

    /// Another outline begins.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// The indentation of a line, and the line without it.
pub fn indent(text: &str) -> (usize, &str) {
    let rest = text.trim_start_matches(' ');
    (text.len() - rest.len(), rest)
}

/// A name without the duration at its end: `name (5 ms)`, `name 5ms`, `name: 5ms`.
pub fn untimed(text: &str) -> &str {
    let text = text.trim_end();
    let Some((name, time)) = text.rsplit_once(' ') else { return text };
    let (name, time) = match name.rsplit_once(" (") {
        Some((front, number)) if time.ends_with(')') && !number.contains(' ') => {
            (front, format!("{number}{time}"))
        }
        _ => (name, time.to_owned()),
    };
    let time = time.trim_matches(['(', ')']);
    let number = time.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_time = number.len() < time.len() && number.parse::<f64>().is_ok();
    if is_time { name.trim_end_matches(':').trim_end() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suites_are_the_less_indented_lines() {
        let mut outline = Outline::default();
        outline.heading(2, "S");
        outline.heading(4, "T");
        assert_eq!(outline.path(6).as_deref(), Some("S > T"));
        assert_eq!(outline.path(4).as_deref(), Some("S"));
        assert_eq!(outline.path(2), None);
    }

    #[test]
    fn durations_are_no_part_of_a_name() {
        for text in ["a b (5 ms)", "a b (5ms)", "a b 5ms", "a b: 0ms", "a b (0.5ms)", "a b"] {
            assert_eq!(untimed(text), "a b", "{text}");
        }
        assert_eq!(untimed("a 5"), "a 5");
    }
}
