//! Gate policies: what has to hold beyond "nothing failed".

use contract::inventory::Requirement;
use contract::summary::{Case, GateRef, Unmet};
use contract::{CheckStatus, Layer, Sha256};
use serde::Deserialize;

/// The policies that are built in.
const BUILT_IN: [(&str, &str); 2] = [
    ("default", include_str!("../gates/default.toml")),
    ("release", include_str!("../gates/release.toml")),
];

/// A policy.
#[derive(Clone, Debug)]
pub struct Gate {
    /// Its name and digest.
    pub reference: GateRef,
    policy: Policy,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Policy {
    name: String,
    /// Whether a pass after a failed attempt is good enough.
    flaky: Answer,
    require: Option<Vec<Require>>,
    accept: Option<Vec<Accept>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Accept,
    Refuse,
}

/// Cases that have to have passed. With nothing to choose them by: every case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Require {
    /// Ids; `*` stands for any text.
    id: Option<String>,
    /// Ids among them that are not meant; `*` stands for any text.
    except: Option<Vec<String>>,
    /// Cases of this layer.
    layer: Option<Layer>,
    /// A requirement of the requirements file that has to be covered and passed.
    requirement: Option<String>,
    why: String,
}

/// Cases whose absence is accepted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accept {
    /// Ids; `*` stands for any text.
    id: String,
    /// Not kept anywhere but in the policy: an acceptance without a reason is none.
    #[serde(rename = "reason")]
    _reason: String,
    /// Last day of the acceptance, `2027-01-31`.
    until: String,
}

impl Gate {
    /// The built-in policy of this name.
    ///
    /// # Errors
    ///
    /// The names there are.
    pub fn built_in(name: &str) -> Result<Self, String> {
        match BUILT_IN.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Self::parse(text, digest_of_built_in(text)),
            None => Err(format!("no gate {name:?}: expected default, release or a file")),
        }
    }

    /// Whether there is a built-in policy of this name.
    #[must_use]
    pub fn is_built_in(name: &str) -> bool {
        BUILT_IN.iter().any(|(known, _)| *known == name)
    }

    /// A policy from its TOML text and the digest of it.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(text: &str, sha256: Sha256) -> Result<Self, String> {
        let policy: Policy = toml::from_str(text).map_err(|error| error.to_string())?;
        for accept in policy.accept.iter().flatten() {
            if day(&accept.until).is_none() {
                return Err(format!("expected a day such as 2027-01-31, found {:?}", accept.until));
            }
        }
        Ok(Self { reference: GateRef { name: policy.name.clone(), sha256 }, policy })
    }

    /// Whether its answer depends on the day.
    #[must_use]
    pub fn expires(&self) -> bool {
        self.policy.accept.as_ref().is_some_and(|accept| !accept.is_empty())
    }

    /// Whether it asks for cases to have passed.
    #[must_use]
    pub fn requires(&self) -> bool {
        self.policy.require.as_ref().is_some_and(|require| !require.is_empty())
    }

    /// What the policy asks for and `cases` do not give. `today` counts days since 1970-01-01.
    #[must_use]
    pub fn unmet(
        &self,
        cases: &[Case],
        held: &dyn Fn(&str) -> Option<bool>,
        today: u64,
    ) -> Vec<Unmet> {
        let mut unmet = Vec::new();
        for case in cases {
            if let Some(why) = self.refuses(case, today) {
                unmet.push(Unmet { id: case.id.clone(), status: case.status, why });
            }
        }
        for require in self.policy.require.iter().flatten() {
            unmet.extend(nothing_fits(require, cases, held));
        }
        unmet.sort();
        unmet.dedup();
        unmet
    }

    fn refuses(&self, case: &Case, today: u64) -> Option<String> {
        if case.flaky && self.policy.flaky == Answer::Refuse {
            return Some("it passed only after a failed attempt".to_owned());
        }
        if matches!(case.status, CheckStatus::Passed | CheckStatus::Failed | CheckStatus::Broken) {
            return None;
        }
        let require = self.policy.require.iter().flatten().find(|require| require.chooses(case));
        let why = match (require, case.requirement) {
            (Some(require), _) => require.why.clone(),
            (None, Some(Requirement::Required)) => "it is required".to_owned(),
            _ => return None,
        };
        let accepts = |accept: &&Accept| fits(&accept.id, &case.id);
        match self.policy.accept.iter().flatten().find(accepts) {
            Some(accept) if day(&accept.until) >= Some(today) => None,
            Some(accept) => Some(format!("{why}; its exception ended on {}", accept.until)),
            None => Some(why),
        }
    }
}

impl Require {
    fn chooses(&self, case: &Case) -> bool {
        self.requirement.is_none()
            && self.chooses_id(&case.id)
            && self.layer.is_none_or(|layer| case.layer == Some(layer))
    }

    fn chooses_id(&self, id: &str) -> bool {
        self.id.as_deref().is_none_or(|pattern| fits(pattern, id))
            && !self.except.iter().flatten().any(|pattern| fits(pattern, id))
    }
}

fn nothing_fits(
    require: &Require,
    cases: &[Case],
    held: &dyn Fn(&str) -> Option<bool>,
) -> Option<Unmet> {
    if let Some(requirement) = &require.requirement {
        let why = match held(requirement) {
            Some(true) => return None,
            Some(false) => require.why.clone(),
            None => format!("{}; no requirements file names it", require.why),
        };
        return Some(Unmet { id: requirement.clone(), status: CheckStatus::NotRun, why });
    }
    if cases.iter().any(|case| require.chooses(case)) {
        return None;
    }
    let id = require.id.clone().or_else(|| require.layer.map(|layer| layer.word().to_owned()));
    let why = format!("{}; no case is of that kind", require.why);
    Some(Unmet { id: id.unwrap_or_else(|| "*".to_owned()), status: CheckStatus::NotRun, why })
}

/// Whether `id` is what `pattern` says; `*` stands for any text.
#[must_use]
pub fn fits(pattern: &str, id: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = id.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut open = false;
    let mut last = "";
    for part in parts {
        (open, last) = (true, part);
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    if open { last.is_empty() || id.ends_with(last) } else { rest.is_empty() }
}

/// Days from 1970-01-01 to `text` (a date of ISO 8601, `2027-01-31`).
fn day(text: &str) -> Option<u64> {
    let mut parts = text.splitn(3, '-');
    let mut next = || parts.next()?.parse::<u64>().ok();
    let (year, month, day) = (next()?, next()?, next()?);
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Days of the civil calendar, counted from March so that the leap day comes last.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
    days.checked_sub(719_468)
}

fn digest_of_built_in(text: &str) -> Sha256 {
    use sha2::Digest as _;
    Sha256::new(sha2::Sha256::digest(text.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(
            fits("fips.*", "fips.kat") && fits("*", "") && fits("a*c", "abc") && fits("a", "a")
        );
        assert!(!fits("fips.*", "nofips.kat") && !fits("a*c", "ab") && !fits("a", "ab"));
        assert!(fits("*b*b", "bb") && fits("a*b", "abab"));
    }

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        assert_eq!(day("1970-01-01"), Some(0));
        assert_eq!(day("2000-03-01"), Some(11_017));
        assert_eq!(day("2026-11-21"), Some(20_778));
        assert_eq!(day("2026-13-01"), None);
        assert_eq!(day("soon"), None);
    }

    #[test]
    fn what_is_excepted_is_not_chosen() {
        let text = "name = \"x\"\nflaky = \"accept\"\n[[require]]\nid = \"fips.*\"\n\
            except = [\"fips.*.sealed\"]\nwhy = \"y\"\n";
        let gate = Gate::parse(text, Sha256::new([0; 32])).unwrap();
        let require = &gate.policy.require.as_ref().unwrap()[0];
        assert!(require.chooses_id("fips.md5.refused"));
        assert!(!require.chooses_id("fips.module.sealed") && !require.chooses_id("kat.sha256"));
    }

    #[test]
    fn built_in_policies_can_be_read() {
        for (name, _) in BUILT_IN {
            assert_eq!(Gate::built_in(name).unwrap().reference.name, name);
        }
        assert!(Gate::built_in("none").is_err());
    }
}
