//! How long a row may still be sent.

use crate::queue::{Class, DeadLetterReason, Leased};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// A batch must arrive before its oldest event is too old: Meta refuses all of
/// it otherwise.
const MARGIN_MS: i64 = MINUTE_MS;

/// Meta recognizes a duplicate for 48 hours; an hour is kept for clocks that differ.
///
/// Source: Meta, Deduplicate Pixel and server events.
const UNKNOWN_BUDGET_MS: i64 = 47 * HOUR_MS;

/// Why a row must not be sent any more, if so.
pub(super) fn spent(row: &Leased, class: Class, now_ms: i64) -> Option<DeadLetterReason> {
    if now_ms >= expires_ms(row, class) {
        return Some(DeadLetterReason::Expired);
    }
    let first = row.first_attempt_ms.filter(|_| row.outcome_unknown)?;
    (now_ms.saturating_sub(first) >= UNKNOWN_BUDGET_MS).then_some(DeadLetterReason::OutcomeUnknown)
}

fn expires_ms(row: &Leased, class: Class) -> i64 {
    row.event_time
        .saturating_mul(1000)
        .saturating_add(allowed_ms(class))
}

const fn allowed_ms(class: Class) -> i64 {
    class.days_allowed() * 24 * HOUR_MS - MARGIN_MS
}

/// Events that happened before then must not be sent any more, in Unix seconds.
pub(super) const fn oldest_event(class: Class, now_ms: i64) -> i64 {
    now_ms.saturating_sub(allowed_ms(class)).div_euclid(1000)
}

#[cfg(test)]
mod tests {
    use super::super::tests::row;
    use super::*;

    const DAY_MS: i64 = 24 * HOUR_MS;

    #[test]
    fn seven_days_less_a_minute_and_62_for_shops() {
        for (class, days) in [(Class::Standard, 7), (Class::PhysicalStore, 62)] {
            let mut row = row(1);
            row.event_time = 1_000;
            let end = 1_000_000 + days * DAY_MS - MINUTE_MS;
            assert_eq!(oldest_event(class, end), row.event_time);
            assert_eq!(spent(&row, class, end - 1), None);
            assert_eq!(spent(&row, class, end), Some(DeadLetterReason::Expired));
        }
    }

    #[test]
    fn what_may_have_arrived_is_sent_again_for_47_hours() {
        let mut row = row(1);
        (row.first_attempt_ms, row.outcome_unknown) = (Some(0), true);
        assert_eq!(spent(&row, Class::Standard, UNKNOWN_BUDGET_MS - 1), None);
        let end = spent(&row, Class::Standard, UNKNOWN_BUDGET_MS);
        assert_eq!(end, Some(DeadLetterReason::OutcomeUnknown));
        row.outcome_unknown = false;
        assert_eq!(spent(&row, Class::Standard, UNKNOWN_BUDGET_MS), None);
    }
}
