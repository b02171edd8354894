//! The tool's fixtures and the common contract, through its real binary, and trials about what is
//! in a drawing.

use std::process::ExitCode;

mod trials;

fn main() -> ExitCode {
    testkit::Tool::new("speed-plot", env!("CARGO_BIN_EXE_speed-plot"))
        .reads(&["throughput", "{}"], "a-log-has-no-changes-to-map/in/speed.json")
        .main_with(trials::all())
}
