//! A list of tests that were not run: `cargo test -- --list`.

use contract::CheckStatus;

use super::console::before;
use crate::sink::Sink;
use crate::text::{Claim, Line, LineReader};

/// The reader.
#[derive(Default)]
pub struct Listing {
    /// Names since the last sum, and all sums: line and number of tests.
    names: u64,
    sums: Vec<(u64, u64)>,
}

impl LineReader for Listing {
    fn line(&mut self, line: &Line<'_>) {
        let text = line.text.trim_end();
        if text.ends_with(": test") || text.ends_with(": benchmark") {
            self.names += 1;
        } else if text.contains(" benchmark")
            && let Some(tests) = before(text, "tests").or(before(text, "test"))
            && tests <= self.names
        {
            self.sums.push((line.number, tests));
            self.names = 0;
        }
    }

    fn claim(&self) -> Claim {
        if self.sums.iter().any(|(_, tests)| *tests > 0) { Claim::Sure } else { Claim::No }
    }

    fn finish(&mut self, sink: &mut Sink) {
        sink.format("test-list");
        for (line, tests) in self.sums.drain(..) {
            sink.unnamed("listed", Some(line), CheckStatus::NotRun, tests);
        }
    }
}
