//! A summary with every case, written piece by piece: there may be millions.

use std::io::{self, Write as _};
use std::ops::Range;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;

use contract::summary::Summary;
use evidence_summarize::list::List;
use plumb::{Failure, Out, Run};

use crate::emit::no_json;
use crate::inputs::workers;

/// How many pieces a worker may be ahead of the output.
const AHEAD: usize = 2;

/// A piece as JSON.
type Made = io::Result<Vec<u8>>;

/// The document; `summary` is the one without cases.
pub fn json(run: &Run, summary: &Summary, list: &List) -> Result<(), Failure> {
    let mut head = serde_json::to_vec(summary).map_err(no_json)?;
    head.pop();
    head.extend_from_slice(b",\"cases\":[");
    escape::json::visible(&mut head, 0);
    run.emit_with(|out| {
        out.write_all(&head)?;
        let mut first = true;
        pieces(list, b',', |piece| {
            // A comma stands between two cases, and behind none.
            let text = piece.strip_suffix(b",").unwrap_or(piece);
            if !first && !text.is_empty() {
                out.write_all(b",")?;
            }
            first &= text.is_empty();
            out.write_all(text)
        })?;
        out.write_all(b"]}\n")
    })
}

/// A case on each line; the last line is the summary without them. What lacks that line was cut
/// off.
pub fn ndjson(run: &Run, summary: &Summary, list: &List) -> Result<(), Failure> {
    let mut last = serde_json::to_vec(summary).map_err(no_json)?;
    last.push(b'\n');
    escape::json::visible(&mut last, 0);
    run.emit_with(|out: &mut Out| {
        pieces(list, b'\n', |piece| out.write_all(piece))?;
        out.write_all(&last)
    })
}

/// Hands every piece of the list to `write`, in order; they are made several at a time.
fn pieces(
    list: &List,
    after: u8,
    mut write: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let pieces = list.pieces();
    let workers = workers().min(pieces.len());
    if workers < 2 {
        let mut text = Vec::new();
        return pieces.into_iter().try_for_each(|piece| {
            text.clear();
            list.write(piece, after, &mut text)?;
            write(&text)
        });
    }
    thread::scope(|scope| {
        let start = |worker| {
            let (done, made) = mpsc::sync_channel(AHEAD);
            let (used, again) = mpsc::channel();
            let own: Vec<_> = pieces.iter().skip(worker).step_by(workers).cloned().collect();
            scope.spawn(move || make(list, own, after, &done, &again));
            (made, used)
        };
        let made: Vec<(Receiver<Made>, Sender<Vec<u8>>)> = (0..workers).map(start).collect();
        for (made, used) in made.iter().cycle().take(pieces.len()) {
            let text = made.recv().map_err(io::Error::other)??;
            write(&text)?;
            // A worker that has nothing more to do takes nothing back.
            let _ = used.send(text);
        }
        Ok(())
    })
}

/// Makes `pieces` one by one, in buffers that come back, until nobody wants them any more.
fn make(
    list: &List,
    pieces: Vec<Range<usize>>,
    after: u8,
    done: &SyncSender<Made>,
    again: &Receiver<Vec<u8>>,
) {
    for piece in pieces {
        let mut text = again.try_recv().unwrap_or_default();
        text.clear();
        let written = list.write(piece, after, &mut text).map_err(io::Error::from);
        if done.send(written.map(|()| text)).is_err() {
            return;
        }
    }
}
