//! The arguments as typed, and as the library takes them.

use std::path::{Path, PathBuf};

use clap::Parser;
use plumb::{Common, Failure};
use speed_run::target::Target;

/// Run openssl speed for one target or two, in interleaved rounds.
///
/// A target is a command: another binary, or a prefix that ends in one, as in
/// --b 'podman run --rm IMAGE openssl'. It is split into words as a shell does; no shell runs.
/// The raw logs go to standard output, each between lines that say which run it is: speed-parse
/// and speed-compare read them.
#[derive(Parser)]
pub struct Args {
    /// The baseline's command
    #[arg(long, value_name = "COMMAND")]
    pub a: String,
    /// The candidate's command; without it, the rounds of one target are run
    #[arg(long, value_name = "COMMAND")]
    pub b: Option<String>,
    /// Set a variable for the baseline (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    pub env_a: Vec<String>,
    /// Set a variable for the candidate (repeatable)
    #[arg(long, value_name = "KEY=VALUE", requires = "b")]
    pub env_b: Vec<String>,
    /// Name of the baseline, for people
    #[arg(long, value_name = "NAME")]
    pub label_a: Option<String>,
    /// Name of the candidate, for people
    #[arg(long, value_name = "NAME", requires = "b")]
    pub label_b: Option<String>,
    /// How often each target runs
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub rounds: u64,
    /// End a run that takes longer; the series ends with it, and the complete rounds are kept
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub timeout: Option<u64>,
    /// Also measure what starting each target costs, and write that as JSON
    #[arg(long, value_name = "FILE")]
    pub startup: Option<PathBuf>,
    /// What openssl speed is to do: its algorithms and options, after `--`
    #[arg(last = true, value_name = "SPEED_ARGS")]
    pub speed: Vec<String>,
    #[command(flatten)]
    pub common: Common,
}

impl Args {
    /// The targets.
    pub fn targets(&self) -> Result<(Target, Option<Target>), Failure> {
        let target = |option: &str, command: &str, env: &[String], label: Option<&String>| {
            Target::new(command, env, label.map(String::as_str))
                .map_err(|error| Failure::new(error.to_string()).at(option))
        };
        let a = target("--a", &self.a, &self.env_a, self.label_a.as_ref())?;
        let b = self
            .b
            .as_ref()
            .map(|command| target("--b", command, &self.env_b, self.label_b.as_ref()))
            .transpose()?;
        Ok((a, b))
    }

    /// `speed` and its options.
    pub fn arguments(&self) -> Vec<String> {
        std::iter::once("speed".to_owned()).chain(self.speed.iter().cloned()).collect()
    }
}

/// Configurations that are not there, by the option that names them: OpenSSL runs without them and
/// says nothing. A container may see other files, so that this is no mistake for certain.
pub fn absent_configurations(a: &Target, b: Option<&Target>) -> Vec<(&'static str, String)> {
    let targets = [("--env-a", "--a", Some(a)), ("--env-b", "--b", b)];
    let mut absent = vec![];
    for (env, command, target) in targets {
        let Some(target) = target else { continue };
        let set = target.env.iter().map(|(key, value)| (env, key.as_str(), value.as_str()));
        let in_words = target.variables_of_env().map(|(key, value)| (command, key, value));
        for (option, key, value) in set.chain(in_words) {
            if key == "OPENSSL_CONF"
                && let Some(why) = unread(value)
            {
                absent.push((option, why));
            }
        }
    }
    absent
}

fn unread(value: &str) -> Option<String> {
    if value.is_empty() {
        return Some("OPENSSL_CONF is empty: openssl reads no configuration".to_owned());
    }
    let path = Path::new(value);
    (path.is_dir() || !path.exists()).then(|| {
        format!("OPENSSL_CONF={value} names no file here: openssl ignores that in silence and takes its defaults")
    })
}
