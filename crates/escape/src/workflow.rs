//! GitHub workflow commands (`::error file=…::message`), escaped as actions/toolkit's `command.ts`
//! does.

use alloc::string::String;

/// The message of a command.
#[must_use]
pub fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
#[must_use]
pub fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn a_message_cannot_start_a_command_of_its_own() {
        assert_eq!(data("a\n::set-output::b%"), "a%0A::set-output::b%25");
        assert_eq!(property("a,b:c"), "a%2Cb%3Ac");
    }
}
