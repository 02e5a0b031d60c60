//! What the paths of a mapping have in common: `context.traits` of
//! `context.traits.email` and `context.traits.phone` is looked up once per
//! event, before anything else.
//!
//! Only paths into the event itself share their beginnings. Inside the shape
//! of an `@arrayPath` or the mapping of a `@transform` they lead into something
//! else, so those are left as they are.

use std::collections::HashMap;

use super::path::{Base, Path, Step, value_at};
use crate::json::Json;

/// The shared beginnings, each one step beyond an earlier one or the event.
#[derive(Clone, Debug, Default)]
pub(super) struct Prefixes {
    list: Vec<(Base, Step)>,
    /// Their places in the list.
    places: HashMap<(Base, Step), usize>,
}

impl Prefixes {
    /// Leaves to `path` its last step, and keeps those before it here.
    pub(super) fn share(&mut self, path: &mut Path) {
        let Some((_, shared)) = path.steps.split_last() else {
            return;
        };
        let base = shared.iter().fold(path.base, |base, step| {
            let prefix = (base, step.clone());
            let next = self.list.len();
            let place = *self.places.entry(prefix.clone()).or_insert(next);
            if place == next {
                self.list.push(prefix);
            }
            Some(place)
        });
        path.base = base;
        path.steps.drain(..path.steps.len() - 1);
    }

    /// The value of each prefix in `event`.
    pub(super) fn find<'a>(&self, event: Json<'a>) -> Vec<Option<Json<'a>>> {
        let mut found = Vec::with_capacity(self.list.len());
        for (base, step) in &self.list {
            let value = value_at(*base, event, &found).and_then(|value| step.find(value));
            found.push(value);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Arena;

    #[test]
    fn shared_beginnings_are_kept_once_and_paths_lead_where_they_led() {
        let arena = Arena::new();
        let event = br#"{"a":{"b":{"c":1,"d":[2,3]},"n":null},"e":4}"#;
        let event = Json::parse(&arena, event).unwrap();
        let mut prefixes = Prefixes::default();
        let texts = [
            "a.b.c", "a.b.d[0]", "a.b.d[1]", "a.n.x", "a.x.y", "e", "", "a", "b.a.c",
        ];
        let paths: Vec<(Path, Path)> = texts
            .iter()
            .map(|text| {
                let mut path = Path::from_root(text);
                prefixes.share(&mut path);
                (Path::from_root(text), path)
            })
            .collect();
        // a, a.b, a.b.d, a.n, a.x, b, b.a
        assert_eq!(prefixes.list.len(), 7);
        let found = prefixes.find(event);
        for (whole, shared) in paths {
            assert_eq!(
                whole.find(event, &[]),
                shared.find(event, &found),
                "{whole:?}"
            );
        }
    }
}
