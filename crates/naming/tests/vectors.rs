//! Names that were made once and hold for ever.
//!
//! The file is never rewritten: folders with these names exist. A line that no longer holds is a
//! mistake in the code. Lines may be added.

use contract::names::{Name, Rule};
use naming::scheme;

const VECTORS: &str = include_str!("../../../fixtures/safe-name/vectors.ndjson");

#[test]
fn every_vector_holds_both_ways() {
    let mut hashed = 0;
    for line in VECTORS.lines() {
        let Name { input, safe, .. } = serde_json::from_str(line).unwrap();
        assert_eq!(scheme::encode(&input), safe, "{input:?}");
        match scheme::decode(&safe) {
            Ok(name) => assert_eq!(name, input, "{safe}"),
            Err(why) => {
                assert_eq!(why.rule, Rule::Hashed, "{safe}: {why}");
                hashed += 1;
            }
        }
    }
    assert_eq!((VECTORS.lines().count(), hashed), (COUNT, HASHED));
}

const COUNT: usize = 138;
const HASHED: usize = 15;
