//! A record that is a queued event or a dead letter, and stands up to a check.
//!
//! SQLite keeps no checksum of a page in the main file. But a row says much
//! twice: its key is a hash of its dataset, name and id, and its payload has
//! name, id and time again. So what is half overwritten, or put together of two
//! rows, is known with near certainty.

use std::borrow::Cow;

use rusqlite::types::ValueRef;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::super::super::DeadLetterReason;
use super::super::super::conversion::dedup_key;
use super::columns::{Column, DEAD, DEAD_BEFORE, QUEUED};
use super::record;

/// No queue ever took so many events: a number beyond it is damage.
const LAST_SEQ: i64 = 1 << 53;

/// Which table a row is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Table {
    Queued,
    Dead,
}

impl Table {
    /// The columns of a record with so many.
    pub(super) const fn columns(count: usize) -> Option<(Self, &'static [Column])> {
        Some(match count {
            15..=18 => (Self::Queued, QUEUED.split_at(count).0),
            22 | 23 => (Self::Dead, DEAD_BEFORE.split_at(count).0),
            24 | 25 | 27 => (Self::Dead, DEAD.split_at(count).0),
            _ => return None,
        })
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Dead => "dead",
        }
    }
}

/// A row that can be kept.
pub(super) struct Row<'a> {
    pub(super) table: Table,
    pub(super) seq: i64,
    pub(super) columns: &'static [Column],
    /// One for each column; of the number nothing.
    pub(super) values: Vec<ValueRef<'a>>,
}

impl<'a> Row<'a> {
    /// Reads a row of a table. `None` where it is damaged.
    pub(super) fn read(table: Table, seq: i64, record: &'a [u8]) -> Option<Self> {
        let values = record::values(record)?;
        let (found, columns) = Table::columns(values.len())?;
        let fits = found == table
            && (1..LAST_SEQ).contains(&seq)
            && columns
                .iter()
                .zip(&values)
                .all(|(c, value)| c.takes(*value));
        let row = Self {
            table,
            seq,
            columns,
            values,
        };
        (fits && row.key_fits() && row.payload_fits()?).then_some(row)
    }

    pub(super) fn lane(&self) -> i64 {
        self.integer("lane").unwrap_or_default()
    }

    pub(super) fn key(&self) -> Option<[u8; 16]> {
        match self.value("dedup_key") {
            ValueRef::Blob(key) => key.try_into().ok(),
            _ => None,
        }
    }

    fn value(&self, column: &str) -> ValueRef<'a> {
        let at = self.columns.iter().position(|c| c.name == column);
        at.and_then(|at| self.values.get(at).copied())
            .unwrap_or(ValueRef::Null)
    }

    fn text(&self, column: &str) -> Option<&'a str> {
        match self.value(column) {
            ValueRef::Text(text) => std::str::from_utf8(text).ok(),
            _ => None,
        }
    }

    fn integer(&self, column: &str) -> Option<i64> {
        match self.value(column) {
            ValueRef::Integer(number) => Some(number),
            _ => None,
        }
    }

    /// The key is there where a name and an id are, and is theirs.
    fn key_fits(&self) -> bool {
        let dataset = self.text("dataset_id").unwrap_or_default();
        let named = self.text("event_name").zip(self.text("event_id"));
        self.key() == named.map(|(name, id)| dedup_key(dataset, name, id))
    }

    /// The payload is one JSON object, and says what the columns say where it
    /// says anything.
    fn payload_fits(&self) -> Option<bool> {
        let ValueRef::Blob(payload) = self.value("payload") else {
            return None;
        };
        let payload = std::str::from_utf8(payload).ok()?;
        let event: Event<'_> = serde_json::from_str(payload).ok()?;
        // What our own checks rejected may have another name, id and time
        // in its payload: as it came, or hidden.
        let is_repeated = self.text("reason") != Some(DeadLetterReason::Invalid.name());
        let physical = self.integer("physical_store") == Some(1);
        let says = payload.trim_start().starts_with('{')
            && (!is_repeated
                || (fits(event.event_name, self.text("event_name"))
                    && fits(event.event_id, self.text("event_id"))
                    && fits(event.event_time, self.integer("event_time"))
                    && source_fits(event.action_source, physical)));
        Some(says)
    }
}

/// What of a payload its row holds too.
#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    event_name: Option<&'a RawValue>,
    #[serde(borrow)]
    event_id: Option<&'a RawValue>,
    #[serde(borrow)]
    event_time: Option<&'a RawValue>,
    #[serde(borrow)]
    action_source: Option<&'a RawValue>,
}

/// Whether what the payload says, if it says something, is the column's value.
fn fits<'a, T: Said<'a>>(said: Option<&'a RawValue>, value: Option<T>) -> bool {
    said.is_none_or(|said| value.is_some_and(|value| value.is_said(said.get())))
}

fn source_fits(said: Option<&RawValue>, physical: bool) -> bool {
    let is_said = "physical_store".is_said(said.map_or("", RawValue::get));
    said.is_none() || is_said == physical
}

trait Said<'a> {
    fn is_said(&self, json: &'a str) -> bool;
}

impl<'a> Said<'a> for &str {
    fn is_said(&self, json: &'a str) -> bool {
        serde_json::from_str::<Cow<'a, str>>(json).is_ok_and(|said| said == *self)
    }
}

impl<'a> Said<'a> for i64 {
    fn is_said(&self, json: &'a str) -> bool {
        serde_json::from_str::<Self>(json).is_ok_and(|said| said == *self)
    }
}
