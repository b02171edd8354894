//! Safe names for image references and file names.

mod answer;
mod args;
mod list;

use std::os::unix::ffi::OsStrExt;
use std::process::ExitCode;

use contract::names::Names as Document;
use contract::{Document as _, InputRef};
use plumb::Tool;

use crate::answer::{Answer, Place};
use crate::args::{Args, Names};

const TOOL: Tool = Tool {
    name: "safe-name",
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[("", Document::JSON_SCHEMA)],
};

fn main() -> ExitCode {
    plumb::run(TOOL, |args: Args, run| {
        let job = args.job()?;
        let end = job.end;
        let names = args.names(run)?;
        let mut answer = Answer::new(run, job);
        let inputs = match names {
            Names::Given(names) => {
                for name in names {
                    answer.add(name.as_bytes(), None)?;
                }
                vec![]
            }
            Names::Listed(source) => {
                let list = source.to_string();
                let read = list::read(run.open(&source)?, end, |name, number| {
                    answer.add(name, Some(Place { list: &list, number }))
                })?;
                vec![InputRef::new(&read.name, read.bytes, read.sha256)]
            }
        };
        answer.finish(inputs)
    })
}
