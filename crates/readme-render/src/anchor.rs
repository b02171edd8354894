//! Anchors of headings as GitHub makes them.

/// The anchor of a heading: lower case, blanks as hyphens, punctuation dropped.
#[must_use]
pub fn slug(heading: &str) -> String {
    let mut out = String::with_capacity(heading.len());
    for c in heading.trim().chars() {
        match c {
            ' ' => out.push('-'),
            '-' | '_' => out.push(c),
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::slug;

    // Expected values: anchors on github.com.
    #[test]
    fn headings_become_anchors() {
        assert_eq!(slug("What it is"), "what-it-is");
        assert_eq!(slug("A & B (c)"), "a--b-c");
        assert_eq!(slug("`make evidence`"), "make-evidence");
    }
}
