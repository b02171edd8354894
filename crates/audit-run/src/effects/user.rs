//! The user an image wants to be run as.

use std::path::Path;

use super::lookup;

/// User and group of `USER[:GROUP]`, by number or by name in the target's own tables.
pub fn resolve(user: &str, root: &Path) -> Result<(u32, u32), String> {
    let (user, group) = match user.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (user, None),
    };
    let table = |path: &str| lookup::read(root, Path::new(path)).unwrap_or_default();
    let passwd = table("/etc/passwd");
    let entry = passwd
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.len() >= 4 && (fields[0] == user || fields[2] == user));
    let number = |text: &str| text.parse::<u32>().ok();
    let (uid, own) = match (&entry, user) {
        (Some(fields), _) => (number(fields[2]), number(fields[3])),
        (None, "") => (Some(0), Some(0)),
        (None, user) => (number(user), Some(0)),
    };
    let gid = match group {
        None => own,
        Some(group) => number(group).or_else(|| {
            let groups = table("/etc/group");
            let mut lines = groups.lines().map(|line| line.split(':').collect::<Vec<_>>());
            number(lines.find(|fields| fields.len() >= 3 && fields[0] == group)?[2])
        }),
    };
    uid.zip(gid)
        .ok_or_else(|| format!("the image wants to be run as {user:?}, whom it does not know"))
}
