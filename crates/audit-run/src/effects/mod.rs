//! Everything of this tool that touches the system: processes, the target, the results folder.

pub mod confine;
pub mod container;
pub mod emit;
pub mod enter;
pub mod export;
pub mod files;
pub mod interrupt;
pub mod kpi;
pub mod lookup;
pub mod probe;
pub mod process;
pub mod runner;
pub mod runtime;
pub mod schedule;
pub mod store;
pub mod strays;
pub mod target;
pub mod user;
