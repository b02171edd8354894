//! Names that are written nearly as another.

use std::collections::BTreeSet;

/// How many are named.
const MOST: usize = 3;
/// Less alike is not alike, in thousandths.
const ALIKE: usize = 350;

/// The names most like `asked`, the most like first.
pub fn near<'a>(asked: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = asked.to_lowercase();
    let pairs = pairs(&wanted);
    let mut scored: BTreeSet<(usize, &str)> = BTreeSet::new();
    for name in names {
        let alike = alike(&wanted, &pairs, &name.to_lowercase());
        if alike >= ALIKE {
            // The set is sorted by what is not alike.
            scored.insert((2_000 - alike, name));
            if scored.len() > MOST {
                scored.pop_last();
            }
        }
    }
    scored.into_iter().map(|(_, name)| name).collect()
}

/// In thousandths: the share of pairs of characters that both have (Dice's coefficient), and more
/// if one holds the other.
fn alike(wanted: &str, wanted_pairs: &BTreeSet<(char, char)>, name: &str) -> usize {
    let own = pairs(name);
    let common = wanted_pairs.intersection(&own).count();
    let all = wanted_pairs.len() + own.len();
    let share = (2_000 * common).checked_div(all).unwrap_or(0);
    let holds = !wanted.is_empty() && (name.contains(wanted) || wanted.contains(name));
    if holds { 1_000 + share / 2 } else { share }
}

fn pairs(text: &str) -> BTreeSet<(char, char)> {
    text.chars().zip(text.chars().skip(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_misspelt_or_shortened_is_found() {
        let names = ["fips.kat.aes", "fips.kat.sha256", "net.ipv6", "db.connect"];
        assert_eq!(near("fips.kat.sha265", names.into_iter())[0], "fips.kat.sha256");
        assert_eq!(near("IPv6", names.into_iter()), ["net.ipv6"]);
        assert!(near("zzz", names.into_iter()).is_empty());
        assert!(near("", names.into_iter()).is_empty());
    }
}
