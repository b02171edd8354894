//! Every case, in the order of the inputs: those that a summary has at hand, and between them those
//! that were only packed.

use std::ops::Range;

use contract::summary::{Case, Evidence};

use crate::packed::{Block, Packed};
use crate::written;

/// Cases are written in pieces of at least so many.
const PIECE: usize = 1_024;

/// What is not among the cases of a summary that lists them all.
#[derive(Clone, Debug, Default)]
pub struct Rest {
    /// What each input adds.
    pub(crate) inputs: Vec<More>,
    /// The place of the first cases of the summary: the input, and the position in it.
    pub(crate) places: Vec<(usize, u64)>,
}

/// What one input adds.
#[derive(Clone, Debug)]
pub(crate) struct More {
    /// Where its cases come from.
    pub evidence: Option<Evidence>,
    /// Its packed cases.
    pub packed: Packed,
    /// The positions of its entries that were not packed.
    pub positions: Vec<u64>,
}

/// Every case.
#[derive(Clone, Debug)]
pub struct List {
    kept: Vec<Case>,
    inputs: Vec<Input>,
    runs: Vec<Run>,
}

#[derive(Clone, Debug)]
struct Input {
    evidence: Evidence,
    /// The start of the evidence as it is written.
    origin: Vec<u8>,
    packed: Packed,
}

/// Consecutive cases.
#[derive(Clone, Debug)]
enum Run {
    Kept(Range<usize>),
    Packed { input: usize, block: usize, cases: Range<usize> },
}

impl Run {
    fn len(&self) -> usize {
        match self {
            Self::Kept(cases) | Self::Packed { cases, .. } => cases.len(),
        }
    }
}

impl List {
    /// The list of the cases of a summary and of the rest.
    ///
    /// # Errors
    ///
    /// If the name of an input cannot be written as JSON.
    pub fn new(kept: Vec<Case>, rest: Rest) -> serde_json::Result<Self> {
        let mut list = Self { kept, inputs: Vec::new(), runs: Vec::new() };
        let (mut next, places) = (0, rest.places);
        for (index, more) in rest.inputs.into_iter().enumerate() {
            let from = next;
            next += places[from..].iter().take_while(|place| place.0 <= index).count();
            match more.evidence {
                Some(evidence) if !more.packed.is_empty() => {
                    let (origin, packed) = (written::origin(&evidence)?, more.packed);
                    list.inputs.push(Input { evidence, origin, packed });
                    list.weave(from..next, &places, &more.positions);
                }
                _ => list.keep(from..next),
            }
        }
        list.keep(next..list.kept.len());
        Ok(list)
    }

    /// Puts the kept cases of the last input between its packed ones. `entries` are the positions of
    /// all that was not packed, whether it is a case of its own or an attempt at one.
    fn weave(&mut self, kept: Range<usize>, places: &[(usize, u64)], entries: &[u64]) {
        let mut kept = kept.peekable();
        let (mut cursor, mut position) = ((0, 0), 1);
        for entry in entries {
            cursor = self.packed(cursor, entry.saturating_sub(position));
            position = entry + 1;
            while let Some(case) = kept.next_if(|case| places[*case].1 <= *entry) {
                self.keep(case..case + 1);
            }
        }
        self.packed(cursor, u64::MAX);
        kept.for_each(|case| self.keep(case..case + 1));
    }

    /// Adds the next `count` packed cases of the last input after `cursor`, a block and an index in
    /// it; returns where they end.
    fn packed(&mut self, cursor: (usize, usize), count: u64) -> (usize, usize) {
        let input = self.inputs.len() - 1;
        let (mut block, mut from) = cursor;
        let mut left = usize::try_from(count).unwrap_or(usize::MAX);
        while let Some(length) = self.inputs[input].packed.blocks.get(block).map(Block::len) {
            let cases = from..from + left.min(length - from);
            left -= cases.len();
            from = cases.end;
            if !cases.is_empty() {
                self.runs.push(Run::Packed { input, block, cases });
            }
            if from < length {
                break;
            }
            (block, from) = (block + 1, 0);
        }
        (block, from)
    }

    fn keep(&mut self, cases: Range<usize>) {
        let Range { mut start, end } = cases;
        while start < end {
            let to = end.min(start + PIECE);
            self.runs.push(Run::Kept(start..to));
            start = to;
        }
    }

    /// The list in pieces that can be written one by one, one behind the other.
    #[must_use]
    pub fn pieces(&self) -> Vec<Range<usize>> {
        let (mut pieces, mut start, mut cases) = (Vec::new(), 0, 0);
        for (index, run) in self.runs.iter().enumerate() {
            cases += run.len();
            if cases >= PIECE {
                pieces.push(start..index + 1);
                (start, cases) = (index + 1, 0);
            }
        }
        if start < self.runs.len() {
            pieces.push(start..self.runs.len());
        }
        pieces
    }

    /// Appends one of [`List::pieces`] to `out` as JSON, the byte `after` behind each case.
    ///
    /// # Errors
    ///
    /// If a case cannot be written as JSON.
    pub fn write(
        &self,
        piece: Range<usize>,
        after: u8,
        out: &mut Vec<u8>,
    ) -> serde_json::Result<()> {
        let start = out.len();
        for run in &self.runs[piece] {
            match run {
                Run::Kept(cases) => {
                    for case in &self.kept[cases.clone()] {
                        serde_json::to_writer(&mut *out, case)?;
                        out.push(after);
                    }
                }
                Run::Packed { input, block, cases } => {
                    let Input { origin, packed, .. } = &self.inputs[*input];
                    packed.blocks[*block].write(cases.clone(), origin, after, out)?;
                }
            }
        }
        escape::json::visible(out, start);
        Ok(())
    }

    /// Every case by itself.
    #[must_use]
    pub fn into_cases(self) -> Vec<Case> {
        let Self { kept, inputs, runs } = self;
        let mut cases = Vec::with_capacity(runs.iter().map(Run::len).sum());
        let mut kept = kept.into_iter();
        for run in runs {
            match run {
                Run::Kept(range) => cases.extend(kept.by_ref().take(range.len())),
                Run::Packed { input, block, cases: range } => {
                    let Input { evidence, packed, .. } = &inputs[input];
                    cases.extend(packed.blocks[block].cases(range, evidence));
                }
            }
        }
        cases
    }
}

#[cfg(test)]
mod tests;
