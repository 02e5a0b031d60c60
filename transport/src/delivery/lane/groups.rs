//! Groups that are set aside: how one comes to that, and what becomes of its rows.

use std::sync::Arc;

use super::{Lane, Step};
use crate::ApiError;
use crate::delivery::batch::{Origin, Part};
use crate::delivery::budget;
use crate::delivery::notice::Notice;
use crate::queue::{Ack, Class, DeadLetterReason, Disposition, Group, LeaseKind, Leased};

impl Lane {
    /// What there is to do for groups that are set aside, if anything.
    pub(super) fn group_step(&mut self, now_ms: i64, may_send: bool) -> Option<Step> {
        if let Some(id) = self.asides.free() {
            return Some(Step::Free(id));
        }
        if self.draining {
            return None;
        }
        if !self.is_clock_in_doubt
            && let Some((group, class)) = self.asides.aged(now_ms)
        {
            let before = budget::oldest_event(class, now_ms);
            return Some(Step::Aged { group, before });
        }
        self.asides.close_rounds(now_ms);
        if !may_send {
            return None;
        }
        let (group, class, place) = self.asides.sample(now_ms, &mut self.rng)?;
        Some(Step::Sample {
            group,
            class,
            place,
        })
    }

    /// A group is set aside, from this row of it on.
    pub(super) fn set_group_aside(
        &mut self,
        now_ms: i64,
        class: Class,
        row: &Leased,
        before: usize,
        refusal: ApiError,
    ) {
        let group = Arc::clone(&row.group);
        let id = self.asides.add(now_ms, class, &group, refusal.clone());
        self.notices.push_back(Notice::SetAside {
            group,
            before,
            refusal,
        });
        self.set_aside(id, row.seq);
        for part in std::mem::take(&mut self.parts) {
            let part = self.without_set_aside(part);
            self.parts.extend(part);
        }
    }

    /// What is left of a part once the rows of groups that are set aside are taken out.
    pub(super) fn without_set_aside(&mut self, mut part: Part) -> Option<Part> {
        if matches!(part.origin, Origin::Sample(_)) {
            return Some(part);
        }
        let class = part.class;
        for row in std::mem::take(&mut part.rows) {
            match self.asides.number(class, &row.group) {
                Some(id) => self.set_aside(id, row.seq),
                None => part.rows.push(row),
            }
        }
        (!part.rows.is_empty()).then_some(part)
    }

    /// A row waits with its group.
    pub(super) fn set_aside(&mut self, id: i64, seq: i64) {
        self.asides.joins(id);
        let disposition = Disposition::SetAside(id);
        self.acks.push(Ack { seq, disposition });
    }

    /// Meta took something of these groups: those that are set aside are taken again.
    pub(super) fn accepted(&mut self, class: Class, rows: &[Leased]) {
        let mut last: Option<&Arc<Group>> = None;
        for row in rows {
            // Rows of one lease share their group.
            if last.is_some_and(|last| Arc::ptr_eq(last, &row.group)) {
                continue;
            }
            last = Some(&row.group);
            self.streaks.accepted(class, &row.group);
            if let Some(id) = self.asides.number(class, &row.group)
                && self.asides.end(id)
            {
                self.notices.push_back(Notice::TakenAgain {
                    group: Arc::clone(&row.group),
                });
            }
        }
    }

    /// Whether a group is on disk as set aside. Where it is not, it is tried again.
    pub(in crate::delivery) fn kept_set_aside(&mut self, id: i64, is_kept: bool) {
        if is_kept {
            self.asides.kept(id);
        }
    }

    /// A row of a group that is set aside; none where there was none to read.
    pub(in crate::delivery) fn sampled(
        &mut self,
        now_ms: i64,
        id: i64,
        class: Class,
        row: Option<Leased>,
    ) {
        let Some(row) = row else {
            self.asides.is_empty(id);
            return;
        };
        if let Some(reason) = budget::spent(&row, class, now_ms) {
            if !self.is_clock_in_doubt && !self.asides.is_sample(id, row.seq) {
                self.dead_letter(row.seq, reason, None);
            }
            return;
        }
        if !self.asides.sampled(id, row.seq) {
            return;
        }
        let of_retries = |ready_buffer: &super::ReadyBuffer| {
            ready_buffer.class == class && ready_buffer.kind == LeaseKind::Retry
        };
        let ready_buffer = self.shelves.iter().position(of_retries).unwrap_or_default();
        self.parts.push_back(Part {
            ready_buffer,
            class,
            rows: vec![row],
            origin: Origin::Sample(id),
        });
    }

    /// Rows of a group that is set aside that have grown too old; so many may be more.
    pub(in crate::delivery) fn aged(&mut self, now_ms: i64, id: i64, rows: Vec<i64>, max: usize) {
        if rows.len() >= max {
            self.asides.age_again(id, now_ms);
        }
        let rows: Vec<i64> = rows
            .into_iter()
            .filter(|seq| !self.asides.is_sample(id, *seq))
            .collect();
        if rows.is_empty() {
            return;
        }
        let reason = DeadLetterReason::Expired;
        self.notices.push_back(Notice::Expired {
            reason,
            rows: rows.len(),
        });
        for seq in rows {
            self.dead_letter(seq, reason, None);
        }
    }

    /// Whether all rows of a group were given back.
    pub(in crate::delivery) fn freed(&mut self, id: i64, is_done: bool) {
        self.asides.freed(id, is_done);
        // They wait for another try, those that were given back at least.
        self.rebased();
    }
}
