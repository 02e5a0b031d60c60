//! Growing waits.

use fastrand::Rng;

/// No wait is longer than this, whoever named it: an earlier process with another clock,
/// or an answer with a number that is not a number of seconds. Then one batch tries the way.
pub(super) const LONGEST_WAIT_MS: i64 = 60 * 60 * 1000;

/// Exponential backoff: twice as long each time, up to a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Backoff {
    /// The ceiling of the first wait, in milliseconds.
    pub(super) base_ms: i64,
    /// The ceiling of all of them, in milliseconds.
    pub(super) cap_ms: i64,
}

impl Backoff {
    /// For rows whose request failed: no connection, no answer, a server's
    /// failure.
    pub(super) const RETRY: Self = Self {
        base_ms: 500,
        cap_ms: 60_000,
    };

    /// For a lane that Meta throttles, or whose allowance is used up, without
    /// telling for how long. Short: a lane that is blocked for a minute loses
    /// nothing by a request each ten seconds, and one that is free again must
    /// not stand still for minutes.
    pub(super) const THROTTLE: Self = Self {
        base_ms: 1_000,
        cap_ms: 10_000,
    };

    /// For a parked lane: how often one event asks whether the way is open.
    pub(super) const PROBE: Self = Self {
        base_ms: 5_000,
        cap_ms: 300_000,
    };

    /// For a group that is set aside: how often samples of it ask whether Meta takes
    /// them now.
    pub(super) const SAMPLES: Self = Self {
        base_ms: 2_000,
        cap_ms: 300_000,
    };

    /// The wait after `tries` failures before this one, without chance.
    pub(super) fn ceiling(self, tries: u32) -> i64 {
        let factor = 1_i64
            .checked_shl(tries)
            .filter(|factor| *factor > 0)
            .unwrap_or(i64::MAX);
        self.base_ms.saturating_mul(factor).min(self.cap_ms)
    }

    /// Anything from 1 ms to the ceiling, so that those who failed together do
    /// not come back together ("full jitter").
    pub(super) fn jittered(self, tries: u32, rng: &mut Rng) -> i64 {
        rng.i64(1..=self.ceiling(tries).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ceilings_double_up_to_the_cap() {
        let waits: Vec<_> = (0..9).map(|tries| Backoff::RETRY.ceiling(tries)).collect();
        assert_eq!(
            waits,
            [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]
        );
        assert_eq!(Backoff::RETRY.ceiling(u32::MAX), 60_000);
        assert_eq!(Backoff::RETRY.ceiling(63), 60_000);
    }

    #[test]
    fn jitter_spreads_over_all_of_the_wait() {
        let mut rng = Rng::with_seed(1);
        let waits: Vec<_> = (0..1000)
            .map(|_| Backoff::RETRY.jittered(3, &mut rng))
            .collect();
        assert!(waits.iter().all(|wait| (1..=4000).contains(wait)));
        assert!(waits.iter().any(|wait| *wait < 400) && waits.iter().any(|wait| *wait > 3600));
    }
}
