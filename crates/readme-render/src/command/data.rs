//! Data files.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use plumb::{Digest, Failure, Input, Looks, Run, Source};
use readme_render::ci;
use readme_render::data::{self, DataError, Syntax, Tree};
use readme_render::evidence;
use readme_render::render::{Data, File};
use readme_render::value::Val;

use super::Args;

/// What could be read.
pub struct Read {
    /// The data, in the order of the command line.
    pub files: Vec<Data>,
    /// Whether something could not be read; it was reported.
    pub failed: bool,
}

/// Reads every data file; `root` is the folder of the templates, whose repository `ci` can be
/// about. One that cannot be read is reported and hides no other.
pub fn read(args: &Args, run: &mut Run, root: &Path) -> (Read, Vec<Digest>) {
    let mut read = Read { files: Vec::new(), failed: false };
    let mut digests = Vec::new();
    for operand in &args.data {
        let (name, path) = split(operand);
        match file(run, &path) {
            Ok((tree, digest)) => {
                let file = File {
                    index: digests.len(),
                    path: path.display().to_string(),
                    bytes: digest.bytes,
                    sha256: contract::Sha256::new(digest.sha256).to_string(),
                };
                read.files.push(Data { name, file: Some(file), tree });
                digests.push(digest);
            }
            Err(failure) => {
                run.report(&failure);
                read.failed = true;
            }
        }
    }
    for setting in &args.set {
        match setting.split_once('=') {
            Some((name, value)) if !name.is_empty() => {
                let tree = Tree::Scalar(Val::str(value));
                read.files.push(Data { name: Some(name.to_owned()), file: None, tree });
            }
            _ => {
                let message = format!("expected NAME=TEXT, found {setting:?}");
                run.report(&Failure::new(message).at("--set"));
                read.failed = true;
            }
        }
    }
    let named = |data: &Data| match (&data.name, &data.tree) {
        (Some(name), _) => name == "ci",
        (None, Tree::Map(entries)) => entries.iter().any(|(key, _)| **key == *"ci"),
        (None, _) => false,
    };
    if !read.files.iter().any(named)
        && let Some(tree) = ci::detect(&|name| std::env::var(name).ok()).or_else(|| git(root))
    {
        read.files.push(Data { name: Some("ci".to_owned()), file: None, tree });
    }
    (read, digests)
}

/// What the repository around the templates says.
fn git(root: &Path) -> Option<Tree> {
    let root = std::fs::canonicalize(if root == Path::new("") { Path::new(".") } else { root });
    ci::git(&|path| std::fs::read_to_string(path).ok(), &root.ok()?)
}

/// `NAME=FILE` or `FILE`; a name is one that a template can write.
fn split(operand: &OsStr) -> (Option<String>, PathBuf) {
    let bytes = operand.as_bytes();
    let name = bytes.iter().position(|byte| *byte == b'=').and_then(|at| {
        let name = std::str::from_utf8(&bytes[..at]).ok()?;
        let first = name.chars().next()?;
        let rest = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        (rest && !first.is_ascii_digit()).then(|| (name.to_owned(), at))
    });
    match name {
        Some((name, at)) => {
            (Some(name), PathBuf::from(OsString::from_vec(bytes[at + 1..].to_vec())))
        }
        None => (None, PathBuf::from(operand)),
    }
}

fn file(run: &Run, path: &Path) -> Result<(Tree, Digest), Failure> {
    let input = run.read(&Source::from_operand(path))?;
    let syntax = Syntax::of(&path.to_string_lossy());
    let tree = data::read(syntax, &input.bytes).map_err(|error| unreadable(&input, error))?;
    if let Some(id) = evidence::schema(&tree) {
        evidence::check(id, &input.bytes)
            .map_err(|(line, message)| placed(&input, line, message))?;
    }
    Ok((tree, input.digest))
}

/// Why, and what it is instead: the ending of its name says how a file is read.
fn unreadable(input: &Input, error: DataError) -> Failure {
    let advice = match Looks::like(&input.bytes) {
        Some(looks) if error.no_json => match looks {
            Looks::JsonLines => format!("{looks}: end its name in .ndjson"),
            Looks::Toml => format!("{looks}: end its name in .toml"),
            Looks::Text => format!("{looks}: data is JSON, .ndjson, .csv or .toml"),
            Looks::Yaml | Looks::Xml => {
                format!("{looks}: convert it to JSON, .ndjson, .csv or .toml first")
            }
            _ => format!("{looks}{}", looks.advice()),
        },
        _ => return placed(input, error.line, error.message),
    };
    placed(input, error.line, format!("expected JSON, found {advice}"))
}

fn placed(input: &Input, line: Option<u64>, message: String) -> Failure {
    let failure = input.failure(message);
    line.map_or(failure.clone(), |line| failure.line(line))
}
