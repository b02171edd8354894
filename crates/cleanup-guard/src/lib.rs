//! Plans a deletion, then deletes exactly that plan and leaves a record.

pub mod apply;
pub mod aside;
pub mod carry;
pub mod chain;
pub mod decide;
pub mod dirs;
pub mod document;
pub mod git;
pub mod ground;
pub mod list;
pub mod lock;
pub mod manifest;
pub mod mounts;
pub mod profile;
pub mod protected;
pub mod quarantine;
pub mod regular;
pub mod restore;
pub mod rules;
pub mod search;
pub mod seen;
pub mod surroundings;
pub mod target;
pub mod walk;
pub mod way;
pub mod worker;
