//! Small steps over the bytes of a line.

/// Splits off what stands before the first blank; the rest begins with no blank.
pub(crate) fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let text = text.trim_ascii_start();
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    (&text[..end], text[end..].trim_ascii_start())
}

/// The words of a line.
pub(crate) fn words(text: &[u8]) -> Words<'_> {
    Words(text)
}

/// See [`words`]. Tables are mostly padding: a split at every blank of it would cost more.
#[derive(Clone)]
pub(crate) struct Words<'a>(&'a [u8]);

impl<'a> Words<'a> {
    /// What stands behind the last word that was given away.
    pub fn rest(&self) -> &'a [u8] {
        self.0
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let start = self.0.iter().position(|byte| !byte.is_ascii_whitespace())?;
        let text = &self.0[start..];
        let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        self.0 = rest;
        Some(word)
    }
}

/// Splits at the first `needle`. Lines and needles are short: a search that prepares itself would
/// cost more than it saves.
pub(crate) fn split_at<'a>(text: &'a [u8], needle: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let first = *needle.first()?;
    let at = memchr::memchr_iter(first, text).find(|at| text[*at..].starts_with(needle))?;
    Some((&text[..at], &text[at + needle.len()..]))
}

/// Splits at the last `needle`.
pub(crate) fn split_at_last<'a>(text: &'a [u8], needle: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let first = *needle.first()?;
    let at = memchr::memrchr_iter(first, text).find(|at| text[*at..].starts_with(needle))?;
    Some((&text[..at], &text[at + needle.len()..]))
}

/// The digits at the start, as a number, and what follows them.
#[inline]
pub(crate) fn leading_number(text: &[u8]) -> Option<(u64, &[u8])> {
    let (mut value, mut end) = (0_u64, 0);
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        end += 1;
    }
    // Nineteen digits cannot overflow.
    (1..=19).contains(&end).then_some((value, &text[end..]))
}

/// The text, where what is not UTF-8 is shown as U+FFFD. Almost all of it is.
pub(crate) fn owned(text: &[u8]) -> String {
    match std::str::from_utf8(text) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(text).into_owned(),
    }
}

/// Text for people: what is not UTF-8 is shown as U+FFFD, and nothing longer than 200 characters.
pub(crate) fn lossy(text: &[u8]) -> String {
    let text = owned(&text[..text.len().min(2000)]);
    if text.len() <= 200 {
        return text;
    }
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
