//! Places in the data, and small sets of them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::value::Val;

/// A place: an index into [`Places`].
pub type PlaceId = u32;

/// Above this many places a value is said to come from what holds them.
const MANY: usize = 64;

/// The places a value was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Src {
    /// None: the template's own text.
    #[default]
    None,
    /// One.
    One(PlaceId),
    /// Several, in ascending order.
    Many(Rc<[PlaceId]>),
}

impl Src {
    /// The places.
    #[must_use]
    pub fn ids(&self) -> &[PlaceId] {
        match self {
            Self::None => &[],
            Self::One(id) => std::slice::from_ref(id),
            Self::Many(ids) => ids,
        }
    }

    /// The places of both. The set can exceed the bound until [`Places::gather`] is asked.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::None, src) | (src, Self::None) => src.clone(),
            (Self::One(a), Self::One(b)) if a == b => self.clone(),
            _ => {
                let mut ids = [self.ids(), other.ids()].concat();
                ids.sort_unstable();
                ids.dedup();
                if ids.len() == self.ids().len() {
                    return self.clone();
                }
                Self::Many(ids.into())
            }
        }
    }

    /// Whether the set has outgrown its bound.
    #[must_use]
    pub fn too_many(&self) -> bool {
        self.ids().len() > MANY
    }
}

/// One step from a place to the next.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// A data file: its index among the inputs (none for the command line), and its name in the
    /// templates (empty for the root of the context).
    Root(Option<usize>, Rc<str>),
    /// A key of an object.
    Key(Rc<str>),
    /// An index of an array.
    Index(usize),
}

/// What is known of a place.
#[derive(Clone, Debug)]
pub struct Place {
    /// The place that holds it.
    pub parent: Option<PlaceId>,
    /// The step from there.
    pub step: Step,
    /// What is there; `None` if nothing is, and a template asked.
    pub val: Option<Val>,
}

/// Every place of the data.
#[derive(Debug, Default)]
pub struct Places {
    all: RefCell<Vec<Place>>,
    absent: RefCell<BTreeMap<(Option<PlaceId>, Step), PlaceId>>,
}

impl Places {
    /// A new place.
    pub fn add(&self, parent: Option<PlaceId>, step: Step, val: Option<Val>) -> PlaceId {
        let mut all = self.all.borrow_mut();
        // More than 2^32 places cannot be held in memory.
        let id = PlaceId::try_from(all.len()).unwrap_or(PlaceId::MAX);
        all.push(Place { parent, step, val });
        id
    }

    /// Says what is at a place, once it is known.
    pub fn fill(&self, id: PlaceId, val: Val) {
        if let Some(place) = self.all.borrow_mut().get_mut(id as usize) {
            place.val = Some(val);
        }
    }

    /// The place that a template asked for in vain.
    pub fn absent(&self, parent: Option<PlaceId>, step: Step) -> PlaceId {
        if let Some(id) = self.absent.borrow().get(&(parent, step.clone())) {
            return *id;
        }
        let id = self.add(parent, step.clone(), None);
        self.absent.borrow_mut().insert((parent, step), id);
        id
    }

    /// What is known of a place.
    #[must_use]
    pub fn get(&self, id: PlaceId) -> Option<Place> {
        self.all.borrow().get(id as usize).cloned()
    }

    /// The data file that holds a place.
    #[must_use]
    pub fn root(&self, id: PlaceId) -> PlaceId {
        let all = self.all.borrow();
        let mut root = id;
        while let Some(parent) = all.get(root as usize).and_then(|place| place.parent) {
            root = parent;
        }
        root
    }

    /// From the data file to the place.
    #[must_use]
    pub fn steps(&self, id: PlaceId) -> Vec<Step> {
        let all = self.all.borrow();
        let mut steps = Vec::new();
        let mut next = Some(id);
        while let Some(place) = next.and_then(|id| all.get(id as usize)) {
            steps.push(place.step.clone());
            next = place.parent;
        }
        steps.reverse();
        steps
    }

    /// The path as a template writes it: `summary.failures[3].message`.
    #[must_use]
    pub fn path(&self, id: PlaceId) -> String {
        let mut path = String::new();
        for step in self.steps(id) {
            match step {
                Step::Root(_, name) => path.push_str(&name),
                Step::Index(index) => path.push_str(&format!("[{index}]")),
                Step::Key(key) if is_name(&key) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&key);
                }
                Step::Key(key) => path.push_str(&format!("[{key:?}]")),
            }
        }
        path
    }

    /// The index of the input and the JSON pointer (RFC 6901) of a place.
    #[must_use]
    pub fn pointer(&self, id: PlaceId) -> (Option<usize>, String) {
        let (mut input, mut pointer) = (None, String::new());
        for step in self.steps(id) {
            match step {
                Step::Root(index, _) => input = index,
                Step::Key(key) => {
                    pointer.push('/');
                    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
                Step::Index(index) => {
                    pointer.push('/');
                    pointer.push_str(&index.to_string());
                }
            }
        }
        (input, pointer)
    }

    /// The same set, or, if it is too large, the places that hold it: a superset, never less.
    #[must_use]
    pub fn gather(&self, src: Src) -> Src {
        let mut ids: Vec<PlaceId> = src.ids().to_vec();
        if ids.len() <= MANY {
            return src;
        }
        let all = self.all.borrow();
        while ids.len() > MANY {
            let parent = |id: &PlaceId| all.get(*id as usize).and_then(|p| p.parent).unwrap_or(*id);
            let mut held: Vec<PlaceId> = ids.iter().map(parent).collect();
            held.sort_unstable();
            held.dedup();
            if held.len() == ids.len() && held == ids {
                break;
            }
            ids = held;
        }
        Src::Many(ids.into())
    }
}

/// Whether `key` can stand after a dot.
fn is_name(key: &str) -> bool {
    let mut chars = key.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_a_path_and_a_pointer() {
        let places = Places::default();
        let root = places.add(None, Step::Root(Some(2), "scan".into()), None);
        let rows = places.add(Some(root), Step::Key("a/b~".into()), None);
        let row = places.add(Some(rows), Step::Index(3), None);
        let name = places.add(Some(row), Step::Key("name".into()), None);
        assert_eq!(places.path(name), "scan[\"a/b~\"][3].name");
        assert_eq!(places.pointer(name), (Some(2), "/a~1b~0/3/name".to_owned()));
    }

    #[test]
    fn a_large_set_becomes_what_holds_it() {
        let places = Places::default();
        let root = places.add(None, Step::Root(None, "x".into()), None);
        let src = (0..200).fold(Src::None, |src, index| {
            src.and(&Src::One(places.add(Some(root), Step::Index(index), None)))
        });
        assert_eq!(places.gather(src).ids(), &[root]);
    }
}
