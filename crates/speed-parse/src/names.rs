//! Names of algorithms: as versions print them, and the one canonical form they are joined on.

/// Whether a log is from before 3.0, where a few names mean something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Era {
    /// 1.1.1 and older, and LibreSSL.
    Old,
    /// 3.0 and newer, or unknown.
    New,
}

impl Era {
    /// The era of a version as it is printed.
    pub fn of(version: Option<&str>) -> Self {
        match version {
            Some(version) if version.starts_with(['0', '1', 'L']) => Self::Old,
            _ => Self::New,
        }
    }
}

/// The canonical name of what a throughput row measures.
///
/// Lower case, words joined by `-`; the built-in benchmarks of old versions (`blowfish cbc`) get
/// the name of the algorithm they run (`bf-cbc`).
pub(crate) fn canonical(printed: &str, era: Era) -> String {
    // 1.1.1 calls triple DES in CBC mode `des ede3`, and in ECB mode `des-ede3`; 3.x calls the
    // former `des-ede3` and the latter `DES-EDE3`.
    match (printed, era) {
        ("des-ede3", Era::Old) | ("DES-EDE3", _) => return "des-ede3-ecb".to_owned(),
        _ => {}
    }
    let lower = printed.trim().to_ascii_lowercase();
    if let Some(inner) = lower.strip_suffix(')')
        && let Some((mac, inner)) = inner.split_once('(')
    {
        return format!("{mac}({})", canonical(inner, era));
    }
    let joined = lower.split_ascii_whitespace().collect::<Vec<_>>().join("-").replace('_', "-");
    match ALIASES.iter().find(|(alias, _)| *alias == joined) {
        Some((_, name)) => (*name).to_owned(),
        None => match joined.strip_prefix("id-aes").and_then(|rest| rest.split_once('-')) {
            Some((bits, mode)) => format!("aes-{bits}-{mode}"),
            None => joined,
        },
    }
}

/// Names that are not the canonical one.
const ALIASES: [(&str, &str); 33] = [
    ("aes128", "aes-128-cbc"),
    ("aes192", "aes-192-cbc"),
    ("aes256", "aes-256-cbc"),
    ("bf", "bf-cbc"),
    ("blowfish", "bf-cbc"),
    ("blowfish-cbc", "bf-cbc"),
    ("cast", "cast5-cbc"),
    ("cast-cbc", "cast5-cbc"),
    ("cast5", "cast5-cbc"),
    ("des", "des-cbc"),
    ("des-ede3", "des-ede3-cbc"),
    ("des3", "des-ede3-cbc"),
    ("idea", "idea-cbc"),
    ("rc2", "rc2-cbc"),
    ("rc5", "rc5-cbc"),
    ("rc5-32/12-cbc", "rc5-cbc"),
    ("ripemd", "ripemd160"),
    ("ripemd-160", "ripemd160"),
    ("rmd160", "ripemd160"),
    ("seed", "seed-cbc"),
    ("sha-1", "sha1"),
    ("sha-224", "sha224"),
    ("sha-256", "sha256"),
    ("sha-384", "sha384"),
    ("sha-512", "sha512"),
    ("sha2-224", "sha224"),
    ("sha2-256", "sha256"),
    ("sha2-384", "sha384"),
    ("sha2-512", "sha512"),
    ("sha2-512/224", "sha512-224"),
    ("sha2-512/256", "sha512-256"),
    ("blake2b-512", "blake2b512"),
    ("blake2s-256", "blake2s256"),
];

/// Splits the size off a name as `openssl speed` takes it: `rsa2048` is (`rsa`, 2048).
pub(crate) fn sized(name: &str) -> Option<(&'static str, u32)> {
    ["rsa", "dsa", "ffdh"].into_iter().find_map(|family| {
        let start = name.get(..family.len())?;
        let digits = name.get(family.len()..)?;
        let is_size = !digits.is_empty()
            && digits.len() <= 5
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        let bits = is_size.then(|| digits.parse().ok())??;
        start.eq_ignore_ascii_case(family).then_some((family, bits))
    })
}

#[cfg(test)]
mod tests {
    use super::Era::*;
    use super::*;

    #[test]
    fn spellings_of_all_versions_meet() {
        let same = [
            (["aes-256 cbc", "AES-256-CBC", "aes-256-cbc"], "aes-256-cbc"),
            (["blowfish cbc", "BF-CBC", "blowfish"], "bf-cbc"),
            (["rmd160", "RIPEMD160", "ripemd"], "ripemd160"),
            (["SHA2-256", "sha256", "SHA256"], "sha256"),
            (["hmac(SHA256)", "hmac(sha256)", "HMAC(SHA2-256)"], "hmac(sha256)"),
            (["id-aes256-GCM", "AES-256-GCM", "aes-256-gcm"], "aes-256-gcm"),
            (["camellia-128 cbc", "CAMELLIA-128-CBC", "camellia-128-cbc"], "camellia-128-cbc"),
        ];
        for (printed, expected) in same {
            for name in printed {
                assert_eq!(canonical(name, Old), expected, "{name}");
                assert_eq!(canonical(name, New), expected, "{name}");
            }
        }
    }

    #[test]
    fn triple_des_is_told_apart_by_era() {
        assert_eq!(canonical("des ede3", Old), "des-ede3-cbc");
        assert_eq!(canonical("des-ede3", New), "des-ede3-cbc");
        assert_eq!(canonical("des-ede3", Old), "des-ede3-ecb");
        assert_eq!(canonical("DES-EDE3", New), "des-ede3-ecb");
    }

    #[test]
    fn sizes_come_off_names() {
        assert_eq!(sized("rsa2048"), Some(("rsa", 2048)));
        assert_eq!(sized("RSA15360"), Some(("rsa", 15360)));
        assert_eq!(sized("dsa512"), Some(("dsa", 512)));
        assert_eq!(sized("rsa"), None);
        assert_eq!(sized("rsaX"), None);
        assert_eq!(sized("rsä2048"), None);
    }
}
