//! Draws documents about `openssl speed` as SVG.

use std::process::ExitCode;

use contract::Document;
use contract::speed_plot::SpeedPlot;
use plumb::{Directories, Failure, Status, Tool};

mod args;
mod draw;
mod read;

use args::{Args, Chart, Format};

const TOOL: Tool = Tool {
    name: "speed-plot",
    version: env!("CARGO_PKG_VERSION"),
    schemas: &[("", SpeedPlot::JSON_SCHEMA)],
};

fn main() -> ExitCode {
    plumb::run(TOOL, |args: Args, run| {
        let directories = match args.chart {
            Chart::Timeline => Directories::Walk,
            _ => Directories::Refuse,
        };
        let sources = run.sources(&args.files, directories)?;
        let inputs = run.read_all(&sources);
        if inputs.is_empty() || inputs.len() < sources.len() {
            // Each unreadable one has been reported.
            return Ok(Status::No);
        }
        let mut metadata = serde_json::to_vec(&draw::describe(&TOOL, &args, &inputs))
            .map_err(|error| Failure::new(format!("cannot write JSON: {error}")))?;
        escape::json::visible(&mut metadata, 0);
        let metadata = String::from_utf8_lossy(&metadata);
        let svg = draw::draw(&args, run, &inputs, &metadata)?;
        match args.format {
            Format::Svg => run.emit_text(svg.as_bytes())?,
        }
        Ok(Status::Yes)
    })
}
