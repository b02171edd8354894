//! What is known of a target before its checks run.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use audit_run::facts::{self, Facts};
use audit_run::plan;
use audit_run::ran::{End, Ran};
use audit_run::suite::{Aspect, FileFact, Known, Need, Runtime, Suite, User};

use super::interrupt::Interrupt;
use super::target::{Target, Wanted, answer};
use super::{files, lookup, user};

/// A command, what it finds in its environment, and what it prints as facts.
type Question =
    (&'static [&'static str], &'static [(&'static str, &'static str)], fn(&str) -> Facts);

/// What OpenSSL is asked. The last one is answered by the loader, which then runs nothing.
const QUESTIONS: [Question; 3] = [
    (&["openssl", "version", "-a"], &[], facts::version),
    (&["openssl", "list", "-providers", "-verbose"], &[], facts::providers),
    (&["openssl", "version"], &[("LD_TRACE_LOADED_OBJECTS", "1")], facts::libraries),
];

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
        insert_file(&mut facts, "openssl", target, &path);
        let answers = thread::scope(|scope| {
            let asked = QUESTIONS
                .map(|(args, env, _)| scope.spawn(move || ask(target, args, env, interrupt)));
            asked.map(|answer| answer.join().unwrap_or_else(|_| Err("was never asked".to_owned())))
        });
        for ((_, _, read), answer) in QUESTIONS.into_iter().zip(answers) {
            facts.extend(read(&answer.map_err(|why| errors.push(why)).unwrap_or_default()));
        }
        files(&mut facts, target);
    }
    asked_for(&mut facts, target, suite, &mut errors);
    let needs = plan::needs(suite);
    let present = needs.into_iter().filter(|need| is_there(need, target)).collect();
    let gap = errors.first().cloned();
    (Known { facts, present, gap }, errors)
}

fn is_there(need: &Need, target: &Target) -> bool {
    match need {
        Need::Command(name) => find(target, name).is_some(),
        Need::File(path) => lookup::open(&target.root, Path::new(path)).is_ok(),
        Need::User(User::Root) => target.user() == 0,
        Need::User(User::Nonroot) => target.user() != 0,
        Need::User(User::Named(name)) => {
            user::resolve(name, &target.root).is_ok_and(|(user, _)| user == target.user())
        }
        Need::Runtime(Runtime::Any) => target.runtime().is_some(),
        Need::Runtime(runtime) => target.runtime() == Some(*runtime),
        Need::Network => !target.is_contained() && connected(),
        Need::Fact(_) | Need::Parameter(_) | Need::Subject(_) => false,
    }
}

/// Whether there is a way to other machines: a route that is not a loop.
fn connected() -> bool {
    let routes = |path, interface: fn(&str) -> Option<&str>| {
        let list = fs::read_to_string(path).unwrap_or_default();
        let mut used = list.lines().filter_map(interface);
        used.any(|name| name != "lo" && name != "Iface")
    };
    routes("/proc/net/route", |line| line.split_whitespace().next())
        || routes("/proc/net/ipv6_route", |line| line.split_whitespace().last())
}

/// Facts that are taken because the suite relies on them.
fn asked_for(facts: &mut Facts, target: &Target, suite: &Suite, errors: &mut Vec<String>) {
    let is_image = target.runtime().is_some();
    for name in plan::facts(suite) {
        let answer = match name {
            "image.shells" if is_image => Some(files::shells(&target.root)),
            "image.set_ids" if is_image => match files::set_ids(&target.root) {
                Ok(found) => Some(found),
                Err(error) => {
                    errors.push(format!("the files of the image: {error}"));
                    None
                }
            },
            name => match FileFact::parse(name) {
                Some(Ok(asked)) => files::fact(&target.root, &asked),
                _ => None,
            },
        };
        facts.extend(answer.map(|answer| (name.to_owned(), answer)));
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
        insert_file(facts, name, target, &path);
    }
    if let Some(path) = facts.get("libcrypto.path").map(std::path::PathBuf::from) {
        insert_file(facts, "libcrypto", target, &path);
    }
    for (name, value) in &target.env {
        let name = name.to_string_lossy();
        if name.starts_with("OPENSSL_") || name.starts_with("LD_") {
            facts.insert(format!("env.{name}"), value.to_string_lossy().into_owned());
        }
    }
}

fn insert_file(facts: &mut Facts, name: &str, target: &Target, path: &Path) {
    for (word, aspect) in Aspect::ALL {
        let answer = files::fact(&target.root, &FileFact { path: path.to_owned(), aspect });
        facts.extend(answer.map(|answer| (format!("{name}.{word}"), answer)));
    }
}

/// What a command prints, if it ends with 0.
fn ask(
    target: &Target,
    args: &[&str],
    env: &[(&str, &str)],
    interrupt: &Interrupt,
) -> Result<String, String> {
    let argv: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
    let named = |why: String| format!("{}: {why}", args.join(" "));
    let work = target.work().map_err(|error| named(error.to_string()))?;
    let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let wanted = Wanted { argv: &argv, env: &env, stdin: None, timeout: TIMEOUT };
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
