//! How far the demo is, while it runs.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// How far it is: a bar on a terminal, a few plain lines elsewhere.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    total: u64,
}

impl Progress {
    pub(super) fn new(total: u64) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total);
            if let Ok(style) = ProgressStyle::with_template("{msg:10} {bar:40} {pos}/{len}") {
                bar.set_style(style);
            }
            bar.set_message("sending");
            bar
        });
        Self { bar, total }
    }

    pub(super) fn sent(&self, before: u64, now: u64) {
        match &self.bar {
            Some(bar) => bar.set_position(now),
            None => {
                let quarter = |sent: u64| sent * 4 / self.total.max(1);
                if quarter(before) != quarter(now) {
                    status!("Sent {now} of {} events.", self.total);
                }
            }
        }
    }

    pub(super) fn delivered(&self, now: u64, expected: u64) {
        if let Some(bar) = &self.bar {
            bar.set_message("delivering");
            bar.set_length(expected);
            bar.set_position(now);
        }
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
