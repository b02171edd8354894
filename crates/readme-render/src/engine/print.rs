//! What is printed: escaped for where it lands, and entered in the ledger.

use std::rc::Rc;

use super::{Fault, Flaw, Machine};
use crate::ast::Print;
use crate::landing;
use crate::paths;
use crate::placeholder;
use crate::places::{PlaceId, Src};
use crate::text;
use crate::vacuous;
use crate::value::{Markup, Tracked, Val};

/// What makes printed data inert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escape {
    /// Nothing.
    None,
    /// HTML and XML.
    Html,
    /// GitHub-flavoured Markdown.
    Markdown,
}

/// The escaping that a template's name asks for: `x.html.j2` is HTML, `x.md` Markdown.
#[must_use]
pub fn escape_for(template: &str) -> Escape {
    let lower = template.to_ascii_lowercase();
    let name = [".j2", ".jinja2", ".jinja"]
        .iter()
        .find_map(|ending| lower.strip_suffix(ending))
        .unwrap_or(&lower);
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html" | "htm" | "xhtml" | "xml" | "svg") => Escape::Html,
        Some("md" | "markdown") => Escape::Markdown,
        _ => Escape::None,
    }
}

/// A stretch of output.
#[derive(Clone, Debug, Default)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// What was printed into it, in order.
    pub printed: Vec<Printed>,
    /// What data decided about it, in order.
    pub decided: Vec<Decision>,
    fences: landing::Fences,
}

impl Piece {
    /// The same as a part of a larger text, in which it begins at byte `start`.
    pub fn place(&mut self, start: usize, text: String) {
        self.text = text;
        for printed in &mut self.printed {
            printed.start += start;
            printed.end += start;
        }
        for decided in &mut self.decided {
            decided.at += start;
        }
    }
}

/// One printed expression.
#[derive(Clone, Debug)]
pub struct Printed {
    /// First byte in the text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The template.
    pub template: Rc<str>,
    /// Its line.
    pub line: u32,
    /// The expression.
    pub expression: Rc<str>,
    /// Where it came from.
    pub src: Src,
    /// Whether it was printed as markup, without escaping.
    pub safe: bool,
}

/// A condition or a loop that data decided.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Byte of the text at which it was decided.
    pub at: usize,
    /// The template.
    pub template: Rc<str>,
    /// Its line.
    pub line: u32,
    /// `if` or `for`.
    pub what: &'static str,
    /// What decided it.
    pub src: Src,
}

impl Machine<'_> {
    pub(super) fn out(&mut self) -> &mut Piece {
        if self.out.is_empty() {
            self.out.push(Piece::default());
        }
        let last = self.out.len() - 1;
        &mut self.out[last]
    }

    pub(super) fn write(&mut self, text: &str) -> Result<(), Flaw> {
        let limit = self.options.max_output;
        let out = self.out();
        out.text.push_str(text);
        if out.text.len() > limit {
            return Err(Flaw::Stop(format!("stopped after {limit} bytes of output")));
        }
        Ok(())
    }

    /// Runs `work` and takes what it writes.
    pub(super) fn capture<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Flaw>,
    ) -> Result<(Piece, T), Flaw> {
        self.out.push(Piece::default());
        let done = work(self);
        let piece = self.out.pop().unwrap_or_default();
        Ok((piece, done?))
    }

    /// A captured stretch as a value.
    pub(super) fn captured(&self, piece: Piece) -> Tracked {
        let src = piece.printed.iter().fold(Src::None, |src, one| self.join(&src, &one.src));
        let src = piece.decided.iter().fold(src, |src, one| self.join(&src, &one.src));
        let plain = self.escape == Escape::None;
        let markup = Markup { text: piece.text, printed: piece.printed, plain };
        Tracked { val: Val::Safe(Rc::new(markup)), src }
    }

    pub(super) fn decide(&mut self, line: u32, what: &'static str, src: &Src) {
        if *src == Src::None {
            return;
        }
        let template = self.template.name.clone();
        let out = self.out();
        let at = out.text.len();
        out.decided.push(Decision { at, template, line, what, src: src.clone() });
    }

    pub(super) fn print(&mut self, print: &Print, value: &Tracked) -> Result<(), Flaw> {
        if let Val::Module(module) = &value.val {
            let text = Val::Safe(module.text.clone());
            return self.print(print, &Tracked { val: text, src: value.src.clone() });
        }
        let src = value.deep();
        self.placeholders(print.line, &src)?;
        self.vacuous(print.line, value, &src)?;
        let start = self.out().text.len();
        if let Val::Safe(markup) = &value.val
            && !(markup.plain && self.escape != Escape::None)
        {
            self.write(&markup.text)?;
            if !markup.printed.is_empty() {
                let out = self.out();
                out.printed.extend(markup.printed.iter().cloned().map(|mut inner| {
                    inner.start += start;
                    inner.end += start;
                    inner
                }));
                return Ok(());
            }
            let safe = !markup.plain && self.escape != Escape::None;
            self.enter(print, start, src, safe);
            return Ok(());
        }
        let shown = match &value.val {
            Val::Undefined(_) => String::new(),
            other => text::display(other)?,
        };
        let shown = self.inert(shown, value, &src)?;
        self.write(&shown)?;
        self.enter(print, start, src, false);
        Ok(())
    }

    fn enter(&mut self, print: &Print, start: usize, src: Src, safe: bool) {
        let (template, line) = (self.template.name.clone(), print.line);
        let expression = print.text.clone();
        let out = self.out();
        let end = out.text.len();
        out.printed.push(Printed { start, end, template, line, expression, src, safe });
    }

    /// Escaped for where it lands. In Markdown only what came from data: a template's own text is
    /// its author's markup.
    fn inert(&mut self, shown: String, value: &Tracked, src: &Src) -> Result<String, Flaw> {
        let harmless = matches!(
            value.val,
            Val::None | Val::Bool(_) | Val::Int(_) | Val::Float(_) | Val::Undefined(_)
        );
        match self.escape {
            Escape::Html if !harmless => {
                let landing = landing::html(&self.out().text);
                landing.escape(&shown).map_err(Flaw::Error)
            }
            Escape::Markdown if !harmless && *src != Src::None => {
                let out = self.out();
                let fenced = out.fences.open_at_end(&out.text);
                landing::markdown(&out.text, fenced).escape(&shown).map_err(Flaw::Error)
            }
            _ => Ok(shown),
        }
    }

    /// Refuses values that say there is none.
    pub(crate) fn placeholders(&mut self, line: u32, src: &Src) -> Result<(), Flaw> {
        let mut refused = false;
        for id in src.ids() {
            if let Some(word) = self.placeholder_at(*id) {
                let path = self.places.path(*id);
                if self.is_optional(&path) {
                    continue;
                }
                if self.options.lenient {
                    self.here(Fault::Lenient, line, format!("{path} holds {word}"));
                    continue;
                }
                let message = format!("{path} holds {word}, which is no evidence");
                self.here(Fault::Placeholder, line, message);
                refused = true;
            }
        }
        if refused { Err(Flaw::Reported) } else { Ok(()) }
    }

    /// The place because of which `src` proves nothing, unless the command line lets it pass.
    pub(super) fn unbacked(&self, src: &Src) -> Option<PlaceId> {
        if self.options.lenient {
            return None;
        }
        vacuous::unbacked(self.places, src).filter(|id| !self.is_let_pass(*id))
    }

    fn is_let_pass(&self, id: PlaceId) -> bool {
        let path = self.places.path(id);
        self.options.allowed.iter().any(|pattern| paths::covers(pattern, &path))
    }

    /// Refuses a word of success in the template's text that depends on nothing.
    pub(super) fn green(&mut self, text: &str) {
        let culprit = self.control.iter().flatten().next().copied();
        if self.probing == 0
            && let Some(id) = culprit
            && let Some(word) = vacuous::green(text)
        {
            self.refuse_green(self.control_line, &word, id);
        }
    }

    /// Refuses a printed word of success that depends on nothing.
    fn vacuous(&mut self, line: u32, value: &Tracked, src: &Src) -> Result<(), Flaw> {
        let Some(text) = value.val.as_str().filter(|_| !self.options.lenient) else {
            return Ok(());
        };
        let Some(word) = vacuous::green(text) else { return Ok(()) };
        let control = self.control.iter().flatten().next().copied();
        let culprit = control
            .or_else(|| self.unbacked(src))
            .or_else(|| vacuous::hollow(self.places, src).filter(|id| !self.is_let_pass(*id)));
        match culprit {
            Some(id) => {
                self.refuse_green(line, &word, id);
                Err(Flaw::Reported)
            }
            None => Ok(()),
        }
    }

    fn refuse_green(&mut self, line: u32, word: &str, id: PlaceId) {
        let path = self.places.path(id);
        let message = format!("{word:?} rests on {path} alone, where nothing was counted");
        self.here(Fault::Vacuous, line, message);
    }

    fn placeholder_at(&self, id: PlaceId) -> Option<String> {
        placeholder::word(&self.places.get(id)?.val?)
    }
}
