//! The arguments as typed, and as the library takes them.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use contract::speed_comparison::{CommonShift, Correction, Interval, Purpose};
use plumb::{Common, Files};
use speed_compare::Options;

/// Find out which cells of openssl speed became slower or faster, and how sure that is.
///
/// Takes one document of speed-parse whose log marks its runs (as speed-run writes it), or two:
/// BASELINE and CANDIDATE.
#[derive(Parser)]
pub struct Args {
    #[command(flatten)]
    pub files: Files,
    /// Changes within ± PERCENT are as good as none
    #[arg(long, value_name = "PERCENT", default_value = "5", value_parser = percent)]
    pub margin: f64,
    /// Changes below PERCENT are nothing to act on, however sure they are
    #[arg(long, value_name = "PERCENT", default_value = "0.5", value_parser = percent)]
    pub noise_threshold: f64,
    /// Confidence of the intervals; what is left to 100 is the chance of a false alarm
    #[arg(long, value_name = "PERCENT", default_value = "95", value_parser = confidence)]
    pub confidence: f64,
    /// How p values are adjusted for the number of cells
    #[arg(long, value_enum, value_name = "WAY", default_value = "holm")]
    pub correction: ByCorrection,
    /// How intervals are made
    #[arg(long, value_enum, value_name = "WAY", default_value = "t")]
    pub interval: ByInterval,
    /// Seed of the bootstrap
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// What to do with the shift common to all cells
    #[arg(long, value_enum, value_name = "WHAT", default_value = "auto")]
    pub common_shift: ByCommonShift,
    /// The n-th run of BASELINE was made right before or after the n-th of CANDIDATE
    #[arg(long)]
    pub paired: bool,
    /// The candidate runs in FIPS mode: report what that costs
    #[arg(long)]
    pub fips_tax: bool,
    /// Also compare what starting the process costs, as speed-run --startup measured it
    #[arg(long, value_name = "FILE")]
    pub startup: Option<PathBuf>,
    /// Also add the document to the history in DIR, under the time of now
    #[arg(long, value_name = "DIR")]
    pub history: Option<PathBuf>,
    /// Exit with status 1 if there is a regression, or if nothing could be decided
    #[arg(long)]
    pub gate: bool,
    /// With --gate: also if anything is undecided or lost
    #[arg(long, requires = "gate")]
    pub strict: bool,
    /// Form of the output
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    pub format: Format,
    #[command(flatten)]
    pub common: Common,
}

/// Forms of the output.
#[derive(ValueEnum, Clone, Copy, Default, PartialEq)]
pub enum Format {
    #[default]
    Json,
    Markdown,
    Csv,
    Text,
    Github,
}

/// See [`Correction`].
#[derive(ValueEnum, Clone, Copy)]
pub enum ByCorrection {
    Holm,
    Bh,
    None,
}

/// See [`Interval`].
#[derive(ValueEnum, Clone, Copy)]
pub enum ByInterval {
    T,
    Bootstrap,
}

/// See [`CommonShift`].
#[derive(ValueEnum, Clone, Copy)]
pub enum ByCommonShift {
    Auto,
    Remove,
    Keep,
}

impl Args {
    /// What the library is told.
    pub fn options(&self) -> Options {
        Options {
            purpose: if self.fips_tax { Purpose::FipsTax } else { Purpose::Change },
            margin: self.margin,
            noise_threshold: self.noise_threshold,
            confidence: self.confidence,
            correction: match self.correction {
                ByCorrection::Holm => Correction::Holm,
                ByCorrection::Bh => Correction::Bh,
                ByCorrection::None => Correction::None,
            },
            interval: match self.interval {
                ByInterval::T => Interval::T,
                ByInterval::Bootstrap => Interval::Bootstrap,
            },
            seed: self.seed,
            common_shift: match self.common_shift {
                ByCommonShift::Auto => CommonShift::Auto,
                ByCommonShift::Remove => CommonShift::Remove,
                ByCommonShift::Keep => CommonShift::Keep,
            },
            paired: self.paired,
        }
    }
}

/// A share between 0 and 1 from a number of percent.
fn percent(text: &str) -> Result<f64, String> {
    let number: f64 = text.trim_end_matches('%').trim().parse().unwrap_or(f64::NAN);
    if (0.0..=100.0).contains(&number) {
        Ok(number / 100.0)
    } else {
        Err("expected a number from 0 to 100".to_owned())
    }
}

/// The same where the ends make no sense.
fn confidence(text: &str) -> Result<f64, String> {
    let share = percent(text)?;
    if (0.5..=0.9999).contains(&share) {
        Ok(share)
    } else {
        Err("expected a number from 50 to 99.99".to_owned())
    }
}
