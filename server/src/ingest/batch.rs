//! From a body to its events, each still as JSON text.
//!
//! The events are split before any is parsed: one that cannot be held (a lone
//! surrogate, a number beyond a double, too many nestings) is rejected alone.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use super::answer::Refused;

/// A body taken apart.
#[derive(Default)]
pub(super) struct Parts<'b> {
    /// The events.
    pub(super) items: Vec<&'b [u8]>,
    /// What the batch says of all of them.
    pub(super) context: Option<&'b [u8]>,
    pub(super) integrations: Option<&'b [u8]>,
    pub(super) sent_at: Option<&'b [u8]>,
    /// The write key in the body.
    pub(super) write_key: Option<Cow<'b, str>>,
}

/// The members of an object that concern us; of two with one key the last counts.
#[derive(Default)]
struct Members<'b> {
    batch: Option<&'b RawValue>,
    context: Option<&'b RawValue>,
    integrations: Option<&'b RawValue>,
    sent_at: Option<&'b RawValue>,
    write_key: Option<&'b RawValue>,
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Members<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Members::default();
                while let Some(key) = map.next_key::<Cow<'_, str>>()? {
                    let value: &'de RawValue = map.next_value()?;
                    match &*key {
                        "batch" => members.batch = Some(value),
                        "context" => members.context = Some(value),
                        "integrations" => members.integrations = Some(value),
                        "sentAt" => members.sent_at = Some(value),
                        "writeKey" => members.write_key = Some(value),
                        _ => {}
                    }
                }
                Ok(members)
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

/// A batch: `{"batch":[…],"sentAt"?,"context"?,"integrations"?,"writeKey"?}`.
pub(super) fn batch(body: &str) -> Result<Parts<'_>, Refused> {
    let members: Members<'_> = serde_json::from_str(body).map_err(|error| malformed(&error))?;
    let Some(batch) = members.batch else {
        return Err(Refused::Malformed(
            "a batch must be an object with a list of events under `batch`".into(),
        ));
    };
    let items: Vec<&RawValue> = serde_json::from_str(batch.get())
        .map_err(|_| Refused::Malformed("`batch` must be a list of events".into()))?;
    Ok(Parts {
        items: items
            .into_iter()
            .map(|item| item.get().as_bytes())
            .collect(),
        context: members.context.map(bytes),
        integrations: members.integrations.map(bytes),
        sent_at: members.sent_at.map(bytes),
        write_key: members.write_key.and_then(write_key),
    })
}

/// One event, which may carry the write key itself.
pub(super) fn single(body: &str) -> Result<Parts<'_>, Refused> {
    let whole: &RawValue = serde_json::from_str(body).map_err(|error| malformed(&error))?;
    let members: Members<'_> = serde_json::from_str(whole.get()).unwrap_or_default();
    Ok(Parts {
        items: vec![bytes(whole)],
        write_key: members.write_key.and_then(write_key),
        ..Parts::default()
    })
}

/// What stands for bytes that are no text.
const NO_TEXT: &str = r"\ud800\ud800";

/// Whether any event of a body that is no text is free of what spoils it.
pub(super) fn keeps_something(parts: &Parts<'_>) -> bool {
    let spoiled = |item: &&[u8]| {
        item.windows(NO_TEXT.len())
            .any(|window| window == NO_TEXT.as_bytes())
    };
    !parts.items.iter().all(spoiled)
}

/// A body as text. Some clients write a byte order mark before their JSON. Bytes
/// that are no UTF-8 are written as half a character, twice (a backslash before
/// them takes one away): that is JSON, so the events can be split, and no text,
/// so the event that holds them is rejected alone.
pub(super) fn text(body: &[u8]) -> Cow<'_, str> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if let Ok(text) = str::from_utf8(body) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(body.len() + 64);
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push_str(NO_TEXT);
        }
    }
    Cow::Owned(text)
}

fn bytes(value: &RawValue) -> &[u8] {
    value.get().as_bytes()
}

fn write_key(value: &RawValue) -> Option<Cow<'_, str>> {
    serde_json::from_str(value.get()).ok()
}

/// Says where the JSON is wrong: the parser's words speak of syntax only and
/// hold nothing of the body.
fn malformed(error: &serde_json::Error) -> Refused {
    Refused::Malformed(match error.classify() {
        serde_json::error::Category::Data => "the body must be an object".into(),
        _ => format!("the body is not JSON: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_event_that_cannot_be_held_leaves_the_others() {
        let body = r#"{"batch":[{"a":1},{"a":"\ud800"},{"a":1e400},{"b":2}],"sentAt":"x","writeKey":"w\u006b"}"#;
        let parts = batch(body).unwrap();
        assert_eq!(parts.items.len(), 4);
        assert_eq!(parts.items[3], br#"{"b":2}"#);
        assert_eq!(parts.sent_at, Some(&br#""x""#[..]));
        assert_eq!(parts.write_key.as_deref(), Some("wk"));
    }

    #[test]
    fn of_two_equal_keys_the_last_counts() {
        let parts = batch(r#"{"batch":[1],"batch":[2,3]}"#).unwrap();
        assert_eq!(parts.items, [b"2", b"3"]);
    }

    #[test]
    fn deep_events_are_split_without_recursion() {
        let deep = format!(
            "{{\"batch\":[{}{}]}}",
            "[".repeat(50_000),
            "]".repeat(50_000)
        );
        assert_eq!(batch(&deep).unwrap().items.len(), 1);
    }

    #[test]
    fn what_is_no_batch_is_refused() {
        for body in [
            "",
            "{",
            "nope",
            "[]",
            "{}",
            r#"{"batch":{}}"#,
            r#"{"batch":[}"#,
            "{\"batch\":[\"\u{0}\"]}",
        ] {
            assert!(batch(body).is_err(), "{body}");
        }
        assert!(single("{\"a\":").is_err());
        assert!(single("").is_err());
    }

    #[test]
    fn bytes_that_are_no_text_spoil_their_own_event_only() {
        for byte in [&b"\xff"[..], b"\xc3", b"\\\xff", b"\xff\xfe"] {
            let body = [
                &b"{\"batch\":[{\"a\":1},{\"a\":\"x"[..],
                byte,
                b"\"},{\"b\":2}]}",
            ]
            .concat();
            let text = text(&body);
            let items = batch(&text).unwrap().items;
            assert_eq!((items[0], items[2]), (&b"{\"a\":1}"[..], &b"{\"b\":2}"[..]));
            assert!(
                serde_json::from_slice::<serde_json::Value>(items[1]).is_err(),
                "{byte:?}"
            );
        }
        assert!(batch(&text(b"\xff{}")).is_err());
    }
}
