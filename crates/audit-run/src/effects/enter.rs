//! The other half of a target that is not the host: this binary, started once more, goes into the
//! target, gives up what it does not need, and runs one command there.
//!
//! Between its start and the command's it is one thread and holds nothing of the parent but its
//! three streams.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use rustix::io::Errno;
use rustix::process::{
    Pid, PidfdFlags, Resource, Rlimit, Signal, chroot, getpid, kill_process, pidfd_open, setrlimit,
};
use rustix::thread::{
    CapabilitySet, ThreadNameSpaceType, clear_ambient_capability_set, move_into_thread_name_spaces,
    remove_capability_from_bounding_set, set_no_new_privs,
};
use serde::{Deserialize, Serialize};

use super::confine;

/// The argument that makes this binary the other half.
pub const MARK: &str = "enter-target";

/// The status that says, together with [`Order::token`] on standard error, that the command was
/// never started.
pub const NEVER: i32 = 125;

/// Limits of every command: open files, size of a file, size of a core.
const LIMITS: [(Resource, u64); 3] =
    [(Resource::Nofile, 1024), (Resource::Fsize, 256 << 20), (Resource::Core, 0)];

/// Name spaces, and what they are called in proc(5).
const SPACES: [(&str, ThreadNameSpaceType); 7] = [
    ("cgroup", ThreadNameSpaceType::CONTROL_GROUP),
    ("ipc", ThreadNameSpaceType::INTER_PROCESS_COMMUNICATION),
    ("mnt", ThreadNameSpaceType::MOUNT),
    ("net", ThreadNameSpaceType::NETWORK),
    ("pid", ThreadNameSpaceType::PROCESS_ID),
    ("user", ThreadNameSpaceType::USER),
    ("uts", ThreadNameSpaceType::HOST_NAME_AND_NIS_DOMAIN_NAME),
];

/// What is to be run, and where.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// A word no command can know: it marks this process's own complaint.
    pub token: String,
    pub place: Place,
    /// The file to run, as the target sees it.
    pub program: PathBuf,
    pub argv: Vec<String>,
    pub env: BTreeMap<String, String>,
    /// Where to run it, as the target sees it.
    pub dir: PathBuf,
    /// User and group to run it as; none: as it is.
    pub user: Option<(u32, u32)>,
    /// Whether system calls are filtered.
    pub filter: bool,
}

/// Where a target is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the name spaces of this process, and in these of its control groups.
    Container { pid: i32, control_groups: Vec<PathBuf> },
    /// Below this folder.
    Folder(PathBuf),
}

/// Does what the command line orders, if it orders this.
pub fn ordered() -> Option<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    if args.next()? != MARK {
        return None;
    }
    let order = args.next()?;
    let Ok(order) = serde_json::from_str::<Order>(order.to_str()?) else {
        return Some(ExitCode::from(2));
    };
    Some(match run(&order) {
        Ok(status) => ExitCode::from(u8::try_from(status).unwrap_or(u8::MAX)),
        Err(error) => {
            let _ = writeln!(io::stderr(), "{}{error}", order.token);
            ExitCode::from(u8::try_from(NEVER).unwrap_or(u8::MAX))
        }
    })
}

/// Runs the command; its exit status is the answer. A signal that ended it ends this process, too.
fn run(order: &Order) -> Result<i32, String> {
    if let Place::Container { control_groups, .. } = &order.place {
        control_groups.iter().try_for_each(|group| confine::join(group))?;
    }
    go(&order.place).map_err(|error| format!("cannot go into the target: {error}"))?;
    give_up().map_err(|error| format!("cannot give up privileges: {error}"))?;
    if order.filter {
        let filtered = confine::filter_calls();
        filtered.map_err(|error| format!("cannot filter system calls: {error}"))?;
    }
    let mut command = Command::new(&order.program);
    let (name, args) = order.argv.split_first().ok_or("there is no command")?;
    command.arg0(name).args(args).env_clear().envs(&order.env).current_dir(&order.dir);
    command.stdin(Stdio::inherit()).stdout(Stdio::inherit()).stderr(Stdio::inherit());
    if let Some((user, group)) = order.user {
        command.uid(user).gid(group);
    }
    let status = command.spawn().and_then(|mut child| child.wait());
    let status = status.map_err(|error| format!("{}: {error}", order.program.display()))?;
    if let Some(signal) = status.signal().and_then(Signal::from_named_raw) {
        // Of the signals that tell of a stack that ran over, Rust's runtime catches the first.
        for _ in 0..2 {
            let _ = kill_process(getpid(), signal);
        }
    }
    Ok(status.code().unwrap_or(128 + status.signal().unwrap_or(0)))
}

fn go(place: &Place) -> io::Result<()> {
    match place {
        Place::Container { pid, .. } => {
            let pid = Pid::from_raw(*pid).ok_or(Errno::SRCH)?;
            let process = pidfd_open(pid, PidfdFlags::empty())?;
            move_into_thread_name_spaces(process.as_fd(), spaces(pid))?;
        }
        Place::Folder(folder) => {
            isolate()?;
            chroot(folder)?;
            rustix::process::chdir("/")?;
        }
    }
    Ok(())
}

/// The name spaces that a container has for itself; a runtime may leave it some of the caller's.
fn spaces(pid: Pid) -> ThreadNameSpaceType {
    let space = |who: &str, name: &str| std::fs::read_link(format!("/proc/{who}/ns/{name}")).ok();
    let pid = pid.as_raw_nonzero().to_string();
    let own = SPACES.into_iter().filter(|(name, _)| space("self", name) != space(&pid, name));
    own.map(|(_, kind)| kind).fold(ThreadNameSpaceType::empty(), |all, kind| all | kind)
}

/// Processes and network of its own, so that nothing leaves a folder and nothing stays behind.
// Deprecated because of a flag that is not used here (`FILES`), and there is one thread.
#[allow(deprecated)]
fn isolate() -> io::Result<()> {
    use rustix::thread::{UnshareFlags, unshare};
    unshare(UnshareFlags::NEWNET | UnshareFlags::NEWIPC | UnshareFlags::NEWPID)?;
    Ok(())
}

/// No capability survives the next `exec`, no file gives one back, and the limits hold.
fn give_up() -> io::Result<()> {
    clear_ambient_capability_set()?;
    for bit in 0..64 {
        // A number that is no capability of this kernel is refused, and that is fine.
        let _ = remove_capability_from_bounding_set(CapabilitySet::from_bits_retain(1 << bit));
    }
    set_no_new_privs(true)?;
    for (resource, limit) in LIMITS {
        setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
    }
    Ok(())
}
