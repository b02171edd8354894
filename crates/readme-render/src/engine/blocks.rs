//! What involves other templates: blocks, `extends`, `include`, `import`.

use std::rc::Rc;

use super::{Flaw, Frame, Machine};
use crate::ast::{Expr, Stmt, Template};
use crate::places::Src;
use crate::value::{Absence, Missing, Module, Tracked, Val};

impl Machine<'_> {
    /// A template and, if it extends another, that one with its blocks replaced.
    pub(super) fn whole(&mut self, template: &Rc<Template>) -> Result<(), Flaw> {
        let frame = self.root.clone();
        self.chain(template, &frame)
    }

    fn chain(&mut self, template: &Rc<Template>, frame: &Rc<Frame>) -> Result<(), Flaw> {
        let mut template = template.clone();
        for _ in 0..super::DEEPEST {
            for (name, block) in &template.blocks {
                let entry = (template.clone(), block.clone());
                self.blocks.entry(name.clone()).or_default().push(entry);
            }
            self.parent = None;
            self.template = template.clone();
            self.body(&template.body, frame)?;
            match self.parent.take() {
                Some(parent) => template = parent,
                None => return Ok(()),
            }
        }
        Err(Flaw::Stop("templates extend each other without end".to_owned()))
    }

    pub(super) fn across_templates(&mut self, stmt: &Stmt, frame: &Rc<Frame>) -> Result<(), Flaw> {
        match stmt {
            Stmt::Block(block) => {
                // In a child, blocks are only defined; the layout says where they go.
                if self.parent.is_some() {
                    return Ok(());
                }
                let value_frame = if block.scoped { frame.clone() } else { self.root.clone() };
                self.block(&block.name, 0, &value_frame)
            }
            Stmt::Extends { line, name } => {
                if self.parent.is_some() {
                    return Err(Flaw::Error("a template extends one other at most".to_owned()));
                }
                let name = self.template_name(name, frame)?;
                self.parent = Some(self.template(&name, *line)?);
                Ok(())
            }
            Stmt::Include { line, name, ignore_missing, with_context } => {
                self.include(*line, name, *ignore_missing, *with_context, frame)
            }
            Stmt::Import { line, name, target, with_context } => {
                let name = self.template_name(name, frame)?;
                let module = self.module(&name, *line, *with_context, frame)?;
                self.assign(target, Val::Module(module).into(), frame, *line)
            }
            Stmt::FromImport { line, name, names, with_context } => {
                let name = self.template_name(name, frame)?;
                let module = self.module(&name, *line, *with_context, frame)?;
                for (wanted, alias) in names {
                    match module.frame.own(wanted) {
                        Some(value) => frame.set(alias, value),
                        None => {
                            let path = format!("{wanted} of template {name:?}");
                            let kind = Absence::Local;
                            let missing = Missing { path, src: Src::None, kind };
                            frame.set(alias, Val::Undefined(Rc::new(missing)).into());
                        }
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn template_name(&mut self, name: &Expr, frame: &Rc<Frame>) -> Result<String, Flaw> {
        let value = self.operand(name, frame)?;
        let found = value.val.as_str().map(str::to_owned);
        found.ok_or_else(|| {
            let found = value.val.type_name();
            Flaw::Error(format!("expected the name of a template, found {found}"))
        })
    }

    /// Renders the block `name`: the version of the outermost child (`level` 0) or one below it.
    fn block(&mut self, name: &Rc<str>, level: usize, frame: &Rc<Frame>) -> Result<(), Flaw> {
        let versions = self.blocks.get(name).cloned().unwrap_or_default();
        let Some((template, block)) = versions.get(level).cloned() else {
            return Err(Flaw::Error(format!("there is no block {name} above this one")));
        };
        if block.required && level == 0 {
            return Err(Flaw::Error(format!("block {name} has to be replaced")));
        }
        let inner = Frame::inside(frame);
        if level + 1 < versions.len() {
            let above = Val::BlockRef(Rc::new((name.clone(), level + 1)));
            inner.set(&"super".into(), above.into());
        }
        let outer = std::mem::replace(&mut self.template, template);
        let escape = self.escape;
        let done = self.deeper(|machine| machine.body(&block.body, &inner));
        self.escape = escape;
        self.template = outer;
        done.map(|_| ())
    }

    /// `super()` and `self.name()`.
    pub(super) fn render_block(&mut self, name: &Rc<str>, level: usize) -> Result<Tracked, Flaw> {
        let root = self.root.clone();
        let (piece, ()) = self.capture(|machine| machine.block(name, level, &root))?;
        Ok(self.captured(piece))
    }

    /// `super` of a block at `level`.
    pub(super) fn super_ref(&mut self, name: &Rc<str>, level: usize) -> Tracked {
        if self.blocks.get(name).is_some_and(|versions| level < versions.len()) {
            return Val::BlockRef(Rc::new((name.clone(), level))).into();
        }
        let path = format!("what block {name} replaces");
        let missing = Missing { path, src: Src::None, kind: Absence::Local };
        Val::Undefined(Rc::new(missing)).into()
    }

    pub(super) fn block_ref(&mut self, name: &Rc<str>) -> Result<Tracked, Flaw> {
        if self.blocks.contains_key(name) {
            return Ok(Val::BlockRef(Rc::new((name.clone(), 0))).into());
        }
        Err(Flaw::Error(format!("there is no block {name}")))
    }

    fn include(
        &mut self,
        line: u32,
        name: &Expr,
        ignore_missing: bool,
        with_context: bool,
        frame: &Rc<Frame>,
    ) -> Result<(), Flaw> {
        let wanted = self.operand(name, frame)?;
        let candidates = match wanted.val.as_str() {
            Some(name) => vec![name.to_owned()],
            None => {
                let items = self.items(&wanted, line)?;
                items.iter().filter_map(|item| item.val.as_str()).map(str::to_owned).collect()
            }
        };
        let mut missing = None;
        for name in &candidates {
            match self.template(name, line) {
                Ok(template) => return self.included(&template, with_context, frame),
                Err(Flaw::NoTemplate(name)) => missing = missing.or(Some(name)),
                Err(flaw) => return Err(flaw),
            }
        }
        match missing {
            _ if ignore_missing => Ok(()),
            Some(name) => Err(Flaw::NoTemplate(name)),
            None => Err(Flaw::Error("expected the name of a template".to_owned())),
        }
    }

    fn included(
        &mut self,
        template: &Rc<Template>,
        with_context: bool,
        frame: &Rc<Frame>,
    ) -> Result<(), Flaw> {
        let inner = if with_context { Frame::inside(frame) } else { Rc::new(Frame::default()) };
        // A loop does not reach into another template.
        let missing = Missing { path: "loop".to_owned(), src: Src::None, kind: Absence::Local };
        inner.set(&"loop".into(), Val::Undefined(Rc::new(missing)).into());
        self.elsewhere(template, &inner)
    }

    /// Runs another template at this place, with blocks of its own.
    fn elsewhere(&mut self, template: &Rc<Template>, frame: &Rc<Frame>) -> Result<(), Flaw> {
        let blocks = std::mem::take(&mut self.blocks);
        let root = std::mem::replace(&mut self.root, frame.clone());
        let parent = self.parent.take();
        let outer = self.template.clone();
        let own = self.escape_of(&template.name);
        let escape = std::mem::replace(&mut self.escape, own);
        let done = self.deeper(|machine| machine.chain(template, frame));
        (self.blocks, self.root, self.parent) = (blocks, root, parent);
        (self.template, self.escape) = (outer, escape);
        done
    }

    fn module(
        &mut self,
        name: &str,
        line: u32,
        with_context: bool,
        frame: &Rc<Frame>,
    ) -> Result<Rc<Module>, Flaw> {
        let template = self.template(name, line)?;
        let own = if with_context { Frame::inside(frame) } else { Rc::new(Frame::default()) };
        let (piece, ()) = self.capture(|machine| machine.elsewhere(&template, &own))?;
        let text = match self.captured(piece).val {
            Val::Safe(markup) => markup,
            _ => Rc::default(),
        };
        Ok(Rc::new(Module { name: name.into(), frame: own, text }))
    }
}
