//! The form of a prefix: times and numbers in it differ from line to line, the rest does not.

/// A prefix in which each number is one `0` and each gap one blank. It ends with a blank or a colon.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Shape(Vec<u8>);

impl Shape {
    /// The shape of a prefix, which ends with a blank or a colon.
    pub fn of(prefix: &[u8]) -> Self {
        let mut shape: Vec<u8> = Vec::new();
        for byte in prefix.trim_ascii_start() {
            let byte = match byte {
                b'0'..=b'9' => b'0',
                byte => *byte,
            };
            if !(matches!(byte, b'0' | b' ') && shape.last() == Some(&byte)) {
                shape.push(byte);
            }
        }
        Self(shape)
    }

    /// What stands behind a prefix of this shape, if the line has one.
    pub fn behind<'a>(&self, line: &'a [u8]) -> Option<&'a [u8]> {
        let (last, begin) = self.0.split_last()?;
        let mut rest = line.trim_ascii_start();
        for byte in begin {
            let alike = |other: &u8| match byte {
                b'0' => other.is_ascii_digit(),
                byte => other == byte,
            };
            let count = match byte {
                b'0' | b' ' => rest.iter().take_while(|byte| alike(byte)).count(),
                _ => usize::from(rest.first().is_some_and(alike)),
            };
            if count == 0 {
                return None;
            }
            rest = &rest[count..];
        }
        // More than one blank at the end belongs to the line.
        rest.split_first().filter(|(first, _)| *first == last).map(|(_, rest)| rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_gaps_of_any_width_are_alike() {
        let shape = Shape::of(b"Jan  2 03:04:05 host openssl[1]: ");
        let behind = |line: &str| {
            shape.behind(line.as_bytes()).map(|rest| String::from_utf8_lossy(rest).into_owned())
        };
        assert_eq!(
            behind("Jan 12 13:04:05 host openssl[123]:  256 bits"),
            Some(" 256 bits".into())
        );
        assert_eq!(behind("Jan 12 13:04:05 host cron[123]: x"), None);
        assert_eq!(behind("Jan 12 13:04"), None);
        let numbered = Shape::of(b"     1\t");
        assert_eq!(numbered.behind(b"123456\tmd5"), Some(&b"md5"[..]));
    }
}
