//! What may be deleted, and what is written about it: values in, values out. What looks at files
//! and deletes them is the binary's `effects`.

pub mod chain;
pub mod decide;
pub mod document;
pub mod git;
pub mod images;
pub mod mounts;
pub mod profile;
pub mod protected;
pub mod rules;
pub mod seen;
