//! Variables.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::ast::For;
use crate::places::Src;
use crate::value::{Tracked, Val};

/// The variables of one scope, and the scope around it.
#[derive(Debug, Default)]
pub struct Frame {
    vars: RefCell<Vec<(Rc<str>, Tracked)>>,
    parent: Option<Rc<Frame>>,
}

impl Frame {
    /// An empty scope inside `parent`.
    #[must_use]
    pub fn inside(parent: &Rc<Self>) -> Rc<Self> {
        Rc::new(Self { vars: RefCell::default(), parent: Some(parent.clone()) })
    }

    /// The value of a name, here or around.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Tracked> {
        let mut frame = self;
        loop {
            if let Some(value) = frame.own(name) {
                return Some(value);
            }
            frame = frame.parent.as_deref()?;
        }
    }

    /// The value of a name, here.
    #[must_use]
    pub fn own(&self, name: &str) -> Option<Tracked> {
        let vars = self.vars.borrow();
        vars.iter().rev().find(|(known, _)| **known == *name).map(|(_, value)| value.clone())
    }

    /// Sets a name here.
    pub fn set(&self, name: &Rc<str>, value: Tracked) {
        let mut vars = self.vars.borrow_mut();
        match vars.iter_mut().find(|(known, _)| known == name) {
            Some(slot) => slot.1 = value,
            None => vars.push((name.clone(), value)),
        }
    }
}

/// `loop`.
#[derive(Debug)]
pub struct LoopState {
    /// What is looped over.
    pub items: Vec<Tracked>,
    /// Where the items came from.
    pub src: Src,
    /// Index of the current item, counted from 0.
    pub index: Cell<usize>,
    /// How deep inside recursive calls of the same loop.
    pub depth: usize,
    /// What `loop.changed` saw last.
    pub last: RefCell<Option<Vec<Val>>>,
    /// The loop and its surroundings, if it is recursive.
    pub recursive: Option<(Rc<For>, Rc<Frame>)>,
}
