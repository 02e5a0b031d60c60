//! The body of a batch.

use bytes::Bytes;

use crate::queue::Leased;

const OPEN: &[u8] = br#"{"data":["#;
const CODE: &[u8] = br#","test_event_code":"#;

/// Joins stored events to the body of one request:
/// `{"data":[…],"test_event_code":"…"}`.
///
/// The events are JSON already and are copied, not parsed. What comes out is
/// one reference-counted buffer, and each row's payload is its place in it from now on:
/// what is on its way is in memory once.
///
/// Source: Meta, Using the API; Main body parameters.
#[must_use]
pub(crate) fn encode(rows: &mut [Leased], test_event_code: Option<&str>) -> Bytes {
    // Escaped: a code comes from people and may hold anything.
    let code = test_event_code.map(|code| serde_json::Value::from(code).to_string());
    let length = OPEN.len()
        + rows.iter().map(|row| row.payload.len() + 1).sum::<usize>()
        + code.as_ref().map_or(0, |code| CODE.len() + code.len())
        + 2;
    let mut body = Vec::with_capacity(length);
    body.extend_from_slice(OPEN);
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend_from_slice(&row.payload);
    }
    body.push(b']');
    if let Some(code) = code {
        body.extend_from_slice(CODE);
        body.extend_from_slice(code.as_bytes());
    }
    body.push(b'}');
    let body = Bytes::from(body);
    let mut at = OPEN.len();
    for row in rows {
        let end = at + row.payload.len();
        row.payload = body.slice(at..end);
        at = end + 1;
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::tests::row;

    fn body(events: &[&str], code: Option<&str>) -> String {
        let mut rows: Vec<Leased> = (1..)
            .zip(events)
            .map(|(seq, event)| {
                let mut row = row(seq);
                row.payload = Bytes::copy_from_slice(event.as_bytes());
                row
            })
            .collect();
        let bytes = encode(&mut rows, code);
        let payloads: Vec<_> = rows.iter().map(|row| row.payload.clone()).collect();
        assert_eq!(payloads, events, "each row has its event still");
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
