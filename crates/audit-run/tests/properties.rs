//! Whatever the text is, reading a suite and what commands print never panics.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use audit_run::mask::Mask;
use audit_run::{facts, plan, suite};
use proptest::prelude::*;

/// A suite whose one check has this id, pattern and text.
fn sample(id: &str, pattern: &str, text: &str) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    format!(
        "name = \"s\"\ntitle = \"s\"\n[[check]]\nid = {}\nname = \"n\"\nfeature = \"f\"\n\
         story = \"s\"\nlayer = \"capability\"\nseverity = \"normal\"\nrequirement = \"required\"\n\
         step = [{{ argv = [\"echo\", {}], exit = 0, stdout.must = [{}] }}]\n",
        quoted(id),
        quoted(text),
        quoted(pattern)
    )
}

/// Compiling the patterns takes longer than using them.
static MASK: LazyLock<Option<Mask>> = LazyLock::new(|| Mask::new([]).ok());

proptest! {
    #[test]
    fn any_text_is_a_suite_or_has_a_mistake_on_one_of_its_lines(text in "(?s).{0,400}") {
        if let Err(errors) = suite::load(&text, &BTreeMap::new()) {
            let lines = text.lines().count() as u64 + 1;
            prop_assert!(!errors.is_empty());
            prop_assert!(errors.iter().all(|error| (1..=lines).contains(&error.line)));
        }
    }

    #[test]
    fn any_value_is_read_or_refused(id in ".{0,20}", pattern in ".{0,30}", text in ".{0,30}") {
        let source = sample(&id, &pattern, &text);
        match suite::load(&source, &BTreeMap::new()) {
            Ok(suite) => {
                prop_assert_eq!(suite.checks[0].id.as_str(), id.as_str());
                // What was read is what was written: nothing in it was expanded.
                prop_assert_eq!(suite::written(&suite.checks[0].steps[0].argv[1]), text);
                prop_assert!(!suite.checks[0].steps[0].stdout.must[0].is_match(b""));
            }
            Err(errors) => prop_assert!(errors.iter().all(|e| !e.message.is_empty())),
        }
    }

    #[test]
    fn facts_come_from_any_text(text in "(?s).{0,400}") {
        let _ = facts::version(&text);
        for name in facts::providers(&text).keys() {
            prop_assert!(name.starts_with("provider.") || name == "openssl.providers");
        }
    }

    #[test]
    fn masking_leaves_nothing_to_mask_but_its_own_marks(text in "(?s).{0,300}") {
        let key = format!("-----BEGIN PRIVATE KEY-----\n{text}");
        prop_assert_eq!(MASK.as_ref().unwrap().apply(&key).text.matches("BEGIN PRIVATE KEY").count(), 0);
    }

    #[test]
    fn a_pattern_of_an_id_names_that_id(id in "[a-z.]{1,12}", cut in 0usize..12) {
        prop_assert!(plan::matches(&id, &id));
        let cut = cut.min(id.len());
        let pattern = format!("{}*{}", &id[..cut], &id[cut..]);
        prop_assert!(plan::matches(&pattern, &id));
    }
}
