//! The machine as `/proc` describes it.

use contract::speed::Host;

/// Instruction sets that cryptography uses, by the names of Linux on `x86_64` and `aarch64`.
const FEATURES: [&str; 36] = [
    "adx",
    "aes",
    "asimd",
    "avx",
    "avx2",
    "avx512_bf16",
    "avx512_vbmi2",
    "avx512bitalg",
    "avx512bw",
    "avx512cd",
    "avx512dq",
    "avx512f",
    "avx512ifma",
    "avx512vbmi",
    "avx512vl",
    "bmi1",
    "bmi2",
    "gfni",
    "pclmulqdq",
    "pmull",
    "rdrand",
    "rdseed",
    "sha1",
    "sha2",
    "sha256",
    "sha3",
    "sha512",
    "sha_ni",
    "sm3",
    "sm4",
    "sse2",
    "sse4_1",
    "ssse3",
    "sve",
    "vaes",
    "vpclmulqdq",
];

/// The facts in the text of `/proc/cpuinfo`, beside what the system says of itself.
#[must_use]
pub fn host(architecture: &str, kernel: &str, cpuinfo: &str, governor: Option<&str>) -> Host {
    let fields = || cpuinfo.lines().filter_map(|line| line.split_once(':'));
    let field = |names: &[&str]| {
        fields().find(|(name, _)| names.contains(&name.trim())).map(|(_, value)| value.trim())
    };
    let flags = field(&["flags", "Features"]).unwrap_or_default();
    let mut cpu_features: Vec<String> = flags
        .split_ascii_whitespace()
        .filter(|flag| FEATURES.contains(flag))
        .map(str::to_owned)
        .collect();
    cpu_features.sort();
    cpu_features.dedup();
    Host {
        architecture: architecture.to_owned(),
        kernel: kernel.trim().to_owned(),
        processors: fields().filter(|(name, _)| name.trim() == "processor").count() as u64,
        cpu_model: field(&["model name", "Processor", "cpu model"]).map(str::to_owned),
        cpu_features,
        governor: governor.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_facts_that_matter_are_kept() {
        let cpuinfo = "processor\t: 0\nmodel name\t: Some CPU @ 2.00GHz\nflags\t\t: fpu aes sha_ni \
                       avx512f avx2 vaes syscall\n\nprocessor\t: 1\nmodel name\t: Some CPU @ 2.00GHz\n";
        let host = host("x86_64", "Linux 6.1.0\n", cpuinfo, Some("performance\n"));
        assert_eq!(host.processors, 2);
        assert_eq!(host.cpu_features, ["aes", "avx2", "avx512f", "sha_ni", "vaes"]);
        assert_eq!(host.cpu_model.as_deref(), Some("Some CPU @ 2.00GHz"));
        assert_eq!(host.governor.as_deref(), Some("performance"));
        assert_eq!(host.kernel, "Linux 6.1.0");
    }

    #[test]
    fn what_is_not_said_is_not_made_up() {
        let host = host("riscv64", "", "", None);
        assert_eq!((host.processors, host.cpu_model, host.governor), (0, None, None));
    }
}
