//! What a template sees and sets, and how much it may make.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{Error as IoError, Write};

use liquid_core::model::{KString, KStringCow, KStringRef, ScalarCow, Value, ValueCow};
use liquid_core::runtime::{PartialStore, Registers, RuntimeBuilder};
use liquid_core::{Error, Result, Runtime, ValueView};

use super::plain::{Plain, json, length};
use crate::json::{Arena, Json, Number};

/// How many bytes a template may give; and how many all that its filters and
/// captures make on the way there.
const MAX_BYTES: usize = 1 << 20;

/// What a value takes beside its text.
const VALUE: usize = 16;

static MISSING: Json<'static> = Json::Null;

/// The variables of a template: what it assigned itself, what it counts, and
/// the event. What is in none of them is nil, and so is any path through it.
pub(super) struct Scope<'a> {
    arena: &'a Arena,
    event: Json<'a>,
    assigned: RefCell<Vec<(KString, Json<'a>)>>,
    inner: Box<dyn Runtime>,
    /// The paths of the event that were asked for, each with whether it leads
    /// anywhere, where somebody wants to know.
    asked: Option<RefCell<Vec<(String, bool)>>>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(arena: &'a Arena, event: Json<'a>) -> Self {
        Self {
            arena,
            event,
            assigned: RefCell::default(),
            inner: Box::new(RuntimeBuilder::new().build()),
            asked: None,
        }
    }

    /// One that remembers which paths of the event are asked for.
    pub(super) fn remembering(arena: &'a Arena, event: Json<'a>) -> Self {
        Self {
            asked: Some(RefCell::default()),
            ..Self::new(arena, event)
        }
    }

    /// The paths of the event that were asked for, each with whether it leads anywhere.
    pub(super) fn into_asked(self) -> Vec<(String, bool)> {
        self.asked.map(RefCell::into_inner).unwrap_or_default()
    }

    /// Whether an output was empty, of a template that tells.
    pub(super) fn has_hole(&self) -> bool {
        self.inner.registers().get_mut::<Holes>().0
    }

    fn find(&self, path: &[ScalarCow<'_>]) -> Option<&'a Json<'a>> {
        let (root, keys) = path.split_first()?;
        let root = root.to_kstr();
        let below = |root| {
            let mut keys = keys.iter();
            keys.try_fold(root, |value, key| self.member(value, key))
        };
        if let Some(own) = self.own(&root) {
            return below(own);
        }
        let value = member(self.event, &root).and_then(below);
        if let Some(asked) = &self.asked {
            let keys: Vec<_> = path.iter().map(ScalarCow::to_kstr).collect();
            let found = value.is_some_and(|value| !value.is_blank());
            asked.borrow_mut().push((keys.join("."), found));
        }
        value
    }

    /// What the template itself gave a name to.
    fn own(&self, name: &str) -> Option<&'a Json<'a>> {
        let assigned = self.assigned.borrow();
        if let Some((_, value)) = assigned.iter().find(|(known, _)| known == name) {
            return Some(self.keep(*value));
        }
        let count = self.inner.get_index(name)?;
        Some(self.keep(json(&count, self.arena)))
    }

    /// The member that liquidjs finds under `key`.
    fn member(&self, value: &'a Json<'a>, key: &ScalarCow<'_>) -> Option<&'a Json<'a>> {
        let name = key.to_kstr();
        let count = |count: usize| {
            let count = u64::try_from(count).unwrap_or(u64::MAX);
            Some(self.keep(Json::Number(Number::Unsigned(count))))
        };
        match (value, &*name) {
            (Json::Object(members), "size") => {
                member(*value, "size").or_else(|| count(members.len()))
            }
            (Json::Object(_), name) => member(*value, name),
            (Json::List(items), "size" | "length") => count(items.len()),
            (Json::List(items), "first") => items.first(),
            (Json::List(items), "last") => items.last(),
            (Json::List(items), name) => match name.strip_prefix('-') {
                Some(back) => items.get(items.len().checked_sub(back.parse().ok()?)?),
                None => items.get(name.parse::<usize>().ok()?),
            },
            (Json::Str(text), "size" | "length") => count(length(text)),
            _ => None,
        }
    }

    fn keep(&self, value: Json<'a>) -> &'a Json<'a> {
        self.arena.list(&[value]).first().unwrap_or(&MISSING)
    }
}

fn member<'a>(object: Json<'a>, name: &str) -> Option<&'a Json<'a>> {
    let mut members = Json::as_object(object)?.iter();
    members
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

impl Runtime for Scope<'_> {
    fn try_get(&self, path: &[ScalarCow<'_>]) -> Option<ValueCow<'_>> {
        self.get(path).ok()
    }

    fn get(&self, path: &[ScalarCow<'_>]) -> Result<ValueCow<'_>> {
        Ok(ValueCow::Borrowed(self.find(path).unwrap_or(&MISSING)))
    }

    fn set_global(&self, name: KString, value: Value) -> Option<Value> {
        let value = json(&value, self.arena);
        let mut assigned = self.assigned.borrow_mut();
        assigned.retain(|(known, _)| *known != name);
        assigned.push((name, value));
        None
    }

    fn roots(&self) -> BTreeSet<KStringCow<'_>> {
        BTreeSet::new()
    }

    fn partials(&self) -> &dyn PartialStore {
        self.inner.partials()
    }

    fn name(&self) -> Option<KStringRef<'_>> {
        self.inner.name()
    }

    fn set_index(&self, name: KString, value: Value) -> Option<Value> {
        self.inner.set_index(name, value)
    }

    fn get_index<'s>(&'s self, name: &str) -> Option<ValueCow<'s>> {
        self.inner.get_index(name)
    }

    fn registers(&self) -> &Registers {
        self.inner.registers()
    }
}

/// Whether there is a hole: an output that is empty after its filters.
#[derive(Default)]
struct Holes(bool);

/// Notes that an output is empty.
pub(super) fn note_hole(runtime: &dyn Runtime) {
    runtime.registers().get_mut::<Holes>().0 = true;
}

/// The bytes made so far.
#[derive(Default)]
struct Made(usize);

/// Accounts for what a filter or capture made.
pub(super) fn account(runtime: &dyn Runtime, value: &dyn ValueView) -> Result<()> {
    let mut made = runtime.registers().get_mut::<Made>();
    made.0 = made.0.saturating_add(size(value));
    within(made.0)
}

/// Refuses to make a text of that many bytes.
pub(super) fn within(bytes: usize) -> Result<()> {
    if bytes > MAX_BYTES {
        return Err(Error::with_msg(EXCESS));
    }
    Ok(())
}

const EXCESS: &str = "the template makes more than 1 MiB of text";

fn size(value: &dyn ValueView) -> usize {
    let inner = match Plain::of(value) {
        Plain::Text(text) => text.len(),
        Plain::List(items) => items.values().map(size).sum(),
        Plain::Object(members) => members
            .iter()
            .map(|(key, value)| key.len() + size(value))
            .sum(),
        _ => 0,
    };
    inner + VALUE
}

/// What a template or capture gives, as far as it is not too much.
#[derive(Default)]
pub(super) struct Bounded {
    out: Vec<u8>,
    is_full: bool,
}

impl Bounded {
    /// That there was too much.
    pub(super) fn excess(&self) -> Option<String> {
        self.is_full.then(|| EXCESS.into())
    }

    pub(super) fn text(self) -> String {
        // Whole texts were written.
        String::from_utf8(self.out).unwrap_or_default()
    }
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.is_full |= self.out.len() + bytes.len() > MAX_BYTES;
        if self.is_full {
            return Err(IoError::other(EXCESS));
        }
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
