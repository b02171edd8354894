//! Gate policies: what has to hold beyond "nothing failed".

use contract::audit::Exclusion;
use contract::inventory::Requirement;
use contract::summary::{Case, Coverage, Exception, GateRef, RequirementRow, Unmet};
use contract::{CheckStatus, Layer, Sha256};
use serde::Deserialize;
use toml::Spanned;

use crate::expect::Expected;
use crate::mistake::Mistake;

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
    /// An acceptance without a reason is none.
    reason: String,
    /// Last day of the acceptance, `2027-01-31`.
    until: Spanned<String>,
}

impl Gate {
    /// The built-in policy of this name.
    ///
    /// # Errors
    ///
    /// The names there are.
    pub fn built_in(name: &str) -> Result<Self, Mistake> {
        match BUILT_IN.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Self::parse(text, digest_of_built_in(text)),
            None => Err(format!("no gate {name:?}: expected default, release or a file").into()),
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
    pub fn parse(text: &str, sha256: Sha256) -> Result<Self, Mistake> {
        let policy: Policy =
            toml::from_str(text).map_err(|error| Mistake::toml(text, "a policy", &error))?;
        for until in policy.accept.iter().flatten().map(|accept| &accept.until) {
            if day(until.get_ref()).is_none() {
                let why = format!("expected a day such as 2027-01-31, found {:?}", until.get_ref());
                return Err(Mistake::at_byte(text, until.span().start, why));
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

    /// What the policy asks for and the evidence does not give.
    #[must_use]
    pub fn unmet(&self, found: &Found<'_>) -> Vec<Unmet> {
        let mut unmet = Vec::new();
        for case in found.cases {
            if let Some(why) = self.refuses(case, found) {
                unmet.push(Unmet { id: case.id.clone(), status: case.status, why });
            }
        }
        for require in self.policy.require.iter().flatten() {
            unmet.extend(nothing_fits(require, found));
        }
        unmet.sort();
        unmet.dedup();
        unmet
    }

    /// The exceptions of the policy, and what they are for.
    #[must_use]
    pub fn exceptions(&self, found: &Found<'_>) -> Vec<Exception> {
        let accepts: Vec<_> = self.policy.accept.iter().flatten().collect();
        if accepts.is_empty() {
            return Vec::new();
        }
        let mut cases = vec![0; accepts.len()];
        for case in found.cases {
            if self.asks(case, found).is_some()
                && let Some(index) = excuse(&accepts, case, found.today)
            {
                cases[index] += 1;
            }
        }
        let of = |(accept, cases): (&&Accept, u64)| Exception {
            id: accept.id.clone(),
            reason: accept.reason.clone(),
            until: accept.until.get_ref().clone(),
            ended: !accept.holds(found.today),
            cases,
        };
        accepts.iter().zip(cases).map(of).collect()
    }

    /// Why the policy does not take the case as it is.
    fn refuses(&self, case: &Case, found: &Found<'_>) -> Option<String> {
        let why = self.asks(case, found)?;
        let accepts: Vec<_> = self.policy.accept.iter().flatten().collect();
        match excuse(&accepts, case, found.today).map(|index| accepts[index]) {
            Some(accept) if accept.holds(found.today) => None,
            Some(accept) => {
                Some(format!("{why}; its exception ended on {}", accept.until.get_ref()))
            }
            None => Some(why),
        }
    }

    /// Why the case would have to have passed, if it did not.
    fn asks(&self, case: &Case, found: &Found<'_>) -> Option<String> {
        if case.flaky && self.policy.flaky == Answer::Refuse {
            return Some("it passed only after a failed attempt".to_owned());
        }
        if matches!(case.status, CheckStatus::Passed | CheckStatus::Failed | CheckStatus::Broken)
            || found.does_not_apply(case)
        {
            return None;
        }
        let require = self.policy.require.iter().flatten().find(|require| require.chooses(case));
        match (require, case.requirement) {
            (Some(require), _) => Some(require.why.clone()),
            (None, Some(Requirement::Required)) => Some("it is required".to_owned()),
            _ => None,
        }
    }
}

/// What a policy is held against.
pub struct Found<'a> {
    /// All cases.
    pub cases: &'a [Case],
    /// What became of the requirements.
    pub rows: &'a [RequirementRow],
    /// What was to be run.
    pub expected: &'a [Expected],
    /// Days since 1970-01-01.
    pub today: u64,
}

impl Found<'_> {
    /// Whether nobody misses the case: the list says that it applies under a condition, and the run
    /// found that this does not hold. The run's word alone is not enough.
    fn does_not_apply(&self, case: &Case) -> bool {
        let listed = |check: &Expected| check.conditional && check.id == case.id;
        case.status == CheckStatus::NotRun
            && case.excluded == Some(Exclusion::Condition)
            && self.expected.iter().any(listed)
    }
}

/// The exception that excuses the case; one that holds, if there is one.
fn excuse(accepts: &[&Accept], case: &Case, today: u64) -> Option<usize> {
    let fit: Vec<_> = (0..accepts.len()).filter(|at| fits(&accepts[*at].id, &case.id)).collect();
    fit.iter().find(|at| accepts[**at].holds(today)).or(fit.first()).copied()
}

impl Accept {
    fn holds(&self, today: u64) -> bool {
        day(self.until.get_ref()) >= Some(today)
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

fn nothing_fits(require: &Require, found: &Found<'_>) -> Option<Unmet> {
    if let Some(requirement) = &require.requirement {
        let row = found.rows.iter().find(|row| row.id == *requirement);
        let why = match row.map(|row| row.coverage) {
            Some(Coverage::Passed) => return None,
            Some(_) => require.why.clone(),
            None => format!("{}; no requirements file names it", require.why),
        };
        return Some(Unmet { id: requirement.clone(), status: CheckStatus::NotRun, why });
    }
    if found.cases.iter().any(|case| require.chooses(case)) {
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
