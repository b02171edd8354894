//! Arguments that mean the same in every tool.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Options every tool has.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Common options")]
pub struct Common {
    /// Write to FILE instead of standard output: complete or not at all
    #[arg(short, long, value_name = "FILE", global = true)]
    pub output: Option<PathBuf>,
    /// Print the JSON Schema of the document this tool writes
    #[arg(long, global = true)]
    pub schema: bool,
    /// Refuse inputs above SIZE bytes (suffixes K, M, G)
    #[arg(long, value_name = "SIZE", default_value = "1G", value_parser = size, global = true, hide_short_help = true)]
    pub max_input: u64,
    /// Say what is done and why
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose", global = true)]
    pub quiet: bool,
    /// Colour on standard error
    #[arg(
        long,
        value_enum,
        value_name = "WHEN",
        default_value_t,
        global = true,
        hide_short_help = true
    )]
    pub color: When,
    /// Form of the diagnostics on standard error
    #[arg(
        long,
        value_enum,
        value_name = "FORM",
        default_value_t,
        global = true,
        hide_short_help = true
    )]
    pub log_format: LogFormat,
    /// Id that joins the diagnostics of several tools
    #[arg(
        long,
        value_name = "ID",
        env = "PROOFLINE_RUN_ID",
        global = true,
        hide_short_help = true
    )]
    pub run_id: Option<String>,
}

/// Files to read.
#[derive(Args, Clone, Debug, Default)]
pub struct Files {
    /// Files to read; `-` or none: standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Read the names of the files from LIST (`-`: standard input), each ended by NUL
    #[arg(long, value_name = "LIST", conflicts_with = "files")]
    pub files0_from: Option<PathBuf>,
}

/// When to use colour.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// On a terminal, unless `NO_COLOR`, `CLICOLOR=0` or `TERM=dumb` say otherwise.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The form of diagnostics.
#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// A line for people.
    #[default]
    Text,
    /// A JSON object per line.
    Json,
}

/// A number of bytes with an optional binary suffix: `64K` is 65 536.
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor: u64 = match &text[digits.len()..] {
        "" => 1,
        "K" | "k" => 1 << 10,
        "M" | "m" => 1 << 20,
        "G" | "g" => 1 << 30,
        suffix => return Err(format!("unknown suffix {suffix:?}: use K, M or G")),
    };
    let number: u64 = digits.parse().map_err(|_| "expected a whole number of bytes".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "larger than any file can be".to_owned())
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_take_binary_suffixes() {
        assert_eq!(size("64K"), Ok(65_536));
        assert_eq!(size("0"), Ok(0));
        assert!(size("1T").is_err() && size("x").is_err() && size("-1").is_err());
        assert!(size("18446744073709551615G").is_err());
    }
}
