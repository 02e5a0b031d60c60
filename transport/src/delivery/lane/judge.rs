//! What an answer of Meta's means for the rows that were sent, and for the lane.

use super::Lane;
use crate::delivery::batch::{BatchId, Origin};
use crate::delivery::notice::Notice;
use crate::graph::{Decision, Outcome, Verdict};

impl Lane {
    /// What became of a batch.
    pub(in crate::delivery) fn answered(&mut self, now_ms: i64, id: BatchId, outcome: Outcome) {
        self.watch_clock(now_ms);
        let Some(batch) = self.in_flight.remove(&id) else {
            return;
        };
        self.usage_reported(now_ms, &outcome);
        if let (Origin::Sample(id), Some(row)) = (batch.part.origin, batch.part.rows.first()) {
            self.asides.answered(id, row.seq);
        }
        let sent = batch.part.rows.len() as u64;
        match outcome.verdict(sent) {
            Verdict::Accepted {
                events_received,
                messages,
                fbtrace_id,
            } => {
                self.unknown = 0;
                self.names_are_right &= batch.part.origin != Origin::Named;
                self.accepted(batch.part.class, &batch.part.rows);
                self.on_success(&batch);
                let more = events_received.filter(|received| *received != sent);
                if more.is_some() || !messages.is_empty() {
                    self.notices.push_back(Notice::AcceptedWithMessages {
                        sent,
                        received: more.unwrap_or(sent),
                        messages,
                        fbtrace_id,
                    });
                }
                self.acks.extend(batch.delivered());
            }
            Verdict::Refused {
                decision,
                wait,
                outcome_unknown,
                refusal,
            } => {
                let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                self.refused(now_ms, batch, decision, wait_ms, outcome_unknown, refusal);
            }
        }
    }

    /// What became of a probe.
    pub(in crate::delivery) fn probed(&mut self, now_ms: i64, outcome: Outcome) {
        self.watch_clock(now_ms);
        self.usage_reported(now_ms, &outcome);
        let Some(epoch) = self.probing.take() else {
            return;
        };
        match outcome.verdict(0) {
            // It found fault with the empty event: so it read it.
            Verdict::Accepted { .. }
            | Verdict::Refused {
                decision: Decision::Bisect | Decision::SetAside,
                ..
            } => self.pace.probe_passed(epoch),
            Verdict::Refused {
                decision,
                wait,
                refusal,
                ..
            } => {
                let wait_ms = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                match decision {
                    Decision::Park => drop(self.pace.parked(now_ms, epoch, wait_ms, refusal)),
                    _ => drop(self.pace.throttled(now_ms, epoch, wait_ms)),
                }
            }
        }
    }

    /// What an answer says of the allowance, whatever else it says.
    fn usage_reported(&mut self, now_ms: i64, outcome: &Outcome) {
        if let Outcome::Answered(answer) = outcome {
            self.pace.usage_reported(now_ms, answer.usage);
        }
    }
}
