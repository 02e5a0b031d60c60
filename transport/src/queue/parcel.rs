//! What one request hands to the queue.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Conversion, RejectedConversion};

/// What one request hands to the queue: what is to be sent, and what is kept as dead
/// letters. Who handed it over may take it back as long as the queue has not begun with
/// it: a caller that has gone away must not leave memory behind that waits for the disk.
#[derive(Clone, Debug, Default)]
pub struct Parcel(Arc<Mutex<Contents>>);

#[derive(Debug, Default)]
struct Contents {
    conversions: VecDeque<Conversion>,
    rejected: VecDeque<RejectedConversion>,
    is_taken_back: bool,
}

/// A part of a parcel, which the queue stores in one go.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    pub(crate) conversions: Vec<Conversion>,
    /// Come after all of its conversions.
    pub(crate) rejected: Vec<RejectedConversion>,
    /// Its rows, each with what it is larger than usual.
    pub(crate) weight: usize,
}

/// A row of so many bytes takes the disk about as long as two small ones.
const BYTES_OF_A_ROW: usize = 1 << 10;

impl Parcel {
    /// A parcel of these.
    #[must_use]
    pub fn new(conversions: Vec<Conversion>, rejected: Vec<RejectedConversion>) -> Self {
        Self(Arc::new(Mutex::new(Contents {
            conversions: conversions.into(),
            rejected: rejected.into(),
            is_taken_back: false,
        })))
    }

    /// Whether there is nothing in it: it was empty, the queue has taken all of it, or it
    /// was requeued.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let contents = self.lock();
        contents.conversions.is_empty() && contents.rejected.is_empty()
    }

    /// How many rows are in it.
    pub(crate) fn rows(&self) -> usize {
        let contents = self.lock();
        contents.conversions.len() + contents.rejected.len()
    }

    /// Throws away what the queue has not begun with.
    pub fn take_back(&self) {
        let requeued = Contents {
            is_taken_back: true,
            ..Contents::default()
        };
        let contents = mem::replace(&mut *self.lock(), requeued);
        drop(contents);
    }

    /// Whether it was requeued.
    pub(crate) fn is_taken_back(&self) -> bool {
        self.lock().is_taken_back
    }

    /// Takes the next part out of it, of about so much weight: one row at least.
    pub(crate) fn take(&self, weight: usize) -> Chunk {
        let mut contents = self.lock();
        let mut chunk = Chunk {
            conversions: Vec::with_capacity(weight.min(contents.conversions.len())),
            ..Chunk::default()
        };
        while chunk.weight < weight
            && let Some(conversion) = contents.conversions.pop_front()
        {
            chunk.weight += 1 + conversion.payload.len() / BYTES_OF_A_ROW;
            chunk.conversions.push(conversion);
        }
        while chunk.weight < weight
            && let Some(rejected) = contents.rejected.pop_front()
        {
            chunk.weight += 1 + rejected.payload.len() / BYTES_OF_A_ROW;
            chunk.rejected.push(rejected);
        }
        chunk
    }

    /// Nothing in here can be left half done by a panic.
    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
