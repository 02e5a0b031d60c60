//! Meta's answer, read leniently.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::Usage;

/// A longer text than this is cut: it ends up in logs and on disk.
const TEXT_LIMIT: usize = 500;

/// What came back over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What the body says.
    pub reply: Reply,
    /// What the usage headers say.
    pub usage: Usage,
    /// What `Retry-After` asks for, when it is given in seconds.
    pub retry_after: Option<Duration>,
}

/// What the body of an answer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// Meta took the request.
    Accepted {
        /// How many events it counted, where it told.
        events_received: Option<u64>,
        /// What else it had to say; undocumented, usually empty.
        messages: Vec<String>,
        /// Meta's name for the request, for support cases.
        fbtrace_id: Option<String>,
    },
    /// Meta's error envelope.
    Refused(ErrorBody),
    /// Not JSON, or JSON that Meta would not send: a proxy's page, most likely.
    Unreadable,
}

/// Meta's error envelope. Every member may be missing.
///
/// Source: Meta, Graph API, Handling errors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct ErrorBody {
    /// The kind of error. 0 when it is missing, which Meta does not use.
    #[serde(deserialize_with = "integer")]
    pub code: i64,
    /// What exactly, within the code.
    #[serde(rename = "error_subcode", deserialize_with = "optional_integer")]
    pub subcode: Option<i64>,
    /// For developers, in English.
    #[serde(deserialize_with = "text")]
    pub message: Option<String>,
    /// For people, in the language of the token's owner.
    #[serde(deserialize_with = "text")]
    pub error_user_msg: Option<String>,
    /// Whether Meta says that trying again will help.
    #[serde(deserialize_with = "truth")]
    pub is_transient: bool,
    /// Meta's name for the request, for support cases.
    #[serde(deserialize_with = "text")]
    pub fbtrace_id: Option<String>,
}

impl Answer {
    /// Reads an answer. Whatever is missing or odd is left out, not refused.
    #[must_use]
    pub(crate) fn read(status: u16, headers: &HeaderMap, body: &[u8]) -> Self {
        Self {
            status,
            reply: Reply::read(status, body),
            usage: Usage::from_headers(headers),
            retry_after: retry_after(headers),
        }
    }
}

impl Reply {
    fn read(status: u16, body: &[u8]) -> Self {
        let Ok(Value::Object(members)) = serde_json::from_slice(body) else {
            return Self::Unreadable;
        };
        if let Some(error) = members.get("error").filter(|error| !error.is_null()) {
            return ErrorBody::deserialize(error).map_or(Self::Unreadable, Self::Refused);
        }
        let received = members.get("events_received").map(to_integer);
        let received = received.map(|count| count.and_then(|count| u64::try_from(count).ok()));
        // The edge's declared answer is a union of shapes. One must be there that says
        // that the events were taken: a name for the request or a message does not, and
        // neither does a count that is none.
        let confirms = match (&received, members.get("success")) {
            (Some(None), _) | (_, Some(Value::Bool(false))) => false,
            (Some(Some(_)), _) | (_, Some(_)) => true,
            (None, None) => members.contains_key("claims"),
        };
        if !(200..300).contains(&status) || !confirms {
            return Self::Unreadable;
        }
        Self::Accepted {
            events_received: received.flatten(),
            messages: match members.get("messages") {
                Some(Value::Array(messages)) => messages.iter().filter_map(to_text).collect(),
                _ => Vec::new(),
            },
            fbtrace_id: members.get("fbtrace_id").and_then(to_text),
        }
    }

    /// Every text in it, to be gone over before anybody sees it.
    pub(crate) fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let (lines, rest) = match self {
            Self::Accepted {
                messages,
                fbtrace_id,
                ..
            } => (messages.as_mut_slice(), [fbtrace_id.as_mut(), None, None]),
            Self::Refused(error) => (
                Default::default(),
                [
                    error.message.as_mut(),
                    error.error_user_msg.as_mut(),
                    error.fbtrace_id.as_mut(),
                ],
            ),
            Self::Unreadable => (Default::default(), [None, None, None]),
        };
        lines.iter_mut().chain(rest.into_iter().flatten())
    }
}

/// Only the form in seconds: a date would need the two clocks to agree.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}

fn to_text(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    })
}

fn to_integer(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

fn integer<'de, D: Deserializer<'de>>(value: D) -> Result<i64, D::Error> {
    Ok(to_integer(&Value::deserialize(value)?).unwrap_or_default())
}

fn optional_integer<'de, D: Deserializer<'de>>(value: D) -> Result<Option<i64>, D::Error> {
    Ok(to_integer(&Value::deserialize(value)?))
}

fn text<'de, D: Deserializer<'de>>(value: D) -> Result<Option<String>, D::Error> {
    Ok(to_text(&Value::deserialize(value)?))
}

fn truth<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    Ok(Value::deserialize(value)? == Value::Bool(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_receipt() {
        let body = br#"{"events_received":2,"messages":["late"],"fbtrace_id":"A1"}"#;
        let expected = Reply::Accepted {
            events_received: Some(2),
            messages: vec!["late".to_owned()],
            fbtrace_id: Some("A1".to_owned()),
        };
        assert_eq!(Reply::read(200, body), expected);
    }

    #[test]
    fn a_receipt_may_be_of_another_shape() {
        for (body, received) in [
            (r#"{"events_received":"2"}"#, Some(2)),
            (r#"{"events_received":2,"error":null}"#, Some(2)),
            (r#"{"success":true}"#, None),
            (r#"{"claims":[]}"#, None),
        ] {
            let Reply::Accepted {
                events_received, ..
            } = Reply::read(200, body.as_bytes())
            else {
                panic!("{body} is a receipt");
            };
            assert_eq!(events_received, received, "{body}");
        }
    }

    #[test]
    fn reads_an_error_with_everything_or_nothing() {
        let body = br#"{"error":{"message":"Invalid parameter","type":"OAuthException","code":100,
            "error_subcode":2804050,"is_transient":false,"error_user_msg":"zu breit",
            "fbtrace_id":"A2"}}"#;
        let expected = ErrorBody {
            code: 100,
            subcode: Some(2_804_050),
            message: Some("Invalid parameter".to_owned()),
            error_user_msg: Some("zu breit".to_owned()),
            is_transient: false,
            fbtrace_id: Some("A2".to_owned()),
        };
        assert_eq!(Reply::read(400, body), Reply::Refused(expected));
        assert_eq!(
            Reply::read(500, br#"{"error":{"code":"2","is_transient":null}}"#),
            Reply::Refused(ErrorBody {
                code: 2,
                ..ErrorBody::default()
            })
        );
        assert_eq!(
            Reply::read(500, br#"{"error":{}}"#),
            Reply::Refused(ErrorBody::default())
        );
    }

    #[test]
    fn an_error_counts_whatever_the_status() {
        assert!(matches!(
            Reply::read(200, br#"{"error":{"code":1}}"#),
            Reply::Refused(_)
        ));
    }

    #[test]
    fn pages_and_empty_objects_are_no_receipts() {
        for body in [
            "<html>",
            "",
            "{}",
            "[]",
            r#"{"events":1}"#,
            r#"{"success":false}"#,
            r#"{"success":false,"events_received":1}"#,
            r#"{"events_received":-1}"#,
            r#"{"events_received":0.5}"#,
            r#"{"events_received":"all"}"#,
            r#"{"messages":["not processed"]}"#,
            r#"{"fbtrace_id":"A1"}"#,
        ] {
            assert_eq!(
                Reply::read(200, body.as_bytes()),
                Reply::Unreadable,
                "{body}"
            );
        }
        assert_eq!(
            Reply::read(502, br#"{"events_received":1}"#),
            Reply::Unreadable
        );
    }

    #[test]
    fn long_texts_are_cut() {
        let long = format!(r#"{{"error":{{"message":"{}"}}}}"#, "ä".repeat(2000));
        let Reply::Refused(error) = Reply::read(400, long.as_bytes()) else {
            panic!()
        };
        assert_eq!(error.message.unwrap().chars().count(), TEXT_LIMIT + 1);
    }

    #[test]
    fn retry_after_is_in_seconds() {
        let headers = |value: &str| HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
        assert_eq!(retry_after(&headers("7")), Some(Duration::from_secs(7)));
        assert_eq!(retry_after(&headers("Wed, 21 Oct 2026 07:28:00 GMT")), None);
    }
}
