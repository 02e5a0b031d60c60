//! What is made of one event while its mapping is resolved, and how much of it.

use super::error::ResolveError;
use super::hole::Holes;
use crate::json::{Arena, Json};

/// What resolving one event needs beside it: the arena, and buffers in which
/// lists, objects and texts grow before they are copied there, innermost last.
pub(super) struct Run<'a> {
    pub(super) arena: &'a Arena,
    pub(super) items: Vec<Json<'a>>,
    pub(super) members: Vec<(&'a str, Json<'a>)>,
    pub(super) text: String,
    /// The values of the shared beginnings of paths.
    pub(super) prefixes: Vec<Option<Json<'a>>>,
    /// What was made for the event's id and has a hole.
    pub(super) holes: Holes<'a>,
    /// The bytes of the lists, objects and texts made so far.
    made: usize,
    /// Whether a text grew beyond [`MAX_BYTES`].
    is_beyond: bool,
    /// How many values that a choice would take are to be passed over: they were tried
    /// and could not be used.
    pub(super) to_pass: usize,
}

/// The most that a mapping may make of one event, in bytes: some directives in
/// each other multiply what they are given.
pub(super) const MAX_BYTES: usize = 16 << 20;

impl<'a> Run<'a> {
    pub(super) fn new(arena: &'a Arena, prefixes: Vec<Option<Json<'a>>>) -> Self {
        Self {
            made: 0,
            is_beyond: false,
            to_pass: 0,
            arena,
            items: Vec::new(),
            members: Vec::new(),
            text: String::new(),
            prefixes,
            holes: Holes::default(),
        }
    }

    /// Whether a text that grows is to grow on.
    pub(super) fn may_grow(&mut self, length: usize) -> bool {
        self.is_beyond |= length > MAX_BYTES;
        !self.is_beyond
    }

    /// Fails once more was made than [`MAX_BYTES`].
    pub(super) fn check(&self) -> Result<(), Box<ResolveError>> {
        if self.is_beyond || self.made > MAX_BYTES {
            return Err(beyond());
        }
        Ok(())
    }

    /// Fails where `value` is larger than [`MAX_BYTES`] when it is written out: a
    /// value that is in it a thousand times was made once.
    pub(super) fn check_size(value: Json<'_>) -> Result<(), Box<ResolveError>> {
        let mut left = MAX_BYTES;
        if takes(value, &mut left) {
            Ok(())
        } else {
            Err(beyond())
        }
    }

    /// The items pushed since `start` as a list of the arena.
    pub(super) fn list(&mut self, start: usize) -> Json<'a> {
        self.made += size_of_val(&self.items[start..]);
        let list = self.arena.list(&self.items[start..]);
        self.items.truncate(start);
        Json::List(list)
    }

    /// The members pushed since `start` as an object of the arena.
    pub(super) fn object(&mut self, start: usize) -> Json<'a> {
        self.made += size_of_val(&self.members[start..]);
        let object = self.arena.list(&self.members[start..]);
        self.members.truncate(start);
        Json::Object(object)
    }

    /// A text that `write` appends, in the arena.
    pub(super) fn text(&mut self, write: impl FnOnce(&mut String)) -> Json<'a> {
        self.text.clear();
        write(&mut self.text);
        Json::Str(self.made_text())
    }

    /// What is in the text buffer, in the arena.
    pub(super) fn made_text(&mut self) -> &'a str {
        self.made += self.text.len();
        self.arena.text(&self.text)
    }
}

fn beyond() -> Box<ResolveError> {
    Box::new(ResolveError {
        path: "/".into(),
        message: format!("the mapping makes more than {MAX_BYTES} bytes of the event"),
    })
}

/// Takes the bytes of `value` from `left`, if there are so many.
fn takes(value: Json<'_>, left: &mut usize) -> bool {
    let own = match value {
        Json::Str(text) => text.len(),
        _ => 1,
    };
    let Some(rest) = left.checked_sub(own) else {
        return false;
    };
    *left = rest;
    match value {
        Json::List(items) => items.iter().all(|item| takes(*item, left)),
        Json::Object(members) => members.iter().all(|(key, value)| {
            let is_left = key.len() <= *left;
            *left = left.saturating_sub(key.len());
            is_left && takes(*value, left)
        }),
        _ => true,
    }
}
