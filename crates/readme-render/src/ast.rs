//! A template as the engine runs it: owned, with the line and the text of every expression.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crate::value::Val;

/// One parsed template.
#[derive(Debug)]
pub struct Template {
    /// Its name, as `include` and `extends` know it.
    pub name: Rc<str>,
    /// What it does, in order.
    pub body: Vec<Stmt>,
    /// Its blocks by name, nested ones too.
    pub blocks: BTreeMap<Rc<str>, Rc<Block>>,
    /// Names that some statement of it assigns.
    pub assigned: BTreeSet<Rc<str>>,
    /// Data paths it declares optional, in its `proofline:optional` comments.
    pub optional: Vec<String>,
}

/// A statement.
#[derive(Debug)]
pub enum Stmt {
    /// Text that is copied.
    Text(Rc<str>),
    /// `{{ … }}`.
    Print(Print),
    /// `{% if %}`, with `elif` nested in `otherwise`.
    If { line: u32, test: Expr, then: Vec<Stmt>, otherwise: Vec<Stmt> },
    /// `{% for %}`.
    For(Rc<For>),
    /// `{% set a, b = … %}`.
    Set { line: u32, target: Target, value: Expr },
    /// `{% set a %}…{% endset %}`.
    SetBlock { line: u32, target: Target, filter: Option<Expr>, body: Vec<Stmt> },
    /// `{% with a = … %}`.
    With { line: u32, bindings: Vec<(Target, Expr)>, body: Vec<Stmt> },
    /// `{% filter %}`.
    Filter { line: u32, filter: Expr, body: Vec<Stmt> },
    /// `{% autoescape %}`.
    AutoEscape { line: u32, enabled: Expr, body: Vec<Stmt> },
    /// `{% block %}`.
    Block(Rc<Block>),
    /// `{% extends %}`.
    Extends { line: u32, name: Expr },
    /// `{% include %}`.
    Include { line: u32, name: Expr, ignore_missing: bool, with_context: bool },
    /// `{% import … as … %}`.
    Import { line: u32, name: Expr, target: Target, with_context: bool },
    /// `{% from … import … %}`.
    FromImport { line: u32, name: Expr, names: Vec<(Rc<str>, Rc<str>)>, with_context: bool },
    /// `{% macro %}`.
    Macro(Rc<Macro>),
    /// `{% call %}`.
    CallBlock { line: u32, call: Expr, caller: Rc<Macro> },
    /// `{% do %}`.
    Do { line: u32, call: Expr },
    /// `{% break %}`.
    Break,
    /// `{% continue %}`.
    Continue,
}

/// A printed expression.
#[derive(Debug)]
pub struct Print {
    /// Line of the template, counted from 1.
    pub line: u32,
    /// The expression as it is written.
    pub text: Rc<str>,
    /// What is printed.
    pub expr: Expr,
}

/// A loop.
#[derive(Debug)]
pub struct For {
    /// Its line.
    pub line: u32,
    /// The names each item is bound to.
    pub target: Target,
    /// What is looped over.
    pub iter: Expr,
    /// `for … if …`.
    pub filter: Option<Expr>,
    /// Whether `loop(…)` runs it again.
    pub recursive: bool,
    /// What is done for each item.
    pub body: Vec<Stmt>,
    /// What is done if there is none.
    pub otherwise: Vec<Stmt>,
}

/// A block that a child template can replace.
#[derive(Debug)]
pub struct Block {
    /// Its name.
    pub name: Rc<str>,
    /// Its line.
    pub line: u32,
    /// Whether it sees the variables of the loop it stands in.
    pub scoped: bool,
    /// Whether a child has to replace it.
    pub required: bool,
    /// Its content.
    pub body: Vec<Stmt>,
}

/// A macro, or the body of a `call` block.
#[derive(Debug)]
pub struct Macro {
    /// Its name; `caller` for a `call` block.
    pub name: Rc<str>,
    /// Parameters, the last ones with defaults.
    pub params: Vec<(Rc<str>, Option<Expr>)>,
    /// Its content.
    pub body: Vec<Stmt>,
    /// Whether its body asks for `varargs`.
    pub varargs: bool,
    /// Whether its body asks for `kwargs`.
    pub kwargs: bool,
}

/// What is assigned to.
#[derive(Debug)]
pub enum Target {
    /// A name.
    Name(Rc<str>),
    /// An attribute of a namespace.
    Attr(Rc<str>, Rc<str>),
    /// Several at once.
    Unpack(Vec<Target>),
}

/// An expression and the line it begins on.
#[derive(Debug)]
pub struct Expr {
    /// Line of the template, counted from 1.
    pub line: u32,
    /// What it is.
    pub kind: Kind,
}

/// What an expression is.
#[derive(Debug)]
pub enum Kind {
    /// A variable.
    Var(Rc<str>),
    /// A literal.
    Const(Val),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `(a, b)`.
    Tuple(Vec<Expr>),
    /// `{a: b}`.
    Map(Vec<(Expr, Expr)>),
    /// `not a`.
    Not(Box<Expr>),
    /// `-a`.
    Neg(Box<Expr>),
    /// `a and b`.
    And(Box<Expr>, Box<Expr>),
    /// `a or b`.
    Or(Box<Expr>, Box<Expr>),
    /// Arithmetic and `~`.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// `a < b <= c`.
    Compare(Box<Expr>, Vec<(Comparison, Expr)>),
    /// `a if test else b`.
    If { test: Box<Expr>, then: Box<Expr>, otherwise: Option<Box<Expr>> },
    /// `a|name(…)`; without an operand inside a `filter` block.
    Filter { name: Rc<str>, operand: Option<Box<Expr>>, args: Vec<Arg> },
    /// `a is name(…)`.
    Test { name: Rc<str>, operand: Box<Expr>, args: Vec<Arg> },
    /// `a.name`.
    Attr(Box<Expr>, Rc<str>),
    /// `a[b]`.
    Item(Box<Expr>, Box<Expr>),
    /// `a[b:c:d]`.
    Slice(Box<Expr>, Box<[Option<Expr>; 3]>),
    /// `a(…)`.
    Call(Box<Expr>, Vec<Arg>),
}

/// An argument.
#[derive(Debug)]
pub enum Arg {
    /// By position.
    Pos(Expr),
    /// By name.
    Named(Rc<str>, Expr),
    /// `*list`.
    Splat(Expr),
    /// `**map`.
    NamedSplat(Expr),
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `//`
    FloorDiv,
    /// `%`
    Rem,
    /// `**`
    Pow,
    /// `~`
    Concat,
}

/// An operator that compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `in`
    In,
    /// `not in`
    NotIn,
}
