//! A lane as an operator sees it.

use capi_transport::{DestinationStats, LaneState};
use serde::{Deserialize, Serialize};

/// A lane as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaneStatus {
    /// The destination.
    pub destination: String,
    /// The test code of the lane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_event_code: Option<String>,
    /// Events that wait or are on their way.
    pub queued: u64,
    /// `active`, `throttled`, `parked`, or `stopped` where no server runs.
    pub state: State,
    /// Until when it waits, in Unix milliseconds; of a stopped one: will wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
    /// Why it is parked, or was when the server stopped: what Meta said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Meta's error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<i64>,
    /// Meta's subcode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subcode: Option<i64>,
    /// How much of Meta's allowance is used, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub used_percent: Option<u32>,
    /// How old the oldest event of the last request was when it left, in
    /// milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_ms: Option<i64>,
    /// Its groups of events that wait beside it, while the others pass.
    #[serde(default)]
    pub set_aside: Vec<SetAside>,
}

/// A group of events of a lane that Meta refused one after the other, so that they wait
/// and let the others pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The action that made them, where it is known.
    pub action: Option<String>,
    /// The name that Meta knows them by.
    pub event_name: String,
    /// Where they happened, as Meta's `action_source`, where it is known.
    pub source: Option<String>,
    /// Meta's error code.
    pub code: Option<i64>,
    /// How many wait.
    pub rows: u64,
    /// Since when, in Unix milliseconds.
    pub since: i64,
}

/// What a lane is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It sends.
    Active,
    /// Meta asked for a pause, or cannot be reached.
    Throttled,
    /// Something needs fixing.
    Parked,
    /// No server runs.
    Stopped,
}

impl State {
    /// Its name, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Throttled => "throttled",
            Self::Parked => "parked",
            Self::Stopped => "stopped",
        }
    }
}

impl LaneStatus {
    pub(super) const fn stopped(destination: String, test_event_code: Option<String>) -> Self {
        Self {
            destination,
            test_event_code,
            queued: 0,
            state: State::Stopped,
            until_ms: None,
            message: None,
            code: None,
            subcode: None,
            used_percent: None,
            age_ms: None,
            set_aside: Vec::new(),
        }
    }
}

/// A destination without a lane has one that never had anything to do.
pub(super) fn lanes_of(stats: DestinationStats) -> Vec<LaneStatus> {
    if stats.lanes.is_empty() {
        return vec![LaneStatus {
            state: State::Active,
            queued: stats.queued,
            ..LaneStatus::stopped(stats.name, None)
        }];
    }
    let name = stats.name;
    let lanes = stats.lanes.into_iter();
    lanes
        .map(|lane| {
            let shown = LaneStatus {
                queued: lane.queued,
                state: State::Active,
                used_percent: lane.used_percent,
                age_ms: lane.age_ms,
                ..LaneStatus::stopped(name.clone(), lane.test_event_code)
            };
            match lane.state {
                LaneState::Active => shown,
                LaneState::Throttled { until_ms } => LaneStatus {
                    state: State::Throttled,
                    until_ms: Some(until_ms),
                    ..shown
                },
                LaneState::Parked { refusal, probe_ms } => LaneStatus {
                    state: State::Parked,
                    until_ms: Some(probe_ms),
                    message: Some(refusal.message),
                    code: refusal.code,
                    subcode: refusal.subcode,
                    ..shown
                },
            }
        })
        .collect()
}
