//! Filters. One file for each kind of value; each function is one filter, as Jinja2 defines it
//! unless its documentation says that it is our own.

mod chart;
mod entities;
mod evidence;
mod links;
mod lists;
mod lookup;
mod maps;
mod numbers;
mod pretty;
mod table;
mod text;
mod units;
mod wrap;

pub(crate) use entities::unescape;
pub(crate) use maps::pair;
pub(crate) use text::strip_tags;

use std::rc::Rc;

use crate::engine::{Flaw, Machine};
use crate::places::Src;
use crate::value::{Tracked, Val};

/// Arguments as they were given.
#[derive(Clone, Debug, Default)]
pub struct Args {
    /// By position.
    pub pos: Vec<Tracked>,
    /// By name.
    pub named: Vec<(Rc<str>, Tracked)>,
}

/// One use of a filter.
pub(crate) struct Call<'m, 'a> {
    /// The engine, for filters that look up, compare or call.
    pub machine: &'m mut Machine<'a>,
    /// What stands before the bar.
    pub input: Tracked,
    /// The arguments.
    pub args: Args,
    /// The line of the template.
    pub line: u32,
}

/// What a filter gives.
pub(crate) type Answer = Result<Tracked, Flaw>;

/// A filter.
pub(crate) type Filter = fn(Call<'_, '_>) -> Answer;

/// Filters by name, in one table per file.
const TABLES: [&[(&str, Filter)]; 11] = [
    chart::FILTERS,
    table::FILTERS,
    evidence::FILTERS,
    links::FILTERS,
    text::FILTERS,
    wrap::FILTERS,
    lists::FILTERS,
    lookup::FILTERS,
    maps::FILTERS,
    numbers::FILTERS,
    units::FILTERS,
];

/// The filter `name`.
pub(crate) fn find(name: &str) -> Option<Filter> {
    TABLES.iter().flat_map(|table| table.iter()).find(|(known, _)| *known == name).map(|(_, f)| *f)
}

/// `operand|name(args)`.
pub(crate) fn apply(
    machine: &mut Machine<'_>,
    name: &str,
    operand: Tracked,
    args: Args,
    line: u32,
) -> Answer {
    let Some(filter) = find(name) else {
        return Err(Flaw::Error(format!("there is no filter {name:?}")));
    };
    // Only these two say themselves what happens without a value.
    let input = match name {
        "default" | "d" => Ok(operand),
        _ => machine.present(operand, line),
    };
    let args = args.present(machine, line);
    let (input, args) = (input?, args?);
    if let (Val::Undefined(missing), "int" | "float" | "indent") = (&input.val, name) {
        return Err(Flaw::Error(format!("{} is undefined", missing.path)));
    }
    let given = args.src();
    let src = machine.join(&input.deep(), &given);
    let answer = filter(Call { machine, input, args, line });
    match answer {
        // What a filter computes comes from all it was given, unless it says otherwise.
        Ok(Tracked { val, src: Src::None }) if !val.is_undefined() => Ok(Tracked { val, src }),
        Err(Flaw::Error(why)) => Err(Flaw::Error(format!("filter {name}: {why}"))),
        other => other,
    }
}

impl Args {
    /// The arguments, each of which has to be there.
    pub(crate) fn present(self, machine: &mut Machine<'_>, line: u32) -> Result<Self, Flaw> {
        let pos: Vec<_> = self.pos.into_iter().map(|value| machine.present(value, line)).collect();
        let named: Vec<_> = self
            .named
            .into_iter()
            .map(|(name, value)| Ok((name, machine.present(value, line)?)))
            .collect();
        Ok(Self {
            pos: pos.into_iter().collect::<Result<_, Flaw>>()?,
            named: named.into_iter().collect::<Result<_, Flaw>>()?,
        })
    }

    /// Where the arguments came from.
    pub(crate) fn src(&self) -> Src {
        let named = self.named.iter().map(|(_, value)| value);
        self.pos.iter().chain(named).fold(Src::None, |src, value| src.and(&value.deep()))
    }

    /// The arguments in the order of `names`; too many or unknown ones are an error.
    pub(crate) fn bind(&self, names: &[&str]) -> Result<Vec<Option<Tracked>>, Flaw> {
        if self.pos.len() > names.len() {
            return Err(Flaw::Error(format!(
                "takes {} arguments at most, found {}",
                names.len(),
                self.pos.len()
            )));
        }
        let mut bound: Vec<Option<Tracked>> = self.pos.iter().cloned().map(Some).collect();
        bound.resize(names.len(), None);
        for (name, value) in &self.named {
            match names.iter().position(|known| *known == &**name) {
                Some(at) if bound[at].is_none() => bound[at] = Some(value.clone()),
                Some(_) => return Err(Flaw::Error(format!("got {name} twice"))),
                None => return Err(Flaw::Error(format!("has no argument {name}"))),
            }
        }
        Ok(bound)
    }
}

impl Call<'_, '_> {
    /// The input as text: Python's `str` of it, nothing for what is missing.
    pub fn text(&self) -> Result<String, Flaw> {
        shown(&self.input.val)
    }

    /// The items of the input.
    pub fn items(&mut self) -> Result<Vec<Tracked>, Flaw> {
        let input = self.input.clone();
        self.machine.items(&input, self.line)
    }

    /// Text that is markup if the input was.
    pub fn like_input(&self, text: String) -> Answer {
        let markup = self.input.val.is_markup();
        Ok(if markup { Val::safe(text) } else { Val::str(text) }.into())
    }
}

/// A value as text, nothing for what is missing.
pub(crate) fn shown(val: &Val) -> Result<String, Flaw> {
    match val {
        Val::Undefined(_) => Ok(String::new()),
        other => Ok(crate::text::display(other)?),
    }
}

/// An argument as text.
pub(crate) fn text_arg(arg: Option<&Tracked>, default: &str) -> Result<String, Flaw> {
    match arg {
        None => Ok(default.to_owned()),
        Some(value) => shown(&value.val),
    }
}

/// An argument as a whole number.
pub(crate) fn int_arg(arg: Option<&Tracked>, default: i128) -> Result<i128, Flaw> {
    match arg.map(|value| &value.val) {
        None => Ok(default),
        Some(Val::Int(value)) => Ok(*value),
        Some(Val::Bool(value)) => Ok(i128::from(*value)),
        Some(other) => {
            Err(Flaw::Error(format!("expected a whole number, found {}", other.type_name())))
        }
    }
}

/// An argument as a length that is not too large to be one.
pub(crate) fn length_arg(arg: Option<&Tracked>, default: i128) -> Result<usize, Flaw> {
    let length = int_arg(arg, default)?;
    usize::try_from(length.max(0))
        .ok()
        .filter(|length| *length <= 1 << 20)
        .ok_or_else(|| Flaw::Error(format!("a length of {length} is more than 1048576")))
}

/// An argument as truth.
pub(crate) fn flag_arg(arg: Option<&Tracked>, default: bool) -> bool {
    arg.map_or(default, |value| value.val.truth())
}
