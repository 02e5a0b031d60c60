//! From a body to its events, each still as JSON text.
//!
//! The events are split before any is parsed: one that cannot be held (a lone
//! surrogate, a number beyond a double, too many nestings) is rejected alone.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{MapAccess, Visitor};
use serde_json::value::RawValue;

use super::answer::HttpError;
use super::placeholder::placeholder;

/// A body taken apart.
pub(super) struct Parts<'b> {
    /// The events.
    pub(super) items: Vec<&'b [u8]>,
    /// What the batch says of all of them.
    pub(super) context: Option<&'b [u8]>,
    pub(super) integrations: Option<&'b [u8]>,
    pub(super) sent_at: Option<&'b [u8]>,
    /// The write key in the body.
    pub(super) write_key: Option<String>,
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
pub(super) fn batch(body: &[u8]) -> Result<Parts<'_>, HttpError> {
    split(body, |text| {
        let members: Members<'_> = serde_json::from_str(text).map_err(|error| malformed(&error))?;
        let Some(batch) = members.batch else {
            return Err(HttpError::Malformed(
                "a batch must be an object with a list of events under `batch`".into(),
            ));
        };
        let items = serde_json::from_str(batch.get())
            .map_err(|_| HttpError::Malformed("`batch` must be a list of events".into()))?;
        Ok((items, members))
    })
}

/// One event, which may carry the write key itself.
pub(super) fn single(body: &[u8]) -> Result<Parts<'_>, HttpError> {
    split(body, |text| {
        let whole: &RawValue = serde_json::from_str(text).map_err(|error| malformed(&error))?;
        let Members { write_key, .. } = serde_json::from_str(whole.get()).unwrap_or_default();
        Ok((
            vec![whole],
            Members {
                write_key,
                ..Members::default()
            },
        ))
    })
}

/// Splits a body that is JSON. Of one that is none, tries to make JSON of it:
/// then the events are split all the same, and each that cannot be read is
/// rejected alone. Some clients write a byte order mark before their JSON.
fn split<'b>(
    body: &'b [u8],
    read: impl Fn(&str) -> Result<(Vec<&RawValue>, Members<'_>), HttpError>,
) -> Result<Parts<'b>, HttpError> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let (refused, spoiled) = match str::from_utf8(body) {
        Ok(text) => match read(text) {
            Ok((items, members)) => return Ok(parts(body, text, &items, &members)),
            Err(refused) => (
                refused,
                "the body is not JSON: NaN and Infinity are not JSON numbers; send null, or leave them out",
            ),
        },
        Err(_) => (
            HttpError::Malformed("the body is not UTF-8".into()),
            "the body is not UTF-8",
        ),
    };
    let Some(placeholder) = placeholder(body) else {
        return Err(refused);
    };
    let Ok((items, members)) = read(&placeholder) else {
        return Err(refused);
    };
    let parts = parts(body, &placeholder, &items, &members);
    let mut pairs = parts.items.iter().zip(&items);
    if pairs.any(|(item, placeholder)| *item == placeholder.get().as_bytes()) {
        Ok(parts)
    } else {
        Err(HttpError::Malformed(spoiled.into()))
    }
}

/// What `body` has where `items` and `members` stand in `text`, of equal length.
fn parts<'b>(body: &'b [u8], text: &str, items: &[&RawValue], members: &Members<'_>) -> Parts<'b> {
    let place = |value: &RawValue| {
        let start = value.get().as_ptr().addr() - text.as_ptr().addr();
        body.get(start..start + value.get().len())
            .unwrap_or_default()
    };
    Parts {
        items: items.iter().map(|item| place(item)).collect(),
        context: members.context.map(place),
        integrations: members.integrations.map(place),
        sent_at: members.sent_at.map(place),
        write_key: members
            .write_key
            .and_then(|key| serde_json::from_slice(place(key)).ok()),
    }
}

/// Says where the JSON is wrong: the parser's words speak of syntax only and
/// hold nothing of the body.
fn malformed(error: &serde_json::Error) -> HttpError {
    HttpError::Malformed(match error.classify() {
        serde_json::error::Category::Data => "the body must be an object".into(),
        _ => format!("the body is not JSON: {error}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_event_that_cannot_be_held_leaves_the_others() {
        let body = br#"{"batch":[{"a":1},{"a":"\ud800"},{"a":1e400},{"b":2}],"sentAt":"x","writeKey":"w\u006b"}"#;
        let parts = batch(body).unwrap();
        assert_eq!(parts.items.len(), 4);
        assert_eq!(parts.items[3], br#"{"b":2}"#);
        assert_eq!(parts.sent_at, Some(&br#""x""#[..]));
        assert_eq!(parts.write_key.as_deref(), Some("wk"));
    }

    #[test]
    fn of_two_equal_keys_the_last_counts() {
        let parts = batch(br#"{"batch":[1],"batch":[2,3]}"#).unwrap();
        assert_eq!(parts.items, [b"2", b"3"]);
    }

    #[test]
    fn deep_events_are_split_without_recursion() {
        let deep = format!(
            "{{\"batch\":[{}{}]}}",
            "[".repeat(50_000),
            "]".repeat(50_000)
        );
        assert_eq!(batch(deep.as_bytes()).unwrap().items.len(), 1);
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
            assert!(batch(body.as_bytes()).is_err(), "{body}");
        }
        assert!(single(b"{\"a\":").is_err());
        assert!(single(b"").is_err());
    }

    #[test]
    fn what_is_no_json_spoils_its_own_event_only() {
        for spoiled in [
            &b"\"x\xff\""[..],
            b"\"\\\xff\"",
            b"\"\xff\xfe\"",
            b"\"\xed\xa0\x80\"",
            b"NaN",
            b"-Infinity",
            b"[\"\\\"\",Infinity]",
        ] {
            let event = [b"{\"a\":", spoiled, b"}"].concat();
            let body = [b"{\"batch\":[{\"a\":1},", &event[..], b",{\"b\":2}]}"].concat();
            // As it came: what is wrong with it is for its reader to say.
            let items = [b"{\"a\":1}", &event[..], b"{\"b\":2}"];
            assert_eq!(batch(&body).unwrap().items, items, "{spoiled:?}");
            let body = [b"{\"batch\":[{},", spoiled, b"]}"].concat();
            assert_eq!(batch(&body).unwrap().items, [b"{}", spoiled]);
            let alone = [b"{\"batch\":[", &event[..], b"]}"].concat();
            assert!(batch(&alone).is_err(), "{spoiled:?}");
            assert!(single(&event).is_err(), "{spoiled:?}");
        }
        for body in [
            &b"\xff{}"[..],
            b"{\"batch\":[{},NaN Infinity]}",
            b"NaN",
            b"\xff",
        ] {
            assert!(batch(body).is_err(), "{body:?}");
        }
    }

    #[test]
    fn a_key_that_is_no_text_is_no_key() {
        let body = b"{\"batch\":[{}],\"writeKey\":\"wk\xff\",\"sentAt\":\"\xff\"}";
        let parts = batch(body).unwrap();
        assert_eq!(parts.write_key, None);
        assert_eq!(parts.sent_at, Some(&b"\"\xff\""[..]));
    }
}
