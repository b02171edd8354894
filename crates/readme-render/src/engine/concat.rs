//! `a ~ b ~ c`.

use std::rc::Rc;

use super::{Escape, Flaw, Frame, Machine};
use crate::ast::{Arg, Binary, Expr, Kind};
use crate::ops;
use crate::places::Src;
use crate::value::{Tracked, Val};

/// Filters whose answer depends on more than what they are given, so that Jinja2 does not run them
/// before the template does.
const LATE: [&str; 6] = ["map", "select", "reject", "selectattr", "rejectattr", "random"];

impl Machine<'_> {
    /// The operands as one text, and as markup if any of them is.
    pub(super) fn concat(
        &mut self,
        left: &Expr,
        right: &Expr,
        frame: &Rc<Frame>,
    ) -> Result<Tracked, Flaw> {
        let mut operands = vec![right];
        let mut first = left;
        while let Kind::Binary(Binary::Concat, before, last) = &first.kind {
            self.step()?;
            operands.push(last);
            first = before;
        }
        operands.push(first);
        operands.reverse();
        // All of them first, so that one report names what any of them misses.
        let values: Vec<_> = operands.iter().map(|operand| self.operand(operand, frame)).collect();
        let values = values.into_iter().collect::<Result<Vec<Tracked>, Flaw>>()?;
        let src = values.iter().fold(Src::None, |src, value| self.join(&src, &value.deep()));
        // Jinja2 joins literals before it knows what markup is: the answer is ordinary text.
        let markup = self.escape != Escape::None
            && values.iter().any(|value| value.val.is_markup())
            && !operands.iter().all(|operand| is_literal(operand));
        let mut text = String::new();
        for value in &values {
            match &value.val {
                Val::Undefined(_) => {}
                val if markup => text.push_str(&ops::escaped(val)?),
                val => crate::text::write_display(val, &mut text)?,
            }
        }
        Ok(Tracked { val: if markup { Val::safe(text) } else { Val::str(text) }, src })
    }
}

/// Whether the value can be known without running the template.
fn is_literal(expr: &Expr) -> bool {
    let all = |exprs: &[&Expr]| exprs.iter().all(|expr| is_literal(expr));
    let given = |args: &[Arg]| {
        args.iter().all(|arg| match arg {
            Arg::Pos(expr) | Arg::Named(_, expr) | Arg::Splat(expr) | Arg::NamedSplat(expr) => {
                is_literal(expr)
            }
        })
    };
    match &expr.kind {
        Kind::Const(_) => true,
        Kind::Var(_) | Kind::Call(..) => false,
        Kind::List(items) | Kind::Tuple(items) => items.iter().all(is_literal),
        Kind::Map(pairs) => pairs.iter().all(|(key, value)| all(&[key, value])),
        Kind::Not(a) | Kind::Neg(a) | Kind::Attr(a, _) => is_literal(a),
        Kind::And(a, b) | Kind::Or(a, b) | Kind::Binary(_, a, b) | Kind::Item(a, b) => all(&[a, b]),
        Kind::Compare(first, chain) => {
            is_literal(first) && chain.iter().all(|(_, operand)| is_literal(operand))
        }
        Kind::If { test, then, otherwise } => {
            all(&[test, then]) && otherwise.as_deref().is_some_and(is_literal)
        }
        Kind::Filter { name, operand, args } => {
            !LATE.contains(&&**name) && operand.as_deref().is_some_and(is_literal) && given(args)
        }
        Kind::Test { operand, args, .. } => is_literal(operand) && given(args),
        Kind::Slice(object, bounds) => {
            is_literal(object) && bounds.iter().flatten().all(is_literal)
        }
    }
}
