//! `speed-plot`: what a drawing was made from. It stands in the SVG's `metadata` element.

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Tag};

/// What a drawing was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SpeedPlot {
    /// The document's kind and version.
    pub schema: Tag<Self>,
    /// The tool that drew it.
    pub generator: Generator,
    /// The documents that were drawn.
    pub inputs: Vec<InputRef>,
    /// What was drawn.
    pub chart: Chart,
    /// Only cells whose key contains this were drawn; absent: all.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub only: Option<String>,
}

/// Kinds of drawings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Chart {
    /// Throughput over block size.
    Throughput,
    /// Change in percent, algorithm by block size.
    Heatmap,
    /// Operations per second.
    Dots,
    /// Change over several comparisons.
    Timeline,
}
