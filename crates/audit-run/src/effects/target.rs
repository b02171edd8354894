//! The target: where commands are run and files are found.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::lookup;
use super::process::Command;

/// Variables of the caller that decide which OpenSSL a command meets, and so belong to the host
/// that is audited.
const HOST_VARIABLES: [&str; 7] = [
    "LD_LIBRARY_PATH",
    "OPENSSL_CONF",
    "OPENSSL_CONF_INCLUDE",
    "OPENSSL_ENGINES",
    "OPENSSL_MODULES",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
];

/// The search path where the caller has none.
const SEARCH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// A target that is up.
pub struct Target {
    /// Its root, as this process sees it.
    pub root: PathBuf,
    /// What every command finds in its environment.
    pub env: BTreeMap<OsString, OsString>,
}

/// A check's private folder; it goes away with this value.
pub struct Work(TempDir);

/// A command as a suite means it.
pub struct Wanted<'a> {
    pub argv: &'a [String],
    pub env: &'a BTreeMap<String, String>,
    pub stdin: Option<File>,
    pub timeout: Duration,
}

impl Target {
    /// The machine this process runs on.
    pub fn host() -> Self {
        let search = env::var_os("PATH").unwrap_or_else(|| SEARCH.into());
        let mut env = BTreeMap::from([
            ("PATH".into(), search),
            ("LC_ALL".into(), "C".into()),
            ("TZ".into(), "UTC".into()),
        ]);
        let passed = HOST_VARIABLES.into_iter();
        env.extend(passed.filter_map(|name| Some((name.into(), env::var_os(name)?))));
        Self { root: "/".into(), env }
    }

    /// A new private folder.
    pub fn work(&self) -> io::Result<Work> {
        tempfile::Builder::new().prefix("audit-run-").tempdir().map(Work)
    }

    /// The command that runs `wanted` on this target, or why it cannot be run.
    pub fn command(&self, wanted: Wanted<'_>, work: &Work) -> Result<Command, String> {
        let mut env = self.env.clone();
        env.insert("HOME".into(), work.path().into());
        env.extend(wanted.env.iter().map(|(name, value)| (name.into(), value.into())));
        let search = env.get(OsStr::new("PATH")).cloned().unwrap_or_default();
        let name = wanted.argv.first().map(String::as_str).unwrap_or_default();
        if lookup::command(&self.root, name, &search).is_none() {
            return Err(format!("there is no command {name:?} on the target"));
        }
        let argv = wanted.argv.iter().map(OsString::from).collect();
        let dir = work.path().to_owned();
        Ok(Command { argv, env, dir, stdin: wanted.stdin, timeout: wanted.timeout })
    }

    /// A file of the target; a relative path is below the private folder.
    pub fn file(&self, path: &str, work: &Work) -> io::Result<File> {
        lookup::open(&self.root, &work.path().join(path))
    }
}

impl Work {
    /// Where it is, as commands on the target see it.
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Lays a file into it.
    pub fn lay(&self, name: &str, content: &str) -> io::Result<()> {
        fs::write(self.0.path().join(name), content)
    }
}

/// `bytes` as a file to be read from its start; it has no name, and goes away when it is closed.
pub fn anonymous(bytes: &[u8]) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}
