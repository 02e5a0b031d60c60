//! How often a lane tells things of one kind: a flood of refused events must not fill
//! the log, nor hide that there are some.

use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};

use tracing::warn;

use super::notice::Notice;
use crate::queue::LaneKey;

/// How many of one kind are logged in a minute.
const MAX_PER_MINUTE: u64 = 20;

const MINUTE_MS: i64 = 60_000;

/// What a lane told in the last minute, by kind.
#[derive(Debug, Default)]
pub(super) struct NoticeThrottle(HashMap<Discriminant<Notice>, Minute>);

#[derive(Clone, Copy, Debug)]
struct Minute {
    begin_ms: i64,
    count: u64,
}

impl NoticeThrottle {
    /// Logs a notice, or counts it.
    pub(super) fn log(&mut self, now_ms: i64, notice: &Notice, lane: &LaneKey) {
        self.end_minutes(now_ms, lane);
        if self.may_tell(now_ms, notice) {
            notice.log(lane);
        }
    }

    /// Says of minutes that are over how much was not told.
    pub(super) fn end_minutes(&mut self, now_ms: i64, lane: &LaneKey) {
        let over = |minute: &Minute| now_ms.abs_diff(minute.begin_ms) >= MINUTE_MS as u64;
        self.0.retain(|_, minute| {
            let left_out = minute.count.saturating_sub(MAX_PER_MINUTE);
            if over(minute) && left_out > 0 {
                warn!(
                    %lane, left_out,
                    "As much more like the last lines of this lane was not logged. `capi dead` \
                     and `capi lanes` show all of it."
                );
            }
            !over(minute)
        });
    }

    fn may_tell(&mut self, now_ms: i64, notice: &Notice) -> bool {
        let minute = self.0.entry(discriminant(notice)).or_insert(Minute {
            begin_ms: now_ms,
            count: 0,
        });
        minute.count += 1;
        minute.count <= MAX_PER_MINUTE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ApiError;

    #[test]
    fn a_flood_is_told_twenty_times_a_minute_and_hides_nothing_else() {
        let lane = LaneKey::new("shop", None);
        let dead_lettered = |seq| Notice::DeadLettered {
            seq,
            refusal: ApiError::default(),
        };
        let mut reported = NoticeThrottle::default();
        let mut lines = |from_ms: i64| {
            reported.end_minutes(from_ms, &lane);
            (0..1000)
                .filter(|seq| reported.may_tell(from_ms, &dead_lettered(*seq)))
                .count()
        };
        assert_eq!((lines(0), lines(59_999)), (20, 0));
        assert_eq!(
            (lines(60_000), lines(0)),
            (20, 20),
            "a clock that goes back tells too"
        );
        assert!(reported.may_tell(0, &Notice::Reopened));
    }
}
