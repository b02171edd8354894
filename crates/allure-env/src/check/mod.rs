//! Everything in results directories that a report would hide or misstate.
//!
//! An error is a finding that misleads a reader of the report. Honest adapters have none; what they
//! do have (a step that was meant to fail, a test that is still to be written) is a warning at
//! most.

mod attachments;
mod environment;
mod groups;
mod outcome;

use contract::PathText;
use contract::allure::{Finding, FindingLevel, FindingRule};

use crate::beside;
use crate::listing::{Kind, Listing};
use crate::result::{Container, Dropped, Inside, Reading};

pub use attachments::{DEFAULT_LIMIT, Sizes};

/// A directory that is being checked.
#[derive(Clone, Copy, Debug)]
pub struct Directory<'a> {
    /// Its path, as it was given.
    pub path: &'a [u8],
    /// What is in it.
    pub listing: &'a Listing,
    /// The sizes of the files in it that may be attachments.
    pub sizes: &'a Sizes,
}

/// Collects findings over directories.
#[derive(Debug)]
pub struct Checker {
    findings: Vec<Finding>,
    groups: groups::Groups,
    limit: u64,
}

impl Checker {
    /// Attachments above `limit` bytes are findings.
    #[must_use]
    pub fn new(limit: u64) -> Self {
        Self { findings: Vec::new(), groups: groups::Groups::default(), limit }
    }

    /// Looks at the names in a directory, before its files.
    pub fn directory(&mut self, dir: &Directory<'_>) {
        self.groups.directory();
        let mut results = 0_u64;
        for (name, kind) in dir.listing.iter() {
            let text = String::from_utf8_lossy(name);
            let wanted = text.ends_with("-result.json") || text.ends_with("-container.json");
            results += u64::from(text.ends_with("-result.json"));
            match kind {
                Kind::Folder | Kind::Other if wanted => self.error(
                    &join(dir.path, name),
                    FindingRule::NotRead,
                    "is no file: a result of this name is read by no generator".to_owned(),
                ),
                Kind::File if misnamed(&text) => self.error(
                    &join(dir.path, name),
                    FindingRule::NotRead,
                    "is not read by its name: the name of a result ends in -result.json".to_owned(),
                ),
                Kind::Link if wanted => self.error(
                    &join(dir.path, name),
                    FindingRule::Link,
                    "is a link: Allure 2 reads what it leads to, Allure 3 does not".to_owned(),
                ),
                Kind::File if unfinished(&text) => self.error(
                    &join(dir.path, name),
                    FindingRule::Unfinished,
                    "was meant to become a result and never did: the test's outcome is lost"
                        .to_owned(),
                ),
                _ => {}
            }
        }
        if results == 0 {
            self.error(
                dir.path,
                FindingRule::EmptyDirectory,
                "holds no result: both generators make a report of it, and Allure 3 calls it passed"
                    .to_owned(),
            );
        }
    }

    /// Looks at a result file.
    pub fn result(&mut self, dir: &Directory<'_>, name: &[u8], reading: &Reading) {
        let path = join(dir.path, name);
        self.dropped(&path, reading);
        outcome::check(self, &path, reading);
        self.inside(dir, &path, &reading.inside);
        self.groups.result(&path, reading);
    }

    /// Tells of results in a folder below, which no generator looks into.
    pub fn below(&mut self, dir: &Directory<'_>, name: &[u8], results: u64) {
        let message = format!(
            "is a folder of results ({results}) that no generator reads from here: give the folder \
             itself"
        );
        self.error(&join(dir.path, name), FindingRule::NotRead, message);
    }

    /// Looks at how an XML file begins: it may be a report of another kind.
    pub fn xml(&mut self, dir: &Directory<'_>, name: &[u8], head: &[u8]) {
        if beside::foreign(head) {
            let message = "is a JUnit report: the generators count its tests, too, which stats and \
                           merge do not (from junit makes results of them)";
            self.error(&join(dir.path, name), FindingRule::ForeignReport, message.to_owned());
        }
    }

    /// Looks at a container file.
    pub fn container(&mut self, dir: &Directory<'_>, name: &[u8], container: &Container) {
        let path = join(dir.path, name);
        if let Some(why) = &container.dropped {
            let message = format!("{why}; its fixtures and their attachments are not shown");
            self.error(&path, FindingRule::Dropped, message);
        }
        if let Some(why) = &container.fatal {
            self.error(&path, FindingRule::EndsAllure2, why.clone());
        }
        self.inside(dir, &path, &container.inside);
    }

    /// Looks at any of the files beside the results: `*-globals.json`, environment files.
    pub fn beside(&mut self, dir: &Directory<'_>, name: &[u8], bytes: &[u8]) {
        environment::check(self, &join(dir.path, name), name, bytes);
    }

    /// Everything that was found, by path.
    #[must_use]
    pub fn finish(mut self) -> Vec<Finding> {
        let groups = std::mem::take(&mut self.groups);
        groups.tell(&mut self);
        self.findings.sort();
        self.findings.dedup();
        self.findings
    }

    fn dropped(&mut self, path: &[u8], reading: &Reading) {
        for dropped in [&reading.allure2, &reading.allure3] {
            match dropped {
                Err(Dropped::Skipped(why)) => self.error(path, FindingRule::Dropped, why.clone()),
                Err(Dropped::Fatal(why)) => self.error(path, FindingRule::EndsAllure2, why.clone()),
                Ok(_) => {}
            }
        }
    }

    fn inside(&mut self, dir: &Directory<'_>, path: &[u8], inside: &Inside) {
        for source in &inside.sources {
            attachments::check(self, dir, path, source.as_deref());
        }
    }

    fn error(&mut self, path: &[u8], rule: FindingRule, message: String) {
        self.find(path, rule, FindingLevel::Error, message);
    }

    fn warning(&mut self, path: &[u8], rule: FindingRule, message: String) {
        self.find(path, rule, FindingLevel::Warning, message);
    }

    fn find(&mut self, path: &[u8], rule: FindingRule, level: FindingLevel, message: String) {
        let PathText { path, path_bytes } = PathText::new(path);
        self.findings.push(Finding { path, path_bytes, rule, level, message });
    }
}

/// A name that somebody would take for a result's, and no generator does.
fn misnamed(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("-result.json") && !name.ends_with("-result.json") && !unfinished(name)
}

/// A name like `…-result.json.tmp`.
fn unfinished(name: &str) -> bool {
    let rest = name.rfind("-result.json").map(|at| &name[at + "-result.json".len()..]);
    matches!(rest, Some(".tmp" | ".part" | ".partial" | "~" | ".swp"))
}

fn join(dir: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = dir.to_vec();
    if !path.ends_with(b"/") {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}
