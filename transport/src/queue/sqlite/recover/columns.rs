//! The columns that a queue's tables have had, and what may be in them.

use rusqlite::types::ValueRef;

use super::super::super::DeadLetterReason;
use super::super::schema::PAYLOAD_VERSION;

/// A column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    rule: Rule,
}

/// What may be in a column. A value outside of it is damage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rule {
    /// The row's number, which is before the record.
    Number,
    Flag,
    Count,
    /// Unix milliseconds.
    Time,
    Integer,
    /// Never empty.
    Name,
    /// An action's: letters, digits and signs.
    Slug,
    /// When a row is due, or the number of its group below zero.
    Due,
    Text,
    Key,
    /// Any bytes but none.
    Bytes,
    Payload,
    PayloadVersion,
    /// A dead-lettering's reason.
    Diagnostic,
    /// What this rule says, or nothing.
    Optional(&'static Self),
}

/// The year 9999: no clock that anybody ran capi by was later.
const LAST_MS: i64 = 253_402_300_799_999;

const fn column(name: &'static str, rule: Rule) -> Column {
    Column { name, rule }
}

/// `queued`. The last column but two is there since version 2, the next since version 4,
/// the last since version 5.
pub(super) const QUEUED: &[Column] = &[
    column("seq", Rule::Number),
    column("lane", Rule::Integer),
    column("physical_store", Rule::Flag),
    column("due_at", Rule::Due),
    column("appended_at", Rule::Time),
    column("attempts", Rule::Count),
    column("first_attempt_at", Rule::Optional(&Rule::Time)),
    column("outcome_unknown", Rule::Flag),
    column("dataset_id", Rule::Text),
    column("event_name", Rule::Text),
    column("event_id", Rule::Optional(&Rule::Text)),
    column("event_time", Rule::Integer),
    column("dedup_key", Rule::Optional(&Rule::Key)),
    column("payload_version", Rule::PayloadVersion),
    column("payload", Rule::Payload),
    column("action", Rule::Optional(&Rule::Slug)),
    column("source", Rule::Optional(&Rule::Text)),
    column("fingerprint", Rule::Optional(&Rule::Bytes)),
];

/// `dead` up to version 2. The last column is there since that one.
pub(super) const DEAD_BEFORE: &[Column] = &[
    column("seq", Rule::Number),
    column("destination", Rule::Name),
    column("test_event_code", Rule::Text),
    column("physical_store", Rule::Flag),
    column("buried_at", Rule::Time),
    column("reason", Rule::Diagnostic),
    column("http_status", Rule::Optional(&Rule::Integer)),
    column("code", Rule::Optional(&Rule::Integer)),
    column("subcode", Rule::Optional(&Rule::Integer)),
    column("message", Rule::Optional(&Rule::Text)),
    column("fbtrace_id", Rule::Optional(&Rule::Text)),
    column("appended_at", Rule::Time),
    column("attempts", Rule::Count),
    column("first_attempt_at", Rule::Optional(&Rule::Time)),
    column("outcome_unknown", Rule::Flag),
    column("dataset_id", Rule::Text),
    column("event_name", Rule::Text),
    column("event_id", Rule::Optional(&Rule::Text)),
    column("event_time", Rule::Integer),
    column("dedup_key", Rule::Optional(&Rule::Key)),
    column("payload_version", Rule::PayloadVersion),
    column("payload", Rule::Payload),
    column("action", Rule::Optional(&Rule::Slug)),
];

/// `dead` since version 3. The last column but two is there since version 4, the last two
/// since version 5.
pub(super) const DEAD: &[Column] = &[
    column("seq", Rule::Number),
    column("destination", Rule::Name),
    column("test_event_code", Rule::Text),
    column("physical_store", Rule::Flag),
    column("buried_at", Rule::Time),
    column("reason", Rule::Diagnostic),
    column("reasons", Rule::Optional(&Rule::Text)),
    column("http_status", Rule::Optional(&Rule::Integer)),
    column("code", Rule::Optional(&Rule::Integer)),
    column("subcode", Rule::Optional(&Rule::Integer)),
    column("message", Rule::Optional(&Rule::Text)),
    column("fbtrace_id", Rule::Optional(&Rule::Text)),
    column("appended_at", Rule::Time),
    column("attempts", Rule::Count),
    column("first_attempt_at", Rule::Optional(&Rule::Time)),
    column("outcome_unknown", Rule::Flag),
    column("dataset_id", Rule::Text),
    column("event_name", Rule::Optional(&Rule::Text)),
    column("event_id", Rule::Optional(&Rule::Text)),
    column("event_time", Rule::Optional(&Rule::Integer)),
    column("dedup_key", Rule::Optional(&Rule::Key)),
    column("payload_version", Rule::PayloadVersion),
    column("payload", Rule::Payload),
    column("action", Rule::Optional(&Rule::Slug)),
    column("source", Rule::Optional(&Rule::Text)),
    column("fingerprint", Rule::Optional(&Rule::Bytes)),
    column("message_id", Rule::Optional(&Rule::Text)),
];

impl Column {
    pub(super) fn takes(&self, value: ValueRef<'_>) -> bool {
        self.rule.takes(value)
    }
}

impl Rule {
    fn takes(self, value: ValueRef<'_>) -> bool {
        match (self, value) {
            (Self::Number, value) => value == ValueRef::Null,
            (Self::Optional(_), ValueRef::Null) => true,
            (Self::Optional(rule), value) => rule.takes(value),
            (Self::Flag, ValueRef::Integer(number)) => matches!(number, 0 | 1),
            (Self::Count, ValueRef::Integer(number)) => u32::try_from(number).is_ok(),
            (Self::Time, ValueRef::Integer(number)) => (0..=LAST_MS).contains(&number),
            (Self::Due, ValueRef::Integer(number)) => number <= LAST_MS,
            (Self::Integer, ValueRef::Integer(_)) => true,
            (Self::PayloadVersion, ValueRef::Integer(number)) => number == PAYLOAD_VERSION,
            (Self::Name, ValueRef::Text(text)) => !text.is_empty() && is_text(text),
            (Self::Slug, ValueRef::Text(text)) => {
                !text.is_empty() && text.iter().all(u8::is_ascii_graphic)
            }
            (Self::Text, ValueRef::Text(text)) => is_text(text),
            (Self::Diagnostic, ValueRef::Text(text)) => DeadLetterReason::ALL
                .iter()
                .any(|reason| reason.name().as_bytes() == text),
            (Self::Key, ValueRef::Blob(key)) => key.len() == 16,
            (Self::Bytes, ValueRef::Blob(bytes)) => !bytes.is_empty(),
            // Looked into by `row`, with the columns that it holds too.
            (Self::Payload, ValueRef::Blob(_)) => true,
            _ => false,
        }
    }
}

fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::super::super::open;
    use super::*;

    #[test]
    fn the_lists_are_those_of_a_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open::open(&folder.path().join("queue.sqlite")).unwrap();
        for (table, columns) in [("queued", QUEUED), ("dead", DEAD)] {
            let mut info = connection
                .prepare("SELECT name FROM pragma_table_info(?) ORDER BY cid")
                .unwrap();
            let names = info.query_map([table], |row| row.get(0)).unwrap();
            let names: Vec<String> = names.map(Result::unwrap).collect();
            let known: Vec<&str> = columns.iter().map(|column| column.name).collect();
            assert_eq!(known, names, "{table}");
        }
    }
}
