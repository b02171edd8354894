//! `evidence`: what a template knows of its own data files and citations.

use std::rc::Rc;

use crate::map::Map;
use crate::places::{PlaceId, Places, Src};
use crate::render::{Data, File};
use crate::value::{Tracked, Val};

/// `evidence.inputs` (`name`, `path`, `bytes`, `sha256`, and its own number, `id`) and
/// `evidence.cited` (`id` and `sources`, each with `path`, `pointer`, `file` and `sha256`).
pub(crate) fn evidence(
    roots: &[PlaceId],
    data: &[Data],
    cited: &[Src],
    places: &Places,
) -> Tracked {
    let mut inputs = Vec::new();
    for (data, root) in data.iter().zip(roots) {
        let Some(file) = &data.file else { continue };
        let src = Src::One(*root);
        let name = data.name.as_deref().unwrap_or_default();
        let entries = [
            ("id", number(file.index + 1)),
            ("name", Val::str(name)),
            ("path", Val::str(file.path.as_str())),
            ("bytes", number(usize::try_from(file.bytes).unwrap_or(usize::MAX))),
            ("sha256", Val::str(file.sha256.as_str())),
        ];
        inputs.push(map(entries, &src));
    }
    let cited = cited.iter().enumerate().map(|(place, src)| {
        let sources = src.ids().iter().filter_map(|id| source(*id, data, places)).collect();
        let entries = [("id", number(place + 1)), ("sources", Val::list(sources))];
        map(entries, src)
    });
    let cited = Val::list(cited.collect());
    map([("inputs", Val::list(inputs)), ("cited", cited)], &Src::None)
}

/// A place as a document shows it.
fn source(id: PlaceId, data: &[Data], places: &Places) -> Option<Tracked> {
    let (input, pointer) = places.pointer(id);
    let mut files =
        data.iter().filter_map(|data| Some((data.name.as_deref(), data.file.as_ref()?)));
    let found = input.and_then(|index| files.find(|(_, file)| file.index == index));
    let (name, file): (_, Option<&File>) = found.map_or((None, None), |(n, f)| (n, Some(f)));
    let entries = [
        ("path", Val::str(places.path(id))),
        ("pointer", Val::str(pointer)),
        ("name", Val::str(name.unwrap_or_default())),
        ("input", number(input.map_or(0, |index| index + 1))),
        ("file", Val::str(file.map_or("the command line", |file| file.path.as_str()))),
        ("sha256", Val::str(file.map_or("", |file| file.sha256.as_str()))),
    ];
    // The name of a place is the file's, and not what is there.
    Some(map(entries, &Src::One(places.root(id))))
}

fn number(value: usize) -> Val {
    Val::Int(i128::try_from(value).unwrap_or(i128::MAX))
}

fn map<const N: usize>(entries: [(&str, Val); N], src: &Src) -> Tracked {
    let entry = |(name, val): (&str, Val)| {
        // Containers keep no place of their own, so that their items keep theirs.
        let src = if matches!(val, Val::List(_)) { Src::None } else { src.clone() };
        (Val::Str(Rc::from(name)), Tracked { val, src })
    };
    Tracked::bare(Val::map(entries.into_iter().map(entry).collect::<Map>()))
}
