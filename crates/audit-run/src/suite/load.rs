//! From a suite's text to a suite whose rules hold.

use std::collections::BTreeMap;
use std::time::Duration;

use contract::inventory::Requirement;
use regex::bytes::Regex;
use toml::Spanned;

use super::condition::Condition;
use crate::plan::matches;

use super::error::{Error, Mistake};
use super::exit::Exit;
use super::file_fact::FileFact;
use super::need::{Need, Runtime};
use super::parameters::{Hole, Parameters};
use super::raw::{
    RawCheck, RawCopy, RawExpected, RawFacts, RawFault, RawKpis, RawStdin, RawStep, RawSuite,
};
use super::{
    Check, Copy, Expected, FactRule, Fault, Kpis, LatencyProbe, Stdin, Step, Suite, WORK, rules,
    text,
};

/// A suite's text is larger than anything people write.
const MAX_BYTES: usize = 4 << 20;

/// Time for a step where neither check nor suite says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Reads a suite, with `set` as the values of its parameters.
///
/// Every mistake is named, in the order of the file. A suite with a mistake is not run: half a
/// suite would claim what it cannot prove.
pub fn load(source: &str, set: &BTreeMap<String, String>) -> Result<Suite, Vec<Error>> {
    if source.len() > MAX_BYTES {
        let bytes = source.len();
        let message = format!("expected a suite of at most {MAX_BYTES} bytes, found {bytes}");
        return Err(vec![Error { line: 1, message }]);
    }
    let raw: RawSuite = toml::from_str(source).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let message = error.message().replace('\n', "; ");
        vec![Mistake::new(at, format!("expected a suite in TOML: {message}")).locate(source)]
    })?;
    let mut loader = Loader { mistakes: vec![], timeout: TIMEOUT, parameters: None };
    let suite = loader.suite(raw, set);
    let mut errors: Vec<_> =
        loader.mistakes.into_iter().map(|mistake| mistake.locate(source)).collect();
    errors.sort();
    errors.dedup();
    match suite {
        Some(suite) if errors.is_empty() => Ok(suite),
        _ => Err(errors),
    }
}

/// What is known while a suite is read.
struct Loader {
    mistakes: Vec<Mistake>,
    timeout: Duration,
    parameters: Option<Parameters>,
}

impl Loader {
    fn suite(&mut self, raw: RawSuite, set: &BTreeMap<String, String>) -> Option<Suite> {
        let name_at = raw.name.span().start;
        let name = self.take(&raw.name, text::id)?;
        if let Some(timeout) = &raw.timeout {
            self.timeout = self.take(timeout, text::duration)?;
        }
        let declared = raw.parameters.into_iter().map(|(name, raw)| (name, raw.default));
        match Parameters::new(declared, set) {
            Ok(parameters) => self.parameters = Some(parameters),
            Err(why) => {
                self.mistakes.push(Mistake::new(name_at, why));
                return None;
            }
        }
        if raw.check.is_empty() {
            self.mistakes.push(Mistake::new(name_at, "a suite without a check proves nothing"));
        }
        let remedies = self.remedies(&raw.remedies);
        let ids: Vec<Spanned<String>> = raw.check.iter().map(|check| check.id.clone()).collect();
        let controls: Vec<_> = raw.check.iter().map(|check| check.control.clone()).collect();
        let checks: Vec<_> = raw.check.into_iter().map(|check| self.check(check)).collect();
        self.mistakes.extend(rules::broken(&checks, &ids, &controls));
        let kpis = raw.kpis.map(|kpis| self.kpis(kpis, &checks));
        let parameters = self.parameters.take().map(|p| p.values).unwrap_or_default();
        let title = raw.title.unwrap_or_else(|| name.clone());
        Some(Suite { name, title, parameters, remedies, kpis, checks })
    }

    fn kpis(&mut self, raw: RawKpis, checks: &[Check]) -> Kpis {
        let mut named = |filters: Vec<Spanned<String>>| {
            for filter in &filters {
                if !checks.iter().any(|check| matches(filter.get_ref(), &check.id)) {
                    let why = format!("{:?} names no check of this suite", filter.get_ref());
                    self.mistakes.push(Mistake::new(filter.span().start, why));
                }
            }
            filters.into_iter().map(Spanned::into_inner).collect()
        };
        Kpis {
            boundary_integrity: named(raw.boundary_integrity),
            algorithm_blocking: named(raw.algorithm_blocking),
            self_test_latency: raw.self_test_latency.map(|raw| LatencyProbe {
                provider: raw.provider,
                argv: raw.argv,
                without: raw.without,
                rounds: raw.rounds.clamp(1, 100),
            }),
        }
    }

    fn remedies(&mut self, raw: &BTreeMap<Spanned<String>, String>) -> BTreeMap<Need, String> {
        let mut remedies = BTreeMap::new();
        for (need, remedy) in raw {
            let filled = Spanned::new(need.span(), self.fill(need, &[], str::to_owned));
            if let Some(need) = self.take(&filled, Need::parse) {
                remedies.insert(need, remedy.clone());
            }
        }
        remedies
    }

    fn check(&mut self, raw: RawCheck) -> Check {
        let requires = self.requires(&raw);
        let when = raw.when.iter().filter_map(|when| self.take(when, Condition::parse)).collect();
        let timeout = raw.timeout.as_ref().and_then(|timeout| self.take(timeout, text::duration));
        let mut files = BTreeMap::new();
        for (name, content) in &raw.files {
            if let Some(name) = self.take(name, text::file_name) {
                files.insert(name, self.fill(content, &requires, str::to_owned));
            }
        }
        let facts = self.facts(&raw.fact, &requires);
        let copies = raw.copy.iter();
        let copies = copies.filter_map(|(name, copy)| self.copy(name, copy, &requires)).collect();
        if raw.step.is_empty() && raw.fact.must.is_empty() && raw.fact.must_not.is_empty() {
            let why = "a check needs a step, or a fact";
            self.mistakes.push(Mistake::new(raw.id.span().start, why));
        }
        let count = raw.step.len();
        let steps = raw.step.into_iter().enumerate();
        let steps = steps.map(|(i, step)| self.step(step, (i, count), &requires)).collect();
        let id = self.take(&raw.id, text::id).unwrap_or_default();
        Check {
            name: raw.name.unwrap_or_else(|| id.clone()),
            id,
            feature: raw.feature,
            story: raw.story,
            layer: raw.layer,
            severity: raw.severity,
            requirement: raw.requirement.unwrap_or(Requirement::Required),
            requires,
            when,
            control: raw.control.map(Spanned::into_inner),
            non_discriminating: raw.non_discriminating,
            facts,
            timeout: timeout.unwrap_or(self.timeout),
            isolate: raw.isolate.unwrap_or(false),
            files,
            copies,
            steps,
        }
    }

    /// What a check needs; one that is to be alone in a container needs a target that has them.
    fn requires(&mut self, raw: &RawCheck) -> Vec<Need> {
        let mut requires = Vec::with_capacity(raw.requires.len());
        for written in &raw.requires {
            let filled = self.fill(written, &[], str::to_owned);
            let need = self.take(&Spanned::new(written.span(), filled), Need::parse);
            if let Some(Need::Parameter(name)) = &need
                && !self.parameters.as_ref().is_some_and(|parameters| parameters.has(name))
            {
                let why = format!("parameter {name:?} is not declared under [parameters.{name}]");
                self.mistakes.push(Mistake::new(written.span().start, why));
            }
            requires.extend(need);
        }
        let alone = Need::Runtime(Runtime::Any);
        if raw.isolate == Some(true) && !requires.contains(&alone) {
            requires.push(alone);
        }
        requires
    }

    fn copy(
        &mut self,
        name: &Spanned<String>,
        raw: &RawCopy,
        needs: &[Need],
    ) -> Option<(String, Copy)> {
        let fault = match &raw.fault {
            None => None,
            Some(RawFault::FlipBitAt(share)) if (0.0..1.0).contains(share.get_ref()) => {
                Some(Fault::FlipBitAt(*share.get_ref()))
            }
            Some(RawFault::FlipBitAt(share)) => {
                let why = "expected a share of the file, from 0 to below 1";
                self.mistakes.push(Mistake::new(share.span().start, why));
                return None;
            }
            Some(RawFault::Append(text)) => {
                Some(Fault::Append(self.fill(text, needs, str::to_owned)))
            }
            Some(RawFault::TruncateTo(bytes)) => Some(Fault::TruncateTo(*bytes)),
            Some(RawFault::Replace { pattern, with }) => Some(Fault::Replace {
                pattern: self.pattern(pattern, needs)?,
                with: self.fill(with, needs, str::to_owned),
            }),
        };
        let from = self.fill(&raw.from, needs, str::to_owned);
        Some((self.take(name, text::file_name)?, Copy { from, fault }))
    }

    fn facts(&mut self, raw: &RawFacts, needs: &[Need]) -> Vec<FactRule> {
        let rules = [(&raw.must, true), (&raw.must_not, false)];
        let rules = rules.into_iter().flat_map(|(rules, must)| {
            rules.iter().map(move |(name, pattern)| (name, pattern, must))
        });
        rules
            .filter_map(|(name, pattern, must)| {
                let pattern = self.pattern(pattern, needs)?;
                let filled = self.fill(name, needs, str::to_owned);
                let name = self.take(&Spanned::new(name.span(), filled), FileFact::check)?;
                Some(FactRule { name, pattern, must })
            })
            .collect()
    }

    fn step(&mut self, raw: RawStep, (index, count): (usize, usize), needs: &[Need]) -> Step {
        let at = raw.argv.span().start;
        let argv: Vec<String> =
            raw.argv.get_ref().iter().map(|arg| self.fill(arg, needs, str::to_owned)).collect();
        if argv.first().is_none_or(String::is_empty) {
            self.mistakes.push(Mistake::new(at, "expected a command as the first of argv"));
        }
        let exit = raw.exit.unwrap_or(Exit::OneOf(vec![0]));
        if exit.is_negative() && raw.stderr.must.is_empty() {
            let why = "a command that is expected to fail needs stderr.must: \
                       without the reason, any other failure would pass for this one";
            self.mistakes.push(Mistake::new(at, why));
        }
        if raw.ready.is_some() && index + 1 == count {
            let why = "the last step cannot be a server: nothing would talk to it";
            self.mistakes.push(Mistake::new(at, why));
        }
        let stdin = match raw.stdin {
            None => Stdin::Empty,
            Some(stdin) => self.stdin(stdin.into_inner(), index, needs),
        };
        let env = raw.env.iter();
        let env = env.map(|(name, value)| (name.clone(), self.fill(value, needs, str::to_owned)));
        Step {
            env: env.collect(),
            argv,
            stdin,
            exit,
            stdout: self.expected(&raw.stdout, index, needs),
            stderr: self.expected(&raw.stderr, index, needs),
            ready: raw.ready.and_then(|ready| self.pattern(&ready, needs)),
            attach: raw.attach,
        }
    }

    fn stdin(&mut self, raw: RawStdin, index: usize, needs: &[Need]) -> Stdin {
        match raw {
            RawStdin::Text(text) => Stdin::Bytes(self.fill(&text, needs, str::to_owned).into()),
            RawStdin::Hex(hex) => Stdin::Bytes(self.take(&hex, text::hex).unwrap_or_default()),
            RawStdin::File(path) => Stdin::File(self.fill(&path, needs, str::to_owned)),
            RawStdin::Step(step) => self.earlier(&step, index).map_or(Stdin::Empty, Stdin::Step),
        }
    }

    /// An earlier step than the one at `index`.
    fn earlier(&mut self, step: &Spanned<usize>, index: usize) -> Option<usize> {
        let earlier = step.get_ref().checked_sub(1).filter(|earlier| *earlier < index);
        if earlier.is_none() {
            let why = "expected the number of an earlier step, the first being 1";
            self.mistakes.push(Mistake::new(step.span().start, why));
        }
        earlier
    }

    fn expected(&mut self, raw: &RawExpected, index: usize, needs: &[Need]) -> Expected {
        let same_as = raw.same_as.as_ref().and_then(|step| self.earlier(step, index));
        let differs_from = raw.differs_from.as_ref().and_then(|step| self.earlier(step, index));
        let mut all = |patterns: &[Spanned<String>]| {
            patterns.iter().filter_map(|pattern| self.pattern(pattern, needs)).collect()
        };
        Expected { must: all(&raw.must), must_not: all(&raw.must_not), same_as, differs_from }
    }

    fn pattern(&mut self, written: &Spanned<String>, needs: &[Need]) -> Option<Regex> {
        let filled = self.fill(written, needs, regex::escape);
        if filled.contains(WORK) {
            let why = "the private folder has another name in each run: no pattern can hold it";
            self.mistakes.push(Mistake::new(written.span().start, why));
            return None;
        }
        let compiled = text::pattern(&filled);
        compiled.map_err(|why| self.mistakes.push(Mistake::new(written.span().start, why))).ok()
    }

    /// `text` with its place-holders filled in. One without a value is no mistake in a check that
    /// requires it: that check will be skipped.
    fn fill(
        &mut self,
        text: &Spanned<String>,
        needs: &[Need],
        write: fn(&str) -> String,
    ) -> String {
        let Some(parameters) = &self.parameters else { return String::new() };
        let required = |name: &str| needs.contains(&Need::Parameter(name.to_owned()));
        let why = match parameters.fill(text.get_ref(), &required, write) {
            Ok(filled) => return filled,
            Err(Hole::Wrong(why)) => why,
            Err(Hole::Empty(name)) => format!(
                "parameter {name:?} may have no value: give it a default, or add \
                 \"parameter:{name}\" to this check's requires"
            ),
        };
        self.mistakes.push(Mistake::new(text.span().start, why));
        String::new()
    }

    fn take<T>(
        &mut self,
        written: &Spanned<String>,
        read: fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        read(written.get_ref())
            .map_err(|why| self.mistakes.push(Mistake::new(written.span().start, why)))
            .ok()
    }
}
