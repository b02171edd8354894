//! Runs `openssl speed` for one target or two in interleaved rounds: the order of the runs, and the
//! log that says which run is which.
//!
//! Pure: what is to be run is a value, and so is the log. Running is the binary's part.

pub mod log;
pub mod plan;
pub mod target;
