//! What a lane may have sent: written down before the first row of it leaves. A crash
//! forgets what was on its way; the next process must not take it for unsent.

use crate::queue::{Class, Window};

/// So long after the last request nothing is under way any more: the window closes, and
/// what waits in the queue then was not sent. Not immediately, as a commit for each request
/// of a quiet lane would cost more than it tells.
const OPEN_MS: i64 = 5_000;

/// The windows of a lane, one for each class.
#[derive(Debug, Default)]
pub(super) struct Windows {
    kept: [Option<Window>; 2],
    last_sent_ms: Option<i64>,
}

impl Windows {
    /// Whether a row may be sent now.
    pub(super) fn covers(&self, class: Class, seq: i64) -> bool {
        self.kept[class as usize].is_some_and(|window| seq <= window.up_to)
    }

    /// What is on disk of one now.
    pub(super) fn keep(&mut self, class: Class, window: Option<Window>) {
        self.kept[class as usize] = window;
    }

    /// A request leaves.
    pub(super) fn sending(&mut self, now_ms: i64) {
        self.last_sent_ms = Some(now_ms);
    }

    /// A window that can be closed, and when, now that nothing is under way: a lane that
    /// does not send closes it immediately.
    pub(super) fn closes(&self, now_ms: i64, is_active: bool) -> Option<(Class, i64)> {
        let class = Class::ALL
            .into_iter()
            .find(|class| self.kept[*class as usize].is_some())?;
        let last_ms = self.last_sent_ms.filter(|_| is_active);
        Some((
            class,
            last_ms.map_or(now_ms, |at| at.saturating_add(OPEN_MS)),
        ))
    }

    /// Moves every deadline by the distance that the clock was put back.
    pub(super) fn shift_deadlines(&mut self, back_ms: i64) {
        self.last_sent_ms = self.last_sent_ms.map(|at| at.saturating_sub(back_ms));
    }
}
