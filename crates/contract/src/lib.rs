//! Every JSON document that the Proofline tools exchange.
//!
//! One module per document. Types only: no input or output, no clock, no environment. A document
//! can be *read* only if its `schema` is the one its type names ([`Tag`]), so a reader never takes
//! a foreign or a later document for its own.
//!
//! Within one major version fields are only added. Readers ignore fields they do not know;
//! removing or renaming one makes a new version.

pub mod allure;
pub mod audit;
pub mod cleanup;
pub mod cleanup_applied;
pub mod cleanup_manifest;
pub mod cleanup_plan;
pub mod environment;
pub mod events;
pub mod explanation;
mod header;
pub mod inventory;
pub mod ledger;
pub mod lint;
pub mod names;
pub mod part;
pub mod speed;
pub mod speed_comparison;
pub mod speed_plot;
pub mod speed_startup;
pub mod status;
pub mod summary;

pub use header::{Generator, InputRef, PathText, Sha256, SourceRef, Tag};
pub use status::{CheckStatus, Gaps, Layer, Severity, Totals, Verdict};

use serde::{Serialize, de::DeserializeOwned};

/// A document with a schema id of its own.
pub trait Document: Serialize + DeserializeOwned {
    /// `proofline/<document>/<version>`: the value of the document's first key.
    const SCHEMA: &'static str;
    /// Its JSON Schema (draft 2020-12), as `--schema` prints it.
    const JSON_SCHEMA: &'static str;
}

/// Something to be done once for each document, whatever its type.
pub trait Visitor {
    /// Called with each document's type in turn.
    fn visit<D: Document>(&mut self);
}

macro_rules! documents {
    ($($document:ty => $name:literal, $version:literal;)*) => {
        $(impl Document for $document {
            const SCHEMA: &'static str = concat!("proofline/", $name, "/", $version);
            const JSON_SCHEMA: &'static str =
                include_str!(concat!("../schemas/", $name, ".schema.json"));
        })*

        /// Shows every document to `visitor`.
        pub fn each_document(visitor: &mut impl Visitor) {
            $(visitor.visit::<$document>();)*
        }

        #[cfg(test)]
        fn derived_schemas() -> Vec<(&'static str, &'static str, &'static str, schemars::Schema)> {
            vec![$((
                $name,
                <$document>::SCHEMA,
                <$document>::JSON_SCHEMA,
                schemars::generate::SchemaSettings::draft2020_12()
                    .into_generator()
                    .into_root_schema_for::<$document>(),
            )),*]
        }
    };
}

// A new document is its module, its line here, and the schema file that
// `BLESS=1 cargo test -p contract` writes.
documents! {
    names::Names => "names", 1;
    inventory::Inventory => "inventory", 1;
    audit::Audit => "audit", 1;
    environment::Environment => "environment", 1;
    environment::Record => "allure-record", 1;
    allure::Stats => "allure-stats", 1;
    allure::Findings => "allure-findings", 1;
    allure::Stage => "allure-stage", 1;
    allure::Verification => "allure-verification", 1;
    allure::Report => "allure-report", 1;
    allure::Import => "allure-import", 1;
    speed::Speed => "speed", 1;
    speed_comparison::SpeedComparison => "speed-comparison", 1;
    speed_startup::SpeedStartup => "speed-startup", 1;
    speed_plot::SpeedPlot => "speed-plot", 1;
    summary::Summary => "summary", 1;
    part::Part => "part", 1;
    explanation::Explanation => "explanation", 1;
    events::Events => "events", 1;
    ledger::Ledger => "ledger", 1;
    ledger::Verification => "ledger-verification", 1;
    lint::Lint => "lint", 1;
    cleanup_plan::Plan => "cleanup-plan", 1;
    cleanup_applied::Applied => "cleanup-applied", 1;
    cleanup_applied::Restored => "cleanup-restored", 1;
    cleanup_manifest::ManifestLine => "cleanup-manifest", 1;
    cleanup_manifest::Verification => "cleanup-verification", 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The committed schema files say what the types say.
    #[test]
    fn schema_files_match_the_types() {
        for (name, id, committed, derived) in derived_schemas() {
            let mut schema = derived;
            schema.insert("$id".into(), format!("https://proofline.example/{id}").into());
            let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
            if std::env::var_os("BLESS").is_some() {
                let path = format!("{}/schemas/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
                std::fs::write(path, &text).unwrap();
            } else {
                assert_eq!(committed, text, "run `BLESS=1 cargo test -p contract` and review");
            }
        }
    }
}
