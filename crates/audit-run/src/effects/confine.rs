//! What a command that goes into a container is given of the container's own confinement: its
//! control groups, and a filter of system calls. It enters a container that was set up before, so
//! neither comes by itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter,
};

/// System calls that no command of a suite needs, and that reach the kernel beyond a container.
/// They fail as they do without privileges.
const REFUSED: [i64; 42] = [
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_adjtimex,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_clock_adjtime,
    libc::SYS_clock_settime,
    libc::SYS_delete_module,
    libc::SYS_finit_module,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_init_module,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_move_mount,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pivot_root,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_quotactl,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_setdomainname,
    libc::SYS_sethostname,
    libc::SYS_setns,
    libc::SYS_settimeofday,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
];

/// Flags of `clone` that make name spaces.
const NAME_SPACES: [i32; 7] = [
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWUTS,
];

/// The control groups of that process that this one can join, by what they bound: the folders they
/// are. All of them: so a command takes from the share of its container, and no other one's.
///
/// None where this process is root among its own users only: it may write to a group there, and is
/// still refused when it wants to leave the one it is in.
pub fn control_groups(pid: i32) -> BTreeMap<String, PathBuf> {
    if !is_root_of_all() {
        return BTreeMap::new();
    }
    let list = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap_or_default();
    let groups = list.lines().filter_map(|line| {
        let mut fields = line.splitn(3, ':').skip(1);
        let (controllers, path) = (fields.next()?, fields.next()?.trim_start_matches('/'));
        let (name, mount) = match controllers {
            "" => ("unified", unified()?),
            // Such a one bounds nothing.
            named if named.starts_with("name=") => return None,
            controllers => (controllers, Path::new("/sys/fs/cgroup").join(controllers)),
        };
        let folder = mount.join(path);
        let joinable = !path.is_empty()
            && fs::File::options().write(true).open(folder.join("cgroup.procs")).is_ok();
        joinable.then(|| (name.to_owned(), folder))
    });
    groups.collect()
}

/// Whether the users of this process are the machine's: all of them, each under its own number.
fn is_root_of_all() -> bool {
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    map.split_whitespace().eq(["0", "0", "4294967295"])
}

/// Where control groups of version 2 are.
fn unified() -> Option<PathBuf> {
    let places = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].map(PathBuf::from);
    places.into_iter().find(|place| place.join("cgroup.controllers").is_file())
}

/// Joins the control group that is this folder.
pub fn join(folder: &Path) -> Result<(), String> {
    let procs = folder.join("cgroup.procs");
    fs::write(&procs, "0").map_err(|error| format!("{}: {error}", procs.display()))
}

/// Whether there is a filter for programs of that architecture, as images name it.
pub fn filters(architecture: &str) -> bool {
    matches!((architecture, std::env::consts::ARCH), ("amd64", "x86_64") | ("arm64", "aarch64"))
}

/// From here on, for this process and whatever it starts, the refused calls fail.
pub fn filter_calls() -> Result<(), seccompiler::Error> {
    let arch: TargetArch = std::env::consts::ARCH.try_into()?;
    let allow = SeccompAction::Allow;
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        REFUSED.into_iter().map(|call| (call, vec![])).collect();
    let mut clone = Vec::with_capacity(NAME_SPACES.len());
    for flag in NAME_SPACES {
        let flag = u64::from(flag.unsigned_abs());
        let is_set = SeccompCmpOp::MaskedEq(flag);
        let condition = SeccompCondition::new(0, SeccompCmpArgLen::Dword, is_set, flag)?;
        clone.push(SeccompRule::new(vec![condition])?);
    }
    rules.insert(libc::SYS_clone, clone);
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let refused: BpfProgram = SeccompFilter::new(rules, allow.clone(), refuse, arch)?.try_into()?;
    // What `clone3` is asked for is out of a filter's sight: without it, libraries use `clone`.
    let absent = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    let newer = BTreeMap::from([(libc::SYS_clone3, vec![])]);
    let newer: BpfProgram = SeccompFilter::new(newer, allow, absent, arch)?.try_into()?;
    apply_filter(&refused)?;
    apply_filter(&newer)
}
