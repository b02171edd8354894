//! Lines of `-mr`, printed by the run itself or echoed by the parent of `-multi`.

use super::{Parser, Sink};
use crate::fields::Fields;
use crate::formats::{self, Event};
use crate::number;
use crate::rows::read_values;
use crate::run::{ChildLine, MachineLine, Open};

impl Parser {
    pub(super) fn child(&mut self, line: &[u8], child: u64, sink: &mut Sink<'_>) {
        let number = self.line;
        let event = formats::read(line.trim_ascii_start());
        let (run, names) = self.fresh_with_names(|run| !run.has_results(), sink);
        match event {
            Some(Event::MachineSizes(fields)) => {
                run.sizes = fields.split(|byte| *byte == b':').filter_map(number::whole).collect();
            }
            Some(Event::MachineRow { number: code, name, values }) => {
                let values = read_values(values, false);
                let name = names.id(name);
                run.children.push(ChildLine::Row {
                    child,
                    number: code,
                    name,
                    line: number,
                    values,
                });
            }
            Some(Event::MachineKeys { code, fields }) => {
                let line = MachineLine { code, fields: Fields::new(fields), line: number };
                run.children.push(ChildLine::Keys { child, line });
            }
            _ => {}
        }
    }

    pub(super) fn machine(&mut self, event: &Event<'_>, cut: bool, sink: &mut Sink<'_>) {
        let line = self.line;
        match event {
            Event::MachineSizes(fields) => {
                let run = self.fresh_unless(|run| !run.has_results() && !run.has_sizes, sink);
                run.sizes = fields.split(|byte| *byte == b':').filter_map(number::whole).collect();
                run.has_sizes = true;
            }
            Event::MachineRow { number, name, values } => {
                let after = |run: &Open| {
                    let last = run.rows.last();
                    run.machine.is_empty() && last.is_none_or(|row| row.number < Some(*number))
                };
                let (run, names) = self.fresh_with_names(after, sink);
                let name = names.id(name);
                let first = run.cells.len();
                let values = read_values(values, cut);
                run.add_machine_row(name, *number, line, first, values);
            }
            Event::MachineKeys { code, fields } => {
                let fields = Fields::new(fields);
                let at = fields.first().parse::<u64>().ok();
                let after = |run: &Open| {
                    run.machine.last().is_none_or(|last| (last.code, last.number()) < (*code, at))
                };
                let run = self.fresh_unless(after, sink);
                run.machine.push(MachineLine { code: *code, fields, line });
                if cut {
                    run.cut = Some(line);
                }
            }
            _ => {}
        }
    }
}
