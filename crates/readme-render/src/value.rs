//! Values as templates see them: Python's, each with the places in the data it was made from.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use crate::ast;
use crate::engine::{Frame, LoopState, Printed};
use crate::map::Map;
use crate::places::Src;

/// A value and where it came from.
#[derive(Clone, Debug)]
pub struct Tracked {
    /// The value.
    pub val: Val,
    /// The places in the data it was taken or computed from.
    pub src: Src,
}

/// A value.
#[derive(Clone)]
pub enum Val {
    /// Nothing is there.
    Undefined(Rc<Missing>),
    /// `none`.
    None,
    /// `true`, `false`.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// A floating point number.
    Float(f64),
    /// Text.
    Str(Rc<str>),
    /// Text that is markup already and is not escaped again.
    Safe(Rc<Markup>),
    /// A list.
    List(Rc<RefCell<Vec<Tracked>>>),
    /// A tuple.
    Tuple(Rc<Vec<Tracked>>),
    /// One group of `groupby`: a tuple whose items are also `grouper` and `list`.
    Group(Rc<Vec<Tracked>>),
    /// What a lazy filter gives (`map`, `select`, …): a list that cannot be printed or measured
    /// before `|list`, as in Jinja2.
    Stream(Rc<Vec<Tracked>>),
    /// A dictionary, in the order of insertion.
    Map(Rc<RefCell<Map>>),
    /// `namespace(…)`.
    Namespace(Rc<RefCell<Map>>),
    /// A macro and where it was defined.
    Macro(Rc<Closure>),
    /// `{% import … as module %}`.
    Module(Rc<Module>),
    /// `loop`.
    Loop(Rc<LoopState>),
    /// A global function.
    Global(&'static str),
    /// A method and what it is of.
    Method(Rc<(Tracked, Rc<str>)>),
    /// `cycler(…)`: the items and the position.
    Cycler(Rc<(Vec<Tracked>, Cell<usize>)>),
    /// `joiner(…)`: the separator and whether it was used.
    Joiner(Rc<(Rc<str>, Cell<bool>)>),
    /// `super` or `self.name` of a block: how to render it.
    BlockRef(Rc<(Rc<str>, usize)>),
    /// `self`.
    Blocks,
}

/// Markup, and what was printed into it.
#[derive(Debug, Default)]
pub struct Markup {
    /// The text.
    pub text: String,
    /// The printed expressions inside, by their place in `text`.
    pub printed: Vec<Printed>,
    /// Ordinary text after all, only with what was printed inside: what a macro gives where
    /// nothing is escaped.
    pub plain: bool,
}

/// Why nothing is there.
#[derive(Debug)]
pub struct Missing {
    /// What was asked for, as a path people can follow.
    pub path: String,
    /// The place in the data, if it is one.
    pub src: Src,
    /// Whose absence it is.
    pub kind: Absence,
}

/// Whose absence it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// The data's: an error, unless the template declares the path optional.
    Data,
    /// The template's own: a parameter that was not given, an item of an empty list.
    Local,
    /// Nobody's: an `if` without `else` prints nothing.
    Nothing,
    /// Already reported; nothing that follows from it is reported again.
    Reported,
}

/// A macro and where it was defined.
#[derive(Debug)]
pub struct Closure {
    /// The macro.
    pub code: Rc<ast::Macro>,
    /// The variables it sees.
    pub frame: Rc<Frame>,
    /// The template it stands in.
    pub template: Rc<ast::Template>,
}

/// An imported template.
#[derive(Debug)]
pub struct Module {
    /// Its name.
    pub name: Rc<str>,
    /// What it defines.
    pub frame: Rc<Frame>,
    /// What it prints.
    pub text: Rc<Markup>,
}

impl Tracked {
    /// A value that no data stands behind.
    #[must_use]
    pub fn bare(val: Val) -> Self {
        Self { val, src: Src::None }
    }

    /// Every place the value was made from, those of its items included.
    #[must_use]
    pub fn deep(&self) -> Src {
        if self.src != Src::None {
            return self.src.clone();
        }
        match &self.val {
            Val::Undefined(missing) => missing.src.clone(),
            Val::List(items) => {
                items.borrow().iter().fold(Src::None, |src, item| src.and(&item.deep()))
            }
            Val::Tuple(items) | Val::Group(items) | Val::Stream(items) => {
                items.iter().fold(Src::None, |src, item| src.and(&item.deep()))
            }
            Val::Map(map) | Val::Namespace(map) => {
                map.borrow().iter().fold(Src::None, |src, (_, item)| src.and(&item.deep()))
            }
            _ => Src::None,
        }
    }
}

impl From<Val> for Tracked {
    fn from(val: Val) -> Self {
        Self::bare(val)
    }
}

impl Val {
    /// Text.
    #[must_use]
    pub fn str(text: impl Into<Rc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// Markup without anything printed inside.
    #[must_use]
    pub fn safe(text: impl Into<String>) -> Self {
        Self::Safe(Rc::new(Markup { text: text.into(), ..Markup::default() }))
    }

    /// A list.
    #[must_use]
    pub fn list(items: Vec<Tracked>) -> Self {
        Self::List(Rc::new(RefCell::new(items)))
    }

    /// A dictionary.
    #[must_use]
    pub fn map(map: Map) -> Self {
        Self::Map(Rc::new(RefCell::new(map)))
    }

    /// The text of a string or of markup.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            Self::Safe(markup) => Some(&markup.text),
            _ => None,
        }
    }

    /// Whether it is text, markup or not.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.as_str().is_some()
    }

    /// Whether it is markup, which is not escaped again.
    #[must_use]
    pub fn is_markup(&self) -> bool {
        matches!(self, Self::Safe(markup) if !markup.plain)
    }

    /// Whether nothing is there.
    #[must_use]
    pub fn is_undefined(&self) -> bool {
        matches!(self, Self::Undefined(_))
    }

    /// Python's truth.
    #[must_use]
    pub fn truth(&self) -> bool {
        match self {
            Self::Undefined(_) | Self::None => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Str(text) => !text.is_empty(),
            Self::Safe(markup) => !markup.text.is_empty(),
            Self::List(items) => !items.borrow().is_empty(),
            Self::Tuple(items) | Self::Group(items) => !items.is_empty(),
            Self::Map(map) => !map.borrow().is_empty(),
            _ => true,
        }
    }

    /// Whether `container` is this value or somewhere inside of it: putting this into it would
    /// make it contain itself, and then nothing could be printed or compared to its end.
    #[must_use]
    pub fn holds(&self, container: &Self) -> bool {
        let any = |items: &[Tracked]| items.iter().any(|item| item.val.holds(container));
        match (self, container) {
            (Self::List(a), Self::List(b)) if Rc::ptr_eq(a, b) => true,
            (Self::Map(a) | Self::Namespace(a), Self::Map(b) | Self::Namespace(b))
                if Rc::ptr_eq(a, b) =>
            {
                true
            }
            (Self::List(items), _) => any(&items.borrow()),
            (Self::Tuple(items) | Self::Group(items) | Self::Stream(items), _) => any(items),
            (Self::Map(map) | Self::Namespace(map), _) => {
                map.borrow().iter().any(|(_, item)| item.val.holds(container))
            }
            _ => false,
        }
    }

    /// What people call its type, for messages.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Undefined(_) => "an undefined value",
            Self::None => "none",
            Self::Bool(_) => "a boolean",
            Self::Int(_) | Self::Float(_) => "a number",
            Self::Str(_) => "text",
            Self::Safe(_) => "markup",
            Self::List(_) => "a list",
            Self::Tuple(_) | Self::Group(_) => "a tuple",
            Self::Stream(_) => "the result of a lazy filter",
            Self::Map(_) => "a dictionary",
            Self::Namespace(_) => "a namespace",
            Self::Macro(_) | Self::Global(_) | Self::Method(_) | Self::BlockRef(_) => "a function",
            Self::Module(_) => "a module",
            Self::Loop(_) => "a loop",
            Self::Cycler(_) => "a cycler",
            Self::Joiner(_) => "a joiner",
            Self::Blocks => "the blocks",
        }
    }
}

// By hand: frames refer to macros that refer to frames.
impl fmt::Debug for Val {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Int(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Str(text) => text.fmt(f),
            other => f.write_str(other.type_name()),
        }
    }
}
