//! Loops.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::stmt::{Flow, reported};
use super::{Flaw, Frame, LoopState, Machine};
use crate::ast::For;
use crate::filters::Args;
use crate::ops;
use crate::places::Src;
use crate::value::{Tracked, Val};

impl Machine<'_> {
    pub(super) fn for_loop(&mut self, turn: &Rc<For>, frame: &Rc<Frame>) -> Result<Flow, Flaw> {
        let over = self.eval(&turn.iter, frame).and_then(|value| {
            let items = self.items(&value, turn.line)?;
            Ok((items, value.deep()))
        });
        match over {
            Ok((items, src)) => self.looping(turn, frame, items, src, 0),
            Err(Flaw::Stop(why)) => Err(Flaw::Stop(why)),
            Err(flaw) => {
                self.settle_flaw(turn.line, Err::<(), _>(flaw));
                // Once, with an item that is not there: what the body misses is in the report.
                self.probe(|machine| {
                    machine.looping(turn, frame, vec![reported()], Src::None, 0).map(|_| ())
                })?;
                Ok(Flow::Next)
            }
        }
    }

    fn looping(
        &mut self,
        turn: &Rc<For>,
        frame: &Rc<Frame>,
        mut items: Vec<Tracked>,
        src: Src,
        depth: usize,
    ) -> Result<Flow, Flaw> {
        if let Some(filter) = &turn.filter {
            let mut kept = Vec::with_capacity(items.len());
            for item in items {
                let inner = Frame::inside(frame);
                self.assign(&turn.target, item.clone(), &inner, turn.line)?;
                let wanted = self.eval(filter, &inner)?;
                if self.truth(&wanted, turn.line)? {
                    kept.push(item);
                }
            }
            items = kept;
        }
        self.decide(turn.line, "for", &src);
        self.control_line = turn.line;
        let unbacked = items.is_empty().then(|| self.unbacked(&src));
        let state = Rc::new(LoopState {
            items,
            src,
            index: Cell::new(0),
            depth,
            last: RefCell::new(None),
            recursive: turn.recursive.then(|| (turn.clone(), frame.clone())),
        });
        let name: Rc<str> = "loop".into();
        let mut finished = false;
        for at in 0..state.items.len() {
            self.step()?;
            state.index.set(at);
            let inner = Frame::inside(frame);
            self.assign(&turn.target, state.items[at].clone(), &inner, turn.line)?;
            inner.set(&name, Val::Loop(state.clone()).into());
            let flow = self.body(&turn.body, &inner)?;
            finished |= flow == Flow::Next;
            if flow == Flow::Break {
                break;
            }
        }
        // As in Jinja2, `else` is for loops of which no turn came to its end.
        if finished {
            return Ok(Flow::Next);
        }
        let proves_nothing = unbacked.is_some();
        self.control.extend(unbacked);
        let done = self.body(&turn.otherwise, &Frame::inside(frame));
        if proves_nothing {
            self.control.pop();
        }
        done
    }

    /// `loop(children)`: the same loop over other items, as text.
    pub(super) fn recurse(
        &mut self,
        state: &LoopState,
        args: &Args,
        line: u32,
    ) -> Result<Tracked, Flaw> {
        let Some((turn, frame)) = &state.recursive else {
            return Err(Flaw::Error(
                "loop() needs `recursive` at the end of the for tag".to_owned(),
            ));
        };
        let Some(over) = args.pos.first() else {
            return Err(Flaw::Error("loop() needs what to loop over".to_owned()));
        };
        let items = self.items(over, line)?;
        let (src, depth) = (over.deep(), state.depth + 1);
        let (piece, _) = self.deeper(|machine| {
            machine.capture(|machine| machine.looping(turn, frame, items, src, depth))
        })?;
        Ok(self.captured(piece))
    }
}

/// `loop.index` and its like.
pub(super) fn field(state: &LoopState, name: &str) -> Option<Tracked> {
    let (at, len) = (state.index.get(), state.items.len());
    let int = |value: usize| Val::Int(i128::try_from(value).unwrap_or(i128::MAX));
    let val = match name {
        "index" => int(at + 1),
        "index0" => int(at),
        "revindex" => int(len - at),
        "revindex0" => int(len - at - 1),
        "first" => Val::Bool(at == 0),
        "last" => Val::Bool(at + 1 == len),
        "length" => int(len),
        "depth" => int(state.depth + 1),
        "depth0" => int(state.depth),
        "previtem" => return at.checked_sub(1).map(|before| state.items[before].clone()),
        "nextitem" => return state.items.get(at + 1).cloned(),
        _ => return None,
    };
    Some(Tracked { val, src: state.src.clone() })
}

/// `loop.cycle(…)`.
pub(crate) fn cycle(state: &LoopState, args: &Args) -> Result<Tracked, Flaw> {
    match args.pos.len() {
        0 => Err(Flaw::Error("loop.cycle() needs items".to_owned())),
        count => Ok(args.pos[state.index.get() % count].clone()),
    }
}

/// `loop.changed(…)`.
pub(crate) fn changed(state: &LoopState, args: &Args) -> Tracked {
    let now: Vec<Val> = args.pos.iter().map(|value| value.val.clone()).collect();
    let mut last = state.last.borrow_mut();
    let same = last.as_ref().is_some_and(|before| {
        before.len() == now.len() && before.iter().zip(&now).all(|(a, b)| ops::equal(a, b))
    });
    *last = Some(now);
    let src = args.pos.iter().fold(Src::None, |src, value| src.and(&value.deep()));
    Tracked { val: Val::Bool(!same), src }
}
