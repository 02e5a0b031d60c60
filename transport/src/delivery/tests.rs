//! The lane's decisions, one by one, without a socket or a clock.

mod batches;
mod groups;
mod parking;
mod poison;
mod retries;
mod send_gate;
mod stopping;
mod time;
mod windows;
mod world;

use std::sync::Arc;
use std::time::Duration;

use self::world::World;
use super::notice::Notice;
use super::send_gate::LaneState;
use crate::graph::{Answer, ErrorBody, Outcome, Reply, Usage};
use crate::queue::{Ack, Class, DeadLetterReason, Disposition, Group, Leased};

/// Some time in 2026, in milliseconds.
const START_MS: i64 = 1_790_000_000_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// The conversions of one event name, of an action and a source that all share.
pub(super) fn group(event_name: &str) -> Arc<Group> {
    Arc::new(Group {
        action: Some("purchase".into()),
        event_name: event_name.into(),
        source: Some("shop".into()),
    })
}

pub(crate) fn row(seq: i64) -> Leased {
    Leased {
        seq,
        event_time: 0,
        appended_ms: 0,
        attempts: 0,
        first_attempt_ms: None,
        outcome_unknown: false,
        group: group("Purchase"),
        payload: bytes::Bytes::from_static(b"{}"),
    }
}

fn answer(status: u16, reply: Reply) -> Outcome {
    Outcome::Answered(Answer {
        status,
        reply,
        usage: Usage::default(),
        retry_after: None,
    })
}

fn accepted(events_received: u64) -> Outcome {
    let (messages, fbtrace_id) = (Vec::new(), None);
    answer(
        200,
        Reply::Accepted {
            events_received: Some(events_received),
            messages,
            fbtrace_id,
        },
    )
}

fn error(status: u16, code: i64, subcode: Option<i64>) -> Outcome {
    answer(
        status,
        Reply::Refused(ErrorBody {
            code,
            subcode,
            ..ErrorBody::default()
        }),
    )
}

/// What a live token gets for an event without a name.
fn no_event() -> Outcome {
    error(400, 100, Some(2_804_019))
}

/// Meta refuses a batch and names one of its rows.
fn named(row: usize) -> Outcome {
    answer(
        400,
        Reply::Refused(ErrorBody {
            code: 100,
            subcode: Some(2_804_019),
            message: Some(format!(
                "The parameter $['data'][{row}]['user_data'] is required"
            )),
            ..ErrorBody::default()
        }),
    )
}

/// Meta takes ten events and tells how much of the allowance is used.
fn accepted_at(percent: u32) -> Outcome {
    let Outcome::Answered(mut answer) = accepted(10) else {
        panic!("answered");
    };
    answer.usage.percent = Some(percent);
    Outcome::Answered(answer)
}

fn unavailable() -> Outcome {
    answer(503, Reply::Unreadable)
}
