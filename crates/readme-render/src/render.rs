//! From templates and data to documents.

use std::rc::Rc;

use contract::ledger::AllowedBy;

use crate::citations;
use crate::data::{self, Tree};
use crate::engine::{self, Evidence, Fault, Frame, Load, Options, Piece, Problem};
use crate::places::{PlaceId, Places, Src, Step};
use crate::value::Val;

/// One data file.
#[derive(Clone, Debug)]
pub struct Data {
    /// Its name in the templates; none: its keys are the context itself.
    pub name: Option<String>,
    /// What it is; none for values of the command line or the environment.
    pub file: Option<File>,
    /// What it holds.
    pub tree: Tree,
}

/// One document.
#[derive(Debug)]
pub struct Document {
    /// The name of the template, from the template root.
    pub template: String,
    /// The text and what was printed into it.
    pub piece: Piece,
    /// What was let through although it was missing, a path or pattern for each use.
    pub allowed: Vec<(String, AllowedBy)>,
}

/// The file behind some data.
#[derive(Clone, Debug)]
pub struct File {
    /// Its index among the inputs.
    pub index: usize,
    /// Its path, as people read it.
    pub path: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal digits.
    pub sha256: String,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Rendered {
    /// A document for each template, in their order.
    pub documents: Vec<Document>,
    /// Everything that was wrong. If anything is but [`Fault::Lenient`], no document counts.
    pub problems: Vec<Problem>,
    /// Every place of the data.
    pub places: Places,
}

impl Rendered {
    /// Whether no document counts.
    #[must_use]
    pub fn refused(&self) -> bool {
        self.problems.iter().any(|problem| problem.fault != Fault::Lenient)
    }
}

/// Renders each of `templates` over `data`.
///
/// Every template sees the same data and nothing of the others. `Err` says that two data files
/// claim one name.
pub fn render(
    templates: &[String],
    data: &[Data],
    options: &Options,
    load: Load<'_>,
) -> Result<Rendered, String> {
    let mut rendered = Rendered::default();
    let (context, files) = context(data, &rendered.places)?;
    for template in templates {
        let list = |cited: &[Src]| citations::evidence(&files, data, cited, &rendered.places);
        let once = |known: Option<&[Src]>| {
            let root = Frame::inside(&context);
            let evidence = Evidence { list: &list, known };
            engine::run(template, &root, &rendered.places, options, load, evidence)
        };
        let mut outcome = once(None);
        if outcome.listed_too_early {
            // What a document cites after its list is known once it was rendered.
            let cited = std::mem::take(&mut outcome.cited);
            outcome = once(Some(&cited));
        }
        rendered.problems.extend(outcome.problems);
        rendered.documents.push(Document {
            template: template.clone(),
            piece: outcome.piece,
            allowed: outcome.allowed,
        });
    }
    Ok(rendered)
}

/// The variables that every template begins with.
fn context(data: &[Data], places: &Places) -> Result<(Rc<Frame>, Vec<PlaceId>), String> {
    let frame = Rc::new(Frame::default());
    let mut roots = Vec::with_capacity(data.len());
    let claim = |name: &Rc<str>, value| {
        if **name == *"evidence" {
            return Err("the name \"evidence\" is taken: it is what a template knows of its data"
                .to_owned());
        }
        if frame.own(name).is_some() {
            return Err(format!(
                "two values are called {name:?}: give the data a name, --data NAME=FILE"
            ));
        }
        frame.set(name, value);
        Ok(())
    };
    for file in data {
        let name: Rc<str> = file.name.as_deref().unwrap_or_default().into();
        let step = Step::Root(file.file.as_ref().map(|file| file.index), name.clone());
        let value = data::plant(&file.tree, None, step, places);
        roots.extend(value.src.ids());
        if file.name.is_some() {
            claim(&name, value)?;
            continue;
        }
        let Val::Map(map) = &value.val else {
            let path = file.file.as_ref().map_or("FILE", |file| file.path.as_str());
            return Err(format!(
                "{path}: data without a name has to be an object: give it one, --data NAME={path}"
            ));
        };
        for (key, value) in map.borrow().iter() {
            if let Val::Str(key) = key {
                claim(key, value.clone())?;
            }
        }
    }
    Ok((frame, roots))
}
