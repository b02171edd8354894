//! Where mounts begin, as `/proc/self/mountinfo` (proc(5)) tells it.

/// The mount points of `mountinfo`, absolute, in its order.
#[must_use]
pub fn mount_points(mountinfo: &[u8]) -> Vec<Vec<u8>> {
    let lines = mountinfo.split(|b| *b == b'\n');
    lines.filter_map(|line| line.split(|b| *b == b' ').nth(4)).map(unescape).collect()
}

/// Whether one of `points` is `path` or lies in it.
#[must_use]
pub fn at_or_inside(points: &[Vec<u8>], path: &[u8]) -> Option<Inside> {
    points.iter().find_map(|point| match point.strip_prefix(path)? {
        [] => Some(Inside::Itself),
        [b'/', ..] => Some(Inside::Below(point.clone())),
        _ => None,
    })
}

/// Where a mount was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inside {
    /// The path is a mount point.
    Itself,
    /// A mount point lies in it.
    Below(Vec<u8>),
}

/// The kernel writes blank, tab, newline and backslash as three octal digits.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        match (first, tail) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                out.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                rest = after;
            }
            _ => {
                out.push(first);
                rest = tail;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &[u8] = b"22 1 253:0 / / rw shared:1 - ext4 /dev/vda rw\n\
        30 22 253:0 /a /srv/with\\040blank rw - ext4 /dev/vda rw\n";

    #[test]
    fn mount_points_are_unescaped() {
        assert_eq!(mount_points(INFO), [b"/".to_vec(), b"/srv/with blank".to_vec()]);
    }

    #[test]
    fn a_mount_is_found_at_and_below_a_path() {
        let points = mount_points(INFO);
        assert_eq!(at_or_inside(&points, b"/srv/with blank"), Some(Inside::Itself));
        let below = Some(Inside::Below(b"/srv/with blank".to_vec()));
        assert_eq!(at_or_inside(&points, b"/srv"), below);
        assert_eq!(at_or_inside(&points, b"/srv/with"), None);
    }
}
