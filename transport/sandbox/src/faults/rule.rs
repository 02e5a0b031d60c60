//! A fault rule: when it applies, and what it does.

use std::time::Duration;

use serde_json::Value;

use super::glob;
use super::reply::Reply;
use crate::rules::{Fields, Item};

/// When to misbehave, and how.
///
/// Rules are tried in order; the first that applies answers. They meet every
/// `POST` to an events endpoint, whatever its token and its events.
///
/// | key | meaning |
/// |---|---|
/// | `dataset` | only requests to this one |
/// | `match` | only requests with an event whose top-level keys match these globs (`*`, `?`), all of them |
/// | `times` | only the next n such requests |
/// | `for_ms` | only within this time of the rules being set |
/// | `answer` | see below; the only required key |
///
/// | key of `answer` | meaning |
/// |---|---|
/// | `delay_ms` | waits first; alone, the request is then judged as usual, whether or not the client is still there |
/// | `cut` | drops the connection without a byte: `"before"` or `"after"` the events count |
/// | `status` | the HTTP status; alone, Meta's envelope with a code that fits it, or below 300 a success that counts nothing |
/// | `code`, `subcode`, `is_transient`, `message` | Meta's error envelope |
/// | `headers` | an object of strings, with a `status`, `code` or `body` |
/// | `body` | sent as it is, with `status` or 200 |
///
/// Only a bare `delay_ms` and a `cut` after count events, and only valid ones.
#[derive(Clone, Debug)]
pub struct FaultRule {
    pub(crate) dataset: Option<String>,
    /// Pairs of a top-level key and a glob; empty means any request.
    pub(crate) matches: Vec<(String, String)>,
    pub(crate) times: Option<u64>,
    pub(crate) lasting: Option<Duration>,
    pub(crate) answer: Answer,
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) delay: Duration,
    pub(crate) act: Act,
}

#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Judge and answer as without the rule.
    Usual,
    CutBefore,
    CutAfter,
    Reply(Reply),
}

impl FaultRule {
    pub(crate) fn applies_to(&self, dataset: &str, items: &[Item]) -> bool {
        self.dataset.as_deref().is_none_or(|only| only == dataset)
            && (self.matches.is_empty()
                || items
                    .iter()
                    .filter_map(|item| item.fields.as_ref())
                    .any(|f| self.matches(f)))
    }

    fn matches(&self, event: &Fields) -> bool {
        self.matches
            .iter()
            .all(|(key, pattern)| match event.get(key) {
                Some(Value::String(text)) => glob::matches(pattern, text),
                Some(value @ (Value::Number(_) | Value::Bool(_))) => {
                    glob::matches(pattern, &value.to_string())
                }
                _ => false,
            })
    }
}
