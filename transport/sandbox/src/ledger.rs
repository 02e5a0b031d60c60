//! What was counted, and the events that were accepted.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

/// Counts since the start. The first three count requests, the others events.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Stats {
    /// Requests that arrived whole, on any path outside `/_sandbox`.
    pub requests: u64,
    /// Requests whose events were taken.
    pub accepted: u64,
    /// Requests answered without taking their events.
    pub refused: u64,
    /// Events taken.
    pub events_received: u64,
    /// Events taken whose `(dataset, event_name, event_id)` had been taken
    /// before. Events without an `event_id` are never duplicates.
    pub duplicates: u64,
}

/// A valid event on its way into the ledger.
pub(crate) struct Taken {
    pub(crate) name: Box<str>,
    pub(crate) id: Option<Box<str>>,
    /// The event's JSON as received, on one line.
    pub(crate) text: Box<str>,
}

struct Entry {
    dataset: Arc<str>,
    request: u64,
    text: Box<str>,
}

/// Append-only, so that a reader may come back with an index.
#[derive(Default)]
pub(crate) struct Ledger {
    stats: Stats,
    entries: Vec<Entry>,
    seen: HashSet<(Arc<str>, Box<str>, Box<str>)>,
}

impl Ledger {
    pub(crate) fn stats(&self) -> Stats {
        self.stats
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Counts a request and returns its 1-based number.
    pub(crate) fn arrive(&mut self) -> u64 {
        self.stats.requests += 1;
        self.stats.requests
    }

    pub(crate) fn refuse(&mut self) {
        self.stats.refused += 1;
    }

    pub(crate) fn accept(&mut self, request: u64, dataset: &str, events: Vec<Taken>) {
        let dataset: Arc<str> = dataset.into();
        self.stats.accepted += 1;
        for Taken { name, id, text } in events {
            self.stats.events_received += 1;
            if let Some(id) = id
                && !self.seen.insert((Arc::clone(&dataset), name, id))
            {
                self.stats.duplicates += 1;
            }
            self.entries.push(Entry {
                dataset: Arc::clone(&dataset),
                request,
                text,
            });
        }
    }

    /// Appends the lines of the entries in `range`, as far as they exist.
    pub(crate) fn write_lines(&self, range: Range<usize>, out: &mut String) {
        let end = range.end.min(self.entries.len());
        for entry in self.entries.get(range.start..end).unwrap_or_default() {
            let dataset = serde_json::Value::from(&*entry.dataset);
            let (request, text) = (entry.request, &entry.text);
            out.push_str(&format!(
                "{{\"dataset\":{dataset},\"request\":{request},\"event\":{text}}}\n"
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(name: &str, id: Option<&str>) -> Taken {
        Taken {
            name: name.into(),
            id: id.map(Into::into),
            text: "{}".into(),
        }
    }

    #[test]
    fn a_repeat_needs_the_same_dataset_name_and_id() {
        let mut ledger = Ledger::default();
        ledger.accept(
            1,
            "1",
            vec![taken("Lead", Some("a")), taken("Lead", Some("b"))],
        );
        ledger.accept(2, "2", vec![taken("Lead", Some("a"))]);
        ledger.accept(
            3,
            "1",
            vec![taken("Purchase", Some("a")), taken("Lead", None)],
        );
        ledger.accept(4, "1", vec![taken("Lead", None)]);
        assert_eq!(ledger.stats().duplicates, 0);
        ledger.accept(
            5,
            "1",
            vec![taken("Lead", Some("a")), taken("Lead", Some("a"))],
        );
        assert_eq!(ledger.stats().duplicates, 2);
        assert_eq!(ledger.stats().events_received, 8);
    }

    #[test]
    fn lines_are_escaped_and_out_of_range_is_empty() {
        let mut ledger = Ledger::default();
        ledger.accept(7, "a\"b", vec![taken("Lead", None)]);
        let mut lines = String::new();
        ledger.write_lines(0..9, &mut lines);
        ledger.write_lines(5..9, &mut lines);
        assert_eq!(
            lines,
            "{\"dataset\":\"a\\\"b\",\"request\":7,\"event\":{}}\n"
        );
    }
}
