//! The registry: a host name or an address, with or without a port.

use contract::names::Rule;

use super::cut;
use crate::Refusal;

/// The first component, if it is a registry, and what follows it.
pub(super) fn split(reference: &str) -> (Option<&str>, &str) {
    let mut marked = false;
    for (at, byte) in reference.bytes().enumerate() {
        match byte {
            b'.' | b':' | b'A'..=b'Z' => marked = true,
            b'/' => {
                let (first, rest) = reference.split_at(at);
                if marked || first == "localhost" {
                    return (Some(first), rest.get(1..).unwrap_or_default());
                }
                break;
            }
            _ => {}
        }
    }
    (None, reference)
}

/// Whether it is one.
pub(super) fn check(registry: &str) -> Result<(), Refusal> {
    let bad = |why: String| Err(Refusal::new(Rule::Registry, format!("its registry {why}")));
    if registry == "http:" || registry == "https:" {
        return bad(format!("is missing: write the reference without {registry}//"));
    }
    let (host, port) = match registry.strip_prefix('[') {
        Some(rest) => {
            let Some((address, after)) = rest.split_once(']') else {
                return bad("has a `[` without a `]`".to_owned());
            };
            if address.is_empty() || !address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':') {
                return bad(format!(
                    "holds {address:?}, which is no IPv6 address (a zone is not allowed)"
                ));
            }
            match after {
                "" => return Ok(()),
                _ => match after.strip_prefix(':') {
                    Some(port) => (None, Some(port)),
                    None => return bad("goes on after `]`: a port is expected there".to_owned()),
                },
            }
        }
        None => {
            let (host, port) = cut(registry, b':');
            (Some(host), port)
        }
    };
    if let Some(label) = host.and_then(bad_label) {
        return bad(format!(
            "holds the label {label:?}: letters, digits and inner dashes are expected"
        ));
    }
    match port {
        Some(port) if port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) => {
            bad(format!("has the port {port:?}: digits are expected"))
        }
        _ => Ok(()),
    }
}

fn bad_label(host: &str) -> Option<&str> {
    let mut rest = Some(host);
    while let Some(host) = rest {
        let (label, after) = cut(host, b'.');
        if !is_label(label) {
            return Some(label);
        }
        rest = after;
    }
    None
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
