//! Renders documents whose every number has evidence behind it.
//!
//! [`data`] reads data files into values that know their place; [`engine`] runs Jinja2 templates
//! over them; what comes out is the document, what was printed into it and from where, and
//! everything that was missing.

mod anchor;
mod ast;
mod calendar;
pub mod ci;
mod citations;
pub mod data;
pub mod drift;
pub mod engine;
pub mod evidence;
mod filters;
mod format;
mod json;
mod landing;
pub mod ledger;
pub mod lint;
mod map;
mod methods;
mod ops;
mod paths;
mod placeholder;
pub mod places;
mod predicates;
pub mod region;
pub mod render;
pub mod stale;
pub mod supply;
pub mod syntax;
mod text;
mod unicode;
mod vacuous;
pub mod value;
pub mod verify;
