//! What is wrong with a file that is not evidence: a policy, a list, requirements.

/// A mistake, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, counted from 1, where there is one.
    pub line: Option<u64>,
    /// What was expected and what was found, on one line.
    pub why: String,
}

impl Mistake {
    /// A mistake of the file as a whole.
    #[must_use]
    pub fn new(why: impl Into<String>) -> Self {
        Self { line: None, why: why.into() }
    }

    /// A mistake in a line, counted from 1.
    #[must_use]
    pub fn at(line: usize, why: impl Into<String>) -> Self {
        Self { line: Some(line as u64), why: why.into() }
    }

    /// A mistake at a byte of `text`.
    #[must_use]
    pub fn at_byte(text: &str, byte: usize, why: impl Into<String>) -> Self {
        let before = text.as_bytes().get(..byte).unwrap_or(text.as_bytes());
        Self::at(1 + memchr::memchr_iter(b'\n', before).count(), why)
    }

    /// What the TOML reader says of `text`, which should be `what`.
    #[must_use]
    pub fn toml(text: &str, what: &str, error: &toml::de::Error) -> Self {
        let why = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
        let why = format!("expected {what} in TOML: {why}");
        match error.span() {
            Some(span) => Self::at_byte(text, span.start, why),
            None => Self::new(why),
        }
    }

    /// What the JSON reader says.
    #[must_use]
    pub fn json(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        Self::at(error.line().max(1), text.strip_suffix(&place).unwrap_or(&text))
    }
}

impl From<String> for Mistake {
    fn from(why: String) -> Self {
        Self::new(why)
    }
}
