//! What is known of a target before its checks run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use audit_run::facts::{self, Facts};
use audit_run::plan;
use audit_run::ran::{End, Ran};
use audit_run::suite::{Known, Need, Suite};

use super::interrupt::Interrupt;
use super::lookup;
use super::target::{Target, Wanted, answer};

/// Files whose digest is a fact, by the fact's name: the folder's fact and the file in it.
const FILES: [(&str, &str, &str); 2] = [
    ("config", "openssl.directory", "openssl.cnf"),
    ("module.fips", "openssl.modules_directory", "fips.so"),
];

/// How long a probe may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Takes the facts, and looks for what `suite` needs. What could not be asked is an error line.
pub fn known(target: &Target, suite: &Suite, interrupt: &Interrupt) -> (Known, Vec<String>) {
    let mut errors = Vec::new();
    let mut facts = system();
    facts.extend(target.facts.clone());
    if let Some(path) = find(target, "openssl") {
        facts.insert("openssl.path".into(), path.display().to_string());
        insert_digest(&mut facts, "openssl", target, &path);
        let mut ask = |args: &[&str]| {
            ask(target, args, interrupt).map_err(|why| errors.push(why)).unwrap_or_default()
        };
        facts.extend(facts::version(&ask(&["openssl", "version", "-a"])));
        facts.extend(facts::providers(&ask(&["openssl", "list", "-providers", "-verbose"])));
        files(&mut facts, target);
    }
    let needs = plan::needs(suite);
    let present = needs.into_iter().filter(|need| is_there(need, target)).collect();
    (Known { facts, present }, errors)
}

fn is_there(need: &Need, target: &Target) -> bool {
    match need {
        Need::Command(name) => find(target, name).is_some(),
        Need::File(path) => lookup::open(&target.root, Path::new(path)).is_ok(),
        Need::Root => target.is_root(),
        Need::Fact(_) | Need::Parameter(_) | Need::Subject(_) => false,
    }
}

fn find(target: &Target, name: &str) -> Option<std::path::PathBuf> {
    lookup::command(&target.root, name, &target.search(), Path::new("/"))
}

/// The machine's own facts: the kernel's are true of every target on it.
fn system() -> Facts {
    let read = |path| fs::read_to_string(path).ok().map(|text| text.trim().to_owned());
    let facts = [
        ("kernel.release", read("/proc/sys/kernel/osrelease")),
        ("kernel.fips_enabled", read("/proc/sys/crypto/fips_enabled")),
        ("machine", Some(std::env::consts::ARCH.to_owned())),
        ("user.uid", Some(rustix::process::geteuid().as_raw().to_string())),
    ];
    facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// The configuration and the module: which files, and their digests.
fn files(facts: &mut Facts, target: &Target) {
    for (name, folder, file) in FILES {
        let variable = match name {
            "config" => target.env.get(std::ffi::OsStr::new("OPENSSL_CONF")),
            _ => None,
        };
        let path = match (variable, facts.get(folder)) {
            (Some(path), _) => path.into(),
            (None, Some(folder)) => Path::new(folder).join(file),
            (None, None) => continue,
        };
        facts.insert(format!("{name}.path"), path.display().to_string());
        insert_digest(facts, name, target, &path);
    }
    for (name, value) in &target.env {
        let name = name.to_string_lossy();
        if name.starts_with("OPENSSL_") || name.starts_with("LD_") {
            facts.insert(format!("env.{name}"), value.to_string_lossy().into_owned());
        }
    }
}

fn insert_digest(facts: &mut Facts, name: &str, target: &Target, path: &Path) {
    if let Some(digest) = lookup::sha256(&target.root, path) {
        facts.insert(format!("{name}.sha256"), digest);
    }
}

/// What a command prints, if it ends with 0.
fn ask(target: &Target, args: &[&str], interrupt: &Interrupt) -> Result<String, String> {
    let argv: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
    let named = |why: String| format!("{}: {why}", args.join(" "));
    let work = target.work().map_err(|error| named(error.to_string()))?;
    let wanted = Wanted { argv: &argv, env: &BTreeMap::new(), stdin: None, timeout: TIMEOUT };
    let (command, token) = target.command(wanted, &work).map_err(named)?.into_parts();
    let running = command.start(interrupt).map_err(|error| named(error.to_string()))?;
    let Ran { end, stdout, stderr, .. } = answer(running.finish(), token.as_deref());
    if end == End::Exit(0) {
        return Ok(String::from_utf8_lossy(&stdout.bytes).into_owned());
    }
    let stderr = String::from_utf8_lossy(&stderr.bytes).into_owned();
    let line = stderr.lines().next().unwrap_or("it wrote nothing").to_owned();
    Err(named(format!("{end:?}: {line}")))
}
