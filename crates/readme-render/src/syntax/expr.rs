//! Expressions.

use minijinja::machinery::ast as mj;
use minijinja::value::{Value, ValueKind};

use super::{Lower, SyntaxError};
use crate::ast::{Arg, Binary, Comparison, Expr, Kind};
use crate::value::Val;

/// Deepest nesting of one expression.
const DEEPEST: usize = 1000;

type Lowered = Result<Expr, SyntaxError>;

impl Lower<'_> {
    pub(crate) fn expr(&mut self, expr: &mj::Expr<'_>) -> Lowered {
        // The parser bounds brackets, but not chains (`1 + 1 + …`), which it nests as well.
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("an expression nested more than {DEEPEST} deep");
            return Err(self.error(expr.span(), message));
        }
        let lowered = self.bounded(expr);
        self.depth -= 1;
        lowered
    }

    fn bounded(&mut self, expr: &mj::Expr<'_>) -> Lowered {
        let kind = match expr {
            mj::Expr::Var(var) => Kind::Var(var.id.into()),
            mj::Expr::Const(constant) => match literal(&constant.value) {
                Some(val) => Kind::Const(val),
                None => return Err(self.error(expr.span(), "a literal that is out of range")),
            },
            mj::Expr::List(list) => Kind::List(self.exprs(&list.items)?),
            mj::Expr::Tuple(tuple) => Kind::Tuple(self.exprs(&tuple.items)?),
            mj::Expr::Map(map) => {
                let mut pairs = Vec::with_capacity(map.keys.len());
                for (key, value) in map.keys.iter().zip(&map.values) {
                    pairs.push((self.expr(key)?, self.expr(value)?));
                }
                Kind::Map(pairs)
            }
            mj::Expr::UnaryOp(op) => match op.op {
                mj::UnaryOpKind::Not => Kind::Not(self.boxed(&op.expr)?),
                mj::UnaryOpKind::Neg => Kind::Neg(self.boxed(&op.expr)?),
            },
            mj::Expr::BinOp(op) => self.binary(op)?,
            mj::Expr::Compare(compare) => {
                let mut chain = Vec::with_capacity(compare.ops.len());
                for op in &compare.ops {
                    chain.push((comparison(op.op), self.expr(&op.expr)?));
                }
                Kind::Compare(self.boxed(&compare.expr)?, chain)
            }
            mj::Expr::IfExpr(branch) => Kind::If {
                test: self.boxed(&branch.test_expr)?,
                then: self.boxed(&branch.true_expr)?,
                otherwise: branch.false_expr.as_ref().map(|e| self.boxed(e)).transpose()?,
            },
            mj::Expr::Filter(filter) => Kind::Filter {
                name: filter.name.into(),
                operand: filter.expr.as_ref().map(|e| self.boxed(e)).transpose()?,
                args: self.args(&filter.args)?,
            },
            mj::Expr::Test(test) => Kind::Test {
                name: test.name.into(),
                operand: self.boxed(&test.expr)?,
                args: self.args(&test.args)?,
            },
            mj::Expr::GetAttr(attr) => Kind::Attr(self.boxed(&attr.expr)?, attr.name.into()),
            mj::Expr::GetItem(item) => {
                Kind::Item(self.boxed(&item.expr)?, self.boxed(&item.subscript_expr)?)
            }
            mj::Expr::Slice(slice) => {
                let mut part =
                    |e: &Option<mj::Expr<'_>>| e.as_ref().map(|expr| self.expr(expr)).transpose();
                let bounds = [part(&slice.start)?, part(&slice.stop)?, part(&slice.step)?];
                Kind::Slice(self.boxed(&slice.expr)?, Box::new(bounds))
            }
            mj::Expr::Call(call) => return self.call(call),
        };
        Ok(Expr { line: self.line(expr.span()), kind })
    }

    pub(crate) fn call(&mut self, call: &mj::Spanned<mj::Call<'_>>) -> Lowered {
        let kind = Kind::Call(self.boxed(&call.expr)?, self.args(&call.args)?);
        Ok(Expr { line: self.line(call.span()), kind })
    }

    fn boxed(&mut self, expr: &mj::Expr<'_>) -> Result<Box<Expr>, SyntaxError> {
        self.expr(expr).map(Box::new)
    }

    fn exprs(&mut self, exprs: &[mj::Expr<'_>]) -> Result<Vec<Expr>, SyntaxError> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn binary(&mut self, op: &mj::BinOp<'_>) -> Result<Kind, SyntaxError> {
        let (left, right) = (self.boxed(&op.left)?, self.boxed(&op.right)?);
        let comparison = match op.op {
            mj::BinOpKind::ScAnd => return Ok(Kind::And(left, right)),
            mj::BinOpKind::ScOr => return Ok(Kind::Or(left, right)),
            mj::BinOpKind::Eq => Comparison::Eq,
            mj::BinOpKind::Ne => Comparison::Ne,
            mj::BinOpKind::Lt => Comparison::Lt,
            mj::BinOpKind::Lte => Comparison::Le,
            mj::BinOpKind::Gt => Comparison::Gt,
            mj::BinOpKind::Gte => Comparison::Ge,
            mj::BinOpKind::In => Comparison::In,
            other => return Ok(Kind::Binary(arithmetic(other), left, right)),
        };
        Ok(Kind::Compare(left, vec![(comparison, *right)]))
    }

    pub(crate) fn args(&mut self, args: &[mj::CallArg<'_>]) -> Result<Vec<Arg>, SyntaxError> {
        args.iter()
            .map(|arg| match arg {
                mj::CallArg::Pos(expr) => Ok(Arg::Pos(self.expr(expr)?)),
                mj::CallArg::Kwarg(name, expr) => Ok(Arg::Named((*name).into(), self.expr(expr)?)),
                mj::CallArg::PosSplat(expr) => Ok(Arg::Splat(self.expr(expr)?)),
                mj::CallArg::KwargSplat(expr) => Ok(Arg::NamedSplat(self.expr(expr)?)),
            })
            .collect()
    }
}

/// The operators that are neither comparisons nor `and` and `or`.
fn arithmetic(op: mj::BinOpKind) -> Binary {
    match op {
        mj::BinOpKind::Sub => Binary::Sub,
        mj::BinOpKind::Mul => Binary::Mul,
        mj::BinOpKind::Div => Binary::Div,
        mj::BinOpKind::FloorDiv => Binary::FloorDiv,
        mj::BinOpKind::Rem => Binary::Rem,
        mj::BinOpKind::Pow => Binary::Pow,
        mj::BinOpKind::Concat => Binary::Concat,
        _ => Binary::Add,
    }
}

fn comparison(op: mj::CompareOpKind) -> Comparison {
    match op {
        mj::CompareOpKind::Eq => Comparison::Eq,
        mj::CompareOpKind::Ne => Comparison::Ne,
        mj::CompareOpKind::Lt => Comparison::Lt,
        mj::CompareOpKind::Lte => Comparison::Le,
        mj::CompareOpKind::Gt => Comparison::Gt,
        mj::CompareOpKind::Gte => Comparison::Ge,
        mj::CompareOpKind::In => Comparison::In,
        mj::CompareOpKind::NotIn => Comparison::NotIn,
    }
}

/// A literal; `None` if it is a number no [`Val`] holds.
fn literal(value: &Value) -> Option<Val> {
    match value.kind() {
        ValueKind::None => Some(Val::None),
        ValueKind::Bool => Some(Val::Bool(value.is_true())),
        ValueKind::String => value.as_str().map(Val::str),
        ValueKind::Number if value.is_integer() => i128::try_from(value.clone()).ok().map(Val::Int),
        ValueKind::Number => f64::try_from(value.clone()).ok().map(Val::Float),
        _ => None,
    }
}
