//! Facts about a target's OpenSSL, from what its own commands print.

use std::collections::BTreeMap;

/// Facts by name; what is unknown is absent.
pub type Facts = BTreeMap<String, String>;

/// Lines of `openssl version -a` and the facts they hold.
const VERSION_LINES: [(&str, &str); 7] = [
    ("built on:", "openssl.built_on"),
    ("platform:", "openssl.platform"),
    ("compiler:", "openssl.compiler"),
    ("OPENSSLDIR:", "openssl.directory"),
    ("MODULESDIR:", "openssl.modules_directory"),
    ("Seeding source:", "openssl.seeding"),
    ("CPUINFO:", "openssl.cpuinfo"),
];

/// What `openssl version -a` says.
#[must_use]
pub fn version(text: &str) -> Facts {
    let mut facts = Facts::new();
    let first = text.lines().next().unwrap_or_default();
    let mut words = first.split_whitespace();
    if let (Some(product), Some(version)) = (words.next(), words.next()) {
        facts.insert("openssl.product".into(), product.to_owned());
        facts.insert("openssl.version".into(), version.to_owned());
    }
    if let Some(library) = first.split("(Library: ").nth(1) {
        let version = library.split_whitespace().nth(1).unwrap_or_default();
        facts.insert("openssl.library_version".into(), version.to_owned());
    }
    for line in text.lines() {
        for (label, fact) in VERSION_LINES {
            if let Some(value) = line.strip_prefix(label) {
                facts.insert(fact.into(), value.trim().trim_matches('"').to_owned());
            }
        }
    }
    facts
}

/// What `openssl list -providers -verbose` says of the providers that are active.
///
/// A provider that failed to load is not listed at all, and the command ends with 0 all the same:
/// absence is all there is to see.
#[must_use]
pub fn providers(text: &str) -> Facts {
    let mut blocks: Vec<(&str, Facts)> = Vec::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let line = line.trim();
        match (indent, line.split_once(':')) {
            (2, None) if !line.is_empty() => blocks.push((line, Facts::new())),
            (4, Some((key, value))) if !value.trim().is_empty() => {
                if let Some((_, block)) = blocks.last_mut() {
                    block.insert(key.replace(' ', "_"), value.trim().to_owned());
                }
            }
            _ => {}
        }
    }
    blocks.retain(|(_, block)| block.get("status").is_some_and(|status| status == "active"));
    let mut names: Vec<&str> = blocks.iter().map(|(id, _)| *id).collect();
    names.sort_unstable();
    let mut facts = Facts::new();
    if !names.is_empty() {
        facts.insert("openssl.providers".into(), names.join(", "));
    }
    for (id, block) in blocks {
        let named = block.into_iter().map(|(key, value)| (format!("provider.{id}.{key}"), value));
        facts.extend(named);
    }
    facts
}

/// What the loader says of the libraries of OpenSSL that a command is linked with. A loader that
/// does not answer runs the command instead, whose words hold no such line.
#[must_use]
pub fn libraries(text: &str) -> Facts {
    let lines = text.lines().filter_map(|line| line.trim().split_once(" => /"));
    let ours = lines.filter_map(|(name, rest)| {
        let name = name.split('.').next().filter(|name| matches!(*name, "libcrypto" | "libssl"))?;
        let path = rest.split(" (0x").next()?;
        Some((format!("{name}.path"), format!("/{path}")))
    });
    ours.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_by_the_path_they_were_found_at() {
        let facts = libraries(
            "\tlinux-vdso.so.1 (0x00007ffd)\n\tlibssl.so.3 => /lib/x86_64-linux-gnu/libssl.so.3 \
             (0x00007f01)\n\tlibcrypto.so.3 => /opt/my libs/libcrypto.so.3 (0x00007f02)\n\
             \tlibz.so.1 => not found\n\t/lib64/ld-linux-x86-64.so.2 (0x00007f03)\n",
        );
        assert_eq!(facts["libssl.path"], "/lib/x86_64-linux-gnu/libssl.so.3");
        assert_eq!(facts["libcrypto.path"], "/opt/my libs/libcrypto.so.3");
        assert_eq!(facts.len(), 2);
        assert!(libraries("OpenSSL 3.5.7 9 Jun 2026 (Library: OpenSSL 3.5.7)\n").is_empty());
    }

    #[test]
    fn a_version_with_its_library() {
        let facts = version(
            "OpenSSL 3.5.7 1 Jul 2026 (Library: OpenSSL 3.5.6 1 Jun 2026)\n\
             platform: debian-amd64\nOPENSSLDIR: \"/usr/lib/ssl\"\n",
        );
        assert_eq!(facts["openssl.version"], "3.5.7");
        assert_eq!(facts["openssl.library_version"], "3.5.6");
        assert_eq!(facts["openssl.directory"], "/usr/lib/ssl");
    }

    #[test]
    fn only_active_providers_are_facts() {
        let facts = providers(
            "Providers:\n  base\n    name: OpenSSL Base Provider\n    version: 3.5.7\n    \
             status: active\n    build info: 3.5.7\n    gettable provider parameters:\n      \
             name: pointer to a UTF8 encoded string\n  fips\n    name: OpenSSL FIPS Provider\n    \
             version: 3.5.7\n    status: inactive\n",
        );
        assert_eq!(facts["provider.base.name"], "OpenSSL Base Provider");
        assert_eq!(facts["provider.base.build_info"], "3.5.7");
        assert_eq!(facts["openssl.providers"], "base");
        assert!(!facts.keys().any(|key| key.starts_with("provider.fips")));
    }

    #[test]
    fn garbage_holds_no_facts() {
        assert!(providers("\u{0}\n  : :\n    a\n").is_empty());
        assert!(version("").is_empty());
    }
}
