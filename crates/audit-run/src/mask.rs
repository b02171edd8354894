//! Secrets are replaced before anything is written.

use std::borrow::Cow;

use regex::{Captures, Regex};

/// What stands where a secret stood.
const MASK: &str = "[masked]";

/// Text whose secrets are replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The text.
    pub text: String,
    /// How many secrets were replaced.
    pub count: u64,
}

/// Knows secrets by their shape. A secret of another shape is not found: a suite that handles one
/// keeps its output out with `attach = false`.
#[derive(Clone, Debug)]
pub struct Mask {
    rules: Vec<Regex>,
}

/// What is kept of a match stands in the group `keep`.
const RULES: [&str; 6] = [
    // A private key in PEM; one that was cut off runs to the end of the text.
    r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\z)",
    // The numbers of a private key as `openssl pkey -text` prints them.
    r"(?m)^(?P<keep>[ \t]*(?:priv|privateExponent|prime\d+|exponent\d+|coefficient\d*|dk|seed|SK|ikme?):[ \t]*\n)(?:[ \t]+[0-9a-fA-F:]+[ \t]*\n?)+",
    // Tokens that say by their form what they are.
    r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,}|glpat-[\w-]{20,}|(?:AKIA|ASIA)[A-Z0-9]{16}|xox[abeprs]-[\w-]{10,}|npm_[A-Za-z0-9]{36}|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,})",
    r"(?i)(?P<keep>\bauthorization:\s*(?:bearer|basic)\s+)[\w.~+/=-]{8,}",
    // NAME=VALUE where the name says that the value is a secret.
    r#"(?i)(?P<keep>\b[\w-]*(?:password|passwd|secret|token|api[_-]?key|private[_-]?key)\b["']?\s*[=:]\s*["']?)[^\s"',;]{4,}"#,
    // The password in a URL.
    r"(?P<keep>\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+@",
];

impl Mask {
    /// All the shapes that are known.
    pub fn new() -> Result<Self, regex::Error> {
        let rules = RULES.iter().map(|rule| Regex::new(rule)).collect::<Result<_, _>>()?;
        Ok(Self { rules })
    }

    /// `text` without its secrets.
    #[must_use]
    pub fn apply(&self, text: &str) -> Masked {
        let mut masked = Masked { text: text.to_owned(), count: 0 };
        for rule in &self.rules {
            let count = &mut masked.count;
            let replaced = rule.replace_all(&masked.text, |found: &Captures<'_>| {
                *count += 1;
                let kept = found.name("keep").map_or("", |kept| kept.as_str());
                let end = if found[0].ends_with(['\n', '@']) {
                    &found[0][found[0].len() - 1..]
                } else {
                    ""
                };
                format!("{kept}{MASK}{end}")
            });
            if let Cow::Owned(replaced) = replaced {
                masked.text = replaced;
            }
        }
        masked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        Mask::new().unwrap().apply(text).text
    }

    #[test]
    fn private_keys_are_masked_even_when_cut_off() {
        let key = "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb";
        assert_eq!(masked(key), "a\n[masked]\nb");
        assert_eq!(masked("-----BEGIN PRIVATE KEY-----\nMIIE"), "[masked]");
        let public = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----";
        assert_eq!(masked(public), public);
    }

    #[test]
    fn the_numbers_of_a_private_key_are_masked() {
        let text = "priv:\n    00:aa:bb:\n    cc\npub:\n    04:11\n";
        assert_eq!(masked(text), "priv:\n[masked]\npub:\n    04:11\n");
    }

    #[test]
    fn tokens_and_passwords_are_masked() {
        assert_eq!(masked(&format!("x ghp_{} y", "a".repeat(36))), "x [masked] y");
        assert_eq!(masked("DB_PASSWORD=hunter22 rest"), "DB_PASSWORD=[masked] rest");
        assert_eq!(masked("https://me:pw123@host/x"), "https://me:[masked]@host/x");
        assert_eq!(masked("Authorization: Bearer abcdefgh1234"), "Authorization: Bearer [masked]");
    }

    #[test]
    fn digests_and_plain_words_stay() {
        for text in ["SHA2-256(stdin)= ba7816bf", "tokens: 3", "secret", "status: active"] {
            assert_eq!(masked(text), text);
        }
    }
}
