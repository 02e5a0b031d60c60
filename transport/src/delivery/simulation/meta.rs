//! A Meta that fails in every way that the table of errors knows, and remembers
//! what it took.

use std::collections::HashMap;
use std::time::Duration;

use fastrand::Rng;

use crate::graph::{Answer, Decision, ErrorBody, Outcome, Reply, Usage, Verdict};
use crate::queue::{DeadLetterReason, Disposition, Leased};

/// How Meta is with one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// It takes what is good.
    Good,
    /// It often fails, in many ways.
    Flaky,
    /// The token is dead.
    Dead,
    /// The token may ask and not send.
    ReadOnly,
    /// It calls every event invalid.
    Disguised,
    /// It turns everybody away.
    Busy,
    /// It cannot be reached.
    Away,
    /// Every connection breaks before the answer.
    Cut,
}

impl Mood {
    pub(super) fn any(rng: &mut Rng) -> Self {
        let moods = [
            Self::Good,
            Self::Good,
            Self::Flaky,
            Self::Flaky,
            Self::Dead,
            Self::ReadOnly,
            Self::Disguised,
            Self::Busy,
            Self::Away,
        ];
        rng.choice(moods).unwrap_or(Self::Good)
    }
}

/// What Meta knows of a row.
#[derive(Default)]
struct Known {
    is_poison: bool,
    taken: u32,
    /// Whether nobody learned what became of a request that held it.
    uncertain: bool,
    /// Whether it was called invalid without being so.
    slandered: bool,
    /// Whether it was in a batch that was counted too low.
    miscounted: bool,
    /// Whether it was sent as a sample of its group.
    sampled: bool,
}

pub(super) struct Meta {
    pub(super) moods: Vec<Mood>,
    rows: HashMap<i64, Known>,
}

impl Meta {
    pub(super) fn new(lanes: usize) -> Self {
        Self {
            moods: vec![Mood::Good; lanes],
            rows: HashMap::new(),
        }
    }

    pub(super) fn new_row(&mut self, is_poison: bool) -> i64 {
        let seq = self.rows.len() as i64 + 1;
        let known = Known {
            is_poison,
            ..Known::default()
        };
        self.rows.insert(seq, known);
        seq
    }

    pub(super) fn rows(&self) -> usize {
        self.rows.len()
    }

    /// Rows are handed to a lane. What Meta has and a lane does not know of is marked,
    /// so that it is sent again only while Meta recognizes a duplicate.
    pub(super) fn leased(&self, rows: &[Leased]) {
        for row in rows {
            let known = &self.rows[&row.seq];
            assert!(
                known.taken == 0 || row.outcome_unknown || known.sampled,
                "row {} was taken, and is handed out as if it was never sent",
                row.seq
            );
        }
    }

    /// A row is handed to a lane as a sample. It is one of few, and sent again soon.
    pub(super) fn sampled(&mut self, row: Option<&Leased>) {
        if let Some(row) = row {
            self.known(row.seq).sampled = true;
        }
    }

    /// Whether Meta takes a row, when all is well.
    pub(super) fn is_good(&self, seq: i64) -> bool {
        !self.rows[&seq].is_poison
    }

    /// The answer to these rows was lost.
    pub(super) fn nobody_learns(&mut self, rows: &[i64]) {
        for seq in rows {
            self.known(*seq).uncertain = true;
        }
    }

    fn known(&mut self, seq: i64) -> &mut Known {
        self.rows.get_mut(&seq).expect("a row that was appended")
    }

    /// What comes back for a request without an event.
    pub(super) fn probe(&mut self, rng: &mut Rng, lane: usize) -> Outcome {
        match self.moods[lane] {
            Mood::Dead => error(401, 190, None),
            Mood::Busy => throttled(rng),
            Mood::Away => Outcome::NotSent("refused".into()),
            Mood::Cut => Outcome::Lost("cut".into()),
            Mood::Flaky if rng.bool() => status(503),
            _ => error(400, 100, Some(2_804_019)),
        }
    }

    /// What comes back for these rows.
    pub(super) fn look(&mut self, rng: &mut Rng, lane: usize, rows: &[i64]) -> Outcome {
        match self.moods[lane] {
            Mood::Good => self.judge(rng, rows),
            Mood::Dead => error(401, 190, None),
            Mood::ReadOnly => error(403, 200, None),
            Mood::Busy => throttled(rng),
            Mood::Away => Outcome::NotSent("refused".into()),
            Mood::Cut => Outcome::Lost("cut".into()),
            Mood::Disguised => {
                for seq in rows {
                    self.known(*seq).slandered = true;
                }
                error(400, 100, None)
            }
            Mood::Flaky => self.fails(rng, rows),
        }
    }

    fn fails(&mut self, rng: &mut Rng, rows: &[i64]) -> Outcome {
        match rng.u8(..10) {
            0 => Outcome::Lost("cut before".into()),
            1 => {
                // Taken, and nobody learns it.
                if matches!(self.judge(rng, rows), Outcome::Answered(answer) if answer.status == 200)
                {
                    self.nobody_learns(rows);
                    return Outcome::Lost("cut after".into());
                }
                Outcome::Lost("cut".into())
            }
            2 => status(500),
            3 => status(503),
            4 => status(200),
            5 => throttled(rng),
            6 => error(400, 424_242, None),
            7 => error(400, 2, None),
            8 if rows.len() > 1 => self.miscounts(rng, rows),
            _ => self.judge(rng, rows),
        }
    }

    fn miscounts(&mut self, rng: &mut Rng, rows: &[i64]) -> Outcome {
        match self.judge(rng, rows) {
            Outcome::Answered(mut answer) => {
                if let Reply::Accepted {
                    events_received, ..
                } = &mut answer.reply
                {
                    *events_received = Some(rows.len() as u64 - 1);
                    for seq in rows {
                        self.known(*seq).miscounted = true;
                    }
                }
                Outcome::Answered(answer)
            }
            other => other,
        }
    }

    /// Takes all, or refuses all for one.
    fn judge(&mut self, rng: &mut Rng, rows: &[i64]) -> Outcome {
        let poison = rows.iter().position(|seq| self.rows[seq].is_poison);
        if let Some(place) = poison {
            // It names the row, a wrong one, or none.
            let named = match rng.u8(..4) {
                0 => Some(place),
                1 => Some(rng.usize(..rows.len())),
                _ => None,
            };
            return refused(named);
        }
        for seq in rows {
            let known = self.known(*seq);
            assert!(
                known.taken == 0 || known.uncertain,
                "row {seq} is sent again though its outcome is known"
            );
            known.taken += 1;
            known.uncertain = false;
        }
        let mut usage = Usage::default();
        if rng.u8(..5) == 0 {
            usage.percent = Some(rng.u32(..130));
        }
        answered(
            200,
            Reply::Accepted {
                events_received: Some(rows.len() as u64),
                messages: Vec::new(),
                fbtrace_id: None,
            },
            usage,
            None,
        )
    }

    /// Whether a row may end so.
    pub(super) fn check_fate(&self, seq: i64, disposition: &Disposition) {
        let known = &self.rows[&seq];
        match disposition {
            Disposition::Delivered => {
                assert!(known.taken > 0, "row {seq} counts as delivered and is not");
            }
            Disposition::DeadLettered { reason, .. } => match reason {
                DeadLetterReason::Rejected => assert!(
                    known.is_poison || known.slandered,
                    "row {seq} is good and dead-lettered as rejected"
                ),
                DeadLetterReason::PartlyConfirmed => {
                    assert!(known.miscounted, "row {seq} was never miscounted");
                }
                // The clock may have jumped far enough for these.
                DeadLetterReason::Expired | DeadLetterReason::OutcomeUnknown => {}
                DeadLetterReason::Invalid
                | DeadLetterReason::Unreadable
                | DeadLetterReason::DifferingDuplicate => {
                    panic!("row {seq} was queued, so it is valid");
                }
            },
            Disposition::RetryAt { .. } | Disposition::Requeued | Disposition::SetAside(_) => {
                panic!("row {seq} is not acknowledged")
            }
        }
    }
}

/// How long an answer asks the lane to wait, if it does.
pub(super) fn asks_to_wait(outcome: &Outcome) -> Option<i64> {
    match outcome.clone().verdict(u64::MAX) {
        Verdict::Refused {
            decision: Decision::Throttle,
            wait,
            ..
        } => i64::try_from(wait.as_millis()).ok(),
        _ => None,
    }
}

fn answered(status: u16, reply: Reply, usage: Usage, retry_after: Option<Duration>) -> Outcome {
    Outcome::Answered(Answer {
        status,
        reply,
        usage,
        retry_after,
    })
}

fn status(status: u16) -> Outcome {
    answered(status, Reply::Unreadable, Usage::default(), None)
}

fn error(status: u16, code: i64, subcode: Option<i64>) -> Outcome {
    let error = ErrorBody {
        code,
        subcode,
        ..ErrorBody::default()
    };
    answered(status, Reply::Refused(error), Usage::default(), None)
}

fn refused(named: Option<usize>) -> Outcome {
    let error = ErrorBody {
        code: 100,
        subcode: Some(2_804_050),
        message: named.map(|row| format!("The parameter $['data'][{row}] is invalid")),
        ..ErrorBody::default()
    };
    answered(400, Reply::Refused(error), Usage::default(), None)
}

fn throttled(rng: &mut Rng) -> Outcome {
    let error = ErrorBody {
        code: 80_004,
        ..ErrorBody::default()
    };
    let wait = rng.bool().then(|| Duration::from_secs(rng.u64(1..120)));
    answered(400, Reply::Refused(error), Usage::default(), wait)
}
