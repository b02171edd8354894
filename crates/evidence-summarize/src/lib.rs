//! One verdict over any pile of test output, without claiming more than was run.
//!
//! [`read::read`] turns the bytes of one input into what it says; [`summarize::summarize`] turns
//! any number of these into one summary. Nothing here opens a file, asks for the time or looks at
//! the environment.

mod actions;
mod companions;
pub mod compare;
mod counted;
mod crew;
pub mod events;
pub mod expect;
pub mod explain;
mod fold;
mod foreign;
mod formats;
pub mod gate;
mod json;
pub mod list;
mod loose;
pub mod mistake;
mod normal;
pub mod packed;
mod pass;
mod place;
mod prefix;
pub mod read;
pub mod render;
pub mod requirements;
pub mod rules;
mod runs;
pub mod sink;
pub mod summarize;
pub mod tally;
mod text;
mod tidy;
mod utf8;
mod window;
mod words;
mod written;
mod xml;
