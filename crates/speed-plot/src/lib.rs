//! Draws documents about `openssl speed` as SVG.
//!
//! Pure and deterministic: the same document gives the same bytes. No script, no font from
//! elsewhere; light and dark by the reader's own setting; every figure also stands there as text.

pub mod dots;
pub mod heatmap;
mod layout;
mod scale;
pub mod series;
mod svg;
mod theme;
pub mod throughput;
pub mod timeline;
