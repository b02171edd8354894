//! A case on each line; the last line is the summary without them. What lacks that line was cut
//! off.

use contract::summary::Summary;
use serde::Serialize;

use super::Refusal;

/// The lines.
///
/// # Errors
///
/// If the summary does not list its cases.
pub fn ndjson(mut summary: Summary) -> Result<Vec<u8>, Refusal> {
    let cases = summary.cases.take().ok_or(Refusal::NoCases)?;
    let mut text = Vec::new();
    cases.iter().try_for_each(|case| line(&mut text, case))?;
    line(&mut text, &summary)?;
    Ok(text)
}

fn line(text: &mut Vec<u8>, value: &impl Serialize) -> serde_json::Result<()> {
    serde_json::to_writer(&mut *text, value)?;
    text.push(b'\n');
    Ok(())
}
