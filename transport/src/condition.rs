//! What lasts, in the log: told when it begins, now and then while it lasts, and when it
//! ends, however often it is met meanwhile.

/// How long a condition that lasts is not told again.
const INTERVAL_MS: i64 = 60 * 1000;

/// A condition that may last: a disk that is full, a lane that is held. It says when
/// there is something to log; the sentence is the caller's.
///
/// ```
/// use capi_transport::{Condition, Told};
///
/// let mut full = Condition::default();
/// assert_eq!(full.met(0), Some(Told::Begins));
/// assert_eq!(full.met(10), None);
/// assert_eq!(full.met(60_000), Some(Told::Lasts { times: 3, ms: 60_000 }));
/// let ended = full.over(61_000).unwrap();
/// assert_eq!((ended.times, ended.ms), (3, 61_000));
/// assert_eq!(full.over(62_000), None);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Condition(Option<Lasting>);

#[derive(Clone, Copy, Debug)]
struct Lasting {
    since_ms: i64,
    told_ms: i64,
    times: u64,
}

/// What is to be logged of a condition that is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It was not met before.
    Begins,
    /// It was last told a minute ago or more.
    Lasts {
        /// How often it was met, in all.
        times: u64,
        /// For how long by now, in milliseconds.
        ms: i64,
    },
}

/// A condition that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How often it was met.
    pub times: u64,
    /// How long it lasted, in milliseconds.
    pub ms: i64,
}

impl Condition {
    /// It is met, at this time in milliseconds. Says what is to be logged, if anything.
    pub const fn met(&mut self, now_ms: i64) -> Option<Told> {
        let Some(lasting) = &mut self.0 else {
            self.0 = Some(Lasting {
                since_ms: now_ms,
                told_ms: now_ms,
                times: 1,
            });
            return Some(Told::Begins);
        };
        lasting.times += 1;
        // A clock that was put back must not silence it.
        if now_ms.saturating_sub(lasting.told_ms).saturating_abs() < INTERVAL_MS {
            return None;
        }
        lasting.told_ms = now_ms;
        Some(Told::Lasts {
            times: lasting.times,
            ms: now_ms.saturating_sub(lasting.since_ms),
        })
    }

    /// It is not met any more. Says what is to be logged if it was before.
    pub const fn over(&mut self, now_ms: i64) -> Option<Ended> {
        let Some(Lasting {
            since_ms, times, ..
        }) = self.0.take()
        else {
            return None;
        };
        Some(Ended {
            times,
            ms: now_ms.saturating_sub(since_ms),
        })
    }

    /// Whether it lasts.
    #[must_use]
    pub const fn lasts(&self) -> bool {
        self.0.is_some()
    }
}
