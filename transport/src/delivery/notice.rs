//! What a lane has to tell people.

use std::sync::Arc;

use tracing::{debug, error, info, warn};

use crate::ApiError;
use crate::graph::remedy_of;
use crate::queue::{DeadLetterReason, Group, LaneKey};

/// Something that people may want to know. Names no person and holds no
/// payload and no token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Notice {
    /// Meta counted fewer events than it was sent.
    PartlyConfirmed { rows: usize, refusal: ApiError },
    /// Meta took a request and had something to say, or counted more.
    AcceptedWithMessages {
        sent: u64,
        received: u64,
        messages: Vec<String>,
        fbtrace_id: Option<String>,
    },
    /// A request failed and is tried again; perhaps the lane pauses.
    Failed {
        paused: bool,
        rows: usize,
        refusal: ApiError,
    },
    /// Meta asked for a pause.
    Throttled { refusal: ApiError },
    /// The lane stopped until something is fixed.
    Parked { refusal: ApiError },
    /// Events leave that happened long ago.
    Freshness { age_ms: i64 },
    /// A group is set aside because many refusals in a row look like a fault of the
    /// configuration; so many dead letters before were requeued.
    SetAside {
        group: Arc<Group>,
        before: usize,
        refusal: ApiError,
    },
    /// Meta took an event of a group that was set aside: all of it is sent again.
    TakenAgain { group: Arc<Group> },
    /// The lane sends again.
    Reopened,
    /// A refused event was given up.
    DeadLettered { seq: i64, refusal: ApiError },
    /// Events were given up unsent, this one's reason being the first one's.
    Expired {
        reason: DeadLetterReason,
        rows: usize,
    },
}

impl Notice {
    /// Writes it to the log.
    pub(super) fn log(&self, lane: &LaneKey) {
        match self {
            Self::PartlyConfirmed { rows, refusal } => warn!(
                %lane, rows, message = %refusal.message, fbtrace_id = refusal.fbtrace_id,
                reason = DeadLetterReason::PartlyConfirmed.name(),
                "Meta did not confirm every event of a request; they are kept as dead letters \
                 and are not sent again by themselves."
            ),
            Self::AcceptedWithMessages {
                sent,
                received,
                messages,
                fbtrace_id,
            } => warn!(
                %lane, sent, received, ?messages, fbtrace_id,
                "Meta took a request and remarked something."
            ),
            Self::Failed {
                paused: true,
                refusal,
                ..
            } => warn!(
                %lane, message = %refusal.message, status = refusal.status, code = refusal.code,
                "Requests to Meta fail; the lane slows down and goes on trying."
            ),
            Self::Failed {
                paused: false,
                rows,
                refusal,
            } => debug!(
                %lane, rows, message = %refusal.message, status = refusal.status,
                code = refusal.code, "A request to Meta failed; its events are tried again."
            ),
            Self::Throttled { refusal } => warn!(
                %lane, message = %refusal.message, code = refusal.code,
                fbtrace_id = refusal.fbtrace_id, "Meta asked for a pause; the lane waits."
            ),
            Self::Parked { refusal } => error!(
                %lane, message = %refusal.message, status = refusal.status, code = refusal.code,
                subcode = refusal.subcode, fbtrace_id = refusal.fbtrace_id,
                "The lane is parked. {} Nothing is lost. What is fixed at Meta it finds by itself; \
                 for another token, id or version in the configuration, start capi again.",
                remedy(refusal)
            ),
            Self::Freshness { age_ms } => warn!(
                %lane, age_minutes = age_ms / 60_000,
                "Events leave more than an hour after they happened."
            ),
            Self::SetAside {
                group,
                before,
                refusal,
            } => error!(
                %lane, action = group.action.as_deref(), event_name = &*group.event_name,
                source = group.source.as_deref(), requeued = before,
                message = %refusal.message, code = refusal.code, subcode = refusal.subcode,
                fbtrace_id = refusal.fbtrace_id,
                "Many events of one kind in a row were refused for one reason and none was taken: \
                 they are set aside, and all others go on. Check the mapping that made them. \
                 Samples ask again by themselves, and `capi lanes resume` sends all of them."
            ),
            Self::TakenAgain { group } => info!(
                %lane, action = group.action.as_deref(), event_name = &*group.event_name,
                source = group.source.as_deref(),
                "Meta took an event of a kind that was set aside; all of them are sent."
            ),
            Self::Reopened => info!(%lane, "The lane sends again."),
            Self::DeadLettered { seq, refusal } => warn!(
                %lane, dead_letter = seq, message = %refusal.message, code = refusal.code,
                subcode = refusal.subcode, fbtrace_id = refusal.fbtrace_id,
                "Meta refused an event; it is kept as a dead letter."
            ),
            Self::Expired { reason, rows } => warn!(
                %lane, rows, reason = reason.name(),
                "Events were not sent; they are kept as dead letters."
            ),
        }
    }
}

/// What a person should do about a refusal that parks.
fn remedy(refusal: &ApiError) -> &'static str {
    let known = refusal
        .code
        .and_then(|code| remedy_of(code, refusal.subcode));
    known.unwrap_or("Check the destination's access token, dataset id and permissions.")
}
