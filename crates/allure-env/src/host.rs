//! What a Linux host says of itself.

use std::collections::BTreeMap;

/// The texts that the facts are read from; what could not be read is absent.
#[derive(Clone, Debug, Default)]
pub struct Host {
    /// `/etc/os-release`.
    pub os_release: Option<String>,
    /// `/proc/sys/kernel/osrelease`.
    pub kernel: Option<String>,
    /// `/proc/cpuinfo`.
    pub cpuinfo: Option<String>,
    /// `/proc/meminfo`.
    pub meminfo: Option<String>,
    /// `/proc/sys/crypto/fips_enabled`; a kernel without FIPS support has none.
    pub fips_enabled: Option<String>,
    /// The instruction set, as the tool was built for it.
    pub arch: String,
}

/// Properties and, by name, what could not be found out.
#[must_use]
pub fn facts(host: &Host) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let cpuinfo = host.cpuinfo.as_deref().unwrap_or_default();
    let found = [
        ("host.arch", Some(host.arch.clone()), ""),
        (
            "host.os",
            host.os_release.as_deref().and_then(|text| assigned(text, "PRETTY_NAME")),
            "/etc/os-release has no PRETTY_NAME",
        ),
        (
            "host.kernel",
            host.kernel.as_deref().map(|text| text.trim().to_owned()),
            "/proc/sys/kernel/osrelease cannot be read",
        ),
        ("host.cpu", field(cpuinfo, "model name"), "/proc/cpuinfo has no model name"),
        ("host.cpus", count(cpuinfo), "/proc/cpuinfo names no processor"),
        (
            "host.memory",
            host.meminfo.as_deref().and_then(|text| field(text, "MemTotal")),
            "/proc/meminfo has no MemTotal",
        ),
        (
            "host.fips_enabled",
            host.fips_enabled.as_deref().map(|text| text.trim().to_owned()),
            "/proc/sys/crypto/fips_enabled cannot be read",
        ),
    ];
    let (mut facts, mut unknown) = (BTreeMap::new(), BTreeMap::new());
    for (key, value, why) in found {
        match value {
            Some(value) => facts.insert(key.to_owned(), value),
            None => unknown.insert(key.to_owned(), why.to_owned()),
        };
    }
    (facts, unknown)
}

/// `KEY=value` or `KEY="value"` of os-release(5).
fn assigned(text: &str, key: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='))?;
    Some(line.trim().trim_matches(['"', '\'']).to_owned())
}

/// `key : value` of the files below /proc.
fn field(text: &str, key: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == key).then(|| value.trim().to_owned())
    })
}

fn count(cpuinfo: &str) -> Option<String> {
    let count = cpuinfo.lines().filter(|line| line.starts_with("processor")).count();
    (count > 0).then(|| count.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_readable_is_told_and_the_rest_is_named() {
        let host = Host {
            os_release: Some("ID=x\nPRETTY_NAME=\"Debian GNU/Linux 12\"\n".to_owned()),
            kernel: Some("6.1.0\n".to_owned()),
            cpuinfo: Some("processor\t: 0\nmodel name\t: A CPU\nprocessor\t: 1\n".to_owned()),
            arch: "x86_64".to_owned(),
            ..Host::default()
        };
        let (facts, unknown) = facts(&host);
        assert_eq!(facts["host.os"], "Debian GNU/Linux 12");
        assert_eq!(facts["host.kernel"], "6.1.0");
        assert_eq!((facts["host.cpu"].as_str(), facts["host.cpus"].as_str()), ("A CPU", "2"));
        assert_eq!(unknown.len(), 2);
        assert!(unknown.contains_key("host.fips_enabled"));
    }
}
