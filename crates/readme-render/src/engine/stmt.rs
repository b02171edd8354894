//! Statements.

use std::rc::Rc;

use super::{Escape, Flaw, Frame, Machine};
use crate::ast::{Expr, Kind, Macro, Stmt, Target};
use crate::places::Src;
use crate::value::{Absence, Closure, Missing, Tracked, Val};

/// What a statement says about the loop around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Next,
    Break,
    Continue,
}

impl Machine<'_> {
    /// Runs statements one after another. One that fails is reported, and the next is run.
    pub(super) fn body(&mut self, body: &[Stmt], frame: &Rc<Frame>) -> Result<Flow, Flaw> {
        for stmt in body {
            match self.stmt(stmt, frame) {
                Ok(Flow::Next) => {}
                Ok(flow) => return Ok(flow),
                Err(Flaw::Stop(why)) => return Err(Flaw::Stop(why)),
                Err(flaw) => self.settle_flaw(line_of(stmt), Err::<(), _>(flaw)),
            }
        }
        Ok(Flow::Next)
    }

    fn stmt(&mut self, stmt: &Stmt, frame: &Rc<Frame>) -> Result<Flow, Flaw> {
        self.step()?;
        match stmt {
            Stmt::Text(text) => {
                if self.visible() {
                    self.green(text);
                    self.write(text)?;
                }
            }
            Stmt::Print(print) => {
                if self.visible() {
                    let value = self.eval(&print.expr, frame)?;
                    let value = self.present(value, print.line)?;
                    self.print(print, &value)?;
                }
            }
            Stmt::If { line, test, then, otherwise } => {
                return self.branch(*line, test, then, otherwise, frame);
            }
            Stmt::For(turn) => return self.for_loop(turn, frame),
            Stmt::Set { line, target, value } => {
                let value = self.eval(value, frame);
                self.assign_or_poison(target, value, frame, *line)?;
            }
            Stmt::SetBlock { target, filter, body, line } => {
                return self.set_block(filter.as_ref(), target, body, frame, *line);
            }
            Stmt::With { line, bindings, body } => {
                let inner = Frame::inside(frame);
                for (target, value) in bindings {
                    let value = self.eval(value, frame);
                    self.assign_or_poison(target, value, &inner, *line)?;
                }
                return self.body(body, &inner);
            }
            Stmt::Filter { filter, body, .. } => return self.filter_block(filter, body, frame),
            Stmt::AutoEscape { enabled, body, line } => {
                return self.auto_escape(*line, enabled, body, frame);
            }
            Stmt::Macro(code) => {
                let value = self.closure(code, frame);
                frame.set(&code.name, value);
            }
            Stmt::CallBlock { line, call, caller } => {
                self.call_block(*line, call, caller, frame)?;
            }
            Stmt::Do { call, .. } => {
                self.eval(call, frame)?;
            }
            Stmt::Break => return Ok(Flow::Break),
            Stmt::Continue => return Ok(Flow::Continue),
            other => self.across_templates(other, frame)?,
        }
        Ok(Flow::Next)
    }

    fn auto_escape(
        &mut self,
        line: u32,
        enabled: &Expr,
        body: &[Stmt],
        frame: &Rc<Frame>,
    ) -> Result<Flow, Flaw> {
        let enabled = self.eval(enabled, frame)?;
        let enabled = self.truth(&enabled, line)?;
        let before = self.escape;
        self.escape = match (enabled, before) {
            (false, _) => Escape::None,
            (true, Escape::None) => Escape::Html,
            (true, before) => before,
        };
        let flow = self.body(body, &Frame::inside(frame));
        self.escape = before;
        flow
    }

    fn branch(
        &mut self,
        line: u32,
        test: &Expr,
        then: &[Stmt],
        otherwise: &[Stmt],
        frame: &Rc<Frame>,
    ) -> Result<Flow, Flaw> {
        let decided = self.eval(test, frame).and_then(|value| {
            let yes = self.truth(&value, line)?;
            Ok((yes, value.deep()))
        });
        match decided {
            Ok((yes, src)) => {
                self.decide(line, "if", &src);
                self.control_line = line;
                self.control.push(self.unbacked(&src));
                let flow = self.body(if yes { then } else { otherwise }, frame);
                self.control.pop();
                flow
            }
            Err(Flaw::Stop(why)) => Err(Flaw::Stop(why)),
            Err(flaw) => {
                self.settle_flaw(line, Err::<(), _>(flaw));
                self.probe(|machine| {
                    machine.body(then, &Frame::inside(frame))?;
                    machine.body(otherwise, &Frame::inside(frame)).map(|_| ())
                })?;
                Ok(Flow::Next)
            }
        }
    }

    /// Runs code only for what it says is missing.
    pub(super) fn probe(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<(), Flaw>,
    ) -> Result<(), Flaw> {
        self.probing += 1;
        let done = self.capture(work);
        self.probing -= 1;
        match done {
            Err(Flaw::Stop(why)) => Err(Flaw::Stop(why)),
            _ => Ok(()),
        }
    }

    /// What `body` prints, and whether it left the loop around it.
    fn text_of(&mut self, body: &[Stmt], frame: &Rc<Frame>) -> Result<(Tracked, Flow), Flaw> {
        let inner = Frame::inside(frame);
        let (piece, flow) = self.capture(|machine| machine.body(body, &inner))?;
        Ok((self.captured(piece), flow))
    }

    fn set_block(
        &mut self,
        filter: Option<&Expr>,
        target: &Target,
        body: &[Stmt],
        frame: &Rc<Frame>,
        line: u32,
    ) -> Result<Flow, Flaw> {
        let (text, flow) = self.text_of(body, frame)?;
        if flow == Flow::Next {
            let value = match filter {
                Some(filter) => self.filtered_markup(filter, text, frame),
                None => Ok(text),
            };
            self.assign_or_poison(target, value, frame, line)?;
        }
        Ok(flow)
    }

    fn filter_block(
        &mut self,
        filter: &Expr,
        body: &[Stmt],
        frame: &Rc<Frame>,
    ) -> Result<Flow, Flaw> {
        let (text, flow) = self.text_of(body, frame)?;
        if flow == Flow::Next {
            let value = self.filtered_markup(filter, text, frame)?;
            self.print_as(filter.line, "filter block", &value)?;
        }
        Ok(flow)
    }

    /// A filter over a block: its text was escaped inside, so what comes out is markup, unless the
    /// filter undoes that.
    fn filtered_markup(
        &mut self,
        filter: &Expr,
        text: Tracked,
        frame: &Rc<Frame>,
    ) -> Result<Tracked, Flaw> {
        let value = self.filtered(filter, text, frame)?;
        let undone = |filter: &Expr| matches!(&filter.kind, Kind::Filter { name, .. } if **name == *"striptags");
        let mut chain = Some(filter);
        while let Some(one) = chain {
            if undone(one) {
                return Ok(value);
            }
            chain = match &one.kind {
                Kind::Filter { operand, .. } => operand.as_deref(),
                _ => None,
            };
        }
        let val = match value.val {
            Val::Str(text) if self.escape != Escape::None => Val::safe(&*text),
            other => other,
        };
        Ok(Tracked { val, src: value.src })
    }

    pub(super) fn closure(&mut self, code: &Rc<Macro>, frame: &Rc<Frame>) -> Tracked {
        let template = self.template.clone();
        let closure = Closure { code: code.clone(), frame: frame.clone(), template };
        Val::Macro(Rc::new(closure)).into()
    }

    /// Assigns what an expression gave, or, after an error, a value that is not reported again.
    fn assign_or_poison(
        &mut self,
        target: &Target,
        value: Result<Tracked, Flaw>,
        frame: &Rc<Frame>,
        line: u32,
    ) -> Result<(), Flaw> {
        match value {
            Ok(value) => self.assign(target, value, frame, line),
            Err(Flaw::Stop(why)) => Err(Flaw::Stop(why)),
            Err(flaw) => {
                self.settle_flaw(line, Err::<(), _>(flaw));
                self.assign(target, reported(), frame, line)
            }
        }
    }

    pub(super) fn assign(
        &mut self,
        target: &Target,
        value: Tracked,
        frame: &Rc<Frame>,
        line: u32,
    ) -> Result<(), Flaw> {
        match target {
            Target::Name(name) => frame.set(name, value),
            Target::Attr(name, attr) => match frame.get(name).map(|found| found.val) {
                Some(Val::Namespace(map)) => {
                    if value.val.holds(&Val::Namespace(map.clone())) {
                        return Err(Flaw::Error(format!("{name} would contain itself")));
                    }
                    map.borrow_mut().insert(Val::Str(attr.clone()), value);
                }
                _ => {
                    return Err(Flaw::Error(format!(
                        "cannot assign to {name}.{attr}: {name} is no namespace"
                    )));
                }
            },
            Target::Unpack(targets) => {
                if matches!(&value.val, Val::Undefined(missing) if missing.kind == Absence::Reported)
                {
                    for target in targets {
                        self.assign(target, value.clone(), frame, line)?;
                    }
                    return Ok(());
                }
                let items = self.items(&value, line)?;
                if items.len() != targets.len() {
                    return Err(Flaw::Error(format!(
                        "expected {} values to unpack, found {}",
                        targets.len(),
                        items.len()
                    )));
                }
                for (target, item) in targets.iter().zip(items) {
                    self.assign(target, item, frame, line)?;
                }
            }
        }
        Ok(())
    }

    /// Text after `extends` belongs to no block and is not shown.
    fn visible(&self) -> bool {
        self.parent.is_none() || self.out.len() > 1
    }
}

/// A value whose absence was reported already.
pub(super) fn reported() -> Tracked {
    let missing = Missing { path: String::new(), src: Src::None, kind: Absence::Reported };
    Val::Undefined(Rc::new(missing)).into()
}

fn line_of(stmt: &Stmt) -> u32 {
    match stmt {
        Stmt::Print(print) => print.line,
        Stmt::For(turn) => turn.line,
        Stmt::Block(block) => block.line,
        Stmt::If { line, .. }
        | Stmt::Set { line, .. }
        | Stmt::SetBlock { line, .. }
        | Stmt::With { line, .. }
        | Stmt::Filter { line, .. }
        | Stmt::AutoEscape { line, .. }
        | Stmt::Extends { line, .. }
        | Stmt::Include { line, .. }
        | Stmt::Import { line, .. }
        | Stmt::FromImport { line, .. }
        | Stmt::CallBlock { line, .. }
        | Stmt::Do { line, .. } => *line,
        Stmt::Text(_) | Stmt::Macro(_) | Stmt::Break | Stmt::Continue => 1,
    }
}
