//! Links: `urlize`, as in Jinja2, and our own link to a line of source.

use super::{Answer, Call, Filter, flag_arg, int_arg, shown, text_arg};
use crate::engine::{Escape, Flaw};
use crate::methods::text::is_space;
use crate::unicode;
use crate::value::{Tracked, Val};

pub(super) const FILTERS: &[(&str, Filter)] = &[("urlize", urlize), ("source_link", source_link)];

/// Domains that are links without a scheme before them.
const DOMAINS: [&str; 8] = ["com", "net", "int", "edu", "gov", "org", "info", "mil"];

/// What a link carries beside its address.
struct Look {
    limit: Option<usize>,
    attributes: String,
    schemes: Vec<String>,
}

/// Addresses in the text as links. The text is escaped first, in any mode.
fn urlize(call: Call<'_, '_>) -> Answer {
    let names = ["trim_url_limit", "nofollow", "target", "rel", "extra_schemes"];
    let args = call.args.bind(&names)?;
    let text_of = |arg: &Option<Tracked>| match arg.as_ref().map(|arg| &arg.val) {
        None | Some(Val::None) => Ok(String::new()),
        Some(val) => shown(val),
    };
    let limit = match args[0].as_ref().map(|arg| &arg.val) {
        None | Some(Val::None) => None,
        _ => Some(usize::try_from(int_arg(args[0].as_ref(), 0)?.max(0)).unwrap_or(usize::MAX)),
    };
    let rel = text_of(&args[3])?;
    let mut words: Vec<&str> = rel.split_whitespace().collect();
    words.push("noopener");
    if flag_arg(args[1].as_ref(), false) {
        words.push("nofollow");
    }
    words.sort_unstable();
    words.dedup();
    let mut attributes = format!(" rel=\"{}\"", escape::html::text(&words.join(" ")));
    let target = text_of(&args[2])?;
    if !target.is_empty() {
        attributes.push_str(&format!(" target=\"{}\"", escape::html::text(&target)));
    }
    let mut schemes = Vec::new();
    if let Some(list) = args[4].as_ref().filter(|list| !matches!(list.val, Val::None)) {
        for scheme in call.machine.items(list, call.line)? {
            schemes.push(known_scheme(shown(&scheme.val)?)?);
        }
    }
    let look = Look { limit, attributes, schemes };
    let text = crate::ops::escaped(&call.input.val)?;
    let linked = pieces(&text).map(|piece| look.word(piece)).collect::<String>();
    let val = match call.machine.escape {
        Escape::Html => Val::safe(linked),
        _ => Val::str(linked),
    };
    Ok(val.into())
}

fn known_scheme(scheme: String) -> Result<String, Flaw> {
    let name = scheme.strip_suffix("://").or_else(|| scheme.strip_suffix(':')).unwrap_or("");
    let plain = name.len() > 1 && name.chars().all(|c| c.is_alphanumeric() || "_.+-".contains(c));
    if plain { Ok(scheme) } else { Err(Flaw::Error(format!("{scheme:?} is no URI scheme prefix"))) }
}

/// Words and the white space between them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let blank = is_space(rest.chars().next()?);
        let end = rest.find(|c| is_space(c) != blank).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        Some(piece)
    })
}

impl Look {
    fn word(&self, word: &str) -> String {
        let (head, middle, tail) = trimmed(word);
        format!("{head}{}{tail}", self.link(&middle).unwrap_or(middle))
    }

    fn link(&self, middle: &str) -> Option<String> {
        let shown = || match self.limit {
            Some(limit) if middle.chars().count() > limit => {
                middle.chars().take(limit).chain("...".chars()).collect()
            }
            _ => middle.to_owned(),
        };
        let attributes = &self.attributes;
        if is_web(middle) {
            let scheme = middle.starts_with("https://") || middle.starts_with("http://");
            let before = if scheme { "" } else { "https://" };
            return Some(format!("<a href=\"{before}{middle}\"{attributes}>{}</a>", shown()));
        }
        if let Some(address) = middle.strip_prefix("mailto:").filter(|rest| is_mail(rest)) {
            return Some(format!("<a href=\"{middle}\">{address}</a>"));
        }
        let bare = !middle.starts_with("www.") && !middle.starts_with('@') && !middle.contains(':');
        if bare && is_mail(middle) {
            return Some(format!("<a href=\"mailto:{middle}\">{middle}</a>"));
        }
        let scheme = self.schemes.iter().find(|s| middle != *s && middle.starts_with(&***s))?;
        let _ = scheme;
        Some(format!("<a href=\"{middle}\"{attributes}>{middle}</a>"))
    }
}

/// A word without the brackets before it and the punctuation after it; closing brackets that
/// belong to it stay.
fn trimmed(word: &str) -> (String, String, String) {
    let mut middle = word;
    while let Some(rest) = ["(", "<", "&lt;"].iter().find_map(|open| middle.strip_prefix(open)) {
        middle = rest;
    }
    let head = &word[..word.len() - middle.len()];
    let full = middle;
    while let Some(rest) =
        ["&gt;", ")", ">", ".", ",", "\n"].iter().find_map(|close| middle.strip_suffix(close))
    {
        middle = rest;
    }
    let mut tail = full[middle.len()..].to_owned();
    let mut middle = middle.to_owned();
    for (open, close) in [("(", ")"), ("<", ">"), ("&lt;", "&gt;")] {
        let opened = middle.matches(open).count();
        if opened <= middle.matches(close).count() {
            continue;
        }
        for _ in 0..opened.min(tail.matches(close).count()) {
            let Some(at) = tail.find(close) else { break };
            let rest = tail.split_off(at + close.len());
            middle.push_str(&std::mem::replace(&mut tail, rest));
        }
    }
    (head.to_owned(), middle, tail)
}

fn is_word(c: char) -> bool {
    unicode::is_letter(c) || unicode::is_numeric(c) || c == '_'
}

/// Whether it is an address on the web, with a scheme or without.
fn is_web(text: &str) -> bool {
    let lower = text.to_lowercase();
    let scheme = ["https://", "http://"].iter().find_map(|scheme| lower.strip_prefix(scheme));
    let after_www = lower.strip_prefix("www.");
    if let Some(rest) = scheme.filter(|rest| rest.starts_with('[')) {
        let Some(end) = rest.find(']') else { return false };
        return is_v6(&rest[1..end]) && is_rest(&rest[end + 1..]);
    }
    let split = |text: &str| {
        let end = text.find([':', '/', '?', '#']).unwrap_or(text.len());
        (text[..end].to_owned(), is_rest(&text[end..]))
    };
    let named = |text: &str| {
        let (host, rest) = split(text);
        rest && is_host(&host)
    };
    let plain = |text: &str| {
        let (host, rest) = split(text);
        rest && is_bare_host(&host)
    };
    let numbered = |text: &str| {
        let (host, rest) = split(text);
        let parts: Vec<&str> = host.split('.').collect();
        let number = |part: &&str| (1..=3).contains(&part.len()) && digits(part);
        rest && parts.len() == 4 && parts.iter().all(number)
    };
    scheme.is_some_and(|rest| named(rest) || numbered(rest))
        || after_www.is_some_and(named)
        || plain(&lower)
}

fn digits(text: &str) -> bool {
    text.chars().all(|c| unicode::decimal(c).is_some())
}

/// A port, a path, both or nothing.
fn is_rest(text: &str) -> bool {
    let text = match text.strip_prefix(':') {
        Some(port) => {
            let end = port.find(['/', '?', '#']).unwrap_or(port.len());
            if !(1..=5).contains(&port[..end].chars().count()) || !digits(&port[..end]) {
                return false;
            }
            &port[end..]
        }
        None => text,
    };
    text.is_empty() || text.starts_with(['/', '?', '#'])
}

fn is_label(label: &str) -> bool {
    label.chars().all(|c| is_word(c) || c == '%' || c == '-')
}

/// Labels, the last of which can be a top-level domain.
fn is_host(host: &str) -> bool {
    let (before, last) = host.rsplit_once('.').map_or((None, host), |(a, b)| (Some(a), b));
    let idna = last.strip_prefix("xn--").is_some_and(|rest| {
        (2..=59).contains(&rest.chars().count()) && rest.chars().all(|c| is_word(c) || c == '%')
    });
    let plain = (2..=63).contains(&last.len()) && last.bytes().all(|b| b.is_ascii_lowercase());
    (idna || plain)
        && before.is_none_or(|labels| labels.split('.').all(|l| !l.is_empty() && is_label(l)))
}

fn is_bare_host(host: &str) -> bool {
    let Some((before, last)) = host.rsplit_once('.') else { return false };
    let label = |label: &str| (2..=63).contains(&label.chars().count()) && is_label(label);
    DOMAINS.contains(&last) && before.split('.').all(label)
}

fn is_v6(text: &str) -> bool {
    let hex = |part: &str| part.len() <= 4 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let parts: Vec<&str> = text.split(':').collect();
    (3..=9).contains(&parts.len()) && parts.iter().all(|part| hex(part))
}

/// Whether it is an address for mail.
fn is_mail(text: &str) -> bool {
    let Some((user, host)) = text.rsplit_once('@') else { return false };
    let Some((name, last)) = host.rsplit_once('.') else { return false };
    let first = name.chars().next().is_some_and(is_word);
    !user.is_empty()
        && first
        && name.chars().all(|c| is_word(c) || c == '.' || c == '-')
        && !last.is_empty()
        && last.chars().all(is_word)
}

/// A path in a repository as a link to it, with a line: `path|source_link(12, base)`. Without a
/// base the link counts from the document. A path that leads anywhere else is only shown.
fn source_link(call: Call<'_, '_>) -> Answer {
    let args = call.args.bind(&["line", "base"])?;
    let path = call.text()?;
    let line = match args[0].as_ref().map(|line| &line.val) {
        None | Some(Val::None | Val::Undefined(_)) => None,
        _ => Some(int_arg(args[0].as_ref(), 0)?),
    };
    let label = line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"));
    let base = text_arg(args[1].as_ref(), "")?;
    let web = base.starts_with("https://") || base.starts_with("http://");
    if !base.is_empty() && !web {
        return Err(Flaw::Error(format!("the base of a link is an http address, not {base:?}")));
    }
    let inside = !path.is_empty()
        && !path.starts_with('/')
        && path.split('/').all(|step| step != ".." && !step.is_empty());
    let anchor = line.map_or_else(String::new, |line| format!("#L{line}"));
    let slash = if base.is_empty() { "" } else { "/" };
    let target = format!("{}{slash}{}{anchor}", base.trim_end_matches('/'), encoded(&path));
    let val = match (call.machine.escape, inside) {
        (Escape::None, _) => Val::str(label),
        (Escape::Html, true) => Val::safe(format!(
            "<a href=\"{}\">{}</a>",
            escape::html::text(&target),
            escape::html::text(&label)
        )),
        (Escape::Html, false) => Val::safe(escape::html::text(&label)),
        (Escape::Markdown, true) => {
            let target = target.replace('(', "%28").replace(')', "%29").replace(' ', "%20");
            Val::safe(format!("[{}]({target})", escape::markdown::inline(&label)))
        }
        (Escape::Markdown, false) => Val::safe(escape::markdown::code(&label)),
    };
    Ok(val.into())
}

/// Percent-encoded, except for what stands in a path.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
