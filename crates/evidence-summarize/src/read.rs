//! From the bytes of one input to what it says.

use std::io::{self, BufRead, Read};

use contract::part::{Effect, RemarkKind};
use serde::de::IgnoredAny;

use crate::foreign;
use crate::formats;
use crate::json::{self, Keys};
use crate::rules::Rules;
use crate::sink::{Keep, Sink};
use crate::text::{Behind, Line, Pass, next_line};
use crate::utf8::Utf8;
use crate::xml;

/// Reads one input, whatever it is. What is no evidence is said in the sink; an error is one of
/// reading alone.
pub fn read<R: BufRead>(mut input: R, rules: &Rules, keep: Keep) -> io::Result<Sink> {
    let mut sink = Sink::new(keep);
    let head = input.fill_buf()?;
    if let Some(decode) = utf16(head) {
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes)?;
        let text = decode(&bytes);
        read_utf8(&mut Utf8::new(text.as_bytes()), rules, &mut sink)?;
    } else if let Some(what) = foreign::kind(head) {
        // The rest is only counted and hashed.
        io::copy(&mut input, &mut io::sink())?;
        let message = format!("expected test results or a log, found {what}");
        sink.remark(None, RemarkKind::Unrecognised, Effect::Incomplete, message);
    } else {
        if head.starts_with(b"\xef\xbb\xbf") {
            input.consume(3);
        }
        read_utf8(&mut Utf8::new(input), rules, &mut sink)?;
    }
    sink.flush();
    if !sink.recognised() && sink.remarks.is_empty() {
        sink.remark(None, RemarkKind::Unrecognised, Effect::Incomplete, NO_FORMAT);
    }
    Ok(sink)
}

const NO_FORMAT: &str = "expected test results or a log that says what was run, found no known \
                         format: leave the file out, or name the report the run writes";

fn read_utf8<R: BufRead>(input: &mut Utf8<R>, rules: &Rules, sink: &mut Sink) -> io::Result<()> {
    let first = loop {
        match input.fill_buf()? {
            [] => {
                let message = "expected test results or a log, found nothing";
                sink.remark(None, RemarkKind::Unrecognised, Effect::Incomplete, message);
                return Ok(());
            }
            [byte, ..] if byte.is_ascii_whitespace() => input.consume(1),
            [byte, ..] => break *byte,
        }
    };
    if is_latin1(input.fill_buf()?) {
        input.expect_latin1();
    }
    match first {
        b'<' => read_xml(input, rules, sink),
        b'{' | b'[' if !is_lines(input.fill_buf()?) => read_json(input, rules, sink),
        _ => read_text(input, rules, sink),
    }
}

/// Whether an XML document says that it is in ISO 8859-1 or in what is nearly the same.
fn is_latin1(head: &[u8]) -> bool {
    let end = head.iter().take(200).position(|byte| *byte == b'>').unwrap_or(0);
    let declaration = String::from_utf8_lossy(&head[..end]).to_ascii_lowercase();
    let names = ["iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "windows-1252"];
    declaration.starts_with("<?xml") && names.iter().any(|name| declaration.contains(name))
}

/// A file that is a report should hold nothing else.
fn malformed_by(behind: &[Behind], sink: &mut Sink) {
    if let Some(first) = behind.first() {
        let message = "text stands behind the document: only what weighs against it is taken";
        let text = first.text.trim_start();
        let blank = &first.text[..first.text.len() - text.len()];
        let line = first.line + blank.bytes().filter(|byte| *byte == b'\n').count() as u64;
        sink.remark(Some(line), RemarkKind::Malformed, Effect::None, message);
    }
}

/// What stands behind a report, of which it is no part.
fn read_behind(texts: &[Behind], rules: &Rules, sink: &mut Sink) {
    if texts.is_empty() {
        return;
    }
    let mut pass = Pass::new(rules);
    texts.iter().for_each(|behind| lines_of(&behind.text, (behind.offset, behind.line), &mut pass));
    pass.finish_behind(sink);
}

fn read_xml<R: BufRead>(input: &mut Utf8<R>, rules: &Rules, sink: &mut Sink) -> io::Result<()> {
    let found = xml::read(input, formats::choose, sink)?;
    if found.known {
        malformed_by(&found.behind, sink);
        read_behind(&found.behind, rules, sink);
        return Ok(());
    }
    let message = match found.foreign {
        Some(root) => format!("expected a report, found XML or HTML with the root <{root}>"),
        None => "expected a report, found XML without an element".to_owned(),
    };
    sink.remark(None, RemarkKind::Unrecognised, Effect::Incomplete, message);
    Ok(())
}

/// Whether the input is a JSON object per line, each an event of its own.
fn is_lines(head: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b'\n', head) else { return false };
    let line = std::str::from_utf8(&head[..end]).unwrap_or_default();
    let second = head[end + 1..].trim_ascii_start().first();
    match serde_json::from_str::<Keys>(line) {
        Ok(keys) => formats::is_event(&keys) || second == Some(&b'{') && !formats::knows(&keys),
        Err(_) => false,
    }
}

fn read_json<R: BufRead>(input: &mut Utf8<R>, rules: &Rules, sink: &mut Sink) -> io::Result<()> {
    let place = (input.offset(), input.line());
    let mut text = String::new();
    input.read_to_string(&mut text)?;
    let mut behind = Vec::new();
    if json::read(&text, place, formats::JSON, &mut behind, sink) || !sink.remarks.is_empty() {
        malformed_by(&behind, sink);
        read_behind(&behind, rules, sink);
        return Ok(());
    }
    let mut pass = Pass::new(rules);
    lines_of(&text, place, &mut pass);
    pass.finish(sink);
    if !sink.recognised() {
        let why = match serde_json::from_str::<IgnoredAny>(&text) {
            Ok(_) => "a JSON document of no known kind".to_owned(),
            Err(error) if error.is_eof() => "JSON that ends too early".to_owned(),
            Err(error) => format!("broken JSON ({error})"),
        };
        let message = format!("expected a report, found {why}");
        sink.remark(Some(place.1), RemarkKind::Unrecognised, Effect::Incomplete, message);
    }
    Ok(())
}

/// Shows every line of a text in memory.
fn lines_of(text: &str, place: (u64, u64), pass: &mut Pass<'_>) {
    let (mut offset, mut number) = place;
    for whole in text.split_inclusive('\n') {
        pass.line(&Line { text: whole.trim_end_matches(['\n', '\r']), number, offset });
        offset += whole.len() as u64;
        number += 1;
    }
}

fn read_text<R: BufRead>(input: &mut Utf8<R>, rules: &Rules, sink: &mut Sink) -> io::Result<()> {
    let mut pass = Pass::new(rules);
    let mut line = String::new();
    loop {
        let (number, offset) = (input.line(), input.offset());
        if !next_line(input, &mut line)? {
            break;
        }
        match begins(&line) {
            Some(Begins::Xml(column)) => {
                let (text, start) = line.split_at(column);
                if !text.is_empty() {
                    pass.line(&Line { text, number, offset });
                }
                let mut start = start.to_owned();
                let offset = offset + column as u64;
                if !is_report(&mut start, input)? {
                    lines_of(&start, (offset, number), &mut pass);
                    continue;
                }
                let mut rest = Utf8::at(start.as_bytes().chain(&mut *input), number, offset);
                let found = xml::read(&mut rest, formats::choose, sink)?;
                pass.finish_prelude(sink);
                read_behind(&found.behind, rules, sink);
                return Ok(());
            }
            Some(Begins::Json) => {
                let mut text = line.clone();
                input.read_to_string(&mut text)?;
                let mut behind = Vec::new();
                if json::read(&text, (offset, number), formats::JSON, &mut behind, sink) {
                    pass.finish_prelude(sink);
                    read_behind(&behind, rules, sink);
                    return Ok(());
                }
                lines_of(&text, (offset, number), &mut pass);
                break;
            }
            None => {
                let text = line.trim_end_matches(['\n', '\r']);
                pass.line(&Line { text, number, offset });
            }
        }
    }
    pass.finish(sink);
    Ok(())
}

/// So much is looked at for the first element of a document.
const MAX_HEAD: usize = 64 << 10;

/// Whether the XML document that begins with `start` is a report; what has to be read to know that
/// is added to `start`. XML of other kinds in a log is text like the rest.
fn is_report<R: BufRead>(start: &mut String, input: &mut Utf8<R>) -> io::Result<bool> {
    let mut line = String::new();
    loop {
        if let Some(known) = xml::is_known(start, formats::choose) {
            return Ok(known);
        }
        if start.len() > MAX_HEAD || !next_line(input, &mut line)? {
            return Ok(false);
        }
        start.push_str(&line);
    }
}

/// A document that follows text.
enum Begins {
    /// From this byte of the line on.
    Xml(usize),
    Json,
}

fn begins(line: &str) -> Option<Begins> {
    if line.starts_with("<?xml") || line.starts_with("<testsuite") {
        return Some(Begins::Xml(0));
    }
    // A test that prints without a newline leaves the report no line of its own.
    if let Some(column) = line.find("<testsuite").filter(|at| line[*at..].contains(" tests=\"")) {
        return Some(Begins::Xml(column));
    }
    if !line.starts_with(['{', '[']) {
        return None;
    }
    let trimmed = line.trim_end();
    if matches!(trimmed, "{" | "[") {
        return Some(Begins::Json);
    }
    match serde_json::from_str::<Keys>(trimmed) {
        Ok(keys) => formats::knows(&keys).then_some(Begins::Json),
        Err(error) => (error.is_eof() && trimmed.starts_with("{\"")).then_some(Begins::Json),
    }
}

type Decode = fn(&[u8]) -> String;

/// How to read the input, if it is UTF-16.
fn utf16(head: &[u8]) -> Option<Decode> {
    let little: Decode = |bytes| utf16_text(bytes, u16::from_le_bytes);
    let big: Decode = |bytes| utf16_text(bytes, u16::from_be_bytes);
    // Text that nothing marks as such begins with letters of ASCII.
    let pairs = || head.chunks_exact(2).take(32);
    let ascii = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    match head {
        // Four bytes for a character: that is UTF-32, which nobody writes.
        [0xff, 0xfe, 0, 0, ..] | [b'<' | b'{' | b'[', 0, 0, ..] => None,
        [0xff, 0xfe, ..] | [b'<' | b'{' | b'[', 0, ..] => Some(little),
        [0xfe, 0xff, ..] | [0, b'<' | b'{' | b'[', ..] => Some(big),
        _ if pairs().len() < 8 => None,
        _ if pairs().all(|pair| ascii(pair[0]) && pair[1] == 0) => Some(little),
        _ if pairs().all(|pair| pair[0] == 0 && ascii(pair[1])) => Some(big),
        _ => None,
    }
}

fn utf16_text(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks(2).map(|pair| unit([pair[0], *pair.get(1).unwrap_or(&0)]));
    let text: String =
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    text.trim_start_matches('\u{feff}').to_owned()
}
