//! `allure-env write`.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use allure_env::given::{Audited, Pairs, from_audit};
use allure_env::plan::{self, Before, CATEGORIES, EXECUTOR, PROPERTIES, Plan, RECORD, Wish};
use allure_env::{host, provenance};
use clap::builder::NonEmptyStringValueParser;
use contract::environment::{Environment, Made, Record, Written};
use contract::{InputRef, PathText, Sha256, Tag};
use plumb::{Failure, Input, Run, Source, Status};
use serde::Deserialize;

use super::{folder, generator, input, world};

/// Write environment.properties, executor.json and categories.json into a results directory
///
/// What an adapter has already written is kept. Where the run comes from is found in the
/// variables of GitHub, GitLab, Jenkins, Buildkite, Azure and CircleCI, or else in git; what is
/// not known is left out and named in the document.
#[derive(clap::Args)]
pub struct Args {
    /// The results directory
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Take properties from an audit document or from a flat JSON object (`-`: standard input)
    #[arg(long, value_name = "FILE")]
    from: Vec<PathBuf>,
    /// Set a property
    #[arg(long, value_name = "KEY=VALUE", value_parser = NonEmptyStringValueParser::new())]
    set: Vec<String>,
    /// Set a property to the SHA-256 of a file
    #[arg(long, value_name = "KEY=FILE")]
    sha256: Vec<std::ffi::OsString>,
    /// Add what this host says of itself: os, kernel, processor, memory, FIPS mode
    #[arg(long)]
    host_facts: bool,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub fn run(args: &Args, run: &mut Run) -> Result<Status, Failure> {
    let (wish, inputs) = wish(args, run)?;
    folder::expect(&args.dir)?;
    let before = before(&args.dir, run)?;
    let mut plan = plan::plan(&before, &wish);
    let mut record = record(args, run, &before, &mut plan)?;
    let mut files = Vec::new();
    for (name, bytes) in &plan.files {
        let changed = before.files.get(name) != Some(bytes);
        if changed && !args.dry_run {
            folder::write(run, &args.dir.join(name), bytes)?;
        }
        let made = digest_of(&record.inputs, name);
        files.extend(made.map(|sha256| Written { path: (*name).to_owned(), sha256, changed }));
    }
    record.properties.clone_from(&plan.ours);
    if before.record.as_ref() != Some(&record) && !args.dry_run {
        folder::write(run, &args.dir.join(RECORD), &plan::record(&record))?;
    }
    let PathText { path: directory, path_bytes: directory_bytes } =
        PathText::new(args.dir.as_os_str().as_bytes());
    let refused = !plan.refused.is_empty();
    let remarks: Vec<String> = plan.refused.into_iter().chain(plan.remarks).collect();
    for remark in &remarks {
        run.warn(Some(&directory), remark);
    }
    run.emit(&Environment {
        schema: Tag::new(),
        generator: generator(),
        inputs,
        directory,
        directory_bytes,
        changed: files.iter().any(|file| file.changed),
        properties: plan.properties,
        kept: plan.kept,
        executor: plan.executor,
        unknown: plan.unknown,
        remarks,
        files,
    })?;
    Ok(Status::yes_if(!refused))
}

/// Everything the caller and the world around say; later sources win over earlier ones.
fn wish(args: &Args, run: &Run) -> Result<(Wish, Vec<InputRef>), Failure> {
    let mut wish =
        Wish { found: provenance::find(&world::vars(), &world::git()), ..Wish::default() };
    let mut inputs = Vec::new();
    if args.host_facts {
        let (facts, unknown) = host::facts(&world::host());
        wish.properties.extend(facts);
        wish.unknown.extend(unknown);
    }
    for file in &args.from {
        let source = Source::from_operand(file);
        let read = run.read(&if source == Source::Stdin { run.stdin()? } else { source })?;
        wish.properties.extend(given(&read)?);
        inputs.push(input(&read.digest));
    }
    for pair in &args.sha256 {
        let (key, file) = hash_operand(pair)?;
        let digest = run.open(&Source::File(file))?.finish()?;
        wish.properties.insert(key, Sha256::new(digest.sha256).as_str().to_owned());
        inputs.push(input(&digest));
    }
    for pair in &args.set {
        let (key, value) = pair
            .split_once('=')
            .ok_or_else(|| Failure::new(format!("--set: expected KEY=VALUE, found {pair:?}")))?;
        wish.properties.insert(key.to_owned(), value.to_owned());
    }
    Ok((wish, inputs))
}

/// The properties of one `--from`: an audit, or a flat object.
fn given(read: &Input) -> Result<BTreeMap<String, String>, Failure> {
    #[derive(Deserialize)]
    struct Head {
        schema: Option<serde::de::IgnoredAny>,
    }
    let head: Head = read.json()?;
    Ok(match head.schema {
        Some(_) => from_audit(&read.json::<Audited>()?),
        None => read.json::<Pairs>()?.0,
    })
}

fn hash_operand(pair: &std::ffi::OsStr) -> Result<(String, PathBuf), Failure> {
    let bytes = pair.as_bytes();
    let split = bytes.iter().position(|byte| *byte == b'=').and_then(|at| {
        let key = std::str::from_utf8(&bytes[..at]).ok().filter(|key| !key.is_empty())?;
        Some((key.to_owned(), PathBuf::from(std::ffi::OsStr::from_bytes(&bytes[at + 1..]))))
    });
    split.ok_or_else(|| Failure::new(format!("--sha256: expected KEY=FILE, found {pair:?}")))
}

fn before(dir: &Path, run: &Run) -> Result<Before, Failure> {
    let mut before = Before::default();
    for name in [PROPERTIES, EXECUTOR, CATEGORIES] {
        if let Some(bytes) = folder::read_own(run, &dir.join(name))? {
            before.files.insert(name, bytes);
        }
    }
    let path = dir.join(RECORD);
    if folder::read_own(run, &path)?.is_some() {
        before.record = Some(run.read(&Source::File(path))?.json()?);
    }
    Ok(before)
}

/// What the directory will hold. What changed since an earlier record becomes a remark.
fn record(args: &Args, run: &Run, before: &Before, plan: &mut Plan) -> Result<Record, Failure> {
    let mut inputs = Vec::new();
    for name in folder::list(&args.dir)? {
        let ours = name == Path::new(RECORD) || plan.files.keys().any(|own| name == Path::new(own));
        if !ours {
            inputs.push(folder::digest(run, &args.dir, &name)?);
        }
    }
    if let Some(earlier) = &before.record {
        plan.remarks.extend(plan::changed_since(earlier, &inputs));
    }
    inputs.extend(plan::digests(&plan.files));
    inputs.sort();
    let own: BTreeSet<&str> = plan.own.iter().copied().collect();
    let written = inputs
        .iter()
        .filter(|file| own.contains(file.path.as_str()))
        .map(|file| Made { path: file.path.clone(), sha256: file.sha256.clone() })
        .collect();
    Ok(Record {
        schema: Tag::new(),
        generator: generator(),
        inputs,
        properties: BTreeMap::new(),
        written,
    })
}

fn digest_of(inputs: &[InputRef], name: &str) -> Option<Sha256> {
    inputs.iter().find(|file| file.path == name).map(|file| file.sha256.clone())
}
