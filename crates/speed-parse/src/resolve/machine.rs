//! The lines `+F2` and up of `-mr`: numbers without names, whose meaning changed twice.
//!
//! Before 1.1.1 the figures of `+F2` to `+F5` are seconds per operation, since then operations per
//! second. `+F7`, `+F8` and `+F9` were given to other tables in 4.0. What a line is, its own shape
//! says, or its neighbours, or the measurements of the same run; if they do not, nobody does.

use contract::speed::{Ambiguous, Candidate, Cause, Kind};

use super::Resolve;
use super::keys::Precision;
use super::measured::{Measured, Rate};
use super::shape::{Shape, shape};
use crate::formats::Columns;
use crate::formats::Work;
use crate::intern::NameId;
use crate::label::Label;
use crate::number;
use crate::rows::broken;
use crate::run::{Broken, MachineLine, Outcome};

/// What the figures of `+F2` to `+F5` are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    PerSecond,
    Seconds,
    Unknown,
}

type Figure = Result<f64, Broken>;

impl Resolve<'_, '_> {
    pub(super) fn machine(&mut self) {
        let lines: Vec<&MachineLine> = self.open.machine.iter().collect();
        let unit = self.unit(&lines);
        for line in lines {
            self.machine_line(line, unit);
        }
    }

    pub(super) fn machine_line(&mut self, line: &MachineLine, unit: Unit) {
        match self.names.shapes.of(line) {
            Shape::Keys { label, operations, from, settled } => {
                let unit = if settled { Unit::PerSecond } else { unit };
                if unit == Unit::Unknown {
                    self.unknown_unit(line, &label);
                    return;
                }
                let precision = match unit {
                    Unit::Seconds => Precision::Seconds,
                    _ => Precision::Rate,
                };
                for (at, operation) in operations.iter().enumerate() {
                    let figure = figure_of(line, from + at, unit, self.open.cut == Some(line.line));
                    self.operation(&label, *operation, &figure, line.line, precision);
                }
            }
            Shape::Numbered => self.numbered(line),
            Shape::Foreign => {}
        }
    }

    /// What the figures of the run are: the first of these that says so.
    pub(super) fn unit(&mut self, lines: &[&MachineLine]) -> Unit {
        if lines.iter().any(|line| line.code > 5 || line.code == 2 && line.fields.len() == 6) {
            return Unit::PerSecond;
        }
        let measured = lines.iter().find_map(|line| self.unit_by_measurement(line));
        measured.unwrap_or_else(|| unit_by_size(lines))
    }

    fn unit_by_measurement(&mut self, line: &MachineLine) -> Option<Unit> {
        let Shape::Keys { label, operations, from, settled: false } = self.names.shapes.of(line)
        else {
            return None;
        };
        let at = self.measured.peek_key(&label, *operations.first()?)?;
        let rate = Rate::of(self.open.progress[at].outcome)?.rate;
        let figure = number::figure(line.fields.get(from)?.as_bytes(), 6).ok()?;
        let near = |other: f64| (figure / other - 1.0).abs() < 0.05;
        match (near(rate), near(1.0 / rate)) {
            (true, false) => Some(Unit::PerSecond),
            (false, true) => Some(Unit::Seconds),
            _ => None,
        }
    }

    /// A row of the KEM or the signature table: its name is that of the measurements which amount
    /// to exactly its figures.
    fn numbered(&mut self, line: &MachineLine) {
        let kinds = self.kinds_of(line.code);
        let mut found: Vec<(Kind, NameId)> = Vec::new();
        for kind in [Kind::Kem, Kind::Signature] {
            for name in Measured::named(self.open, kind) {
                if kinds.contains(&kind)
                    && self.measures(line, kind, name)
                    && !found.contains(&(kind, name))
                {
                    found.push((kind, name));
                }
            }
        }
        if found.is_empty() {
            found.extend(self.by_order(line, &kinds));
        }
        if let [(kind, name)] = found[..] {
            let label = self.names.named(name, kind);
            let columns = if kind == Kind::Kem { Columns::Kem } else { Columns::Signature };
            for (at, operation) in columns.operations().iter().enumerate() {
                let figure =
                    figure_of(line, 1 + at, Unit::PerSecond, self.open.cut == Some(line.line));
                self.operation(&label, *operation, &figure, line.line, Precision::Rate);
            }
            return;
        }
        let candidates = candidates(line, &kinds);
        let number = line.fields.first();
        self.ambiguous(Ambiguous {
            code: format!("+F{}:{number}", line.code),
            values: line.fields.iter().skip(1).map(ToString::to_string).collect(),
            candidates,
            hint: "standard error of the same run (2>&1) names it".to_owned(),
            run: self.run,
            line: line.line,
        });
    }

    /// Rows come in the order in which they were measured: where there are as many of one as of
    /// the other, the place tells the name. The sums of several children have no other way.
    fn by_order(&self, line: &MachineLine, kinds: &[Kind]) -> Option<(Kind, NameId)> {
        let [kind] = kinds[..] else { return None };
        let mut names = Vec::new();
        for name in Measured::named(self.open, kind) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let rows: Vec<u64> = self
            .open
            .machine
            .iter()
            .filter(|other| other.code == line.code && matches!(shape(other), Shape::Numbered))
            .map(|other| other.line)
            .collect();
        let at = rows.iter().position(|other| *other == line.line)?;
        let name = names.get(at).filter(|_| names.len() == rows.len())?;
        (self.open.children_count().is_some()).then_some((kind, *name))
    }

    /// What `+F8` to `+F10` with three figures can be, as far as the other lines of the run say.
    fn kinds_of(&self, code: u64) -> Vec<Kind> {
        let all =
            self.open.machine.iter().chain(self.open.children.iter().filter_map(|c| c.keys()));
        let (mut old, mut new) = (false, false);
        for line in all {
            let is_ffdh = line.fields.len() == 4
                && line.fields.get(1).is_some_and(|f| f.bytes().all(|b| b.is_ascii_digit()));
            match (line.code, is_ffdh) {
                (6 | 10, _) | (7, false) | (8, true) => old = true,
                (7, true) | (8, false) => new = true,
                _ => {}
            }
        }
        match (code, old, new) {
            (8, ..) => vec![Kind::Kem],
            (10, ..) => vec![Kind::Signature],
            (_, true, false) => vec![Kind::Kem],
            (_, false, true) => vec![Kind::Signature],
            _ => vec![Kind::Kem, Kind::Signature],
        }
    }

    /// Whether the measurements of `name` amount to the figures of the line.
    fn measures(&self, line: &MachineLine, kind: Kind, name: NameId) -> bool {
        let columns = if kind == Kind::Kem { Columns::Kem } else { Columns::Signature };
        let operations = columns.operations();
        line.fields.len() == 1 + operations.len()
            && operations.iter().zip(line.fields.iter().skip(1)).all(|(operation, field)| {
                let figure = number::figure(field.as_bytes(), 6);
                self.open.progress.iter().any(|progress| {
                    let of_kind = matches!(progress.outcome, Outcome::Done { kind: Some(k), .. } if k == kind);
                    let same = progress.name == name && progress.work == Work::Named(*operation);
                    let rate = Rate::of(progress.outcome);
                    same && of_kind
                        && match (figure, rate) {
                            (Ok(figure), Some(rate)) => (figure / rate.rate - 1.0).abs() < 1e-6,
                            (figure, None) => figure.is_err(),
                            _ => false,
                        }
                })
            })
    }

    fn unknown_unit(&mut self, line: &MachineLine, label: &Label) {
        let candidate = |text: &str| Candidate {
            kind: Kind::Asymmetric,
            algorithm: format!("{}, {text}", label.printed),
        };
        self.ambiguous(Ambiguous {
            code: format!("+F{}:{}", line.code, line.fields.first()),
            values: line.fields.iter().skip(2).map(ToString::to_string).collect(),
            candidates: vec![
                candidate("operations per second (1.1.1 and later)"),
                candidate("seconds per operation (before 1.1.1)"),
            ],
            hint: "standard error of the same run (2>&1) settles it".to_owned(),
            run: self.run,
            line: line.line,
        });
    }
}

/// What a row with a number and no name can be: at least two.
fn candidates(line: &MachineLine, kinds: &[Kind]) -> Vec<Candidate> {
    let number = line.fields.first();
    let candidate = |kind: Kind, which: &str| {
        let (table, versions) = match (kind, line.code) {
            (Kind::Kem, 8) => ("KEM", "4.0"),
            (Kind::Kem, _) => ("KEM", "3.2 to 3.6"),
            (_, 9) => ("signature algorithm", "4.0"),
            _ => ("signature algorithm", "3.2 to 3.6"),
        };
        Candidate { kind, algorithm: format!("{table} number {number}{which} ({versions})") }
    };
    match kinds {
        // The list is that of all providers that are loaded.
        [kind] => vec![
            candidate(*kind, " of the default provider"),
            candidate(*kind, " with other providers"),
        ],
        kinds => kinds.iter().map(|kind| candidate(*kind, "")).collect(),
    }
}

/// Without measurements: no operation takes ten seconds, and verifying by RSA is always faster
/// than signing.
fn unit_by_size(lines: &[&MachineLine]) -> Unit {
    let figures = |line: &MachineLine| -> Vec<f64> {
        let fields = line.fields.iter().skip(2).take(if line.code == 5 { 1 } else { 2 });
        fields.filter_map(|field| number::figure(field.as_bytes(), 6).ok()).collect()
    };
    let all: Vec<f64> = lines.iter().flat_map(|line| figures(line)).collect();
    let rsa = lines.iter().filter(|line| line.code == 2).find_map(|line| match figures(line)[..] {
        [sign, verify] if sign < verify => Some(Unit::PerSecond),
        [sign, verify] if sign > verify => Some(Unit::Seconds),
        _ => None,
    });
    if all.iter().any(|figure| *figure >= 10.0) {
        return Unit::PerSecond;
    }
    match rsa {
        Some(unit) => unit,
        None if !all.is_empty() && all.iter().all(|figure| *figure <= 0.1) => Unit::Seconds,
        // Nothing that could be a figure: what is said of it does not depend on the unit.
        None if all.is_empty() => Unit::PerSecond,
        None => Unit::Unknown,
    }
}

/// A field as operations per second.
pub(super) fn figure_of(line: &MachineLine, at: usize, unit: Unit, cut: bool) -> Figure {
    // Before 1.1.1 the seconds of `+F5` are followed by the rate they were rounded from.
    let (at, unit) = match (line.code, unit) {
        (5, Unit::Seconds) if line.fields.len() == 4 => (3, Unit::PerSecond),
        _ => (at, unit),
    };
    let Some(text) = line.fields.get(at) else { return Err(broken(Cause::CutOff, b"")) };
    let last = at + 1 == line.fields.len();
    match number::figure(text.as_bytes(), 6) {
        Ok(figure) if unit == Unit::Seconds => Ok(1.0 / figure),
        Err(Cause::Unreadable) if cut && last => Err(broken(Cause::CutOff, text.as_bytes())),
        other => other.map_err(|cause| broken(cause, text.as_bytes())),
    }
}
