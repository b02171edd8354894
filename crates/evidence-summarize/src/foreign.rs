//! What is no text, or text of a kind that tells no results, by how it begins.

/// So many bytes from the start decide whether the input is text.
const EARLY: usize = 8_000;

/// Text has less than one control character that no terminal knows in so many bytes.
const SHARE: usize = 30;

/// Beginnings of files that hold no text, by where they stand in the file.
const MAGIC: &[(usize, &[u8], &str)] = &[
    (0, b"\xfd7zXZ\0", "data packed with xz: unpack it first"),
    (0, b"BZh", "data packed with bzip2: unpack it first"),
    (0, b"PK\x03\x04", "a zip archive: unpack it first"),
    (0, b"PK\x05\x06", "a zip archive that holds nothing"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it first"),
    (0, b"Rar!\x1a\x07", "a rar archive: unpack it first"),
    (0, b"\x04\x22\x4d\x18", "data packed with lz4: unpack it first"),
    (0, b"!<arch>\n", "an ar archive: name the report the run writes"),
    (257, b"ustar", "a tar archive: unpack it first and name the folder"),
    (0, b"\x7fELF", "a program or library (ELF): name the report the run writes"),
    (0, b"%PDF-", "a PDF document: name the report the run writes"),
    (0, b"\x89PNG\r\n\x1a\n", "a picture: name the report the run writes"),
    (0, b"\xff\xd8\xff", "a picture: name the report the run writes"),
    (0, b"SQLite format 3\0", "a database: name the report the run writes"),
    (0, b"# HELP ", "metrics, which are not read: name the report they were made from"),
    (0, b"# TYPE ", "metrics, which are not read: name the report they were made from"),
];

/// What an input that begins with `head` is instead of results, and what to do about it. Text in
/// UTF-16 has to be ruled out before.
#[must_use]
pub fn kind(head: &[u8]) -> Option<&'static str> {
    let known = MAGIC
        .iter()
        .find(|(at, magic, _)| head.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
    let early = &head[..head.len().min(EARLY)];
    // A test may print one; what is no text holds many.
    let binary = || {
        let odd = early.iter().filter(|byte| **byte == 0 || (14..27).contains(*byte)).count();
        // A document that begins like one is read as far as that goes.
        let begins = early.trim_ascii_start().first();
        odd * SHARE > early.len() && !matches!(begins, Some(b'<' | b'{' | b'['))
    };
    match known {
        // A log may begin with these letters; the block size and the magic of a block follow.
        Some((_, b"BZh", what)) => head.get(4..10).is_some_and(is_bzip2).then_some(*what),
        Some((_, _, what)) => Some(what),
        None => binary().then_some("binary data: name the report the run writes"),
    }
}

/// Whether a block of bzip2 begins, or its end.
fn is_bzip2(bytes: &[u8]) -> bool {
    matches!(bytes, b"\x31\x41\x59\x26\x53\x59" | b"\x17\x72\x45\x38\x50\x90")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_named() {
        let mut tar = vec![b'a'; 257];
        tar.extend(b"ustar\x0000");
        let table: &[(&[u8], &str)] = &[
            (b"\x7fELF\x02\x01\x01\0", "ELF"),
            (b"PK\x03\x04\x14", "zip"),
            (b"\xfd7zXZ\0\0\x04", "xz"),
            (b"BZh91AY&SY\x01", "bzip2"),
            (&tar, "tar"),
            (b"5 tests passed\0\x10\x11", "binary"),
            (b"# HELP evidence_cases Cases.\n", "metrics"),
        ];
        for (head, word) in table {
            assert!(kind(head).is_some_and(|what| what.contains(word)), "{word}");
        }
    }

    #[test]
    fn text_is_text() {
        for head in [
            "",
            "{\"message\": \"a test printed \0, and failed then\"}",
            "BZh9 passed\n",
            "PKCS#11: 5 tests passed\n",
            "# Help\n",
            "ustar",
        ] {
            assert_eq!(kind(head.as_bytes()), None, "{head}");
        }
    }
}
