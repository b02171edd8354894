//! The reference grammar, row by row: every production at its borders.

use contract::names::Rule;
use naming::image;

const HEX64: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// Reference, registry, repository, tag, digest. `#` stands for 64 hexadecimal digits.
const ACCEPTED: &[(&str, &str, &str, &str, &str)] = &[
    // Short names are on Docker Hub; without a namespace they are in `library`.
    ("ubuntu", "docker.io", "library/ubuntu", "", ""),
    ("ubuntu:24.04", "docker.io", "library/ubuntu", "24.04", ""),
    ("a", "docker.io", "library/a", "", ""),
    ("0", "docker.io", "library/0", "", ""),
    ("library/ubuntu", "docker.io", "library/ubuntu", "", ""),
    ("owner/app", "docker.io", "owner/app", "", ""),
    ("owner/team/app", "docker.io", "owner/team/app", "", ""),
    ("docker.io/ubuntu", "docker.io", "library/ubuntu", "", ""),
    ("docker.io/library/ubuntu", "docker.io", "library/ubuntu", "", ""),
    ("docker.io/library/team/app", "docker.io", "library/team/app", "", ""),
    ("index.docker.io/ubuntu", "docker.io", "library/ubuntu", "", ""),
    ("index.docker.io/owner/app:1", "docker.io", "owner/app", "1", ""),
    ("docker.io:443/app", "docker.io:443", "app", "", ""),
    // A first component is a registry by its dot, its colon, its upper case, or as `localhost`.
    ("foo/bar", "docker.io", "foo/bar", "", ""),
    ("foo.x/bar", "foo.x", "bar", "", ""),
    ("foo:1/bar", "foo:1", "bar", "", ""),
    ("Foo/bar", "Foo", "bar", "", ""),
    ("localhost/app", "localhost", "app", "", ""),
    ("localhost", "docker.io", "library/localhost", "", ""),
    ("localhost:5000", "docker.io", "library/localhost", "5000", ""),
    ("localhost:5000/app", "localhost:5000", "app", "", ""),
    ("test_com/app", "docker.io", "test_com/app", "", ""),
    ("foo/foo_bar.com:8080", "docker.io", "foo/foo_bar.com", "8080", ""),
    // Without a slash, what looks like a host is a repository, and its port a tag.
    ("test.com", "docker.io", "library/test.com", "", ""),
    ("test.com:5000", "docker.io", "library/test.com", "5000", ""),
    ("192.168.1.1:5000", "docker.io", "library/192.168.1.1", "5000", ""),
    // Hosts and ports.
    ("ghcr.io/owner/app:v1.2.3", "ghcr.io", "owner/app", "v1.2.3", ""),
    ("test.com:5000/app:5050", "test.com:5000", "app", "5050", ""),
    ("192.168.1.1/app", "192.168.1.1", "app", "", ""),
    ("192.168.1.1:5000/app:1", "192.168.1.1:5000", "app", "1", ""),
    ("A.B-c.D9/app", "A.B-c.D9", "app", "", ""),
    ("a--b.c/app", "a--b.c", "app", "", ""),
    ("xn--n3h.com/app:xn--n3h.com", "xn--n3h.com", "app", "xn--n3h.com", ""),
    ("h.io:0/app", "h.io:0", "app", "", ""),
    ("h.io:123456789/app", "h.io:123456789", "app", "", ""),
    ("[::1]/app", "[::1]", "app", "", ""),
    ("[::1]:5000/app", "[::1]:5000", "app", "", ""),
    ("[2001:db8::1]:5000/a/b:t@sha256:#", "[2001:db8::1]:5000", "a/b", "t", "sha256:#"),
    ("[FE80:1:2:3:4:5:6:7]/app:1", "[FE80:1:2:3:4:5:6:7]", "app", "1", ""),
    // Components: one dot, one or two underscores, any number of dashes between words.
    ("ab_c__d-e---f/x", "docker.io", "ab_c__d-e---f/x", "", ""),
    ("o/a.b_c__d-e----f.0", "docker.io", "o/a.b_c__d-e----f.0", "", ""),
    ("h.io/0/1/2/3", "h.io", "0/1/2/3", "", ""),
    // Tags.
    ("a:_", "docker.io", "library/a", "_", ""),
    ("a:A", "docker.io", "library/a", "A", ""),
    ("a:0..--__", "docker.io", "library/a", "0..--__", ""),
    ("a:V1.0-RC_2", "docker.io", "library/a", "V1.0-RC_2", ""),
    // Digests.
    ("a@sha256:#", "docker.io", "library/a", "", "sha256:#"),
    ("a:1@sha256:#", "docker.io", "library/a", "1", "sha256:#"),
    ("a@sha512:##", "docker.io", "library/a", "", "sha512:##"),
    ("h.io:1/a@sha256:#", "h.io:1", "a", "", "sha256:#"),
    // An id is a name as soon as it is in a repository of its own.
    ("docker.io/#", "docker.io", "library/#", "", ""),
    ("owner/#", "docker.io", "owner/#", "", ""),
    ("#:latest", "docker.io", "library/#", "latest", ""),
    ("#a", "docker.io", "library/#a", "", ""),
];

/// Reference and the rule it breaks.
const REFUSED: &[(&str, Rule)] = &[
    ("", Rule::Empty),
    ("#", Rule::Identifier),
    ("sha256:#", Rule::Identifier),
    // Registries.
    ("-a.io/b", Rule::Registry),
    ("a-.io/b", Rule::Registry),
    ("a..io/b", Rule::Registry),
    (".io/b", Rule::Registry),
    ("a./b", Rule::Registry),
    ("foo_bar.com/b", Rule::Registry),
    ("Foo_bar/b", Rule::Registry),
    ("a:/b", Rule::Registry),
    (":1/b", Rule::Registry),
    ("a:x/b", Rule::Registry),
    ("a:1:2/b", Rule::Registry),
    ("a:-1/b", Rule::Registry),
    ("https://ghcr.io/a/b", Rule::Registry),
    ("fc00::1:5000/b", Rule::Registry),
    ("[::1/b", Rule::Registry),
    ("[]:1/b", Rule::Registry),
    ("[::1]x/b", Rule::Registry),
    ("[::1]:/b", Rule::Registry),
    ("[::1]:x/b", Rule::Registry),
    ("[::g]/b", Rule::Registry),
    ("[fe80::1%eth0]:5000/b", Rule::Registry),
    ("[2001:db8::192.0.2.33]:5000/b", Rule::Registry),
    ("bücher.example/b", Rule::Registry),
    // Repositories.
    ("[::1]", Rule::Repository),
    ("[2001:db8::1]:5000", Rule::Repository),
    (":tag", Rule::Repository),
    ("@sha256:#", Rule::Repository),
    ("a/", Rule::Repository),
    ("/a", Rule::Repository),
    ("a//b", Rule::Repository),
    ("h.io/", Rule::Repository),
    ("h.io//a", Rule::Repository),
    ("-a", Rule::Repository),
    ("a-", Rule::Repository),
    ("_a/b", Rule::Repository),
    ("a_/b", Rule::Repository),
    ("o/.a", Rule::Repository),
    ("o/a.", Rule::Repository),
    ("o/a..b", Rule::Repository),
    ("o/a___b", Rule::Repository),
    ("o/a_.b", Rule::Repository),
    ("o/a-.b", Rule::Repository),
    ("o/a-_b", Rule::Repository),
    ("a b", Rule::Repository),
    ("a\n", Rule::Repository),
    ("aa/a$$^/aa", Rule::Repository),
    ("ä", Rule::Repository),
    ("a\u{430}", Rule::Repository),
    ("Ubuntu", Rule::RepositoryCase),
    ("Ubuntu:latest", Rule::RepositoryCase),
    ("owner/App", Rule::RepositoryCase),
    ("h.io/Owner/app", Rule::RepositoryCase),
    ("test:5000/Uppercase/app:tag", Rule::RepositoryCase),
    // Tags.
    ("a:", Rule::Tag),
    ("a:.1", Rule::Tag),
    ("a:-1", Rule::Tag),
    ("a:1+2", Rule::Tag),
    ("a:b:c", Rule::Tag),
    ("a:é", Rule::Tag),
    ("h.io/a:1/b", Rule::Tag),
    // Digests.
    ("a@", Rule::Digest),
    ("a@sha256", Rule::Digest),
    ("a@sha256:#@sha256:#", Rule::Digest),
    ("a@sha256:", Rule::DigestLength),
    ("a@sha256:#0", Rule::DigestLength),
    ("a@sha512:#", Rule::DigestLength),
    ("a@md5:d41d8cd98f00b204e9800998ecf8427e", Rule::DigestAlgorithm),
    ("a@SHA256:#", Rule::DigestAlgorithm),
    ("a@:#", Rule::DigestAlgorithm),
];

fn filled(text: &str) -> String {
    text.replace('#', HEX64)
}

#[test]
fn what_the_grammar_takes_is_split_into_its_parts() {
    for (reference, registry, repository, tag, digest) in ACCEPTED {
        let reference = filled(reference);
        let image = image::parse(&reference).unwrap_or_else(|why| panic!("{reference}: {why}"));
        assert_eq!(image.registry, *registry, "{reference}");
        assert_eq!(image.repository, filled(repository), "{reference}");
        assert_eq!(image.tag.unwrap_or_default(), *tag, "{reference}");
        assert_eq!(image.digest.unwrap_or_default(), filled(digest), "{reference}");
    }
}

#[test]
fn what_it_does_not_take_is_refused_by_the_rule_it_breaks() {
    for (reference, rule) in REFUSED {
        let why = image::parse(&filled(reference)).expect_err(reference);
        assert_eq!(why.rule, *rule, "{reference}: {why}");
    }
}

#[test]
fn a_digest_is_in_small_letters() {
    let why = image::parse(&format!("a@sha256:{}", HEX64.to_uppercase())).unwrap_err();
    assert_eq!(why.rule, Rule::Digest);
}

#[test]
fn lengths_at_their_borders() {
    let rule = |reference: String| image::parse(&reference).map(|_| ()).map_err(|why| why.rule);
    assert_eq!(rule(format!("a:{}", "t".repeat(128))), Ok(()));
    assert_eq!(rule(format!("a:{}", "t".repeat(129))), Err(Rule::Tag));
    assert_eq!(rule(format!("h.io/{}", "r".repeat(255))), Ok(()));
    assert_eq!(rule(format!("h.io/{}", "r".repeat(256))), Err(Rule::RepositoryLength));
    // `library/` counts, the registry and the tag do not.
    assert_eq!(rule("r".repeat(247)), Ok(()));
    assert_eq!(rule("r".repeat(248)), Err(Rule::RepositoryLength));
    assert_eq!(rule(format!("{}.io:1/{}:t", "h".repeat(300), "r".repeat(255))), Ok(()));
    assert_eq!(rule(format!("a@sha256:{}", "0".repeat(63))), Err(Rule::DigestLength));
    assert_eq!(rule(format!("a@sha384:{}", "0".repeat(96))), Ok(()));
}
