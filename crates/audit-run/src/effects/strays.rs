//! Processes that left their group and outlived their check.

use std::fs;

use rustix::process::{Pid, Signal, WaitOptions, kill_process, set_child_subreaper, waitpid};

/// From here on, what a child leaves behind becomes a child of this process, and can be found.
pub fn adopt() {
    let _ = set_child_subreaper(Some(Pid::INIT));
}

/// Kills every child of this process. Only to be called when none is wanted.
pub fn end() {
    // Killing one may hand over its own children: a few rounds, so that a tree of them goes.
    for _ in 0..16 {
        let children = children();
        if children.is_empty() {
            return;
        }
        for child in children {
            let _ = kill_process(child, Signal::KILL);
            let _ = waitpid(Some(child), WaitOptions::empty());
        }
    }
}

fn children() -> Vec<Pid> {
    let Ok(threads) = fs::read_dir("/proc/self/task") else { return vec![] };
    let lists =
        threads.filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("children")).ok());
    let parse = |pid: &str| Pid::from_raw(pid.parse().ok()?);
    lists.flat_map(|list| list.split_whitespace().filter_map(parse).collect::<Vec<_>>()).collect()
}
