//! The tool's fixtures and the common contract, through its real binary.
fn main() {}
