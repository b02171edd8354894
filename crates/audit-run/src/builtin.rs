//! The suites that are built in.

/// A built-in suite.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// Its name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All of them; the first is run where none is named.
pub const ALL: &[Builtin] = &[
    Builtin { name: "fips-140-3", text: include_str!("../suites/fips-140-3.toml") },
    Builtin {
        name: "fips-fault-injection",
        text: include_str!("../suites/fips-fault-injection.toml"),
    },
];

/// The suite of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Builtin> {
    ALL.iter().find(|suite| suite.name == name)
}
