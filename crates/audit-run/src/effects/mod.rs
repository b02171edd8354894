//! Everything of this tool that touches the system: processes, the target, the results folder.

pub mod emit;
pub mod interrupt;
pub mod lookup;
pub mod probe;
pub mod process;
pub mod runner;
pub mod store;
pub mod strays;
pub mod target;
