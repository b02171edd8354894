//! Template files: named from one root, read once, never from outside of it.

use std::cell::RefCell;
use std::ffi::OsStr;
use std::fs;
use std::path::{Component, Path, PathBuf};

use plumb::{Digest, Directories, Failure, Files, Input, Run, Source};
use readme_render::engine::LoadError;

use super::Args;

/// Endings of template files.
const ENDINGS: [&str; 3] = ["j2", "jinja2", "jinja"];

/// The templates of a run.
pub struct Templates {
    /// The names to render, from the root.
    pub names: Vec<String>,
    /// Where each is.
    pub paths: Vec<Source>,
    root: PathBuf,
    read: RefCell<Vec<(String, Input)>>,
}

impl Templates {
    /// The templates that the operands name.
    pub fn find(args: &Args, run: &mut Run) -> Result<Self, Failure> {
        let files = Files { files: args.templates.clone(), files0_from: None };
        let folder = args.templates.iter().find(|path| path.is_dir());
        let mut paths = run.sources(&files, Directories::Walk)?;
        if folder.is_some() {
            // Named files are taken as they are, those found in folders by their ending.
            paths.retain(|source| match source {
                Source::Stdin => true,
                Source::File(path) => args.templates.contains(path) || is_template(path),
            });
        }
        let root = match (&args.root, folder) {
            (Some(root), _) => root.clone(),
            (None, Some(folder)) => folder.clone(),
            (None, None) => common_folder(&paths),
        };
        let mut names = Vec::with_capacity(paths.len());
        for source in &paths {
            names.push(name(source, &root)?);
        }
        if names.is_empty() {
            return Err(Failure::new("no template: expected files that end in .j2"));
        }
        Ok(Self { names, paths, root, read: RefCell::default() })
    }

    /// The folder that their names count from.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The text of a template.
    pub fn load(&self, run: &Run, name: &str) -> Result<String, LoadError> {
        if let Some((_, input)) = self.read.borrow().iter().find(|(known, _)| known == name) {
            return text(input);
        }
        let source = match self.names.iter().position(|known| known == name) {
            Some(place) => self.paths[place].clone(),
            None => Source::File(self.inside(name)?),
        };
        let input = run.read(&source).map_err(|failure| LoadError::Refused(failure.message))?;
        let text = text(&input);
        self.read.borrow_mut().push((name.to_owned(), input));
        text
    }

    /// What was read, in the order of the names.
    pub fn digests(&self) -> Vec<Digest> {
        let mut read = self.read.borrow().clone();
        read.sort_by(|a, b| a.0.cmp(&b.0));
        read.into_iter().map(|(_, input)| input.digest).collect()
    }

    /// The path that people know a template by.
    pub fn shown(&self, name: &str) -> String {
        match self.names.iter().position(|known| known == name) {
            Some(place) => self.paths[place].to_string(),
            None => self.root.join(name).display().to_string(),
        }
    }

    /// The file of a name that a template gives: below the root, also once links are followed.
    fn inside(&self, name: &str) -> Result<PathBuf, LoadError> {
        let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if !plain || name.is_empty() {
            let why = "names count from the template root and cannot leave it".to_owned();
            return Err(LoadError::Refused(why));
        }
        let path = self.root.join(name);
        let Ok(found) = fs::canonicalize(&path) else { return Err(LoadError::NotFound) };
        let root = if self.root == Path::new("") { Path::new(".") } else { &self.root };
        match fs::canonicalize(root) {
            Ok(root) if found.starts_with(&root) => Ok(path),
            _ => Err(LoadError::Refused("it leads out of the template root".to_owned())),
        }
    }
}

fn text(input: &Input) -> Result<String, LoadError> {
    match input.text() {
        Ok(text) if text.contains('\0') => {
            Err(LoadError::Refused("expected a text template, found binary data".to_owned()))
        }
        Ok(text) => Ok(text.to_owned()),
        Err(failure) => Err(LoadError::Refused(failure.message)),
    }
}

fn is_template(path: &Path) -> bool {
    path.extension().and_then(OsStr::to_str).is_some_and(|ending| ENDINGS.contains(&ending))
}

/// The deepest folder that holds every file.
fn common_folder(paths: &[Source]) -> PathBuf {
    let mut folders = paths.iter().filter_map(|source| match source {
        Source::File(path) => path.parent(),
        Source::Stdin => None,
    });
    let Some(first) = folders.next() else { return PathBuf::new() };
    let mut common = first.to_owned();
    for folder in folders {
        while !folder.starts_with(&common) {
            if !common.pop() {
                return PathBuf::new();
            }
        }
    }
    common
}

fn name(source: &Source, root: &Path) -> Result<String, Failure> {
    let Source::File(path) = source else { return Ok("stdin".to_owned()) };
    let below = path.strip_prefix(root).map_err(|_| {
        Failure::new(format!("is not below the template root {}", root.display()))
            .at(source.to_string())
    })?;
    Ok(below.to_string_lossy().into_owned())
}
