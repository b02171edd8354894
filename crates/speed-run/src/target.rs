//! What is measured: a command prefix and what it needs in its environment.

use std::fmt;

/// A target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name, for people.
    pub label: String,
    /// The command that `speed` and its options are appended to: at least one word.
    pub command: Vec<String>,
    /// Variables set for it.
    pub env: Vec<(String, String)>,
}

/// Why a target cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A quote is not closed.
    Quotes(String),
    /// There is no word in it.
    Empty,
    /// Not `KEY=VALUE`.
    Env(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quotes(text) => write!(f, "expected a command, found an open quote: {text:?}"),
            Self::Empty => f.write_str("expected a command, found nothing"),
            Self::Env(text) => write!(f, "expected KEY=VALUE, found {text:?}"),
        }
    }
}

impl Target {
    /// A target from its command as typed (words as a shell splits them, and nothing else a shell
    /// does), its variables (`KEY=VALUE`) and its name.
    pub fn new(command: &str, env: &[String], label: Option<&str>) -> Result<Self, Error> {
        let words = shell_words::split(command).map_err(|_| Error::Quotes(command.to_owned()))?;
        if words.first().is_none_or(String::is_empty) {
            return Err(Error::Empty);
        }
        let variables = env.iter().map(|text| variable(text)).collect::<Result<Vec<_>, _>>()?;
        let label = label.map_or_else(
            || env.iter().map(String::as_str).chain([command]).collect::<Vec<_>>().join(" "),
            str::to_owned,
        );
        Ok(Self { label, command: words, env: variables })
    }

    /// The variables that `env` among the command's words sets: `env -i KEY=VALUE openssl`, also
    /// behind another program that runs its arguments (`taskset -c 1 env …`).
    pub fn variables_of_env(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_env = |word: &&String| *word == "env" || word.ends_with("/env");
        let words = self.command.iter().skip_while(move |word| !is_env(word)).skip(1);
        // What `env` is to run has no `=` in its first word; options and their words come before.
        words.filter_map(|word| word.split_once('=')).filter(|(key, _)| {
            !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        })
    }

    /// The whole command line with `arguments` after the target's own words.
    #[must_use]
    pub fn argv(&self, arguments: &[String]) -> Vec<String> {
        self.command.iter().chain(arguments).cloned().collect()
    }
}

fn variable(text: &str) -> Result<(String, String), Error> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() && !text.contains('\0') => {
            Ok((key.to_owned(), value.to_owned()))
        }
        _ => Err(Error::Env(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_and_nothing_is_expanded() {
        let target = Target::new("podman run --rm 'my image' $(id) *", &[], None).unwrap();
        assert_eq!(target.command, ["podman", "run", "--rm", "my image", "$(id)", "*"]);
        assert_eq!(target.label, "podman run --rm 'my image' $(id) *");
    }

    #[test]
    fn variables_are_part_of_the_name_unless_it_has_one() {
        let env = ["OPENSSL_CONF=fips.cnf".to_owned()];
        assert_eq!(
            Target::new("openssl", &env, None).unwrap().label,
            "OPENSSL_CONF=fips.cnf openssl"
        );
        assert_eq!(Target::new("openssl", &env, Some("fips")).unwrap().label, "fips");
    }

    #[test]
    fn env_among_the_words_sets_variables() {
        let found = |command: &str| {
            let target = Target::new(command, &[], None).unwrap();
            let pairs = target.variables_of_env();
            pairs.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found("env OPENSSL_CONF=a.cnf openssl"), "OPENSSL_CONF=a.cnf");
        assert_eq!(found("taskset -c 1 /usr/bin/env -i -u X A= B=1=2 openssl"), "A= B=1=2");
        assert_eq!(found("OPENSSL_CONF=a.cnf openssl"), "");
        assert_eq!(found("openssl"), "");
    }

    #[test]
    fn what_is_no_command_is_refused() {
        assert_eq!(Target::new("  ", &[], None), Err(Error::Empty));
        assert_eq!(Target::new("''", &[], None), Err(Error::Empty));
        assert!(matches!(Target::new("a 'b", &[], None), Err(Error::Quotes(_))));
        assert!(matches!(Target::new("a", &["=x".to_owned()], None), Err(Error::Env(_))));
    }
}
