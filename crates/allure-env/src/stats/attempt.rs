//! What is kept of one result: of very many, so it is kept small.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::result::{About, Identity, View};

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
    /// Its position among the inputs.
    pub file: u64,
    pub allure2: Option<View>,
    pub allure3: Option<View>,
    pub name: Box<str>,
    pub uuid: Option<Identity>,
    /// It carries an `ALLURE_ID`.
    pub allure_id: bool,
    labels: Box<[(By, u32)]>,
}

impl Attempt {
    pub(super) fn new(
        file: u64,
        views: (Option<View>, Option<View>),
        about: About,
        texts: &mut Texts,
    ) -> Self {
        let kinds =
            [(By::Suite, about.suites), (By::Feature, about.features), (By::Layer, about.layers)];
        let labels = kinds
            .into_iter()
            .flat_map(|(by, values)| values.into_iter().map(move |value| (by, value)));
        Self {
            file,
            allure2: views.0,
            allure3: views.1,
            name: about.name.into(),
            uuid: about.uuid,
            allure_id: about.allure_id,
            labels: labels.map(|(by, value)| (by, texts.number(value))).collect(),
        }
    }

    /// The numbers of its labels of one kind.
    pub(super) fn labels(&self, by: By) -> impl Iterator<Item = u32> {
        self.labels.iter().filter(move |(kind, _)| *kind == by).map(|(_, number)| *number)
    }
}

/// Texts that many results share, each kept once.
#[derive(Debug, Default)]
pub(super) struct Texts {
    numbers: BTreeMap<Rc<str>, u32>,
    texts: Vec<Rc<str>>,
}

impl Texts {
    fn number(&mut self, text: String) -> u32 {
        if let Some(number) = self.numbers.get(text.as_str()) {
            return *number;
        }
        let text: Rc<str> = text.into();
        // Four milliards of different labels do not fit into memory before this wraps.
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.numbers.insert(text.clone(), number);
        self.texts.push(text);
        number
    }

    /// The text of a number.
    pub(super) fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }
}
