//! What is kept of one result: of very many, so it is kept small.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::groups::Groups;
use crate::result::{About, Identity, View, Views};

/// A label that results are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Suite,
    Feature,
    Layer,
}

/// One result.
#[derive(Debug)]
pub(super) struct Attempt {
    views: Views,
    pub uuid: Option<Identity>,
    /// It carries an `ALLURE_ID`.
    pub allure_id: bool,
    /// Its position among the inputs.
    pub file: u32,
    /// Where its name and its labels end, among those of all.
    name: u32,
    labels: u32,
}

impl Attempt {
    pub(super) fn allure2(&self) -> Option<&View> {
        self.views.allure2()
    }

    pub(super) fn allure3(&self) -> Option<&View> {
        self.views.allure3()
    }
}

/// All results, in the order in which they were read.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    pub all: Vec<Attempt>,
    names: String,
    labels: Vec<(By, u32)>,
    texts: Texts,
}

impl Attempts {
    pub(super) fn add(&mut self, file: u64, views: Views, about: &About) {
        self.names.push_str(&about.name);
        let kinds = [
            (By::Suite, &about.suites),
            (By::Feature, &about.features),
            (By::Layer, &about.layers),
        ];
        for (by, values) in kinds {
            let texts = &mut self.texts;
            self.labels.extend(values.iter().map(|value| (by, texts.number(value))));
        }
        self.all.push(Attempt {
            views,
            uuid: about.uuid,
            allure_id: about.allure_id,
            file: short(file),
            name: short(self.names.len() as u64),
            labels: short(self.labels.len() as u64),
        });
    }

    /// The name of an attempt.
    pub(super) fn name(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.all[before].name as usize);
        self.names.get(start..self.all[at].name as usize).unwrap_or_default()
    }

    /// The labels of one kind of an attempt.
    pub(super) fn labels(&self, at: usize, by: By) -> impl Iterator<Item = &str> {
        let start = at.checked_sub(1).map_or(0, |before| self.all[before].labels as usize);
        let labels = self.labels.get(start..self.all[at].labels as usize).unwrap_or_default();
        let of = labels.iter().filter(move |(kind, _)| *kind == by);
        of.map(|(_, number)| self.texts.text(*number))
    }

    /// Attempts of one test, as Allure 2 groups them.
    pub(super) fn groups2(&self) -> Groups<Identity> {
        Groups::new(self.all.iter().map(|attempt| attempt.allure2()?.identity))
    }

    /// The same as Allure 3 groups them.
    pub(super) fn groups3(&self) -> Groups<Identity> {
        Groups::new(self.all.iter().map(|attempt| attempt.allure3()?.identity))
    }

    /// Attempts with one `uuid`, of those that Allure 3 reads.
    pub(super) fn same_uuid(&self) -> Groups<Identity> {
        Groups::new(self.all.iter().map(|attempt| attempt.allure3().and(attempt.uuid)))
    }
}

/// Four milliards of files, of characters in names or of labels do not fit into memory before this
/// is reached.
fn short(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Texts that many results share, each kept once.
#[derive(Debug, Default)]
struct Texts {
    numbers: BTreeMap<Rc<str>, u32>,
    texts: Vec<Rc<str>>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let text: Rc<str> = text.into();
        let number = short(self.texts.len() as u64);
        self.numbers.insert(text.clone(), number);
        self.texts.push(text);
        number
    }

    fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }
}
