//! Has something typed by a person who sees what it stands for.

use std::io::{self, BufRead, IsTerminal, Write};

use plumb::Failure;

/// How many things are named, at most; the number of the others is said.
const NAMED: usize = 20;

/// Whether somebody is there to ask.
pub fn somebody() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Says what is about to happen to `things`, and has `wanted` typed.
pub fn typed<'a>(
    headline: &str,
    things: impl Iterator<Item = &'a str>,
    wanted: &str,
) -> Result<(), Failure> {
    let mut err = io::stderr().lock();
    let _ = writeln!(err, "{}", escape::terminal::line(headline));
    let mut more = 0_usize;
    for (index, thing) in things.enumerate() {
        if index < NAMED {
            let _ = writeln!(err, "  {}", escape::terminal::line(thing));
        } else {
            more += 1;
        }
    }
    if more > 0 {
        let _ = writeln!(err, "  and {more} more");
    }
    let _ = write!(err, "Type {} to go on: ", escape::terminal::line(wanted));
    let mut line = Vec::new();
    let read = io::stdin().lock().read_until(b'\n', &mut line);
    let line = line.strip_suffix(b"\n").unwrap_or(&line);
    if read.is_ok() && line.trim_ascii() == wanted.as_bytes() {
        return Ok(());
    }
    Err(Failure::new("not confirmed: nothing was touched"))
}
