//! Elliptic curves: one canonical name for the names that versions and standards use.

/// A curve as `openssl speed` knows it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Curve {
    /// OpenSSL's short name: what 4.0 prints.
    pub name: &'static str,
    /// Size as `openssl speed` prints it.
    pub bits: u32,
    /// Other names; compared without regard to case.
    aliases: &'static [&'static str],
}

const fn curve(name: &'static str, bits: u32, aliases: &'static [&'static str]) -> Curve {
    Curve { name, bits, aliases }
}

/// In the order in which 1.1.1 to 3.6 number them in `+F4` and `+F5`; the last four have no such
/// number or changed it.
static CURVES: [Curve; 28] = [
    curve("secp160r1", 160, &["p160"]),
    curve("prime192v1", 192, &["nistp192", "p-192", "secp192r1", "p192"]),
    curve("secp224r1", 224, &["nistp224", "p-224", "p224"]),
    curve("prime256v1", 256, &["nistp256", "p-256", "secp256r1", "p256"]),
    curve("secp384r1", 384, &["nistp384", "p-384", "p384"]),
    curve("secp521r1", 521, &["nistp521", "p-521", "p521"]),
    curve("sect163k1", 163, &["nistk163", "k-163", "k163"]),
    curve("sect233k1", 233, &["nistk233", "k-233", "k233"]),
    curve("sect283k1", 283, &["nistk283", "k-283", "k283"]),
    curve("sect409k1", 409, &["nistk409", "k-409", "k409"]),
    curve("sect571k1", 571, &["nistk571", "k-571", "k571"]),
    curve("sect163r2", 163, &["nistb163", "b-163", "b163"]),
    curve("sect233r1", 233, &["nistb233", "b-233", "b233"]),
    curve("sect283r1", 283, &["nistb283", "b-283", "b283"]),
    curve("sect409r1", 409, &["nistb409", "b-409", "b409"]),
    curve("sect571r1", 571, &["nistb571", "b-571", "b571"]),
    curve("brainpoolP256r1", 256, &["brp256r1"]),
    curve("brainpoolP256t1", 256, &["brp256t1"]),
    curve("brainpoolP384r1", 384, &["brp384r1"]),
    curve("brainpoolP384t1", 384, &["brp384t1"]),
    curve("brainpoolP512r1", 512, &["brp512r1"]),
    curve("brainpoolP512t1", 512, &["brp512t1"]),
    curve("X25519", 253, &["ecdhx25519"]),
    curve("X448", 448, &["ecdhx448"]),
    curve("Ed25519", 253, &[]),
    curve("Ed448", 456, &[]),
    curve("SM2", 256, &["curvesm2"]),
    curve("secp256k1", 256, &["p256k1"]),
];

/// The curve of any of its names.
pub(crate) fn by_name(name: &str) -> Option<&'static Curve> {
    CURVES.iter().find(|curve| {
        curve.name.eq_ignore_ascii_case(name)
            || curve.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
    })
}

/// The curve that `-mr` means by a number and a size.
///
/// Builds without binary curves, 1.1.0 (X25519 is 16) and 4.0 (Edwards curves and SM2 stand in the
/// same list) number otherwise; the size tells those apart, and what it leaves open is `None`.
pub(crate) fn by_number(number: u64, bits: u64) -> Option<&'static Curve> {
    let at = usize::try_from(number).ok()?;
    let usual = CURVES.get(at).filter(|curve| at < 24 && u64::from(curve.bits) == bits);
    let unusual = match (number, bits) {
        (16, 253) | (24, 253) => Some("X25519"),
        (17, 448) | (25, 448) => Some("X448"),
        (22, 253) => None,
        (23, 456) => Some("Ed448"),
        (26 | 27, 256) => Some("SM2"),
        // Distributions that ship the NIST primes from 224 bits on and nothing else.
        (0, 224) => Some("secp224r1"),
        (1, 256) => Some("prime256v1"),
        (2, 384) => Some("secp384r1"),
        (3, 521) => Some("secp521r1"),
        _ => None,
    };
    usual.or_else(|| by_name(unusual?))
}

/// What `openssl speed` calls the curve after `ecdsa` and `ecdh` on its command line.
pub(crate) fn command_name(curve: &Curve) -> &'static str {
    let short = curve.aliases.iter().rev().find(|alias| !alias.contains('-'));
    short.copied().unwrap_or(curve.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_means_one_curve() {
        let mut names: Vec<String> = CURVES
            .iter()
            .flat_map(|curve| curve.aliases.iter().chain([&curve.name]))
            .map(|name| name.to_lowercase())
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn aliases_of_versions_and_standards_meet() {
        for name in ["nistp256", "prime256v1", "P-256", "secp256r1"] {
            assert_eq!(by_name(name).map(|curve| curve.name), Some("prime256v1"));
        }
        assert_eq!(by_name("nistb163").map(|curve| curve.name), Some("sect163r2"));
    }

    #[test]
    fn a_number_is_a_curve_only_with_its_size() {
        assert_eq!(by_number(3, 256).map(|curve| curve.name), Some("prime256v1"));
        assert_eq!(by_number(16, 256).map(|curve| curve.name), Some("brainpoolP256r1"));
        assert_eq!(by_number(16, 253).map(|curve| curve.name), Some("X25519"));
        assert_eq!(by_number(22, 253).map(|curve| curve.name), Some("X25519"));
        assert_eq!(by_number(6, 256), None);
        assert_eq!(by_number(u64::MAX, 256), None);
    }

    #[test]
    fn the_command_line_names_are_openssl_s() {
        let name = |curve| by_name(curve).map(command_name);
        assert_eq!(name("prime256v1"), Some("p256"));
        assert_eq!(name("sect163k1"), Some("k163"));
        assert_eq!(name("brainpoolP256r1"), Some("brp256r1"));
    }
}
