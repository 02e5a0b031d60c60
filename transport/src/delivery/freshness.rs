//! How fresh what leaves is. Meta wants events as they happen; what is more
//! than an hour old counts for less.
//!
//! Source: Meta, Conversions API, Best practices.

use super::notice::Notice;
use crate::queue::Leased;

/// Older than this is logged, and again after as long.
const LATE_MS: i64 = 60 * 60 * 1000;

/// The age of what a lane sends.
#[derive(Debug, Default)]
pub(super) struct Freshness {
    age_ms: Option<i64>,
    told_ms: Option<i64>,
}

impl Freshness {
    /// How old the oldest event of the last request was when it left.
    pub(super) const fn age_ms(&self) -> Option<i64> {
        self.age_ms
    }

    /// Rows leave; perhaps there is something to tell.
    pub(super) fn sending(&mut self, now_ms: i64, rows: &[Leased]) -> Option<Notice> {
        let oldest = rows.iter().map(|row| row.event_time).min()?;
        let age_ms = now_ms.saturating_sub(oldest.saturating_mul(1000)).max(0);
        self.age_ms = Some(age_ms);
        let is_due = self
            .told_ms
            .is_none_or(|reported| now_ms.saturating_sub(reported) >= LATE_MS);
        if age_ms < LATE_MS || !is_due {
            return None;
        }
        self.told_ms = Some(now_ms);
        Some(Notice::Freshness { age_ms })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::row;
    use super::*;

    #[test]
    fn what_is_an_hour_old_is_told_once_an_hour() {
        let mut late = Freshness::default();
        let mut reported = |now_ms: i64, event_time: i64| {
            let mut row = row(1);
            row.event_time = event_time;
            late.sending(now_ms, &[row]).is_some()
        };
        assert!(!reported(LATE_MS - 1, 0));
        assert!(reported(LATE_MS, 0));
        assert!(!reported(LATE_MS + 1, 0));
        assert!(!reported(2 * LATE_MS, LATE_MS / 1000 + 1));
        assert!(reported(2 * LATE_MS + 1, 0));
        assert_eq!(late.age_ms(), Some(2 * LATE_MS + 1));
    }
}
