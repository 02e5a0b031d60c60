//! The memory of one request: everything derived from its events is allocated
//! here and freed together.

use bumpalo::Bump;

/// Where one request's events, drafts and normalized texts live.
///
/// A server keeps arenas in a pool and calls [`Arena::reset`] between
/// requests, so that a busy process allocates nothing per event. An arena is
/// `Send` but not `Sync`: it is never held across an await.
///
/// ```
/// use capi_core::event::{Arena, Json};
///
/// let mut arena = Arena::new();
/// for body in [r#"{"n":1}"#, r#"{"n":2}"#] {
///     let event = Json::parse(&arena, body.as_bytes())?;
///     assert!(event.get("n").is_some());
///     // Whatever borrows from it must be gone by now.
///     arena.reset();
/// }
/// # Ok::<(), capi_core::event::JsonError>(())
/// ```
#[derive(Debug, Default)]
pub struct Arena(Bump);

impl Arena {
    /// An empty arena.
    #[must_use]
    pub fn new() -> Self {
        Self(Bump::new())
    }

    /// Copies `text` into the arena.
    #[must_use]
    pub fn text(&self, text: &str) -> &str {
        self.0.alloc_str(text)
    }

    /// Copies `items` into the arena.
    #[must_use]
    pub fn list<T: Copy>(&self, items: &[T]) -> &[T] {
        self.0.alloc_slice_copy(items)
    }

    /// Frees everything allocated so far and keeps the memory for reuse.
    pub fn reset(&mut self) {
        self.0.reset();
    }

    /// Bytes held, used or not: for deciding whether a pooled arena has grown
    /// too large to keep.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.0.allocated_bytes()
    }
}
