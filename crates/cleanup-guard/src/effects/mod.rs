//! Everything that looks at the file system or changes it. What may be done there is decided by the
//! library.

pub mod apply;
pub mod aside;
pub mod carry;
pub mod child;
pub mod dirs;
pub mod entries;
pub mod git;
pub mod ground;
pub mod images;
pub mod list;
pub mod lock;
pub mod look;
pub mod manifest;
pub mod quarantine;
pub mod regular;
pub mod removal;
pub mod restore;
pub mod search;
pub mod store;
pub mod surroundings;
pub mod target;
pub mod walk;
pub mod way;
pub mod worker;
