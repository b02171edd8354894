//! Expressions.

use std::cmp::Ordering;
use std::rc::Rc;

use super::{Flaw, Frame, Machine};
use crate::ast::{Arg, Comparison, Expr, Kind};
use crate::filters::{self, Args};
use crate::map::Map;
use crate::ops;
use crate::places::{Src, Step};
use crate::predicates;
use crate::value::{Absence, Missing, Tracked, Val};

type Answer = Result<Tracked, Flaw>;

impl Machine<'_> {
    /// The value of an expression; one that is missing is a value, too, until it is used.
    pub(crate) fn eval(&mut self, expr: &Expr, frame: &Rc<Frame>) -> Answer {
        self.step()?;
        self.nesting += 1;
        if self.nesting > super::NESTED {
            return Err(Flaw::Stop(format!("nested more than {} deep", super::NESTED)));
        }
        let value = self.value(expr, frame);
        self.nesting -= 1;
        value
    }

    fn value(&mut self, expr: &Expr, frame: &Rc<Frame>) -> Answer {
        match &expr.kind {
            Kind::Var(name) => Ok(self.variable(name, frame)),
            Kind::Const(val) => Ok(val.clone().into()),
            Kind::List(items) => Ok(Val::list(self.each(items, frame)?).into()),
            Kind::Tuple(items) => Ok(Val::Tuple(Rc::new(self.each(items, frame)?)).into()),
            Kind::Map(pairs) => self.dictionary(pairs, frame),
            Kind::Not(operand) => {
                let value = self.eval(operand, frame)?;
                let truth = self.truth(&value, expr.line)?;
                Ok(Tracked { val: Val::Bool(!truth), src: value.deep() })
            }
            Kind::Neg(operand) => {
                let value = self.eval(operand, frame)?;
                let value = self.present(value, expr.line)?;
                Ok(Tracked { val: ops::negate(&value.val)?, src: value.src })
            }
            Kind::And(left, right) => self.junction(left, right, true, frame),
            Kind::Or(left, right) => self.junction(left, right, false, frame),
            Kind::Binary(crate::ast::Binary::Concat, left, right) => {
                self.concat(left, right, frame)
            }
            Kind::Binary(op, left, right) => {
                // Both sides first, so that one report names what either misses.
                let left = self.operand(left, frame);
                let right = self.operand(right, frame);
                let (left, right) = (left?, right?);
                let src = self.join(&left.deep(), &right.deep());
                Ok(Tracked { val: ops::binary(*op, &left.val, &right.val)?, src })
            }
            Kind::Compare(first, chain) => self.compare(first, chain, frame),
            Kind::If { test, then, otherwise } => {
                self.conditional(expr.line, test, then, otherwise.as_deref(), frame)
            }
            Kind::Filter { name, operand, args } => {
                let Some(operand) = operand else {
                    return Err(Flaw::Error(format!("filter {name} has nothing to work on")));
                };
                let operand = self.eval(operand, frame)?;
                let args = self.args(args, frame)?;
                filters::apply(self, name, operand, args, expr.line)
            }
            Kind::Test { name, operand, args } => {
                let operand = self.eval(operand, frame)?;
                let args = self.args(args, frame)?;
                predicates::apply(self, name, operand, args, expr.line)
            }
            Kind::Attr(object, name) => {
                let object = self.eval(object, frame)?;
                self.attr(&object, name, expr.line)
            }
            Kind::Item(object, key) => {
                let object = self.eval(object, frame)?;
                let key = self.operand(key, frame)?;
                self.item(&object, &key, expr.line)
            }
            Kind::Slice(object, bounds) => self.slice(object, bounds, frame),
            Kind::Call(callee, args) => self.call(callee, args, frame),
        }
    }

    /// A filter chain of a `filter` or `set` block, over the text of the block.
    pub(super) fn filtered(&mut self, filter: &Expr, text: Tracked, frame: &Rc<Frame>) -> Answer {
        let Kind::Filter { name, operand, args } = &filter.kind else {
            return Err(Flaw::Error("expected a filter".to_owned()));
        };
        let text = match operand {
            Some(inner) => self.filtered(inner, text, frame)?,
            None => text,
        };
        let args = self.args(args, frame)?;
        filters::apply(self, name, text, args, filter.line)
    }

    fn variable(&mut self, name: &Rc<str>, frame: &Rc<Frame>) -> Tracked {
        if let Some(value) = frame.get(name) {
            return value;
        }
        if let Some(global) = super::call::global(name) {
            return Val::Global(global).into();
        }
        if **name == *"evidence" {
            return self.evidence();
        }
        if **name == *"self" {
            return Val::Blocks.into();
        }
        let own = self.template.assigned.contains(name)
            || ["loop", "caller", "super", "varargs", "kwargs"].contains(&&**name);
        let kind = if own { Absence::Local } else { Absence::Data };
        let src = match kind {
            Absence::Data => Src::One(self.places.absent(None, Step::Root(None, name.clone()))),
            _ => Src::None,
        };
        Val::Undefined(Rc::new(Missing { path: name.to_string(), src, kind })).into()
    }

    fn each(&mut self, items: &[Expr], frame: &Rc<Frame>) -> Result<Vec<Tracked>, Flaw> {
        items.iter().map(|item| self.eval(item, frame)).collect()
    }

    fn dictionary(&mut self, pairs: &[(Expr, Expr)], frame: &Rc<Frame>) -> Answer {
        let mut map = Map::default();
        for (key, value) in pairs {
            let key = self.operand(key, frame)?;
            let value = self.eval(value, frame)?;
            if matches!(key.val, Val::List(_) | Val::Map(_)) {
                return Err(Flaw::Error(format!("{} cannot be a key", key.val.type_name())));
            }
            map.insert(key.val, value);
        }
        Ok(Val::map(map).into())
    }

    /// An operand that has to be there.
    pub(super) fn operand(&mut self, expr: &Expr, frame: &Rc<Frame>) -> Answer {
        let value = self.eval(expr, frame)?;
        self.present(value, expr.line)
    }

    /// Python's truth of a value that has to be there.
    pub(crate) fn truth(&mut self, value: &Tracked, line: u32) -> Result<bool, Flaw> {
        Ok(self.present(value.clone(), line)?.val.truth())
    }

    fn junction(&mut self, left: &Expr, right: &Expr, and: bool, frame: &Rc<Frame>) -> Answer {
        let first = self.eval(left, frame)?;
        if self.truth(&first, left.line)? != and {
            return Ok(first);
        }
        let second = self.eval(right, frame)?;
        let src = self.join(&first.deep(), &second.deep());
        Ok(Tracked { val: second.val, src })
    }

    fn compare(&mut self, first: &Expr, chain: &[(Comparison, Expr)], frame: &Rc<Frame>) -> Answer {
        let first = self.operand(first, frame);
        let mut left = match first {
            Ok(left) => left,
            Err(flaw) => {
                for (_, right) in chain {
                    let _ = self.operand(right, frame);
                }
                return Err(flaw);
            }
        };
        let mut src = left.deep();
        for (op, right) in chain {
            let right = self.operand(right, frame)?;
            src = self.join(&src, &right.deep());
            if !holds(*op, &left.val, &right.val)? {
                return Ok(Tracked { val: Val::Bool(false), src });
            }
            left = right;
        }
        Ok(Tracked { val: Val::Bool(true), src })
    }

    fn conditional(
        &mut self,
        line: u32,
        test: &Expr,
        then: &Expr,
        otherwise: Option<&Expr>,
        frame: &Rc<Frame>,
    ) -> Answer {
        let tested = self.eval(test, frame)?;
        let yes = self.truth(&tested, line)?;
        let value = match (yes, otherwise) {
            (true, _) => self.eval(then, frame)?,
            (false, Some(otherwise)) => self.eval(otherwise, frame)?,
            (false, None) => {
                let path = "an `if` without `else` that came out false".to_owned();
                let missing = Missing { path, src: tested.deep(), kind: Absence::Nothing };
                return Ok(Val::Undefined(Rc::new(missing)).into());
            }
        };
        // A container keeps its own place, so that its items keep theirs.
        if matches!(value.val, Val::List(_) | Val::Map(_) | Val::Undefined(_)) {
            return Ok(value);
        }
        let src = self.join(&value.src, &tested.deep());
        Ok(Tracked { val: value.val, src })
    }

    fn slice(&mut self, object: &Expr, bounds: &[Option<Expr>; 3], frame: &Rc<Frame>) -> Answer {
        let object = self.operand(object, frame)?;
        if let Val::Undefined(missing) = &object.val {
            return Err(Flaw::Error(format!("{} is undefined", missing.path)));
        }
        let mut numbers = [None; 3];
        for (number, bound) in numbers.iter_mut().zip(bounds) {
            let Some(bound) = bound else { continue };
            *number = match self.operand(bound, frame)?.val {
                Val::Int(value) => Some(value),
                Val::Bool(value) => Some(i128::from(value)),
                Val::None => None,
                other => {
                    let message = format!("expected a whole number, found {}", other.type_name());
                    return Err(Flaw::Error(message));
                }
            };
        }
        super::access::slice(&object, numbers)
    }

    /// Arguments, in the order they are given.
    pub(super) fn args(&mut self, args: &[Arg], frame: &Rc<Frame>) -> Result<Args, Flaw> {
        let mut given = Args::default();
        for arg in args {
            match arg {
                Arg::Pos(expr) => given.pos.push(self.eval(expr, frame)?),
                Arg::Named(name, expr) => {
                    given.named.push((name.clone(), self.eval(expr, frame)?));
                }
                Arg::Splat(expr) => {
                    let list = self.operand(expr, frame)?;
                    given.pos.extend(self.items(&list, expr.line)?);
                }
                Arg::NamedSplat(expr) => match self.operand(expr, frame)?.val {
                    Val::Map(map) => {
                        for (key, value) in map.borrow().iter() {
                            let name = key.as_str().ok_or("** needs text keys".to_owned())?;
                            given.named.push((name.into(), value.clone()));
                        }
                    }
                    other => {
                        let found = other.type_name();
                        return Err(Flaw::Error(format!("** needs a dictionary, found {found}")));
                    }
                },
            }
        }
        Ok(given)
    }
}

/// Whether `left op right` holds; values without an order are an error, as in Python.
fn holds(op: Comparison, left: &Val, right: &Val) -> Result<bool, String> {
    Ok(match op {
        Comparison::Eq => ops::equal(left, right),
        Comparison::Ne => !ops::equal(left, right),
        Comparison::In => ops::contains(right, left)?,
        Comparison::NotIn => !ops::contains(right, left)?,
        Comparison::Lt => ops::compare(left, right)? == Some(Ordering::Less),
        Comparison::Gt => ops::compare(left, right)? == Some(Ordering::Greater),
        Comparison::Le => {
            matches!(ops::compare(left, right)?, Some(Ordering::Less | Ordering::Equal))
        }
        Comparison::Ge => {
            matches!(ops::compare(left, right)?, Some(Ordering::Greater | Ordering::Equal))
        }
    })
}
