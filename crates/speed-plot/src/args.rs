//! The arguments as typed.

use clap::{Parser, ValueEnum};
use plumb::{Common, Files, HasCommon};

/// Draw documents of speed-parse and speed-compare as SVG.
#[derive(Parser)]
pub struct Args {
    /// What to draw
    #[arg(value_enum)]
    pub chart: Chart,
    #[command(flatten)]
    pub files: Files,
    /// Draw only cells whose key contains TEXT (as in throughput/aes-256-gcm/16384)
    #[arg(long, value_name = "TEXT")]
    pub only: Option<String>,
    /// Form of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: Format,
    #[command(flatten)]
    pub common: Common,
}

/// What to draw.
#[derive(ValueEnum, Clone, Copy, PartialEq)]
pub enum Chart {
    /// Throughput over block size, a panel per algorithm (speed or speed-comparison)
    Throughput,
    /// Change in percent, algorithm by block size (speed-comparison)
    Heatmap,
    /// Operations per second of public-key algorithms (speed or speed-comparison)
    Dots,
    /// Change over several comparisons, in the order given (speed-comparison)
    Timeline,
}

impl From<Chart> for contract::speed_plot::Chart {
    fn from(chart: Chart) -> Self {
        match chart {
            Chart::Throughput => Self::Throughput,
            Chart::Heatmap => Self::Heatmap,
            Chart::Dots => Self::Dots,
            Chart::Timeline => Self::Timeline,
        }
    }
}

/// Forms of the output.
#[derive(ValueEnum, Clone, Copy, Default)]
pub enum Format {
    #[default]
    Svg,
}

impl HasCommon for Args {
    fn common(&self) -> &Common {
        &self.common
    }
}
