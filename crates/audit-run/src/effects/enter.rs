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

/// The argument that makes this binary the other half.
pub const MARK: &str = "enter-target";

/// The status that says, together with [`Order::token`] on standard error, that the command was
/// never started.
pub const NEVER: i32 = 125;

/// Limits of every command: open files, size of a file, size of a core.
const LIMITS: [(Resource, u64); 3] =
    [(Resource::Nofile, 1024), (Resource::Fsize, 256 << 20), (Resource::Core, 0)];

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
}

/// Where a target is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the name spaces of this process.
    Container(i32),
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
    go(&order.place).map_err(|error| format!("cannot go into the target: {error}"))?;
    give_up().map_err(|error| format!("cannot give up privileges: {error}"))?;
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
        let _ = kill_process(getpid(), signal);
    }
    Ok(status.code().unwrap_or(128 + status.signal().unwrap_or(0)))
}

fn go(place: &Place) -> io::Result<()> {
    match place {
        Place::Container(pid) => {
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

/// The name spaces of a container; the users' only where the container has its own.
fn spaces(pid: Pid) -> ThreadNameSpaceType {
    let user = |who: &str| std::fs::read_link(format!("/proc/{who}/ns/user")).ok();
    let mut spaces = ThreadNameSpaceType::MOUNT
        | ThreadNameSpaceType::PROCESS_ID
        | ThreadNameSpaceType::NETWORK
        | ThreadNameSpaceType::INTER_PROCESS_COMMUNICATION
        | ThreadNameSpaceType::HOST_NAME_AND_NIS_DOMAIN_NAME
        | ThreadNameSpaceType::CONTROL_GROUP;
    if user("self") != user(&pid.as_raw_nonzero().to_string()) {
        spaces |= ThreadNameSpaceType::USER;
    }
    spaces
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
