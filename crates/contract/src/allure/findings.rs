//! `allure-findings`: what a report made from a set of Allure results would not show, or show wrong.

use serde::{Deserialize, Serialize};

use crate::{Generator, InputRef, Tag};

/// Everything found in one or more results directories.
///
/// `I` is how the maker holds the inputs: of very many it need not hold each as a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Findings"))]
pub struct Findings<I = Vec<InputRef>> {
    /// The document's kind and version.
    pub schema: Tag<Findings>,
    /// The tool that made it.
    pub generator: Generator,
    /// Every file that was read.
    pub inputs: I,
    /// How many findings are errors: the report would mislead.
    pub errors: u64,
    /// How many are warnings: worth knowing, and honest output has them, too.
    pub warnings: u64,
    /// The findings, by path, rule and message.
    pub findings: Vec<Finding>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// The file or the directory.
    pub path: String,
    /// The path's bytes in base64; present exactly if it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub path_bytes: Option<String>,
    /// What is wrong.
    pub rule: FindingRule,
    /// Whether it misleads.
    pub level: FindingLevel,
    /// What was found, and what a generator makes of it.
    pub message: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FindingLevel {
    /// The report would hide or misstate something.
    Error,
    /// Worth knowing.
    Warning,
}

/// What can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FindingRule {
    /// The directory holds no result.
    EmptyDirectory,
    /// One generator or both drop the file.
    Dropped,
    /// Allure 2 ends without any report because of it.
    EndsAllure2,
    /// A result or a container is a link: Allure 2 follows it, Allure 3 does not.
    Link,
    /// A file that was meant to become a result and never did.
    Unfinished,
    /// Results under a name, or in a folder, that no generator reads.
    NotRead,
    /// A test report of another kind, whose tests both generators count, too.
    ForeignReport,
    /// A result that does not say which test it is of.
    IdentityMissing,
    /// A result has no status.
    StatusMissing,
    /// A result has a status that is none of Allure's.
    StatusUnknown,
    /// A passed result has a step that is not passed.
    PassedWithUnpassedStep,
    /// An attachment is not there.
    AttachmentMissing,
    /// An attachment is named by a path that leads elsewhere.
    AttachmentEscapes,
    /// An attachment is a link, or no file: neither generator copies it.
    AttachmentNotAFile,
    /// An attachment has a name that Allure 2 does not take.
    AttachmentName,
    /// An attachment is larger than the limit.
    AttachmentOversized,
    /// Two results have one `uuid`.
    DuplicateUuid,
    /// Results in different directories hide each other.
    Collision,
    /// Two tests share an `ALLURE_ID`: Allure 3 shows one of them.
    SharedAllureId,
    /// Attempts of one test cannot be put in order: which one is shown is left to chance.
    OrderUnclear,
    /// A test stops before it starts.
    TimesReversed,
    /// The adapter met an error outside of any test: results may be missing.
    GlobalError,
    /// An environment file that a generator does not read.
    EnvironmentUnreadable,
}
