//! Secrets are replaced before anything is written.

use std::borrow::Cow;

use regex::{Captures, Regex};

/// What stands where a secret stood.
const MASK: &str = "[masked]";

/// A shorter value is no secret that could be told from other text.
const SHORTEST: usize = 4;

/// A longer word is no token.
const LONGEST: usize = 4096;

/// Text whose secrets are replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Masked {
    /// The text.
    pub text: String,
    /// How many secrets were replaced.
    pub count: u64,
}

/// Knows secrets by their shape, and those it was given by what they are. A secret of another shape
/// is not found: a suite that handles one keeps its output out with `attach = false`.
#[derive(Clone, Debug)]
pub struct Mask {
    rules: Vec<Regex>,
    names: Regex,
    given: Vec<String>,
}

/// Names whose value is a secret.
const NAMES: &str =
    r"(?i)passw(?:or)?d|passphrase|secret|token|credential|(?:api|access|account|private)[_-]?key";

/// What is kept of a match stands in the group `keep`.
const RULES: [&str; 10] = [
    // A private key in PEM; one that was cut off runs to the end of the text.
    r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
    // The rest of one whose beginning went elsewhere.
    r"(?:[A-Za-z0-9+/=]{16,}\r?\n)*[A-Za-z0-9+/=]*(?:\r?\n)?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----",
    r"(?m)^(?P<keep>Private-Lines: \d+\r?\n)(?:[A-Za-z0-9+/=]+(?:\r?\n|\z))+",
    r#"(?P<keep>"(?:d|p|q|dp|dq|qi|k)"\s*:\s*")[A-Za-z0-9_-]{20,}"#,
    // The numbers of a private key as `openssl pkey -text` prints them.
    r"(?m)^(?P<keep>[ \t]*(?:priv|privateExponent|prime\d+|exponent\d+|coefficient\d*|dk|seed|SK|ikme?):[ \t]*\r?\n)(?:[ \t]+[0-9a-fA-F:]+[ \t]*\r?\n?)+",
    // What `openssl s_client` prints of a session.
    r"(?im)^(?P<keep>[ \t]*(?:master-key|resumption psk)[ \t]*:[ \t]*)[0-9a-f]{16,}",
    // Tokens that say by their form what they are.
    r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}|glpat-[A-Za-z0-9_-]{20,}|(?:AKIA|ASIA)[A-Z0-9]{16}|xox[abeprs]-[A-Za-z0-9_-]{10,}|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_-]{50,}|AIza[A-Za-z0-9_-]{35}|[rs]k_(?:live|test)_[A-Za-z0-9_]{16,}|hf_[A-Za-z0-9]{30,}|sk-(?:ant|proj)-[A-Za-z0-9_-]{16,}|eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,})",
    r#"(?i)(?P<keep>\bauthorization["']?\s*[:=]\s*["']?(?:bearer|basic|token)\s+)[A-Za-z0-9_.~+/=-]{8,}"#,
    // NAME=VALUE where the name says that the value is a secret.
    r#"(?i)(?P<keep>\b[A-Za-z0-9_.-]*(?:passw(?:or)?d|passphrase|secret|token|credential|(?:api|access|account|private)[_-]?key)[A-Za-z0-9_-]*["']?\s*[=:]\s*)(?:"[^"\n]+"|'[^'\n]+'|[^\s"',;]{4,})"#,
    // The password in a URL.
    r"(?P<keep>\b[a-z][a-z0-9+.-]*://[^\s/:@]*:)[^\s/@]+@",
];

impl Mask {
    /// All the shapes that are known, and what was `given` under a name that makes it a secret.
    pub fn new(given: impl IntoIterator<Item = (String, String)>) -> Result<Self, regex::Error> {
        let rules = RULES.iter().map(|rule| Regex::new(rule)).collect::<Result<_, _>>()?;
        let names = Regex::new(NAMES)?;
        let secret =
            |(name, value): &(String, String)| names.is_match(name) && value.len() >= SHORTEST;
        let mut given: Vec<String> =
            given.into_iter().filter(secret).map(|(_, value)| value).collect();
        // One may be part of another one.
        given.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Ok(Self { rules, names, given })
    }

    /// `text` without its secrets.
    #[must_use]
    pub fn apply(&self, text: &str) -> Masked {
        let mut masked = Masked { text: text.to_owned(), count: 0 };
        for secret in &self.given {
            masked.count += masked.text.matches(secret.as_str()).count() as u64;
            masked.text = masked.text.replace(secret.as_str(), MASK);
        }
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

    /// The value that stands under `name`.
    #[must_use]
    pub fn value(&self, name: &str, value: &str) -> String {
        if self.names.is_match(name) && !value.is_empty() {
            return MASK.to_owned();
        }
        self.apply(value).text
    }

    /// `text` that was cut off at its end, without its secrets: the last word goes, too, because
    /// the part of a secret that is left looks like none.
    #[must_use]
    pub fn apply_cut_off(&self, text: &str) -> Masked {
        let limit = text.len().saturating_sub(LONGEST);
        let limit = (limit..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        let end = text.rfind(char::is_whitespace).filter(|end| *end >= limit).unwrap_or(limit);
        self.apply(&text[..end])
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    /// Compiling the patterns takes longer than using them.
    static MASK: LazyLock<Option<Mask>> = LazyLock::new(|| Mask::new([]).ok());

    fn mask() -> &'static Mask {
        MASK.as_ref().unwrap()
    }

    fn masked(text: &str) -> String {
        mask().apply(text).text
    }

    #[test]
    fn private_keys_are_masked_even_when_cut_off() {
        let key = "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb";
        assert_eq!(masked(key), "a\n[masked]\nb");
        assert_eq!(masked("-----BEGIN PRIVATE KEY-----\nMIIE"), "[masked]");
        assert_eq!(
            masked("x\nMIIEvQIBADANBgkqhkiG9w0BAQ\nabcd=\n-----END PRIVATE KEY-----\ny"),
            "x\n[masked]\ny"
        );
        let block = "-----BEGIN PGP PRIVATE KEY BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----";
        assert_eq!(masked(block), "[masked]");
        let in_json = r#"{"key":"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"}"#;
        assert!(!masked(in_json).contains("MIIE"));
        let public = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----";
        assert_eq!(masked(public), public);
    }

    #[test]
    fn the_numbers_of_a_private_key_are_masked() {
        let text = "priv:\n    00:aa:bb:\n    cc\npub:\n    04:11\n";
        assert_eq!(masked(text), "priv:\n[masked]\npub:\n    04:11\n");
        let ppk = "Public-Lines: 1\nAAAA\nPrivate-Lines: 2\nAAAB\nAAAC\nPrivate-MAC: 1\n";
        assert_eq!(
            masked(ppk),
            "Public-Lines: 1\nAAAA\nPrivate-Lines: 2\n[masked]\nPrivate-MAC: 1\n"
        );
        let jwk = format!(r#"{{"kty":"EC","x":"abc","d":"{}"}}"#, "a".repeat(43));
        assert_eq!(masked(&jwk), r#"{"kty":"EC","x":"abc","d":"[masked]"}"#);
        let session = format!("    Master-Key: {}\n    Start Time: 1", "A1".repeat(24));
        assert_eq!(masked(&session), "    Master-Key: [masked]\n    Start Time: 1");
    }

    #[test]
    fn tokens_are_masked_wherever_they_stand() {
        let jwt = format!("eyJ{}.eyJ{}.{}", "a".repeat(20), "b".repeat(20), "c".repeat(20));
        for token in [
            format!("ghp_{}", "a".repeat(36)),
            format!("AKIA{}", "A1".repeat(8)),
            format!("sk_live_{}", "a".repeat(24)),
            jwt,
        ] {
            assert_eq!(masked(&format!("x {token} y")), "x [masked] y");
            assert_eq!(masked(&format!("[\"{token}\",\"z\"]")), "[\"[masked]\",\"z\"]");
        }
    }

    #[test]
    fn values_are_masked_by_their_names() {
        for (text, expected) in [
            ("DB_PASSWORD=hunter22 rest", "DB_PASSWORD=[masked] rest"),
            ("aws_secret_access_key = wJalrXUtnFEMI", "aws_secret_access_key = [masked]"),
            ("password=\"two words\" rest", "password=[masked] rest"),
            ("{\"apiKey\": \"abc\", \"n\": 1}", "{\"apiKey\": [masked], \"n\": 1}"),
            ("passphrase: 'x y'", "passphrase: [masked]"),
            ("https://me:pw123@host/x", "https://me:[masked]@host/x"),
            ("Authorization: Bearer abcdefgh1234", "Authorization: Bearer [masked]"),
            ("'authorization': 'token abcdefgh1234'", "'authorization': 'token [masked]'"),
        ] {
            assert_eq!(masked(text), expected);
        }
        assert_eq!(mask().value("api_token", "x"), "[masked]");
        assert_eq!(mask().value("curve", "P-256"), "P-256");
    }

    #[test]
    fn what_was_given_as_a_secret_is_masked_without_its_name() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let given =
            [pair("curve", "P-256"), pair("key_password", "hunter22"), pair("token", "abc")];
        let mask = Mask::new(given).unwrap();
        assert_eq!(mask.apply("pass:hunter22 P-256 abc").text, "pass:[masked] P-256 abc");
    }

    #[test]
    fn half_a_secret_at_the_end_goes_with_its_word() {
        let text = format!("x ghp_{}", "a".repeat(20));
        assert_eq!(mask().apply_cut_off(&text).text, "x");
        assert_eq!(mask().apply_cut_off("ghp_aaaa").text, "");
    }

    #[test]
    fn digests_and_plain_words_stay() {
        for text in [
            "SHA2-256(stdin)= ba7816bf",
            "tokens: 3",
            "secret",
            "status: active",
            "sk-ecdsa-sha2-nistp256@openssh.com",
            "Verify return code: 0 (ok)",
        ] {
            assert_eq!(masked(text), text);
        }
    }
}
