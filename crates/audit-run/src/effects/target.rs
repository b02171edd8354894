//! The target: where commands are run and files are found.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Seek, Write};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::time::Duration;

use audit_run::facts::Facts;
use audit_run::ran::{End, Ran};
use audit_run::suite::Runtime;
use tempfile::TempDir;

use super::container::Container;
use super::enter::{MARK, NEVER, Order, Place};
use super::export::Export;
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

/// The search path where nobody gives one.
pub const SEARCH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Folders of a target that are there to be written to; the first that exists is used.
const TEMPORARY: [&str; 4] = ["tmp", "var/tmp", "run", "."];

/// A target that is up.
pub struct Target {
    /// Its root, as this process sees it.
    pub root: PathBuf,
    /// What every command finds in its environment.
    pub env: BTreeMap<OsString, OsString>,
    /// What is known of it without running anything in it.
    pub facts: Facts,
    /// The way in; none: commands are run where this process is.
    entry: Option<Entry>,
    /// Folder for private folders, below the root.
    temporary: PathBuf,
    /// Taken down with this value.
    held: Held,
}

/// What holds a target up, and takes it down when it goes.
enum Held {
    Nothing,
    Container(#[allow(dead_code)] Container),
    Export(#[allow(dead_code)] Export),
}

/// The way into a target.
#[derive(Clone, Debug)]
pub struct Entry {
    pub place: Place,
    /// User and group of every command; none: those of this process.
    pub user: Option<(u32, u32)>,
    /// Whether system calls are filtered.
    pub filter: bool,
}

/// A check's private folder; it goes away with this value.
pub struct Work {
    folder: TempDir,
    inside: PathBuf,
    owner: Option<(u32, u32)>,
}

/// A command as a suite means it.
pub struct Wanted<'a> {
    pub argv: &'a [String],
    pub env: &'a BTreeMap<String, String>,
    pub stdin: Option<File>,
    pub timeout: Duration,
}

/// A command that can be started, and the word that marks the complaint of a way in that failed.
pub struct Ready {
    pub command: Command,
    token: Option<String>,
}

impl Target {
    /// The machine this process runs on, with `more` in the environment of its commands.
    pub fn host(more: &BTreeMap<String, String>) -> Self {
        let search = env::var_os("PATH").unwrap_or_else(|| SEARCH.into());
        let mut variables = base(search);
        let passed = HOST_VARIABLES.into_iter();
        variables.extend(passed.filter_map(|name| Some((name.into(), env::var_os(name)?))));
        variables.extend(more.iter().map(|(name, value)| (name.into(), value.into())));
        Self {
            root: "/".into(),
            env: variables,
            facts: Facts::new(),
            entry: None,
            temporary: env::temp_dir(),
            held: Held::Nothing,
        }
    }

    /// A folder with a root file system.
    pub fn rootfs(folder: &Path, more: &BTreeMap<String, String>) -> io::Result<Self> {
        let root = fs::canonicalize(folder)?;
        if !root.is_dir() {
            return Err(io::Error::other("is no folder"));
        }
        let temporary = temporary(&root);
        let entry = Some(Entry { place: Place::Folder(root.clone()), user: None, filter: false });
        let facts = Facts::from([("user.uid".to_owned(), "0".to_owned())]);
        let env = of_image(&BTreeMap::new(), more);
        Ok(Self { root, env, facts, entry, temporary, held: Held::Nothing })
    }

    /// A container that was brought up.
    pub fn container(container: Container, more: &BTreeMap<String, String>) -> Self {
        Self {
            root: container.root.clone(),
            env: of_image(&container.env, more),
            facts: container.facts.clone(),
            entry: Some(container.entry.clone()),
            temporary: super::container::WORK.into(),
            held: Held::Container(container),
        }
    }

    /// The files of an image.
    pub fn export(export: Export, more: &BTreeMap<String, String>) -> Self {
        Self {
            root: export.root.clone(),
            env: of_image(&export.env, more),
            facts: export.facts.clone(),
            entry: Some(export.entry.clone()),
            temporary: temporary(&export.root),
            held: Held::Export(export),
        }
    }

    /// Whether commands run among this process's own children and nowhere else.
    pub fn is_contained(&self) -> bool {
        self.entry.is_some()
    }

    /// The user commands run as.
    pub fn user(&self) -> u32 {
        let own = || rustix::process::geteuid().as_raw();
        self.entry.as_ref().and_then(|entry| entry.user).map_or_else(own, |(user, _)| user)
    }

    /// What holds the image, if it is one.
    pub fn runtime(&self) -> Option<Runtime> {
        match self.held {
            Held::Nothing => None,
            Held::Container(_) => Some(Runtime::Podman),
            Held::Export(_) => Some(Runtime::Docker),
        }
    }

    /// The search path of commands.
    pub fn search(&self) -> OsString {
        self.env.get(OsStr::new("PATH")).cloned().unwrap_or_default()
    }

    /// A new private folder.
    pub fn work(&self) -> io::Result<Work> {
        let below = self.temporary.strip_prefix("/").unwrap_or(&self.temporary);
        let folder =
            tempfile::Builder::new().prefix("audit-run-").tempdir_in(self.root.join(below))?;
        let name = folder.path().file_name().unwrap_or_default();
        let inside = self.temporary.join(name);
        let owner = self.entry.as_ref().and_then(|entry| entry.user);
        if let Some((user, group)) = owner {
            chown(folder.path(), Some(user), Some(group))?;
        }
        Ok(Work { folder, inside, owner })
    }

    /// The command that runs `wanted` on this target, or why it cannot be run.
    pub fn command(&self, wanted: Wanted<'_>, work: &Work) -> Result<Ready, String> {
        let mut env = self.env.clone();
        env.insert("HOME".into(), work.path().into());
        env.extend(wanted.env.iter().map(|(name, value)| (name.into(), value.into())));
        let search = env.get(OsStr::new("PATH")).cloned().unwrap_or_default();
        let name = wanted.argv.first().map(String::as_str).unwrap_or_default();
        let Some(program) = lookup::command(&self.root, name, &search, work.path()) else {
            return Err(format!("there is no command {name:?} on the target"));
        };
        let (stdin, timeout) = (wanted.stdin, wanted.timeout);
        let Some(entry) = &self.entry else {
            let argv = wanted.argv.iter().map(OsString::from).collect();
            let dir = work.path().to_owned();
            return Ok(Ready { command: Command { argv, env, dir, stdin, timeout }, token: None });
        };
        let token = format!("audit-run {:016x}: ", RandomState::new().hash_one(name));
        let text = |text: OsString| text.to_string_lossy().into_owned();
        let order = Order {
            token: token.clone(),
            place: entry.place.clone(),
            program,
            argv: wanted.argv.to_vec(),
            env: env.into_iter().map(|(name, value)| (text(name), text(value))).collect(),
            dir: work.path().to_owned(),
            user: entry.user,
            filter: entry.filter,
        };
        let order = serde_json::to_string(&order).map_err(|error| error.to_string())?;
        let argv = vec!["/proc/self/exe".into(), MARK.into(), order.into()];
        // What the target wants in its environment must not reach the loader of this binary.
        let command = Command { argv, env: BTreeMap::new(), dir: "/".into(), stdin, timeout };
        Ok(Ready { command, token: Some(token) })
    }

    /// A file of the target; a relative path is below the private folder.
    pub fn file(&self, path: &str, work: &Work) -> io::Result<File> {
        lookup::open(&self.root, &work.path().join(path))
    }
}

/// The folder of a root file system that private folders are made in, as the target sees it.
fn temporary(root: &Path) -> PathBuf {
    let writable = TEMPORARY.iter().find(|name| root.join(name).is_dir());
    Path::new("/").join(writable.unwrap_or(&"."))
}

/// What every command finds in its environment where an image says what that is.
fn of_image(
    own: &BTreeMap<String, String>,
    more: &BTreeMap<String, String>,
) -> BTreeMap<OsString, OsString> {
    let mut env = base(SEARCH.into());
    let fixed = ("LC_ALL".to_owned(), "C".to_owned());
    let all = own.clone().into_iter().chain([fixed]).chain(more.clone());
    env.extend(all.map(|(name, value)| (name.into(), value.into())));
    env
}

/// What every command finds in its environment, whatever the target.
fn base(search: OsString) -> BTreeMap<OsString, OsString> {
    BTreeMap::from([
        ("PATH".into(), search),
        ("LC_ALL".into(), "C".into()),
        ("TZ".into(), "UTC".into()),
    ])
}

impl Work {
    /// Where it is, as commands on the target see it.
    pub fn path(&self) -> &Path {
        &self.inside
    }

    /// Lays a file into it.
    pub fn lay(&self, name: &str, content: &[u8]) -> io::Result<()> {
        let path = self.folder.path().join(name);
        fs::write(&path, content)?;
        match self.owner {
            Some((user, group)) => chown(path, Some(user), Some(group)),
            None => Ok(()),
        }
    }
}

/// What came of a command on a target: a way in that failed is no answer of the command's.
pub fn answer(mut ran: Ran, token: Option<&str>) -> Ran {
    if ran.end == End::Exit(NEVER)
        && let Some(why) = token.and_then(|token| ran.stderr.bytes.strip_prefix(token.as_bytes()))
    {
        ran.end = End::NotStarted(String::from_utf8_lossy(why).trim().to_owned());
        ran.stderr.bytes.clear();
    }
    ran
}

impl Ready {
    /// The command, and what [`answer`] needs to know of it.
    pub fn into_parts(self) -> (Command, Option<String>) {
        (self.command, self.token)
    }
}

/// `bytes` as a file to be read from its start; it has no name, and goes away when it is closed.
pub fn anonymous(bytes: &[u8]) -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}
