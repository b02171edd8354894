//! Rules that place a failure in a layer and say what to do about it.

use std::ops::Range;
use std::sync::OnceLock;

use contract::Layer;
use contract::part::{Effect, RemarkKind};
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder, SetMatches};
use serde::Deserialize;

/// The rules that are built in, in the order in which they are asked.
const BUILT_IN: &[(&str, &str)] = &[
    ("fault-injection.toml", include_str!("../rules/fault-injection.toml")),
    ("runbook.toml", include_str!("../rules/runbook.toml")),
    ("crypto.toml", include_str!("../rules/crypto.toml")),
    ("toolchain.toml", include_str!("../rules/toolchain.toml")),
    ("environment.toml", include_str!("../rules/environment.toml")),
    ("capability.toml", include_str!("../rules/capability.toml")),
    (MACHINE, include_str!("../rules/machine.toml")),
    (NAMES, include_str!("../rules/names.toml")),
    (GENERAL, include_str!("../rules/general.toml")),
];

/// Rules of this file are only asked where no particular one fits,
const MACHINE: &str = "machine.toml";
/// those of this one only where neither does,
const NAMES: &str = "names.toml";
/// and those of this one where no name says anything.
const GENERAL: &str = "general.toml";

/// Memory for the compiled rules, and for the states met while they are asked.
const SIZE: usize = 64 << 20;
const DFA: usize = 8 << 20;

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, unique among all rules.
    pub id: String,
    /// What a line says that it is for (syntax of the `regex` crate).
    pub pattern: String,
    /// Where the cause lies.
    pub layer: Layer,
    /// What to do first.
    pub action: String,
    /// What a line that fits says of a log.
    pub says: Says,
    /// Lines that must fit.
    pub hits: Vec<String>,
    /// Lines that must not.
    pub misses: Vec<String>,
}

/// A place that a rule fits.
#[derive(Clone, Debug)]
pub struct Match<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// Which of the texts, counted from 0.
    pub text: usize,
    /// The bytes of that text which fit: of the first place, if there are several.
    pub span: Range<usize>,
    /// Whether the rule is one of those that are only asked where no particular one fits.
    pub general: bool,
    /// Whether it is the rule that places the failure.
    pub decides: bool,
}

/// What a line that fits a rule says of the log it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// Something could not be done.
    Failure,
    /// Something was left out because a prerequisite is missing.
    Skip,
    /// Something ran in a weaker form.
    Degraded,
    /// Nothing by itself: the rule only places what is known to have failed.
    Nothing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    rule: Vec<Rule>,
}

/// A set of rules, ready to be asked.
#[derive(Clone, Debug)]
pub struct Rules {
    rules: Vec<Rule>,
    /// Made when it is first asked: most reports of passes never do.
    set: OnceLock<RegexSet>,
    /// Indices of rules that are asked together, and only where none of those before fits.
    tiers: Vec<Range<usize>>,
}

impl Rules {
    /// The built-in rules, after those of `files` (name and TOML text), which are asked first.
    ///
    /// # Errors
    ///
    /// What is wrong with a file, beginning with its name.
    pub fn new(files: &[(String, String)]) -> Result<Self, String> {
        let mut rules: Vec<Rule> = Vec::new();
        let mut tiers = Vec::new();
        let mut start = 0;
        let own = files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        for (name, text) in own.chain(BUILT_IN.iter().copied()) {
            let file: File = toml::from_str(text).map_err(|error| format!("{name}: {error}"))?;
            if [MACHINE, NAMES, GENERAL].contains(&name) {
                tiers.push(start..rules.len());
                start = rules.len();
            }
            for rule in file.rule {
                if let Some(twice) = rules.iter().find(|known| known.id == rule.id) {
                    return Err(format!("{name}: a second rule with the id {:?}", twice.id));
                }
                rules.push(rule);
            }
        }
        tiers.push(start..rules.len());
        let set = OnceLock::new();
        if !files.is_empty() {
            rules.iter().try_for_each(check)?;
            let together =
                together(&rules).map_err(|error| format!("the rules together: {error}"))?;
            let _ = set.set(together);
        }
        Ok(Self { rules, set, tiers })
    }

    /// The rule of a failure that says `texts`, the most telling first (its message, what more it
    /// says, its name): the first text that a particular rule fits decides; where there is none,
    /// what a machine refused, then what a name says, then how a program ended. In one text the
    /// earlier rule wins.
    #[must_use]
    pub fn place(&self, texts: &[&str]) -> Option<&Rule> {
        self.decisive(texts).map(|(_, index)| &self.rules[index])
    }

    /// The text and the rule that decide.
    fn decisive(&self, texts: &[&str]) -> Option<(usize, usize)> {
        let fits: Vec<_> = texts.iter().map(|text| self.set().matches(text.as_bytes())).collect();
        self.tiers.iter().find_map(|tier| {
            let first = |(at, fits): (usize, &SetMatches)| {
                fits.iter().find(|index| tier.contains(index)).map(|index| (at, index))
            };
            fits.iter().enumerate().find_map(first)
        })
    }

    /// Every place in `texts` that a rule fits, as [`place`](Self::place) is asked about them:
    /// text by text, in each the rules in their order. The rule that decides is marked.
    #[must_use]
    pub fn explain(&self, texts: &[&str]) -> Vec<Match<'_>> {
        let decides = self.decisive(texts);
        let mut all = Vec::new();
        for (text, content) in texts.iter().enumerate() {
            for index in self.set().matches(content.as_bytes()) {
                let rule = &self.rules[index];
                let found = pattern(rule).ok();
                let span =
                    found.and_then(|pattern| Some(pattern.find(content.as_bytes())?.range()));
                all.push(Match {
                    rule,
                    text,
                    span: whole(content, span.unwrap_or_default()),
                    general: !self.tiers[0].contains(&index),
                    decides: decides == Some((text, index)),
                });
            }
        }
        all
    }

    /// Every rule that fits `text`, in the order of the rules.
    pub fn hits(&self, text: &str) -> impl Iterator<Item = &Rule> {
        self.set().matches(text.as_bytes()).into_iter().map(|index| &self.rules[index])
    }

    fn set(&self) -> &RegexSet {
        // The built-in rules compile, as their tests show; others were tried when they were read.
        self.set.get_or_init(|| together(&self.rules).unwrap_or_else(|_| RegexSet::empty()))
    }

    /// The rule with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }
}

/// All rules at once.
fn together(rules: &[Rule]) -> Result<RegexSet, regex::Error> {
    RegexSetBuilder::new(rules.iter().map(|rule| &rule.pattern))
        .multi_line(true)
        .unicode(false)
        .size_limit(SIZE)
        .dfa_size_limit(DFA)
        .build()
}

/// The span with all bytes of the characters at its ends.
fn whole(text: &str, mut span: Range<usize>) -> Range<usize> {
    while !text.is_char_boundary(span.start) {
        span.start -= 1;
    }
    while !text.is_char_boundary(span.end) {
        span.end += 1;
    }
    span
}

/// What a rule fits. `^` and `$` stand for the ends of lines, as texts can have several; classes
/// are those of ASCII and `.` is a byte, which keeps the automaton of all rules small.
fn pattern(rule: &Rule) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&rule.pattern).multi_line(true).unicode(false).size_limit(SIZE).build()
}

/// Rules from outside are held to their own examples.
fn check(rule: &Rule) -> Result<(), String> {
    let pattern = pattern(rule).map_err(|error| format!("rule {:?}: {error}", rule.id))?;
    if let Some(hit) = rule.hits.iter().find(|hit| !pattern.is_match(hit.as_bytes())) {
        return Err(format!("rule {:?} does not fit its own hit {hit:?}", rule.id));
    }
    if let Some(miss) = rule.misses.iter().find(|miss| pattern.is_match(miss.as_bytes())) {
        return Err(format!("rule {:?} fits its own miss {miss:?}", rule.id));
    }
    Ok(())
}

impl Says {
    /// What a line of this kind means for a log that says nothing else about it.
    #[must_use]
    pub fn remark(self) -> Option<(RemarkKind, Effect)> {
        match self {
            Self::Degraded => Some((RemarkKind::Degraded, Effect::None)),
            Self::Failure => Some((RemarkKind::Contradiction, Effect::Incomplete)),
            Self::Skip | Self::Nothing => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_fits_its_hits_and_none_of_its_misses() {
        let rules = Rules::new(&[]).unwrap();
        let wrong: Vec<_> = rules.rules.iter().filter_map(|rule| check(rule).err()).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        for rule in &rules.rules {
            assert!(!rule.hits.is_empty() && !rule.misses.is_empty(), "{}: no example", rule.id);
            assert!(!rule.action.is_empty(), "{}: no action", rule.id);
            assert!(!rule.action.contains('\n'), "{}: an action is one line", rule.id);
        }
    }

    #[test]
    fn every_hit_is_placed_by_its_own_rule() {
        let rules = Rules::new(&[]).unwrap();
        let hits = rules.rules.iter().flat_map(|rule| rule.hits.iter().map(move |hit| (rule, hit)));
        let wrong = hits.filter_map(|(rule, hit)| {
            let placed = rules.place(&[hit]).map_or("nothing", |placed| &placed.id);
            (placed != rule.id).then(|| format!("{}, not {}: {hit:?}", placed, rule.id))
        });
        let wrong: Vec<_> = wrong.collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn there_are_rules_enough_and_for_every_layer() {
        let rules = Rules::new(&[]).unwrap();
        assert!(rules.rules.len() >= 60, "only {}", rules.rules.len());
        for layer in Layer::ALL {
            assert!(rules.rules.iter().any(|rule| rule.layer == layer), "{layer}");
        }
    }

    #[test]
    fn good_news_is_placed_nowhere() {
        let rules = Rules::new(&[]).unwrap();
        for line in [
            "0 errors, 0 warnings",
            "no failures",
            "ok, 12 tests, no error",
            "errors: 0",
            "build finished without errors",
            "all permissions granted",
        ] {
            assert!(rules.place(&[line]).is_none(), "{line:?}");
        }
    }

    #[test]
    fn an_explanation_names_every_rule_that_fits_and_the_one_that_decides() {
        let rules = Rules::new(&[]).unwrap();
        let texts = ["open x: permission denied", "write y: no space left on device"];
        let told = rules.explain(&texts);
        let short: Vec<_> = told
            .iter()
            .map(|fit| (fit.rule.id.as_str(), &texts[fit.text][fit.span.clone()], fit.decides))
            .collect();
        assert_eq!(
            short,
            [
                ("permission-denied", "permission denied", false),
                ("disk-full", "no space left on device", true),
            ]
        );
        assert!(told[0].general && !told[1].general);
        assert_eq!(rules.place(&texts).unwrap().id, "disk-full");
    }

    #[test]
    fn a_rule_from_outside_comes_first_and_is_held_to_its_examples() {
        let file = |hit: &str| {
            let text = format!(
                "[[rule]]\nid = \"own\"\npattern = \"no space left\"\nlayer = \"capability\"\n\
                 action = \"x\"\nsays = \"failure\"\nhits = [\"{hit}\"]\nmisses = []\n"
            );
            vec![("own.toml".to_owned(), text)]
        };
        let rules = Rules::new(&file("no space left on device")).unwrap();
        assert_eq!(rules.place(&["no space left on device"]).unwrap().id, "own");
        let error = Rules::new(&file("plenty of space")).unwrap_err();
        assert!(error.contains("\"own\"") && error.contains("plenty"), "{error}");
    }
}
