//! The time, handed in.

use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Tells the time. The queue and delivery ask it instead of the system, so
/// that tests and simulators can own it.
pub trait Clock: Send + Sync + 'static {
    /// The wall clock's time in Unix milliseconds. It may jump either way.
    fn now_ms(&self) -> i64;

    /// The time of a clock that never jumps, in milliseconds since some moment. Of a
    /// clock that has no other, its wall clock's: that one is never in doubt then.
    fn monotonic_ms(&self) -> i64 {
        self.now_ms()
    }
}

/// The system's wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|since| i64::try_from(since.as_millis()).ok())
            // Before 1970 or after the year 292 million: no clock worth asking.
            .unwrap_or_default()
    }

    fn monotonic_ms(&self) -> i64 {
        static START: OnceLock<Instant> = OnceLock::new();
        let elapsed = START.get_or_init(Instant::now).elapsed();
        i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
    }
}
