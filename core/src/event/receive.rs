//! From what a client sent to the event that triggers and mappings see:
//! its type, its id, its context and its time, completed.
//!
//! Source: Segment, HTTP Tracking API and Spec, common fields.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::{Arena, Event, Json, is_id, time};
use crate::rejection::{Code, Diagnostic};

/// The calls of the Segment spec, as `type` names them.
///
/// Source: Segment, Spec.
pub const TYPES: &[&str] = &["track", "page", "screen", "identify", "group", "alias"];

/// Up to so many members an object is searched as it is.
const LINEAR_SEARCH_LIMIT: usize = 24;

/// What is known of an event beside the event itself.
#[derive(Clone, Copy)]
pub struct Arrival<'a> {
    /// The type that the route says, for an event that has none.
    pub kind: Option<&'static str>,
    /// When it was received by us; for an event that is only looked at, when it would
    /// be.
    pub received_at: Timestamp,
    /// `context` of the batch.
    pub context: Option<Json<'a>>,
    /// `integrations` of the batch.
    pub integrations: Option<Json<'a>>,
    /// `sentAt` of the batch.
    pub sent_at: Option<Json<'a>>,
    /// The address of the client, for an event without `context.ip`.
    pub client_ip: Option<&'a str>,
}

impl Arrival<'_> {
    /// An event that comes alone at this time, and of which nothing else is known.
    #[must_use]
    pub const fn at(received_at: Timestamp) -> Self {
        Self {
            kind: None,
            received_at,
            context: None,
            integrations: None,
            sent_at: None,
            client_ip: None,
        }
    }
}

impl<'a> Event<'a> {
    /// The event that arrived as `root`, completed as the Segment spec has it:
    ///
    /// * `type`: its own, or that of the route.
    /// * `messageId`: its own, or what `generate` makes, which is called for an event
    ///   without one only. `undefined` and its like, and what is neither text nor number,
    ///   are none.
    /// * `context` and `integrations`: its own laid over those of the batch, key by
    ///   key; `context.ip` is the client's address where there is none.
    /// * `timestamp`: when it happened, by the clock of whoever received it: as long
    ///   before `receivedAt` as the client's times say that it was before `sentAt`.
    ///   Without times to tell that from, the time that came, or that of receipt.
    ///   `originalTimestamp` is what the client said.
    ///
    /// Everything else stays as it came.
    ///
    /// Source: Segment, HTTP Tracking API; Segment, Spec, Common fields.
    ///
    /// ```
    /// use capi_core::event::{Arena, Arrival, Event, Json};
    /// use capi_core::rejection::Code;
    ///
    /// let arena = Arena::new();
    /// // The client's clock is an hour behind: it sent now what it sent at `sentAt`.
    /// let root = Json::parse(
    ///     &arena,
    ///     br#"{
    ///         "type": "track",
    ///         "event": "Signed Up",
    ///         "timestamp": "2026-11-28T11:00:00Z",
    ///         "sentAt": "2026-11-28T11:00:10Z"
    ///     }"#,
    /// )?;
    /// let arrival = Arrival::at("2026-11-28T12:00:10Z".parse()?);
    /// let event = Event::receive(root, &arrival, &arena, &mut || "new-id".into())
    ///     .map_err(|reason| reason.message)?;
    /// let text = |key| event.get(key).and_then(Json::as_str);
    /// assert_eq!(text("messageId"), Some("new-id"));
    /// assert_eq!(text("timestamp"), Some("2026-11-28T12:00:00.000Z"));
    ///
    /// // Without a type it is not an event.
    /// let other = Json::parse(&arena, br#"{"event":"Signed Up"}"#)?;
    /// let refused = Event::receive(other, &arrival, &arena, &mut || "new-id".into());
    /// assert_eq!(refused.map(drop).map_err(|reason| reason.code), Err(Code::UnknownType));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `root` is not an object, or its type is not among [`TYPES`].
    pub fn receive(
        root: Json<'a>,
        arrival: &Arrival<'a>,
        arena: &'a Arena,
        generate: &mut dyn FnMut() -> String,
    ) -> Result<Self, Diagnostic> {
        let Some(members) = root.as_object() else {
            return Err(Diagnostic::new(
                Code::MalformedEvent,
                "",
                format!("an event must be an object but this is {}", root.kind()),
            ));
        };
        let kind = kind(root, arrival.kind)?;
        let mut completed: Vec<(&'a str, Json<'a>)> = Vec::with_capacity(members.len() + 4);
        completed.extend(members.iter().filter(|(key, _)| !is_completed(key)));
        completed.push(("type", Json::Str(kind)));
        // As it came, white space too: a browser's copy of the event may carry the same.
        let id = match root.get("messageId").filter(|id| is_id(*id)) {
            Some(id) => id,
            None => Json::Str(arena.text(&generate())),
        };
        completed.push(("messageId", id));
        completed.extend(context(root, arrival, arena).map(|context| ("context", context)));
        let integrations = merged(arrival.integrations, present(root, "integrations"), arena);
        completed.extend(integrations.map(|integrations| ("integrations", integrations)));
        times(root, arrival, arena, &mut completed);
        Ok(Self {
            root: Json::Object(arena.list(&completed)),
        })
    }
}

/// The keys that [`Event::receive`] writes anew.
fn is_completed(key: &str) -> bool {
    matches!(
        key,
        "type"
            | "messageId"
            | "context"
            | "integrations"
            | "timestamp"
            | "sentAt"
            | "receivedAt"
            | "originalTimestamp"
    )
}

/// A member that says something: not `null`, not an empty text.
fn present<'a>(root: Json<'a>, key: &str) -> Option<Json<'a>> {
    root.get(key).filter(|value| !value.is_blank())
}

fn kind<'a>(root: Json<'a>, route: Option<&'static str>) -> Result<&'a str, Diagnostic> {
    let wrong = |found: &str| {
        Diagnostic::new(
            Code::UnknownType,
            "type",
            format!("{found}; an event's type is one of: {}", TYPES.join(", ")),
        )
    };
    match (present(root, "type"), route) {
        (Some(Json::Str(text)), _) if TYPES.contains(&text) => Ok(text),
        (Some(Json::Str(_)), _) => Err(wrong("the type is not one of the Segment spec")),
        (Some(other), _) => Err(wrong(&format!("the type is {}", other.kind()))),
        (None, Some(route)) => Ok(route),
        (None, None) => Err(wrong("the event has no type")),
    }
}

fn context<'a>(root: Json<'a>, arrival: &Arrival<'a>, arena: &'a Arena) -> Option<Json<'a>> {
    let context = merged(arrival.context, present(root, "context"), arena);
    let (Some(ip), true) = (
        arrival.client_ip,
        context.is_none_or(|context| present(context, "ip").is_none()),
    ) else {
        return context;
    };
    let members = match context {
        None => &[],
        Some(Json::Object(members)) => members,
        Some(_) => return context,
    };
    let mut completed: Vec<_> = members
        .iter()
        .filter(|(key, _)| *key != "ip")
        .copied()
        .collect();
    completed.push(("ip", Json::Str(ip)));
    Some(Json::Object(arena.list(&completed)))
}

/// `over` laid on `under`, key by key, inside objects too.
fn merged<'a>(
    under: Option<Json<'a>>,
    over: Option<Json<'a>>,
    arena: &'a Arena,
) -> Option<Json<'a>> {
    match (under, over) {
        (Some(Json::Object(under)), Some(Json::Object(over))) => {
            let mut all: Vec<(&'a str, Json<'a>)> = Vec::with_capacity(under.len() + over.len());
            // Beyond a few through a table: no input may cost the square of its length.
            let table: Option<HashMap<&str, usize>> =
                (over.len() > LINEAR_SEARCH_LIMIT).then(|| {
                    let places = over.iter().enumerate();
                    places.map(|(place, (key, _))| (*key, place)).collect()
                });
            let mut laid = vec![false; over.len()];
            for (key, below) in under {
                let place = match &table {
                    Some(table) => table.get(key).copied(),
                    None => over.iter().position(|(name, _)| name == key),
                };
                let above = place
                    .and_then(|place| over.get(place))
                    .map(|(_, value)| *value);
                if let Some(laid) = place.and_then(|place| laid.get_mut(place)) {
                    *laid = true;
                }
                all.extend(merged(Some(*below), above, arena).map(|value| (*key, value)));
            }
            let rest = over.iter().zip(laid).filter(|(_, laid)| !laid);
            all.extend(rest.map(|(member, _)| *member));
            Some(Json::Object(arena.list(&all)))
        }
        (under, over) => over.or(under),
    }
}

/// The times of the event. A client's clock may be wrong by hours: how long
/// before its own `sentAt` the event happened is right all the same, so the
/// event happened that long before it was received.
///
/// What the client itself calls received is not our time and is ignored.
fn times<'a>(
    root: Json<'a>,
    arrival: &Arrival<'a>,
    arena: &'a Arena,
    completed: &mut Vec<(&'a str, Json<'a>)>,
) {
    let timestamp = present(root, "timestamp");
    let original = present(root, "originalTimestamp");
    let sent = usable(present(root, "sentAt"), arrival.sent_at);
    // Most clients send one time only.
    let happened = usable(original, timestamp);
    let corrected = sent
        .and_then(time)
        .zip(happened.and_then(time))
        // Nothing is sent a day before it happens: then one of the two times is
        // not the client's clock, and tells nothing of it.
        .filter(|(sent, happened)| happened.duration_since(*sent) < SignedDuration::from_hours(24))
        .and_then(|(sent, happened)| {
            let before = sent.duration_since(happened);
            arrival.received_at.checked_sub(before).ok()
        });
    let text = |time: Timestamp| Json::Str(arena.text(&format!("{time:.3}")));
    let received = text(arrival.received_at);
    let timestamp = match corrected {
        Some(time) => text(time),
        None => usable(timestamp, original).unwrap_or(received),
    };
    completed.push(("timestamp", timestamp));
    completed.extend(happened.map(|happened| ("originalTimestamp", happened)));
    completed.extend(sent.map(|sent| ("sentAt", sent)));
    completed.push(("receivedAt", received));
}

/// The first of two that is a time; where neither is, the first that is there, which
/// validation then names.
fn usable<'a>(first: Option<Json<'a>>, second: Option<Json<'a>>) -> Option<Json<'a>> {
    let (Some(one), Some(other)) = (first, second) else {
        return first.or(second);
    };
    let second_only = time(one).is_none() && time(other).is_some();
    Some(if second_only { other } else { one })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-24T12:00:00Z";

    fn received(root: &str, batch: &str) -> Result<String, Code> {
        let arena = Arena::new();
        let root = Json::parse(&arena, root.as_bytes()).unwrap();
        let batch = Json::parse(&arena, batch.as_bytes()).unwrap();
        let arrival = Arrival {
            kind: None,
            received_at: NOW.parse().unwrap(),
            context: batch.get("context"),
            integrations: batch.get("integrations"),
            sent_at: batch.get("sentAt"),
            client_ip: Some("192.0.2.7"),
        };
        Event::receive(root, &arrival, &arena, &mut || "minted".to_owned())
            .map(|event| event.root().to_text())
            .map_err(|reason| reason.code)
    }

    fn field(root: &str, batch: &str, key: &str) -> Option<String> {
        let text = received(root, batch).unwrap();
        let arena = Arena::new();
        let event = Json::parse(&arena, text.as_bytes()).unwrap();
        key.split('.')
            .try_fold(event, Json::get)
            .and_then(Json::as_str)
            .map(str::to_owned)
    }

    #[test]
    fn a_wrong_clock_is_corrected_by_the_time_of_sending() {
        // Two hours ahead; the event happened a minute before it was sent.
        let event = r#"{"type":"track","timestamp":"2026-11-24T13:59:00Z"}"#;
        let batch = r#"{"sentAt":"2026-11-24T14:00:00Z"}"#;
        assert_eq!(
            field(event, batch, "timestamp").as_deref(),
            Some("2026-11-24T11:59:00.000Z")
        );
        assert_eq!(
            field(event, batch, "originalTimestamp").as_deref(),
            Some("2026-11-24T13:59:00Z")
        );
    }

    #[test]
    fn a_time_of_sending_long_before_the_event_corrects_nothing() {
        let event = r#"{"type":"track","timestamp":"2026-11-24T11:00:00Z"}"#;
        for sent in ["5", "\"1970-01-01T00:00:00Z\""] {
            let batch = format!(r#"{{"sentAt":{sent}}}"#);
            assert_eq!(
                field(event, &batch, "timestamp").as_deref(),
                Some("2026-11-24T11:00:00Z")
            );
        }
    }

    #[test]
    fn without_a_time_of_sending_the_clients_time_stands() {
        let event = r#"{"type":"track","timestamp":"2026-11-24T13:59:00Z"}"#;
        assert_eq!(
            field(event, "{}", "timestamp").as_deref(),
            Some("2026-11-24T13:59:00Z")
        );
    }

    #[test]
    fn without_any_time_the_event_happened_when_it_came() {
        assert_eq!(
            field(r#"{"type":"track"}"#, "{}", "timestamp").as_deref(),
            Some("2026-11-24T12:00:00.000Z")
        );
    }

    #[test]
    fn a_clients_word_of_when_it_was_received_does_not_count() {
        let event = r#"{"type":"track","receivedAt":"2020-01-01T00:00:00Z","timestamp":"2026-11-24T11:00:00Z","sentAt":"2026-11-24T12:00:00Z"}"#;
        assert_eq!(
            field(event, "{}", "receivedAt").as_deref(),
            Some("2026-11-24T12:00:00.000Z")
        );
        assert_eq!(
            field(event, "{}", "timestamp").as_deref(),
            Some("2026-11-24T11:00:00.000Z")
        );
    }

    #[test]
    fn a_time_that_is_none_hides_no_other() {
        let event = r#"{"type":"track","originalTimestamp":"just now","timestamp":"2026-11-24T13:59:00Z","sentAt":"soon"}"#;
        let batch = r#"{"sentAt":"2026-11-24T14:00:00Z"}"#;
        assert_eq!(
            field(event, batch, "timestamp").as_deref(),
            Some("2026-11-24T11:59:00.000Z")
        );
        let event =
            r#"{"type":"track","originalTimestamp":"2026-11-24T11:00:00Z","timestamp":"just now"}"#;
        assert_eq!(
            field(event, "{}", "timestamp").as_deref(),
            Some("2026-11-24T11:00:00Z")
        );
        // Without another time, validation says that this one is none.
        let event = r#"{"type":"track","timestamp":"just now"}"#;
        assert_eq!(field(event, "{}", "timestamp").as_deref(), Some("just now"));
    }

    #[test]
    fn the_batchs_context_lies_under_the_events_own() {
        let event = r#"{"type":"track","context":{"page":{"url":"u"},"locale":"de"}}"#;
        let batch =
            r#"{"context":{"page":{"url":"x","title":"t"},"locale":"en","ip":"198.51.100.1"}}"#;
        assert_eq!(
            field(event, batch, "context.page.url").as_deref(),
            Some("u")
        );
        assert_eq!(
            field(event, batch, "context.page.title").as_deref(),
            Some("t")
        );
        assert_eq!(field(event, batch, "context.locale").as_deref(), Some("de"));
        assert_eq!(
            field(event, batch, "context.ip").as_deref(),
            Some("198.51.100.1")
        );
    }

    #[test]
    fn large_contexts_are_laid_on_each_other_as_small_ones() {
        for length in [3, 300] {
            let members = |from: usize, value: &str| {
                let members = (from..from + length).map(|key| format!("\"k{key}\":{value}"));
                members.collect::<Vec<_>>().join(",")
            };
            let event = format!(
                r#"{{"type":"track","context":{{"ip":"x","o":{{"a":1}},"k0":null,{}}}}}"#,
                members(2, "\"event\"")
            );
            let batch = format!(
                r#"{{"context":{{{},"o":{{"b":2}}}}}}"#,
                members(0, "\"batch\"")
            );
            let text = received(&event, &batch).unwrap();
            let expected = format!(
                r#""context":{{"k0":null,"k1":"batch",{},"o":{{"b":2,"a":1}},"ip":"x",{}}}"#,
                members(2, "\"event\"")
                    .split(',')
                    .take(length - 2)
                    .collect::<Vec<_>>()
                    .join(","),
                members(2, "\"event\"")
                    .split(',')
                    .skip(length - 2)
                    .collect::<Vec<_>>()
                    .join(","),
            );
            assert!(text.contains(&expected), "{text}");
        }
    }

    #[test]
    fn the_clients_address_and_an_id_fill_gaps_only() {
        let event = r#"{"type":"track"}"#;
        assert_eq!(
            field(event, "{}", "context.ip").as_deref(),
            Some("192.0.2.7")
        );
        assert_eq!(field(event, "{}", "messageId").as_deref(), Some("minted"));
        let event = r#"{"type":"track","messageId":"m","context":{"ip":"2001:db8::1"}}"#;
        assert_eq!(
            field(event, "{}", "context.ip").as_deref(),
            Some("2001:db8::1")
        );
        assert_eq!(field(event, "{}", "messageId").as_deref(), Some("m"));
    }

    #[test]
    fn what_is_no_id_is_replaced() {
        for (id, expected) in [
            ("\"undefined\"", "minted"),
            ("\" NULL \"", "minted"),
            ("\"NaN\"", "minted"),
            ("\"[object Object]\"", "minted"),
            ("\"  \"", "minted"),
            ("\"\\ufeff\"", "minted"),
            ("{\"a\":1}", "minted"),
            ("true", "minted"),
            ("[]", "minted"),
            ("\" m-1 \"", " m-1 "),
            ("\"nullified\"", "nullified"),
        ] {
            let event = format!(r#"{{"type":"track","messageId":{id}}}"#);
            let received = field(&event, "{}", "messageId");
            assert_eq!(received.as_deref(), Some(expected), "{id}");
        }
        let text = received(r#"{"type":"track","messageId":17}"#, "{}").unwrap();
        assert!(text.contains("\"messageId\":17"), "{text}");
    }

    #[test]
    fn what_is_no_event_is_refused() {
        assert_eq!(received("[]", "{}"), Err(Code::MalformedEvent));
        assert_eq!(received("{}", "{}"), Err(Code::UnknownType));
        assert_eq!(
            received(r#"{"type":"Track"}"#, "{}"),
            Err(Code::UnknownType)
        );
        assert_eq!(received(r#"{"type":5}"#, "{}"), Err(Code::UnknownType));
    }
}
