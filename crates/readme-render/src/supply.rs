//! Whether audit, bill of materials and provenance speak of the same image.

use data_encoding::BASE64;

use crate::data::{self, Tree};
use crate::value::Val;

/// What one file says about the image it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claims {
    /// What kind of document it is.
    pub kind: &'static str,
    /// SHA-256 digests in lower-case hexadecimal digits, each with its JSON pointer.
    pub digests: Vec<(String, String)>,
}

/// The claims of a document that is about an image; `None` if it is of another kind.
///
/// Read are our own audits, CycloneDX and SPDX 2 bills of materials, and in-toto statements, bare
/// or in a DSSE envelope (then the pointer goes on behind `/payload#`), alone or one per line.
#[must_use]
pub fn claims(tree: &Tree) -> Option<Claims> {
    if let Tree::List(documents) = tree {
        return lines(documents);
    }
    let text = |path: &[&str]| string(at(tree, path)?);
    if text(&["schema"]).is_some_and(|schema| schema.starts_with("proofline/audit/")) {
        let fields = [["target", "image_digest"], ["target", "image_id"]];
        let digests = fields.iter().filter_map(|path| {
            Some((hex(string(at(tree, path)?)?)?, format!("/{}", path.join("/"))))
        });
        return Some(Claims { kind: "the audit", digests: digests.collect() });
    }
    if text(&["bomFormat"]) == Some("CycloneDX") {
        return Some(Claims { kind: "the bill of materials", digests: cyclonedx(tree) });
    }
    if text(&["spdxVersion"]).is_some_and(|version| version.starts_with("SPDX-")) {
        return Some(Claims { kind: "the bill of materials", digests: spdx(tree) });
    }
    if text(&["_type"]).is_some_and(|kind| kind.contains("in-toto.io/Statement")) {
        return Some(Claims { kind: "the provenance", digests: subjects(tree, "") });
    }
    if text(&["payloadType"]).is_some_and(|kind| kind.contains("in-toto")) {
        let payload = BASE64.decode(text(&["payload"])?.as_bytes()).ok()?;
        let inner = data::json_tree(&payload).ok()?;
        return Some(Claims { kind: "the provenance", digests: subjects(&inner, "/payload#") });
    }
    None
}

/// Statements, one per line of the file.
fn lines(documents: &[Tree]) -> Option<Claims> {
    let mut all: Option<Claims> = None;
    for (line, document) in documents.iter().enumerate() {
        if matches!(document, Tree::List(_)) {
            continue;
        }
        let Some(one) = claims(document).filter(|one| one.kind == "the provenance") else {
            continue;
        };
        let known = all.get_or_insert(Claims { kind: one.kind, digests: Vec::new() });
        let placed = one.digests.into_iter().map(|(digest, at)| (digest, format!("/{line}{at}")));
        known.digests.extend(placed);
    }
    all
}

/// What is wrong between the files, each with its name and what it claims: two that share no
/// digest, and one that is about no image beside one that is.
#[must_use]
pub fn disagreements(files: &[(&str, Claims)]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (place, (name, own)) in files.iter().enumerate() {
        for (other_name, other) in &files[place + 1..] {
            let shared = own.digests.iter().any(|(a, _)| other.digests.iter().any(|(b, _)| a == b));
            let message = match (own.digests.first(), other.digests.first()) {
                _ if shared => continue,
                (None, None) => continue,
                // A host has no digest, and nothing to say about an image.
                (None, _) if own.kind == "the audit" => continue,
                (_, None) if other.kind == "the audit" => continue,
                (Some((digest, at)), Some((other_digest, other_at))) => format!(
                    "{} is about the image sha256:{digest} ({at}), {} in {other_name} about \
                     sha256:{other_digest} ({other_at})",
                    own.kind, other.kind
                ),
                (None, Some(_)) => format!(
                    "{} names no digest of its image, which {} in {other_name} does",
                    own.kind, other.kind
                ),
                (Some(_), None) => {
                    let message = format!(
                        "{} names no digest of its image, which {} in {name} does",
                        other.kind, own.kind
                    );
                    found.push(((*other_name).to_owned(), message));
                    continue;
                }
            };
            found.push(((*name).to_owned(), message));
        }
    }
    found
}

fn cyclonedx(tree: &Tree) -> Vec<(String, String)> {
    let root = "/metadata/component";
    let mut found = Vec::new();
    for (place, hash) in list(at(tree, &["metadata", "component", "hashes"])).iter().enumerate() {
        if at(hash, &["alg"]).and_then(string) == Some("SHA-256") {
            let content = at(hash, &["content"]).and_then(string).and_then(hex);
            found.extend(content.map(|digest| (digest, format!("{root}/hashes/{place}/content"))));
        }
    }
    for field in ["version", "purl", "bom-ref", "name"] {
        let text = at(tree, &["metadata", "component", field]).and_then(string);
        found.extend(text.and_then(inside).map(|digest| (digest, format!("{root}/{field}"))));
    }
    found
}

/// The package that the document describes; the first one if it does not say.
fn spdx(tree: &Tree) -> Vec<(String, String)> {
    let described = list(at(tree, &["documentDescribes"])).first().and_then(string);
    let related = list(at(tree, &["relationships"])).iter().find_map(|relation| {
        let kind = at(relation, &["relationshipType"]).and_then(string)?;
        let of = at(relation, &["spdxElementId"]).and_then(string)?;
        (kind == "DESCRIBES" && of == "SPDXRef-DOCUMENT")
            .then(|| at(relation, &["relatedSpdxElement"]).and_then(string))?
    });
    let wanted = described.or(related);
    let packages = list(at(tree, &["packages"]));
    let is_it = |package: &&Tree| at(package, &["SPDXID"]).and_then(string) == wanted;
    let place = packages.iter().position(|package| is_it(&package)).unwrap_or(0);
    let Some(package) = packages.get(place) else { return Vec::new() };
    let root = format!("/packages/{place}");
    let mut found = Vec::new();
    for (at_sum, sum) in list(at(package, &["checksums"])).iter().enumerate() {
        if at(sum, &["algorithm"]).and_then(string) == Some("SHA256") {
            let value = at(sum, &["checksumValue"]).and_then(string).and_then(hex);
            let place = format!("{root}/checksums/{at_sum}/checksumValue");
            found.extend(value.map(|digest| (digest, place)));
        }
    }
    for field in ["versionInfo", "name", "downloadLocation"] {
        let text = at(package, &[field]).and_then(string);
        found.extend(text.and_then(inside).map(|digest| (digest, format!("{root}/{field}"))));
    }
    for (at_ref, reference) in list(at(package, &["externalRefs"])).iter().enumerate() {
        let text = at(reference, &["referenceLocator"]).and_then(string);
        let place = format!("{root}/externalRefs/{at_ref}/referenceLocator");
        found.extend(text.and_then(inside).map(|digest| (digest, place)));
    }
    found
}

fn subjects(tree: &Tree, before: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (place, subject) in list(at(tree, &["subject"])).iter().enumerate() {
        let digest = at(subject, &["digest", "sha256"]).and_then(string).and_then(hex);
        let pointer = format!("{before}/subject/{place}/digest/sha256");
        found.extend(digest.map(|digest| (digest, pointer)));
    }
    found
}

fn at<'t>(tree: &'t Tree, path: &[&str]) -> Option<&'t Tree> {
    path.iter().try_fold(tree, |tree, step| match tree {
        Tree::Map(entries) => entries.iter().find(|(key, _)| **key == **step).map(|(_, v)| v),
        _ => None,
    })
}

fn string(tree: &Tree) -> Option<&str> {
    match tree {
        Tree::Scalar(Val::Str(text)) => Some(text),
        _ => None,
    }
}

fn list(tree: Option<&Tree>) -> &[Tree] {
    match tree {
        Some(Tree::List(items)) => items,
        _ => &[],
    }
}

/// 64 hexadecimal digits, with or without what stands before them in `sha256:…` or `name@sha256:…`.
fn hex(text: &str) -> Option<String> {
    let digits = text.rsplit(':').next().unwrap_or(text);
    let right = digits.len() == 64 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    right.then(|| digits.to_ascii_lowercase())
}

/// The digest in a reference or a package URL.
fn inside(text: &str) -> Option<String> {
    let text = text.replace("%3A", ":").replace("%3a", ":");
    let digits = text.split("sha256:").nth(1)?;
    hex(digits.get(..64)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    fn of(text: &str) -> Claims {
        claims(&data::json_tree(text.replace("AAA", A).as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn each_kind_of_document_names_its_image() {
        for (text, pointer) in [
            (
                r#"{"schema":"proofline/audit/1","target":{"image_digest":"sha256:AAA"}}"#,
                "/target/image_digest",
            ),
            (
                r#"{"bomFormat":"CycloneDX","metadata":{"component":{"hashes":
                    [{"alg":"SHA-1","content":"x"},{"alg":"SHA-256","content":"AAA"}]}}}"#,
                "/metadata/component/hashes/1/content",
            ),
            (
                r#"{"bomFormat":"CycloneDX","metadata":{"component":{"purl":"pkg:oci/x@sha256%3AAAA?arch=a"}}}"#,
                "/metadata/component/purl",
            ),
            (
                r#"{"spdxVersion":"SPDX-2.3","packages":[{"SPDXID":"b"},{"SPDXID":"a","checksums":
                    [{"algorithm":"SHA256","checksumValue":"AAA"}]}],"documentDescribes":["a"]}"#,
                "/packages/1/checksums/0/checksumValue",
            ),
            (
                r#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"AAA"}}]}"#,
                "/subject/0/digest/sha256",
            ),
        ] {
            assert_eq!(of(text).digests, [(A.to_owned(), pointer.to_owned())], "{text}");
        }
        let statement = r#"{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":"AAA"}}]}"#;
        let payload = BASE64.encode(statement.replace("AAA", A).as_bytes());
        let envelope = format!(
            r#"{{"payloadType":"application/vnd.in-toto+json","payload":"{payload}","signatures":[]}}"#
        );
        assert_eq!(of(&envelope).digests[0].1, "/payload#/subject/0/digest/sha256");
        assert!(claims(&data::json_tree(b"{\"a\":1}").unwrap()).is_none());
    }

    #[test]
    fn files_that_share_no_digest_disagree_and_a_host_has_none() {
        let claim = |kind, digests: &[&str]| Claims {
            kind,
            digests: digests.iter().map(|d| ((*d).to_owned(), "/x".to_owned())).collect(),
        };
        let of = |a: Claims, b: Claims| disagreements(&[("a", a), ("b", b)]).len();
        assert_eq!(of(claim("the audit", &["1"]), claim("the provenance", &["2", "1"])), 0);
        assert_eq!(of(claim("the audit", &["1"]), claim("the provenance", &["2"])), 1);
        assert_eq!(of(claim("the audit", &["1"]), claim("the provenance", &[])), 1);
        assert_eq!(of(claim("the audit", &[]), claim("the provenance", &["2"])), 0);
        assert_eq!(of(claim("the bill of materials", &[]), claim("the provenance", &["2"])), 1);
    }
}
