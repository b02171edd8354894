//! Draws documents about openssl speed as SVG.
fn main() {}
