//! The time, handed in.

use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time. The queue and delivery ask it instead of the system, so
/// that tests and simulators can own it.
pub trait Clock: Send + Sync + 'static {
    /// The wall clock's time in Unix milliseconds. It may jump either way.
    fn now_ms(&self) -> i64;
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
}
