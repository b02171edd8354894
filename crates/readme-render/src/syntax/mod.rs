//! From template text to [`crate::ast`], with minijinja's parser.
//!
//! minijinja promises nothing about its syntax tree (`unstable_machinery`), so this folder is the
//! only place that knows it. Its virtual machine is not used: it prints undefined values inside
//! filters and tests, and its values cannot carry where they came from.

mod expr;
mod stmt;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use minijinja::machinery::{self, Span, ast as mj};
use minijinja::syntax::SyntaxConfig;

use crate::ast::{Block, Template};

/// How white space around tags is treated; all off is Jinja2's default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Whitespace {
    /// Drop the newline after a block tag.
    pub trim_blocks: bool,
    /// Drop blanks before a block tag at the start of a line.
    pub lstrip_blocks: bool,
}

/// Why a template cannot be parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// Line of the template, counted from 1.
    pub line: u64,
    /// The reason.
    pub message: String,
}

/// Parses `source`. Line ends become `\n`, as in Jinja2; a final newline is kept.
pub fn parse(name: &str, source: &str, space: Whitespace) -> Result<Template, SyntaxError> {
    let source = if source.contains('\r') {
        source.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        std::borrow::Cow::Borrowed(source)
    };
    let config = SyntaxConfig::builder()
        .keep_trailing_newline(true)
        .trim_blocks(space.trim_blocks)
        .lstrip_blocks(space.lstrip_blocks)
        .build()
        .map_err(|error| SyntaxError { line: 1, message: error.to_string() })?;
    let tree = machinery::parse(&source, name, config).map_err(|error| refused(&error))?;
    let mut lower = Lower::new(&source);
    let mj::Stmt::Template(root) = &tree else {
        return Err(SyntaxError { line: 1, message: "expected a template".to_owned() });
    };
    let body = lower.body(&root.children)?;
    Ok(Template {
        name: name.into(),
        body,
        blocks: lower.blocks,
        assigned: lower.assigned,
        optional: optional(&source),
    })
}

/// The state of one translation.
pub(crate) struct Lower<'s> {
    source: &'s str,
    line_starts: Vec<usize>,
    depth: usize,
    /// Loops around the statement, in the same function.
    loops: usize,
    blocks: BTreeMap<Rc<str>, Rc<Block>>,
    assigned: BTreeSet<Rc<str>>,
}

impl<'s> Lower<'s> {
    fn new(source: &'s str) -> Self {
        let starts = source.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        Self {
            source,
            line_starts: std::iter::once(0).chain(starts).collect(),
            depth: 0,
            loops: 0,
            blocks: BTreeMap::new(),
            assigned: BTreeSet::new(),
        }
    }

    /// The line of a span. Not the span's own: that one ends at 65 535.
    fn line(&self, span: Span) -> u32 {
        let line = self.line_starts.partition_point(|start| *start <= span.start_offset as usize);
        u32::try_from(line).unwrap_or(u32::MAX)
    }

    /// The text of a span.
    fn text(&self, span: Span) -> &'s str {
        self.source.get(span.start_offset as usize..span.end_offset as usize).unwrap_or_default()
    }

    fn error(&self, span: Span, message: impl Into<String>) -> SyntaxError {
        SyntaxError { line: u64::from(self.line(span)), message: message.into() }
    }
}

fn refused(error: &minijinja::Error) -> SyntaxError {
    let message = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let line = error.line().unwrap_or(1);
    SyntaxError { line: line as u64, message }
}

/// The paths in `{# proofline:optional a.b, c[].d #}`: to Jinja2 it is a comment.
fn optional(source: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for comment in source.split("{#").skip(1) {
        let comment = comment.split("#}").next().unwrap_or_default();
        let comment = comment.trim_start_matches(['-', '+']).trim_start();
        if let Some(list) = comment.strip_prefix("proofline:optional") {
            let list = list.trim_end_matches(['-', '+']);
            let names = list.split(|c: char| c == ',' || c.is_whitespace());
            paths.extend(names.filter(|path| !path.is_empty()).map(str::to_owned));
        }
    }
    paths
}
