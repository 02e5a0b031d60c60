//! The body of a batch.

use bytes::Bytes;

const OPEN: &[u8] = br#"{"data":["#;
const CODE: &[u8] = br#","test_event_code":"#;

/// Joins stored events to the body of one request:
/// `{"data":[…],"test_event_code":"…"}`.
///
/// The events are JSON already and are copied, not parsed. What comes out is
/// one reference-counted buffer, so that sending it again costs nothing.
///
/// Source: Meta, Using the API; Main body parameters.
#[must_use]
pub(crate) fn encode<'a>(
    events: impl Iterator<Item = &'a [u8]> + Clone,
    test_event_code: Option<&str>,
) -> Bytes {
    // Escaped: a code comes from people and may hold anything.
    let code = test_event_code.map(|code| serde_json::Value::from(code).to_string());
    let length = OPEN.len()
        + events.clone().map(|event| event.len() + 1).sum::<usize>()
        + code.as_ref().map_or(0, |code| CODE.len() + code.len())
        + 2;
    let mut body = Vec::with_capacity(length);
    body.extend_from_slice(OPEN);
    for (index, event) in events.enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend_from_slice(event);
    }
    body.push(b']');
    if let Some(code) = code {
        body.extend_from_slice(CODE);
        body.extend_from_slice(code.as_bytes());
    }
    body.push(b'}');
    body.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(events: &[&str], code: Option<&str>) -> String {
        let bytes = encode(events.iter().map(|event| event.as_bytes()), code);
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[test]
    fn joins_events_as_they_are() {
        assert_eq!(body(&[r#"{"a":1.50}"#], None), r#"{"data":[{"a":1.50}]}"#);
        assert_eq!(body(&["{}", "{ }"], None), r#"{"data":[{},{ }]}"#);
    }

    #[test]
    fn the_test_code_is_beside_the_data_and_escaped() {
        assert_eq!(
            body(&["{}"], Some("TEST1")),
            r#"{"data":[{}],"test_event_code":"TEST1"}"#
        );
        assert_eq!(
            body(&["{}"], Some("a\"b")),
            r#"{"data":[{}],"test_event_code":"a\"b"}"#
        );
    }
}
