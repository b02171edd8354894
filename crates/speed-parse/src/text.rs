//! Small steps over the bytes of a line.

/// Splits off what stands before the first blank; the rest begins with no blank.
pub(crate) fn word(text: &[u8]) -> (&[u8], &[u8]) {
    let text = text.trim_ascii_start();
    let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
    (&text[..end], text[end..].trim_ascii_start())
}

/// The words of a line.
pub(crate) fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty())
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
pub(crate) fn leading_number(text: &[u8]) -> Option<(u64, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    Some((crate::number::whole(&text[..end])?, &text[end..]))
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
