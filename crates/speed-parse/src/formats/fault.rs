//! What `openssl speed` says when something cannot be measured; it goes on, and ends with status 0.

use contract::speed::Operation;

use super::Event;
use crate::text::{split_at, split_at_last, word, words};

/// Something went wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault<'a> {
    pub subject: Subject<'a>,
    /// The line.
    pub text: &'a [u8],
}

/// With what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject<'a> {
    /// A throughput benchmark.
    Name(&'a [u8]),
    /// A public-key benchmark; the line does not say with which size.
    Family(&'a [u8], Option<Operation>),
    /// A KEM or a signature algorithm.
    Named(&'a [u8]),
    /// An argument that names no algorithm.
    Argument(&'a [u8]),
    /// Whatever was being measured.
    Current,
}

pub(super) fn read(line: &[u8]) -> Option<Event<'_>> {
    let text = line.trim_ascii_end();
    let subject = named(text)
        .or_else(|| argument(text))
        .or_else(|| family(text))
        .or_else(|| current(text))?;
    Some(Event::Fault(Fault { subject, text }))
}

/// `md5 error!`; `… for NAME.` of the KEM and signature benchmarks.
fn named(text: &[u8]) -> Option<Subject<'_>> {
    if let Some(name) = text.strip_suffix(b" error!") {
        return (name.len() < 100).then_some(match name {
            b"EVP" => Subject::Current,
            name => Subject::Name(name),
        });
    }
    const STARTS: [&[u8]; 10] = [
        b"Error initializing keygen ctx",
        b"Error initializing classic keygen ctx",
        b"Error while generating",
        b"Error while initializing",
        b"Error while obtaining",
        b"MemAlloc ",
        b"Encaps error",
        b"Decaps error",
        b"Signing error",
        b"Verify ",
    ];
    if STARTS.iter().any(|start| text.starts_with(start)) {
        let (_, name) = split_at_last(text.strip_suffix(b".")?, b" for ")?;
        return Some(Subject::Named(name));
    }
    None
}

/// `speed: Unknown algorithm NAME`, `speed: NAME is an unknown cipher or digest`.
fn argument(text: &[u8]) -> Option<Subject<'_>> {
    let text = text.strip_prefix(b"speed: ").or(text.strip_prefix(b"Error: ")).unwrap_or(text);
    if let Some(name) = text.strip_prefix(b"Unknown algorithm ") {
        return Some(Subject::Argument(name.trim_ascii()));
    }
    const ENDS: [&[u8]; 5] = [
        b" is an unknown cipher or digest",
        b" is an unknown digest",
        b" is an unknown cipher",
        b" is not an AEAD cipher",
        b" is not a multi-block capable",
    ];
    let found = ENDS.iter().find_map(|end| text.strip_suffix(*end))?;
    // What is no name is a prefix of the line.
    words(found).last().map(Subject::Argument)
}

/// `RSA sign setup failure.  No RSA sign will be done.`, `ECDH computation failure.`
fn family(text: &[u8]) -> Option<Subject<'_>> {
    let (what, _) =
        split_at(text, b" failure").or_else(|| split_at(text, b" computations don't match"))?;
    let (family, rest) = word(what);
    const FAMILIES: [&[u8]; 9] =
        [b"RSA", b"DSA", b"ECDSA", b"ECDH", b"EdDSA", b"SM2", b"FFDH", b"EC", b"SIG"];
    let known = FAMILIES.contains(&family)
        || std::str::from_utf8(family).is_ok_and(|name| crate::curves::by_name(name).is_some());
    let operation = [
        (&b"sign"[..], Operation::Sign),
        (b"verify", Operation::Verify),
        (b"encrypt", Operation::Encrypt),
        (b"decrypt", Operation::Decrypt),
    ];
    let operation = operation
        .into_iter()
        .find(|(word, _)| words(rest).any(|found| found == *word))
        .map(|(_, operation)| operation);
    known.then_some(Subject::Family(family, operation))
}

/// What names nothing.
fn current(text: &[u8]) -> Option<Subject<'_>> {
    const STARTS: [&[u8]; 13] = [
        b"Failure in the job",
        b"Failure in the select",
        b"Failed to ",
        b"Failed finalize",
        b"Failed initializing",
        b"Couldn't ",
        b"Invalid cipher!",
        b"EVP_CIPHER_CTX_new failure",
        b"EVP_CipherInit_ex failure",
        b"Error finalizing cipher loop",
        b"Error performing cipher op",
        b"Requested encryption length not a multiple",
        b"Requested CMAC cipher with unsupported",
    ];
    STARTS.iter().any(|start| text.starts_with(start)).then_some(Subject::Current)
}
