//! Calls: macros, methods and global functions.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::{Flaw, Frame, Machine};
use crate::ast::{Expr, Macro};
use crate::filters::Args;
use crate::map::Map;
use crate::methods;
use crate::value::{Absence, Closure, Missing, Tracked, Val};

type Answer = Result<Tracked, Flaw>;

/// Global functions.
const GLOBALS: [&str; 5] = ["range", "dict", "namespace", "cycler", "joiner"];

/// Longest `range`, so that memory stays bounded.
const LONGEST_RANGE: i128 = 10_000_000;

/// The global function `name`.
pub(super) fn global(name: &str) -> Option<&'static str> {
    GLOBALS.into_iter().find(|known| *known == name)
}

/// What a macro says of itself.
pub(super) fn macro_field(closure: &Closure, name: &str) -> Answer {
    let code = &closure.code;
    match name {
        "name" => Ok(Val::Str(code.name.clone()).into()),
        "arguments" => {
            let params = code.params.iter().map(|(name, _)| Val::Str(name.clone()).into());
            Ok(Val::Tuple(Rc::new(params.collect())).into())
        }
        "catch_varargs" => Ok(Val::Bool(code.varargs).into()),
        "catch_kwargs" => Ok(Val::Bool(code.kwargs).into()),
        other => Err(Flaw::Error(format!("there is no {other:?} of a macro"))),
    }
}

impl Machine<'_> {
    pub(super) fn call(
        &mut self,
        callee: &Expr,
        args: &[crate::ast::Arg],
        frame: &Rc<Frame>,
    ) -> Answer {
        let function = self.operand(callee, frame)?;
        let args = self.args(args, frame)?;
        self.call_value(&function, args, callee.line)
    }

    pub(crate) fn call_value(&mut self, function: &Tracked, args: Args, line: u32) -> Answer {
        match &function.val {
            Val::Macro(closure) => self.call_macro(closure, args, line),
            Val::Method(bound) => methods::call(self, &bound.0, &bound.1, args, line),
            Val::Global(name) => self.call_global(name, args, line),
            Val::Loop(state) => self.recurse(state, &args, line),
            Val::Joiner(state) => {
                let used = state.1.replace(true);
                Ok(Val::str(if used { &state.0 } else { "" }).into())
            }
            Val::BlockRef(reference) => self.render_block(&reference.0, reference.1),
            other => Err(Flaw::Error(format!("{} cannot be called", other.type_name()))),
        }
    }

    fn call_macro(&mut self, closure: &Rc<Closure>, args: Args, line: u32) -> Answer {
        let frame = Frame::inside(&closure.frame);
        self.bind(&closure.code, args, &frame, line)?;
        let outer = std::mem::replace(&mut self.template, closure.template.clone());
        let done = self
            .deeper(|machine| machine.capture(|machine| machine.body(&closure.code.body, &frame)));
        self.template = outer;
        let (piece, _) = done?;
        Ok(self.captured(piece))
    }

    /// Binds arguments to the parameters of a macro.
    fn bind(&mut self, code: &Macro, args: Args, frame: &Rc<Frame>, line: u32) -> Result<(), Flaw> {
        let (mut pos, mut named) = (args.pos.into_iter(), args.named);
        for (name, default) in &code.params {
            let by_name = named.iter().position(|(given, _)| given == name);
            let value = match (pos.next(), by_name) {
                (Some(_), Some(_)) => {
                    let message = format!("{}() got {name} twice", code.name);
                    return Err(Flaw::Error(message));
                }
                (Some(value), None) => value,
                (None, Some(at)) => named.remove(at).1,
                (None, None) => match default {
                    Some(default) => self.eval(default, frame)?,
                    None => {
                        let path = format!("parameter {name} of {}()", code.name);
                        let src = crate::places::Src::None;
                        let missing = Missing { path, src, kind: Absence::Local };
                        Val::Undefined(Rc::new(missing)).into()
                    }
                },
            };
            frame.set(name, value);
        }
        if let Some(at) = named.iter().position(|(name, _)| **name == *"caller") {
            let (name, caller) = named.remove(at);
            frame.set(&name, caller);
        }
        let rest: Vec<Tracked> = pos.collect();
        if code.varargs {
            frame.set(&"varargs".into(), Val::Tuple(Rc::new(rest)).into());
        } else if !rest.is_empty() {
            let message = format!(
                "{}() takes {} arguments, found {}",
                code.name,
                code.params.len(),
                code.params.len() + rest.len()
            );
            return Err(Flaw::Error(message));
        }
        if code.kwargs {
            let map: Map = named.into_iter().map(|(k, v)| (Val::Str(k), v)).collect();
            frame.set(&"kwargs".into(), Val::map(map).into());
        } else if let Some((name, _)) = named.first() {
            return Err(Flaw::Error(format!("{}() has no parameter {name}", code.name)));
        }
        let _ = line;
        Ok(())
    }

    pub(super) fn call_block(
        &mut self,
        line: u32,
        call: &Expr,
        caller: &Rc<Macro>,
        frame: &Rc<Frame>,
    ) -> Result<(), Flaw> {
        let crate::ast::Kind::Call(callee, args) = &call.kind else {
            return Err(Flaw::Error("expected a call".to_owned()));
        };
        let function = self.operand(callee, frame)?;
        let mut args = self.args(args, frame)?;
        let caller = self.closure(caller, frame);
        args.named.push(("caller".into(), caller));
        let value = self.call_value(&function, args, line)?;
        self.print_as(line, "call block", &value)
    }

    /// Prints what a block of statements gave.
    pub(super) fn print_as(&mut self, line: u32, what: &str, value: &Tracked) -> Result<(), Flaw> {
        let expr = Expr { line, kind: crate::ast::Kind::Const(Val::None) };
        self.print(&crate::ast::Print { line, text: what.into(), expr }, value)
    }

    fn call_global(&mut self, name: &str, args: Args, line: u32) -> Answer {
        match name {
            "range" => self.range(&args, line),
            "dict" => {
                let mut map = Map::default();
                if let Some(first) = args.pos.first() {
                    match &first.val {
                        Val::Map(other) => map = other.borrow().clone(),
                        _ => {
                            for pair in self.items(first, line)? {
                                let pair = self.items(&pair, line)?;
                                let [key, value] = pair.as_slice() else {
                                    return Err(Flaw::Error("dict() needs pairs".to_owned()));
                                };
                                map.insert(key.val.clone(), value.clone());
                            }
                        }
                    }
                }
                args.named.into_iter().for_each(|(key, value)| map.insert(Val::Str(key), value));
                Ok(Val::map(map).into())
            }
            "namespace" => {
                let mut map = match args.pos.first().map(|first| &first.val) {
                    Some(Val::Map(map)) => map.borrow().clone(),
                    _ => Map::default(),
                };
                args.named.into_iter().for_each(|(key, value)| map.insert(Val::Str(key), value));
                Ok(Val::Namespace(Rc::new(RefCell::new(map))).into())
            }
            "cycler" if args.pos.is_empty() => Err(Flaw::Error("cycler() needs items".to_owned())),
            "cycler" => Ok(Val::Cycler(Rc::new((args.pos, Cell::new(0)))).into()),
            _ => {
                let sep = args.bind(&["sep"])?.remove(0);
                let sep = sep.and_then(|sep| sep.val.as_str().map(Rc::from));
                let sep = sep.unwrap_or_else(|| ", ".into());
                Ok(Val::Joiner(Rc::new((sep, Cell::new(false)))).into())
            }
        }
    }

    fn range(&mut self, args: &Args, line: u32) -> Answer {
        let mut numbers = Vec::new();
        let mut src = crate::places::Src::None;
        for arg in &args.pos {
            let arg = self.present(arg.clone(), line)?;
            src = self.join(&src, &arg.src);
            match arg.val {
                Val::Int(value) => numbers.push(value),
                Val::Bool(value) => numbers.push(i128::from(value)),
                other => {
                    let found = other.type_name();
                    return Err(Flaw::Error(format!("range() needs whole numbers, found {found}")));
                }
            }
        }
        let (start, stop, step) = match numbers[..] {
            [stop] => (0, stop, 1),
            [start, stop] => (start, stop, 1),
            [start, stop, step] if step != 0 => (start, stop, step),
            _ => return Err(Flaw::Error("range() needs one to three numbers".to_owned())),
        };
        let span = stop.checked_sub(start).and_then(|span| span.checked_add(step - step.signum()));
        let count = span.map_or(i128::MAX, |span| span / step);
        if count > LONGEST_RANGE {
            return Err(Flaw::Error(format!("range() of more than {LONGEST_RANGE} numbers")));
        }
        let items = (0..count.max(0)).map(|n| Val::Int(start + n * step).into()).collect();
        Ok(Tracked { val: Val::list(items), src })
    }
}
