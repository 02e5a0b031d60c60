//! Reads fault rules from JSON, naming the place of whatever is wrong.

use std::time::Duration;

use axum::http::header::{CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Map, Value};

use super::envelope::envelope;
use super::reply::{Content, Reply};
use super::rule::{Act, Answer, FaultRule};
use crate::api_error::ApiError;

/// A fault rule that cannot be read; the message names its place in the list
/// and the key, as in `[0].answer.status`.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{place}: {problem}")]
pub struct FaultError {
    place: String,
    problem: String,
}

impl FaultError {
    fn new(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            problem: problem.into(),
        }
    }
}

type Result<T> = std::result::Result<T, FaultError>;

const RULE_KEYS: &[&str] = &["dataset", "match", "times", "for_ms", "answer"];

const ANSWER_KEYS: &[&str] = &[
    "delay_ms",
    "cut",
    "status",
    "code",
    "subcode",
    "is_transient",
    "message",
    "headers",
    "body",
];

/// What only makes sense in an envelope.
const ENVELOPE_KEYS: [&str; 4] = ["code", "subcode", "is_transient", "message"];

/// Headers that frame the answer; wrong ones would break the connection.
const FRAMING: [HeaderName; 2] = [CONTENT_LENGTH, TRANSFER_ENCODING];

impl FaultRule {
    /// Reads a JSON list of rules, such as
    /// `[{"times":3,"answer":{"status":503}}]`.
    ///
    /// # Errors
    ///
    /// The first rule and key that cannot be read; unknown keys are errors, as
    /// a misspelt one would make a rule that quietly never applies.
    pub fn parse_list(json: &[u8]) -> Result<Vec<Self>> {
        let whole = |problem: String| FaultError::new("fault rules", problem);
        let value: Value = serde_json::from_slice(json)
            .map_err(|error| whole(format!("not valid JSON: {error}")))?;
        let Value::Array(rules) = value else {
            return Err(whole("must be a list".to_owned()));
        };
        rules
            .iter()
            .enumerate()
            .map(|(index, rule)| parse_rule(rule, &format!("[{index}]")))
            .collect()
    }
}

fn parse_rule(value: &Value, place: &str) -> Result<FaultRule> {
    let rule = Object::new(value, place.to_owned(), RULE_KEYS)?;
    let Some(answer) = rule.fields.get("answer") else {
        return Err(rule.error("answer", "is required"));
    };
    Ok(FaultRule {
        dataset: rule.text("dataset")?,
        matches: parse_match(&rule)?,
        times: rule.positive("times")?,
        lasting: rule.positive("for_ms")?.map(Duration::from_millis),
        answer: parse_answer(answer, rule.place("answer"))?,
    })
}

fn parse_match(rule: &Object<'_>) -> Result<Vec<(String, String)>> {
    let Some(value) = rule.fields.get("match") else {
        return Ok(Vec::new());
    };
    let Some(keys) = value.as_object().filter(|keys| !keys.is_empty()) else {
        return Err(rule.error("match", "must be an object of event keys and patterns"));
    };
    let pattern = |(key, value): (&String, &Value)| match value {
        // Only the event's own keys are compared: a path would match nothing.
        _ if key.contains('.') => Err(rule.error(
            &format!("match.{key}"),
            "must be a key of the event itself, such as event_id",
        )),
        Value::String(pattern) => Ok((key.clone(), pattern.clone())),
        Value::Number(_) | Value::Bool(_) => Ok((key.clone(), value.to_string())),
        _ => Err(rule.error(&format!("match.{key}"), "must be a pattern in a string")),
    };
    keys.iter().map(pattern).collect()
}

fn parse_answer(value: &Value, place: String) -> Result<Answer> {
    let answer = Object::new(value, place, ANSWER_KEYS)?;
    let has = |key: &str| answer.fields.contains_key(key);
    let delay = answer.positive("delay_ms")?.map(Duration::from_millis);
    let replies = |key: &&&str| !matches!(**key, "delay_ms" | "cut");
    let replying = ANSWER_KEYS.iter().filter(replies).find(|key| has(key));

    let act = match (answer.text("cut")?.as_deref(), replying) {
        (Some(_), Some(key)) => {
            return Err(answer.error(key, "cannot go with \"cut\", which sends nothing"));
        }
        (Some("before"), None) => Act::CutBefore,
        (Some("after"), None) => Act::CutAfter,
        (Some(_), None) => return Err(answer.error("cut", "must be \"before\" or \"after\"")),
        (None, Some(_)) => Act::Reply(parse_reply(&answer)?),
        (None, None) if delay.is_some() => Act::Usual,
        (None, None) => {
            let keys = ANSWER_KEYS.join(", ");
            return Err(FaultError::new(
                answer.place,
                format!("is empty; give one of {keys}"),
            ));
        }
    };
    Ok(Answer {
        delay: delay.unwrap_or_default(),
        act,
    })
}

fn parse_reply(answer: &Object<'_>) -> Result<Reply> {
    let status = parse_status(answer)?;
    let headers = parse_headers(answer)?;
    let given = ENVELOPE_KEYS
        .into_iter()
        .find(|key| answer.fields.contains_key(*key));
    let content = match (answer.text("body")?, given) {
        (Some(_), Some(key)) => {
            return Err(answer.error(key, "cannot go with \"body\", which is sent as it stands"));
        }
        (Some(body), None) => Content::Raw(status.unwrap_or(StatusCode::OK), body),
        (None, given) => {
            let code = answer.number("code")?;
            match (status, code, given) {
                (None, None, _) => {
                    let key = given.unwrap_or("headers");
                    return Err(answer.error(key, "needs a \"status\" or a \"code\" beside it"));
                }
                (Some(status), None, None) if status.is_success() => Content::Success(status),
                _ => Content::Envelope(parse_envelope(answer, status, code)?),
            }
        }
    };
    Ok(Reply { headers, content })
}

fn parse_envelope(
    answer: &Object<'_>,
    status: Option<StatusCode>,
    code: Option<u32>,
) -> Result<ApiError> {
    let mut refusal = envelope(status, code);
    refusal.subcode = answer.number("subcode")?;
    if let Some(message) = answer.text("message")? {
        refusal.message = message;
    }
    match answer.fields.get("is_transient") {
        None => {}
        Some(Value::Bool(is_transient)) => refusal.is_transient = *is_transient,
        Some(_) => return Err(answer.error("is_transient", "must be true or false")),
    }
    Ok(refusal)
}

fn parse_status(answer: &Object<'_>) -> Result<Option<StatusCode>> {
    let Some(value) = answer.fields.get("status") else {
        return Ok(None);
    };
    // Below 200 is not an answer, and these three have no body to send.
    let status = value
        .as_u64()
        .filter(|status| (200..600).contains(status) && !matches!(status, 204 | 205 | 304))
        .and_then(|status| StatusCode::from_u16(u16::try_from(status).ok()?).ok());
    let problem = "must be an HTTP status from 200 to 599 that has a body";
    status
        .map(Some)
        .ok_or_else(|| answer.error("status", problem))
}

fn parse_headers(answer: &Object<'_>) -> Result<HeaderMap> {
    let mut headers = HeaderMap::new();
    let Some(value) = answer.fields.get("headers") else {
        return Ok(headers);
    };
    let Some(fields) = value.as_object() else {
        return Err(answer.error("headers", "must be an object of strings"));
    };
    for (key, value) in fields {
        let error = |problem| answer.error(&format!("headers.{key}"), problem);
        let name: HeaderName = key
            .parse()
            .map_err(|_| error("is not a valid name for a header"))?;
        if FRAMING.contains(&name) {
            return Err(error("frames the answer and is set by the server"));
        }
        let text = value.as_str().ok_or_else(|| error("must be a string"))?;
        let value =
            HeaderValue::from_str(text).map_err(|_| error("is not a valid value for a header"))?;
        headers.insert(name, value);
    }
    Ok(headers)
}

/// A JSON object with a closed set of keys, and where it is.
struct Object<'a> {
    fields: &'a Map<String, Value>,
    place: String,
}

impl<'a> Object<'a> {
    fn new(value: &'a Value, place: String, keys: &[&str]) -> Result<Self> {
        let Some(fields) = value.as_object() else {
            return Err(FaultError::new(place, "must be an object"));
        };
        let object = Self { fields, place };
        match fields.keys().find(|key| !keys.contains(&key.as_str())) {
            Some(key) => {
                let known = keys.join(", ");
                Err(object.error(key, &format!("is not a known key; there are {known}")))
            }
            None => Ok(object),
        }
    }

    fn place(&self, key: &str) -> String {
        format!("{}.{key}", self.place)
    }

    fn error(&self, key: &str, problem: &str) -> FaultError {
        FaultError::new(self.place(key), problem)
    }

    fn text(&self, key: &str) -> Result<Option<String>> {
        match self.fields.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.error(key, "must be a string")),
        }
    }

    fn positive(&self, key: &str) -> Result<Option<u64>> {
        let Some(value) = self.fields.get(key) else {
            return Ok(None);
        };
        let number = value.as_u64().filter(|number| *number > 0);
        number
            .map(Some)
            .ok_or_else(|| self.error(key, "must be a whole number above 0"))
    }

    fn number(&self, key: &str) -> Result<Option<u32>> {
        let Some(value) = self.fields.get(key) else {
            return Ok(None);
        };
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        number
            .map(Some)
            .ok_or_else(|| self.error(key, "must be a whole number"))
    }
}
