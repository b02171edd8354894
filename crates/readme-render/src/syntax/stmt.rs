//! Statements.

use std::rc::Rc;

use minijinja::machinery::{Span, ast as mj};

use super::{Lower, SyntaxError};
use crate::ast::{Block, For, Macro, Print, Stmt, Target};

impl Lower<'_> {
    pub(crate) fn body(&mut self, stmts: &[mj::Stmt<'_>]) -> Result<Vec<Stmt>, SyntaxError> {
        stmts.iter().map(|stmt| self.stmt(stmt)).collect()
    }

    /// A body with that many loops around it that it can leave.
    fn inside_loops(
        &mut self,
        loops: usize,
        body: &[mj::Stmt<'_>],
    ) -> Result<Vec<Stmt>, SyntaxError> {
        let around = std::mem::replace(&mut self.loops, loops);
        let body = self.body(body);
        self.loops = around;
        body
    }

    fn stmt(&mut self, stmt: &mj::Stmt<'_>) -> Result<Stmt, SyntaxError> {
        match stmt {
            mj::Stmt::Template(template) => {
                Err(self.error(template.span(), "a template inside a template"))
            }
            mj::Stmt::EmitRaw(raw) => Ok(Stmt::Text(raw.raw.into())),
            mj::Stmt::EmitExpr(emit) => {
                let text = self.text(emit.span()).trim_start_matches("{{");
                let text = text.trim_start_matches(['-', '+']).trim();
                let (line, text) = (self.line(emit.span()), text.into());
                Ok(Stmt::Print(Print { line, text, expr: self.expr(&emit.expr)? }))
            }
            mj::Stmt::ForLoop(turn) => self.for_loop(turn),
            mj::Stmt::IfCond(cond) => Ok(Stmt::If {
                line: self.line(cond.span()),
                test: self.expr(&cond.expr)?,
                then: self.body(&cond.true_body)?,
                otherwise: self.body(&cond.false_body)?,
            }),
            mj::Stmt::Set(set) => Ok(Stmt::Set {
                line: self.line(set.span()),
                target: self.target(&set.target)?,
                value: self.expr(&set.expr)?,
            }),
            mj::Stmt::SetBlock(set) => Ok(Stmt::SetBlock {
                line: self.line(set.span()),
                target: self.target(&set.target)?,
                filter: set.filter.as_ref().map(|f| self.expr(f)).transpose()?,
                body: self.body(&set.body)?,
            }),
            mj::Stmt::WithBlock(with) => self.with(with),
            mj::Stmt::FilterBlock(filter) => Ok(Stmt::Filter {
                line: self.line(filter.span()),
                filter: self.expr(&filter.filter)?,
                body: self.body(&filter.body)?,
            }),
            mj::Stmt::AutoEscape(auto) => Ok(Stmt::AutoEscape {
                line: self.line(auto.span()),
                enabled: self.expr(&auto.enabled)?,
                body: self.body(&auto.body)?,
            }),
            mj::Stmt::Macro(code) => {
                self.assigned.insert(code.name.into());
                self.macro_code(code, code.span()).map(Stmt::Macro)
            }
            mj::Stmt::CallBlock(block) => Ok(Stmt::CallBlock {
                line: self.line(block.span()),
                call: self.call(&block.call)?,
                caller: self.macro_code(&block.macro_decl, block.span())?,
            }),
            mj::Stmt::Do(stmt) => {
                Ok(Stmt::Do { line: self.line(stmt.span()), call: self.call(&stmt.call)? })
            }
            mj::Stmt::Break(leave) => self.leaving(leave.span(), "break", Stmt::Break),
            mj::Stmt::Continue(turn) => self.leaving(turn.span(), "continue", Stmt::Continue),
            other => self.across_templates(other),
        }
    }

    /// `break` and `continue`, which need a loop.
    fn leaving(&self, span: Span, word: &str, stmt: Stmt) -> Result<Stmt, SyntaxError> {
        if self.loops == 0 {
            return Err(self.error(span, format!("{word} outside of a loop")));
        }
        Ok(stmt)
    }

    /// Statements that involve other templates.
    fn across_templates(&mut self, stmt: &mj::Stmt<'_>) -> Result<Stmt, SyntaxError> {
        match stmt {
            mj::Stmt::Block(block) => self.block(block),
            mj::Stmt::Extends(extends) => Ok(Stmt::Extends {
                line: self.line(extends.span()),
                name: self.expr(&extends.name)?,
            }),
            mj::Stmt::Include(include) => Ok(Stmt::Include {
                line: self.line(include.span()),
                name: self.expr(&include.name)?,
                ignore_missing: include.ignore_missing,
                with_context: !self.says(include.span(), "without"),
            }),
            mj::Stmt::Import(import) => Ok(Stmt::Import {
                line: self.line(import.span()),
                name: self.expr(&import.expr)?,
                target: self.target(&import.name)?,
                with_context: self.says(import.span(), "with"),
            }),
            mj::Stmt::FromImport(import) => {
                let mut names = Vec::with_capacity(import.names.len());
                for (name, alias) in &import.names {
                    let Target::Name(name) = self.target(name)? else { continue };
                    let alias = alias.as_ref().map(|alias| self.target(alias)).transpose()?;
                    let alias = match alias {
                        Some(Target::Name(alias)) => alias,
                        _ => name.clone(),
                    };
                    names.push((name, alias));
                }
                let line = self.line(import.span());
                let with_context = self.says(import.span(), "with");
                Ok(Stmt::FromImport { line, name: self.expr(&import.expr)?, names, with_context })
            }
            _ => Err(SyntaxError { line: 1, message: "an unknown statement".to_owned() }),
        }
    }

    /// Whether the tag ends with `with context` or `without context`; the tree does not say.
    fn says(&self, span: Span, word: &str) -> bool {
        let words: Vec<&str> = self.text(span).split_whitespace().collect();
        words.windows(2).any(|pair| pair[0] == word && pair[1].starts_with("context"))
    }

    fn for_loop(&mut self, turn: &mj::Spanned<mj::ForLoop<'_>>) -> Result<Stmt, SyntaxError> {
        Ok(Stmt::For(Rc::new(For {
            line: self.line(turn.span()),
            target: self.target(&turn.target)?,
            iter: self.expr(&turn.iter)?,
            filter: turn.filter_expr.as_ref().map(|f| self.expr(f)).transpose()?,
            recursive: turn.recursive,
            body: self.inside_loops(self.loops + 1, &turn.body)?,
            otherwise: self.body(&turn.else_body)?,
        })))
    }

    fn with(&mut self, with: &mj::Spanned<mj::WithBlock<'_>>) -> Result<Stmt, SyntaxError> {
        let mut bindings = Vec::with_capacity(with.assignments.len());
        for (target, value) in &with.assignments {
            bindings.push((self.target(target)?, self.expr(value)?));
        }
        let line = self.line(with.span());
        Ok(Stmt::With { line, bindings, body: self.body(&with.body)? })
    }

    fn block(&mut self, block: &mj::Spanned<mj::Block<'_>>) -> Result<Stmt, SyntaxError> {
        let head = self.text(block.span()).split("%}").next().unwrap_or_default();
        let scoped = head.split_whitespace().skip(2).any(|word| word.starts_with("scoped"));
        let block = Rc::new(Block {
            name: block.name.into(),
            line: self.line(block.span()),
            scoped,
            required: block.required,
            body: self.inside_loops(0, &block.body)?,
        });
        self.blocks.insert(block.name.clone(), block.clone());
        Ok(Stmt::Block(block))
    }

    fn macro_code(&mut self, code: &mj::Macro<'_>, span: Span) -> Result<Rc<Macro>, SyntaxError> {
        let text = self.text(span);
        let without_default = code.args.len().saturating_sub(code.defaults.len());
        let mut params = Vec::with_capacity(code.args.len());
        for (place, arg) in code.args.iter().enumerate() {
            let mj::Expr::Var(name) = arg else {
                return Err(self.error(span, "expected a name as parameter"));
            };
            let default = place.checked_sub(without_default).and_then(|n| code.defaults.get(n));
            params.push((name.id.into(), default.map(|expr| self.expr(expr)).transpose()?));
        }
        Ok(Rc::new(Macro {
            name: code.name.into(),
            params,
            body: self.inside_loops(0, &code.body)?,
            varargs: text.contains("varargs"),
            kwargs: text.contains("kwargs"),
        }))
    }

    fn target(&mut self, expr: &mj::Expr<'_>) -> Result<Target, SyntaxError> {
        match expr {
            mj::Expr::Var(var) => {
                self.assigned.insert(var.id.into());
                Ok(Target::Name(var.id.into()))
            }
            mj::Expr::GetAttr(attr) => match &attr.expr {
                mj::Expr::Var(var) => Ok(Target::Attr(var.id.into(), attr.name.into())),
                _ => Err(self.error(expr.span(), "cannot assign to an attribute of this")),
            },
            mj::Expr::List(list) => {
                { list.items.iter().map(|item| self.target(item)).collect::<Result<_, _>>() }
                    .map(Target::Unpack)
            }
            _ => Err(self.error(expr.span(), "cannot assign to this")),
        }
    }
}
