//! What one request hands to the queue.

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
    conversions: Vec<Conversion>,
    rejected: Vec<RejectedConversion>,
}

impl Parcel {
    /// A parcel of these.
    #[must_use]
    pub fn new(conversions: Vec<Conversion>, rejected: Vec<RejectedConversion>) -> Self {
        Self(Arc::new(Mutex::new(Contents {
            conversions,
            rejected,
        })))
    }

    /// Whether there is nothing in it: it was empty, the queue has taken all of it, or it
    /// was taken back.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let contents = self.lock();
        contents.conversions.is_empty() && contents.rejected.is_empty()
    }

    /// Throws away what the queue has not begun with.
    pub fn take_back(&self) {
        drop(mem::take(&mut *self.lock()));
    }

    /// All that is in it.
    pub(crate) fn take(&self) -> (Vec<Conversion>, Vec<RejectedConversion>) {
        let Contents {
            conversions,
            rejected,
        } = mem::take(&mut *self.lock());
        (conversions, rejected)
    }

    /// Nothing in here can be left half done by a panic.
    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
