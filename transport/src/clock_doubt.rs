//! Whether the wall clock can be believed: what expires by it is lost for good.

/// A wall clock that moves by more than this against the monotonic one has jumped: no
/// correction that keeps a clock right is as large.
const JUMP_MS: i64 = 60 * 60 * 1000;

/// A wall clock that goes on for so long after a jump without another one is believed.
const CONFIRMED_AFTER_MS: i64 = 60 * 60 * 1000;

/// Compares the wall clock with the monotonic one. While it doubts, nothing should be
/// given up or thrown away because of its age.
///
/// The first time that it gives is believed: nobody knows better.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ClockDoubt {
    /// How far the wall clock is ahead of the monotonic one, as it was believed last.
    believed: Option<i64>,
    jumped: Option<Jump>,
}

#[derive(Clone, Copy, Debug)]
struct Jump {
    /// How far the wall clock is ahead since.
    ahead_ms: i64,
    /// When, by the monotonic clock.
    at_ms: i64,
}

impl ClockDoubt {
    /// Whether the wall clock is in doubt, told what both clocks say, in milliseconds. A
    /// clock that comes back to where it was is believed immediately.
    pub(crate) fn is_in_doubt(&mut self, wall_ms: i64, monotonic_ms: i64) -> bool {
        let ahead_ms = wall_ms.saturating_sub(monotonic_ms);
        let believed = self.believed.unwrap_or(ahead_ms);
        let is_confirmed = self.jumped.is_some_and(|jump| {
            is_close(ahead_ms, jump.ahead_ms)
                && monotonic_ms.saturating_sub(jump.at_ms) >= CONFIRMED_AFTER_MS
        });
        if is_close(ahead_ms, believed) || is_confirmed {
            // Clocks drift apart, slowly.
            self.believed = Some(ahead_ms);
            self.jumped = None;
            return false;
        }
        let stays = self
            .jumped
            .is_some_and(|jump| is_close(ahead_ms, jump.ahead_ms));
        if !stays {
            self.jumped = Some(Jump {
                ahead_ms,
                at_ms: monotonic_ms,
            });
        }
        true
    }
}

const fn is_close(one: i64, other: i64) -> bool {
    one.saturating_sub(other).saturating_abs() <= JUMP_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_MS: i64 = 60 * 1000;
    const HOUR_MS: i64 = 60 * MINUTE_MS;
    const WALL_MS: i64 = 1_790_000_000_000;

    #[test]
    fn a_clock_that_goes_on_as_it_did_is_believed_however_seldom_it_is_asked() {
        let mut doubt = ClockDoubt::default();
        for hours in [0, 1, 50, 5000] {
            let ms = hours * HOUR_MS;
            assert!(!doubt.is_in_doubt(WALL_MS + ms, ms), "{hours}");
        }
    }

    #[test]
    fn small_corrections_and_slow_drift_are_no_jump() {
        let mut doubt = ClockDoubt::default();
        for step in 0..100 {
            let ahead_ms = step * 50 * MINUTE_MS;
            assert!(!doubt.is_in_doubt(WALL_MS + ahead_ms, 0), "{step}");
        }
    }

    #[test]
    fn a_jump_either_way_is_in_doubt_for_an_hour() {
        for jump_ms in [2 * HOUR_MS, 90 * 24 * HOUR_MS, -2 * HOUR_MS] {
            let mut doubt = ClockDoubt::default();
            assert!(!doubt.is_in_doubt(WALL_MS, 0));
            for minutes in [1, 30, 60] {
                let ms = minutes * MINUTE_MS;
                assert!(doubt.is_in_doubt(WALL_MS + jump_ms + ms, ms), "{minutes}");
            }
            let ms = 61 * MINUTE_MS;
            assert!(!doubt.is_in_doubt(WALL_MS + jump_ms + ms, ms));
        }
    }

    #[test]
    fn another_jump_begins_the_hour_anew_and_the_way_back_ends_it() {
        let mut doubt = ClockDoubt::default();
        assert!(!doubt.is_in_doubt(WALL_MS, 0));
        assert!(doubt.is_in_doubt(WALL_MS + 5 * HOUR_MS, 0));
        let ms = 59 * MINUTE_MS;
        assert!(doubt.is_in_doubt(WALL_MS + 10 * HOUR_MS + ms, ms));
        let ms = 61 * MINUTE_MS;
        assert!(doubt.is_in_doubt(WALL_MS + 10 * HOUR_MS + ms, ms));
        assert!(!doubt.is_in_doubt(WALL_MS + ms, ms));
    }
}
