//! Where documents go: all of them or none.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use contract::ledger::Ledger;
use plumb::{Failure, Run, Source};
use readme_render::drift;
use readme_render::region::{self, RegionError};
use readme_render::render::Rendered;
use readme_render::verify;

use super::Args;
use super::args::Format;
use super::templates::Templates;

/// The files that the documents go to; none: standard output.
pub struct Targets {
    files: Option<Vec<PathBuf>>,
}

impl Targets {
    /// What the arguments say about it.
    pub fn new(args: &Args, templates: &Templates) -> Result<Self, Failure> {
        let one = templates.names.len() == 1;
        let to_stdout = args.stdout || args.format == Some(Format::Text);
        match (&args.common.output, &args.out_dir) {
            (Some(_), _) if !one => {
                let count = templates.names.len();
                Err(Failure::new(format!(
                    "--output takes one document, found {count} templates: use --out-dir"
                )))
            }
            (Some(output), _) => Ok(Self { files: Some(vec![output.clone()]) }),
            (None, Some(folder)) => {
                let file = |name: &String| folder.join(without_ending(name));
                let files: Vec<PathBuf> = templates.names.iter().map(file).collect();
                let mut sorted = files.clone();
                sorted.sort();
                match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
                    Some(pair) => Err(Failure::new("two templates would write it")
                        .at(pair[0].display().to_string())),
                    None => Ok(Self { files: Some(files) }),
                }
            }
            (None, None) if args.check => {
                Err(Failure::new("--check needs the file to compare with: --output or --out-dir"))
            }
            (None, None) if to_stdout && !one => {
                let count = templates.names.len();
                Err(Failure::new(format!(
                    "--stdout takes one template, found {count}: use --out-dir"
                )))
            }
            (None, None) if to_stdout || args.format == Some(Format::Json) => {
                Ok(Self { files: None })
            }
            (None, None) => Err(Failure::new(
                "say where the document goes: --output FILE, --out-dir DIR or --stdout",
            )),
        }
    }

    /// The file of each document; none: standard output.
    pub fn files(&self) -> Vec<Option<&Path>> {
        match &self.files {
            Some(files) => files.iter().map(|file| Some(file.as_path())).collect(),
            None => vec![None],
        }
    }

    /// The names of the outputs, for the ledger.
    pub fn names(&self) -> Vec<Vec<u8>> {
        match &self.files {
            Some(files) => files.iter().map(|file| file.as_os_str().as_bytes().to_vec()).collect(),
            None => vec![b"-".to_vec()],
        }
    }

    /// Writes every document, and the ledger if it goes to a file, together.
    pub fn write(
        &self,
        args: &Args,
        run: &Run,
        rendered: &Rendered,
        ledger: impl Fn() -> Ledger,
    ) -> Result<(), Failure> {
        let mut set: Vec<(PathBuf, &[u8])> = Vec::new();
        let content = rendered.documents.iter().map(|document| document.piece.text.as_bytes());
        for (file, content) in self.files.iter().flatten().zip(content) {
            if file == Path::new("-") {
                run.emit_text_to(file, content)?;
            } else {
                set.push((file.clone(), content));
            }
        }
        let mut entry = Vec::new();
        if let Some(file) = args.ledger.as_ref().filter(|file| *file != Path::new("-")) {
            entry = serde_json::to_vec(&ledger())
                .map_err(|error| Failure::new(format!("the ledger: {error}")))?;
            entry.push(b'\n');
            escape::json::visible(&mut entry, 0);
            set.push((file.clone(), &entry));
        }
        run.replace_all(&set)?;
        drop(entry);
        if ledger_to_stdout(args, self) {
            run.emit_to(Path::new("-"), &ledger())?;
        }
        Ok(())
    }
}

/// A template's name without `.j2`.
fn without_ending(name: &str) -> &str {
    [".j2", ".jinja2", ".jinja"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

/// Whether standard output is the ledger's.
fn ledger_to_stdout(args: &Args, targets: &Targets) -> bool {
    match (&args.ledger, args.format) {
        (Some(file), _) => file == Path::new("-"),
        (None, Some(format)) => format == Format::Json,
        (None, None) => !args.stdout && !args.check && !is_stdout(targets),
    }
}

fn is_stdout(targets: &Targets) -> bool {
    targets.files.as_ref().is_some_and(|files| files.iter().any(|file| file == Path::new("-")))
}

/// Writes the one document to standard output.
pub fn text(run: &Run, rendered: &Rendered) -> Result<(), Failure> {
    let Some(document) = rendered.documents.first() else { return Ok(()) };
    run.emit_text(document.piece.text.as_bytes())
}

/// Compares each file with its document; whether all are what they should be.
pub fn check(
    args: &Args,
    run: &Run,
    targets: &Targets,
    rendered: &Rendered,
    ledger: impl Fn() -> Ledger,
) -> Result<bool, Failure> {
    let (mut clean, mut diffs) = (true, String::new());
    let files = targets.files.as_deref().unwrap_or_default();
    for (file, document) in files.iter().zip(&rendered.documents) {
        let path = file.display().to_string();
        let old = match file.exists() {
            true => run.read(&Source::File(file.clone()))?.bytes,
            false => {
                run.warn(Some(&path), "is not there: run without --check to write it");
                Vec::new()
            }
        };
        let old = String::from_utf8_lossy(&old);
        let Some(drift) = drift::drift(&path, &old, &document.piece, &rendered.places) else {
            continue;
        };
        clean = false;
        diffs.push_str(&drift.diff);
        run.warn(Some(&path), "is not what the templates give now");
        for (line, value) in &drift.values {
            let message = format!("differs by {value}");
            run.say(&plumb::Event::Warning {
                source: Some(&path),
                line: Some(*line as u64),
                message: &message,
            });
        }
    }
    if let Some(file) = &args.ledger {
        clean &= same_values(run, file, &ledger())?;
    }
    if args.format == Some(Format::Json) {
        run.emit_to(Path::new("-"), &ledger())?;
    }
    if matches!(args.format, None | Some(Format::Diff)) {
        run.emit_text_to(Path::new("-"), diffs.as_bytes())?;
    }
    Ok(clean)
}

/// Puts the one document into the region `name` of its file; whether that can be.
pub fn fill(args: &Args, run: &Run, name: &str, rendered: &mut Rendered) -> Result<bool, Failure> {
    let (Some(path), Some(document)) = (&args.common.output, rendered.documents.first_mut()) else {
        return Ok(true);
    };
    let input = run.read(&Source::File(path.clone()))?;
    match region::splice(input.text()?, name, &document.piece.text) {
        Ok(spliced) => {
            document.piece.place(spliced.start, spliced.text);
            Ok(true)
        }
        Err(RegionError::Marker(why)) => Err(input.failure(why)),
        Err(RegionError::Edited(why)) => {
            let source = path.display().to_string();
            run.say(&plumb::Event::Failed { source: Some(&source), line: None, message: &why });
            Ok(false)
        }
    }
}

/// Names each used value that is not what the ledger of the last rendering says.
fn same_values(run: &Run, file: &Path, now: &Ledger) -> Result<bool, Failure> {
    let input = run.read(&Source::from_operand(file))?;
    let before: Ledger = input.json()?;
    let found = verify::compare(&before, now);
    for value in &found {
        let message = format!("{} was {}, is {}", value.path, value.was, value.is);
        run.warn(Some(&value.file), &message);
    }
    Ok(found.is_empty())
}
