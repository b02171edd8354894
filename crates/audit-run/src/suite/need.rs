//! What a check needs: `command:openssl`, `provider:fips>=3.4`, `runtime:podman`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::condition::{Condition, Subject};

/// Something that has to be there for a check to run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// `command:NAME`: a command on the target's search path, or at an absolute path.
    Command(String),
    /// `file:PATH`: a file of the target.
    File(String),
    /// `parameter:NAME`: a parameter with a value.
    Parameter(String),
    /// `fact:NAME`: a fact that is known.
    Fact(String),
    /// `user:NAME`: whom the checks run as.
    User(User),
    /// `runtime:NAME`: what holds the target.
    Runtime(Runtime),
    /// `network`: a way to other machines.
    Network,
    /// `openssl` or `provider:NAME`, with or without a version.
    Subject(Condition),
}

/// Whom checks run as on the target.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum User {
    /// `root`: user 0.
    Root,
    /// `nonroot`: anybody else.
    Nonroot,
    /// That user of the target, by name or number.
    Named(String),
}

/// What holds a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Runtime {
    /// `any`: the target is an image.
    Any,
    /// `podman`
    Podman,
    /// `docker`
    Docker,
}

const RUNTIMES: [(&str, Runtime); 3] =
    [("any", Runtime::Any), ("podman", Runtime::Podman), ("docker", Runtime::Docker)];

impl Need {
    /// Reads a need as it stands in `requires`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let named = |name: &str| {
            if name.is_empty() {
                Err(format!("{text:?} names nothing"))
            } else {
                Ok(name.to_owned())
            }
        };
        match text.split_once(':') {
            None if text == "network" => Ok(Self::Network),
            Some(("command", name)) => named(name).map(Self::Command),
            Some(("file", path)) if path.starts_with('/') => Ok(Self::File(path.to_owned())),
            Some(("parameter", name)) => named(name).map(Self::Parameter),
            Some(("fact", name)) => named(name).map(Self::Fact),
            Some(("user", "root")) => Ok(Self::User(User::Root)),
            Some(("user", "nonroot")) => Ok(Self::User(User::Nonroot)),
            Some(("user", name)) => named(name).map(|name| Self::User(User::Named(name))),
            Some(("runtime", name)) => {
                let known = RUNTIMES.iter().find(|(known, _)| *known == name);
                known.map(|(_, runtime)| Self::Runtime(*runtime)).ok_or_else(|| {
                    format!(
                        "expected runtime:any, runtime:podman or runtime:docker, found {text:?}"
                    )
                })
            }
            _ => Condition::parse(text).map(Self::Subject).map_err(|_| {
                format!(
                    "expected command:NAME, file:/PATH, parameter:NAME, fact:NAME, user:NAME, \
                     runtime:NAME, network, openssl or provider:NAME (the last two with >=, < or = \
                     and a version, if one matters), found {text:?}"
                )
            }),
        }
    }

    /// What to do where the suite does not say it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Command(name) => {
                format!("install {name} on the target, or put it on the search path")
            }
            Self::File(path) => format!("provide {path} on the target"),
            Self::Parameter(name) => format!("give it: --set {name}=VALUE"),
            Self::Fact(name) => format!("use a target of which {name} is known"),
            Self::User(User::Root) => "run the audit as root".to_owned(),
            Self::User(User::Nonroot) => {
                "use an image that is run as somebody else than root".to_owned()
            }
            Self::User(User::Named(name)) => format!("use a target that is run as {name}"),
            Self::Runtime(Runtime::Any) => {
                "audit an image: podman:IMAGE or docker:IMAGE".to_owned()
            }
            Self::Runtime(Runtime::Podman) => "audit an image in podman: podman:IMAGE".to_owned(),
            Self::Runtime(Runtime::Docker) => "audit an image in docker: docker:IMAGE".to_owned(),
            Self::Network => {
                "audit a host that is connected: folders and containers have no network here"
                    .to_owned()
            }
            Self::Subject(Condition { subject: Subject::Openssl, .. }) => {
                "use a target with that version of openssl".to_owned()
            }
            Self::Subject(Condition { subject: Subject::Provider(name), .. }) => {
                format!("install and activate OpenSSL's provider {name} on the target")
            }
        }
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(name) => write!(f, "command:{name}"),
            Self::File(path) => write!(f, "file:{path}"),
            Self::Parameter(name) => write!(f, "parameter:{name}"),
            Self::Fact(name) => write!(f, "fact:{name}"),
            Self::User(User::Root) => f.write_str("user:root"),
            Self::User(User::Nonroot) => f.write_str("user:nonroot"),
            Self::User(User::Named(name)) => write!(f, "user:{name}"),
            Self::Runtime(runtime) => {
                let word = RUNTIMES.iter().find(|(_, known)| known == runtime);
                write!(f, "runtime:{}", word.map_or("", |(word, _)| word))
            }
            Self::Network => f.write_str("network"),
            Self::Subject(condition) => condition.fmt(f),
        }
    }
}

/// What is known of a target, to hold needs against.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Facts by name.
    pub facts: BTreeMap<String, String>,
    /// What is there, of what [`crate::plan::needs`] asked for.
    pub present: BTreeSet<Need>,
    /// The first thing that could not be found out although it was asked: facts that are missing
    /// may be missing for that reason.
    pub gap: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn needs_are_written_as_they_are_read() {
        for text in [
            "command:openssl",
            "file:/etc/ssl",
            "parameter:x",
            "fact:image.id",
            "user:root",
            "user:nonroot",
            "user:65532",
            "runtime:any",
            "runtime:docker",
            "network",
            "openssl",
            "provider:fips>=3.5.7",
        ] {
            assert_eq!(Need::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "command:",
            "file:x",
            "user:",
            "runtime:",
            "runtime:lxc",
            "network:x",
            "provider:",
            "openssl>=",
            "openssl>3",
            "x",
        ] {
            assert!(Need::parse(text).is_err(), "{text}");
        }
    }
}
