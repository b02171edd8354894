//! One `*-result.json`, as Allure 2 and as Allure 3 read it.

mod allure2;
mod allure3;
mod container;
mod inside;
mod loose;
mod nesting;
mod object;
mod raw;
mod repair;
mod tokens;

use sha2::{Digest as _, Sha256};

pub use container::{Container, container};
pub use inside::{Inside, Unpassed};
pub(crate) use loose::{List, Loose};
pub(crate) use object::object;
use raw::Raw;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// The status a generator shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// `failed`.
    Failed,
    /// `broken`.
    Broken,
    /// `passed`.
    Passed,
    /// `skipped`.
    Skipped,
    /// Anything else, and nothing.
    Unknown,
}

/// What two attempts of one test have in common: a digest over the case and its parameters.
pub type Identity = [u8; 16];

/// What a generator takes from a result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// What it is grouped by; `None` is never grouped.
    pub identity: Option<Identity>,
    /// Its status.
    pub status: Status,
    /// Its start, in milliseconds since the Unix epoch.
    pub start: Option<i64>,
    /// Its end, in milliseconds since the Unix epoch.
    pub stop: Option<i64>,
    /// The generator keeps a fraction, or a number too large to be kept here.
    pub inexact: bool,
}

/// Why a generator takes nothing from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// It skips the file.
    Skipped(String),
    /// It ends without any report.
    Fatal(String),
}

/// What both generators take from a result. Nearly always that is the same, and of very many
/// results it is kept once.
#[derive(Clone, Debug, PartialEq)]
pub enum Views {
    /// Both take this.
    Alike(View),
    /// Allure 2, Allure 3.
    Apart(Box<[Option<View>; 2]>),
}

impl Views {
    /// What each takes; `None` if it drops the file.
    #[must_use]
    pub fn new(allure2: Option<View>, allure3: Option<View>) -> Self {
        match (allure2, allure3) {
            (Some(two), Some(three)) if two == three => Self::Alike(two),
            apart => Self::Apart(Box::new(apart.into())),
        }
    }

    /// What Allure 2 takes.
    #[must_use]
    pub fn allure2(&self) -> Option<&View> {
        match self {
            Self::Alike(view) => Some(view),
            Self::Apart(views) => views[0].as_ref(),
        }
    }

    /// What Allure 3 takes.
    #[must_use]
    pub fn allure3(&self) -> Option<&View> {
        match self {
            Self::Alike(view) => Some(view),
            Self::Apart(views) => views[1].as_ref(),
        }
    }
}

/// A result file.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What Allure 2 takes from it.
    pub allure2: Result<View, Dropped>,
    /// What Allure 3 takes from it.
    pub allure3: Result<View, Dropped>,
    /// What both take alike.
    pub about: About,
    /// What it is said to consist of.
    pub inside: Inside,
}

/// What counting needs besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its name; empty if it has none.
    pub name: String,
    /// Its `uuid`.
    pub uuid: Option<Identity>,
    /// Values of the label `suite`.
    pub suites: Vec<String>,
    /// Values of the label `feature`.
    pub features: Vec<String>,
    /// Values of the label `layer`.
    pub layers: Vec<String>,
    /// Its `historyId`, which Allure 2 before 2.46 groups by.
    pub history: Option<Identity>,
    /// It carries an `ALLURE_ID`, which only Allure 3 groups by.
    pub allure_id: bool,
    /// The status, as it is written; `None` if it is missing or no text.
    pub status: Option<String>,
    /// The `uuid`, as it is written; `None` if it is missing or no text.
    pub uuid_text: Option<String>,
    /// The stage, as it is written.
    pub stage: Option<String>,
    /// The test framework, by the label `framework`.
    pub framework: Option<String>,
}

/// Reads a result file.
#[must_use]
pub fn read(bytes: &[u8]) -> Reading {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return neither("is empty: the result was never written to its end");
    }
    if let Some(text) = repair::wide(bytes) {
        return one_sided(&text, Side::Allure2, "is UTF-16 or UTF-32, which only Allure 2 reads");
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => match text.strip_prefix('\u{feff}') {
            Some(text) => one_sided(
                text,
                Side::Allure2,
                "begins with a byte order mark, which Allure 3 takes for a syntax error",
            ),
            None => of_text(text),
        },
        Err(error) => not_utf8(bytes, error.valid_up_to()),
    }
}

/// Allure 3 puts U+FFFD in the place of bytes that are not UTF-8.
fn not_utf8(bytes: &[u8], at: usize) -> Reading {
    let text = String::from_utf8_lossy(bytes);
    let before = std::str::from_utf8(&bytes[..at]).unwrap_or_default();
    if parse(before).is_ok() {
        // Behind the first value, where Allure 2 no longer looks.
        return of_text(&text);
    }
    if let Some(lenient) = repair::lenient(bytes) {
        return Reading { allure2: of_text(&lenient).allure2, ..of_text(&text) };
    }
    let why = format!("is not UTF-8 at byte {at}: Allure 2 drops it, Allure 3 puts U+FFFD there");
    one_sided(&text, Side::Allure3, &why)
}

/// The first JSON object of a file, as clean JSON text, if any generator could read it.
#[must_use]
pub fn json_text(bytes: &[u8]) -> Option<String> {
    let text = match repair::wide(bytes) {
        Some(text) => text,
        None => String::from_utf8_lossy(bytes).into_owned(),
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = repair::surrogates(text).unwrap_or_else(|| text.to_owned());
    let mut values = serde_json::Deserializer::from_str(&text).into_iter::<Box<RawValue>>();
    let value = values.next()?.ok()?;
    value.get().starts_with('{').then(|| value.get().to_owned())
}

/// Reads a result file of this name.
#[must_use]
pub fn named(name: &[u8], bytes: &[u8]) -> Reading {
    let mut reading = read(bytes);
    if std::str::from_utf8(name).is_err() {
        let why = "has a name that is not UTF-8: Allure 3 does not find it".to_owned();
        reading.allure3 = Err(Dropped::Skipped(why));
    }
    reading
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Allure2,
    Allure3,
}

/// A text that only one of the generators reads at all.
fn one_sided(text: &str, side: Side, why: &str) -> Reading {
    let mut reading = of_text(text);
    let other = match side {
        Side::Allure2 => &mut reading.allure3,
        Side::Allure3 => &mut reading.allure2,
    };
    *other = Err(Dropped::Skipped(why.to_owned()));
    reading
}

fn of_text(text: &str) -> Reading {
    let depth = nesting::depth(text);
    let mut reading = if depth > nesting::LOOKED_AT {
        // What is cut away has to be JSON, too.
        match serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>().next() {
            Some(Err(error)) => neither(&not_json(&error)),
            _ => of_shallow(&nesting::cut(text)),
        }
    } else {
        of_shallow(text)
    };
    let refused = if depth > nesting::ALLURE2 {
        Some(format!("is nested deeper than {} levels, which Allure 2 refuses", nesting::ALLURE2))
    } else if nesting::long_string(text) {
        Some(format!(
            "holds a text above {} characters, which Allure 2 refuses",
            nesting::ALLURE2_STRING
        ))
    } else if nesting::long_token(text) {
        Some("holds a key or a number that is longer than Allure 2 reads".to_owned())
    } else {
        None
    };
    if let (Some(why), true) = (refused, reading.allure2.is_ok()) {
        reading.allure2 = Err(Dropped::Skipped(why));
    }
    reading
}

fn of_shallow(text: &str) -> Reading {
    match parse(text) {
        Ok((raw, rest)) => of_raw(&raw, text, rest),
        Err(error) => {
            let surrogates = repair::surrogates(text);
            let infinite = repair::infinite(surrogates.as_deref().unwrap_or(text));
            let Some(repaired) = infinite.or(surrogates) else { return neither(&not_json(&error)) };
            match parse(&repaired) {
                Ok((raw, rest)) => of_raw(&raw, &repaired, rest),
                Err(error) => neither(&not_json(&error)),
            }
        }
    }
}

/// The first JSON value of a text, and whether something stands behind it.
fn parse(text: &str) -> Result<(Raw<'_>, bool), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let raw = serde::Deserialize::deserialize(&mut deserializer)?;
    let rest = deserializer.end().is_err();
    Ok((raw, rest))
}

fn of_raw(raw: &Raw<'_>, text: &str, rest: bool) -> Reading {
    if raw.wrong {
        return neither("is JSON, but no object: a result is expected");
    }
    let jackson = if raw.odd() { repair::jackson(text) } else { None };
    let allure2 = match jackson.as_deref().map(parse) {
        Some(Ok((raw, _))) => allure2::view(&raw),
        _ => allure2::view(raw),
    };
    let allure3 = if rest {
        let why = "goes on after its end: Allure 2 reads the first value, Allure 3 none";
        Err(Dropped::Skipped(why.to_owned()))
    } else {
        allure3::view(raw)
    };
    Reading { allure2, allure3, about: about(raw), inside: inside::of_result(raw) }
}

fn about(raw: &Raw<'_>) -> About {
    let mut about = About {
        name: raw.name.js_text().or(raw.full_name.js_text()).unwrap_or_default().to_owned(),
        uuid: raw.uuid.js_text().filter(|uuid| !uuid.is_empty()).map(|uuid| identity(&[uuid])),
        history: raw
            .history_id
            .js_text()
            .filter(|history| !history.is_empty())
            .map(|history| identity(&[history])),
        allure_id: allure3::allure_id(raw).is_some(),
        status: raw.status.js_text().map(str::to_owned),
        uuid_text: raw.uuid.js_text().map(str::to_owned),
        stage: raw.stage.js_text().map(str::to_owned),
        ..About::default()
    };
    for label in raw.labels.items() {
        let Some(value) = label.value.js_text() else { continue };
        let values = match label.name.js_text() {
            Some("suite") => &mut about.suites,
            Some("feature") => &mut about.features,
            Some("layer") => &mut about.layers,
            Some("framework") => {
                about.framework = Some(value.to_owned());
                continue;
            }
            _ => continue,
        };
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }
    about
}

fn neither(why: &str) -> Reading {
    let dropped = Dropped::Skipped(why.to_owned());
    Reading {
        allure2: Err(dropped.clone()),
        allure3: Err(dropped),
        about: About::default(),
        inside: Inside::default(),
    }
}

fn not_json(error: &serde_json::Error) -> String {
    let place = format!("line {} column {}", error.line(), error.column());
    if error.is_eof() {
        return format!("ends too early, at {place}: the result was never written to its end");
    }
    let text = error.to_string();
    let what = text.strip_suffix(&format!(" at {place}")).unwrap_or(&text);
    format!("is not JSON at {place}: {what}")
}

/// A digest over parts; each is told apart from the next.
fn identity(parts: &[&str]) -> Identity {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_le_bytes());
        hash.update(part.as_bytes());
    }
    let mut identity = [0; 16];
    identity.copy_from_slice(&hash.finalize()[..16]);
    identity
}
