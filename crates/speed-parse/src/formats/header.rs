//! The lines above the results: version, build, options, compiler, processor.

use super::Event;
use crate::text::word;

/// Which of the lines below the version line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meta {
    BuiltOn,
    Options,
    Compiler,
    CpuInfo,
}

pub(super) fn read(line: &[u8]) -> Option<Event<'_>> {
    match line[0] {
        b'v' => {
            let (version, released) = word(line.strip_prefix(b"version: ")?);
            (!version.is_empty()).then_some(Event::Version { version, released, certain: true })
        }
        b'O' | b'L' => banner(line),
        b'b' => meta(line, b"built on:", Meta::BuiltOn),
        b'o' => meta(line, b"options:", Meta::Options),
        b'c' => meta(line, b"compiler:", Meta::Compiler),
        b'C' => meta(line, b"CPUINFO:", Meta::CpuInfo),
        b'Y' => {
            line.starts_with(b"You have chosen to measure elapsed time").then_some(Event::Elapsed)
        }
        b'T' => line.starts_with(b"The 'numbers' are in 1000s of bytes").then_some(Event::Numbers),
        _ => None,
    }
}

fn meta<'a>(line: &'a [u8], label: &[u8], meta: Meta) -> Option<Event<'a>> {
    let mut value = line.strip_prefix(label)?.trim_ascii();
    // Development versions of 3.0 print the label of the build date twice.
    while let Some(rest) = value.strip_prefix(label) {
        value = rest.trim_ascii();
    }
    Some(Event::Meta(meta, value))
}

/// `OpenSSL 1.1.1w  11 Sep 2023`. 3.x prints another line of this form for `openssl version`, which
/// names the library in brackets.
fn banner(line: &[u8]) -> Option<Event<'_>> {
    let (product, rest) = word(line);
    let (version, released) = word(rest);
    let known = matches!(product, b"OpenSSL" | b"LibreSSL");
    let is_version = version.first().is_some_and(u8::is_ascii_digit) && version.contains(&b'.');
    let bracket = memchr::memchr(b'(', released).is_some();
    if !known || !is_version || bracket {
        return None;
    }
    let version =
        if product == b"OpenSSL" { version } else { &line[..product.len() + 1 + version.len()] };
    Some(Event::Version { version, released: released.trim_ascii_end(), certain: false })
}
