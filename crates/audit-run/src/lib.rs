//! Runs a declarative suite of checks against a target and says what came of it.
//!
//! This library is the part without effects: it reads suites ([`suite`]), decides what is run
//! ([`plan`]), judges what commands did ([`judge`]), masks secrets ([`mask`]) and puts the results
//! into documents ([`document`], [`allure`]). Running commands and writing files is the binary's.

pub mod allure;
pub mod builtin;
pub mod document;
pub mod facts;
pub mod judge;
pub mod mask;
pub mod owner;
pub mod plan;
pub mod queue;
pub mod ran;
pub mod suite;
pub mod text;
