//! The three forms a request body comes in, read into one set of parameters.

use std::borrow::Cow;
use std::collections::HashMap;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;
use serde_json::value::RawValue;
use url::form_urlencoded;

use crate::api_error::ApiError;

/// The parameters of a request, by name.
#[derive(Default)]
pub(crate) struct Params<'a> {
    values: HashMap<Cow<'a, str>, Cow<'a, str>>,
    /// Whether a value is JSON text, as in a JSON body, or the string itself,
    /// as in a form.
    json: bool,
}

impl Params<'_> {
    /// The JSON text of a parameter that is JSON in every body form.
    pub(crate) fn json(&self, key: &str) -> Option<&str> {
        self.values
            .get(key)
            .map(|value| value.trim())
            .filter(|value| *value != "null")
    }

    /// A string parameter; `None` when absent, or when a JSON body holds
    /// something else.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// A parameter of a JSON body as a value; the string itself of a form.
    pub(crate) fn value(&self, key: &str) -> Option<Value> {
        let text = self.values.get(key)?;
        if self.json {
            serde_json::from_str(text).ok()
        } else {
            Some(Value::from(&**text))
        }
    }
}

/// Reads `body` by its content type. Without one that helps, an object is
/// JSON and the rest a form.
pub(crate) async fn read<'a>(headers: &HeaderMap, body: &'a Bytes) -> Result<Params<'a>, ApiError> {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
    if content_type.starts_with("multipart/") {
        return multipart(headers, body.clone()).await;
    }
    let is_form = content_type.starts_with("application/x-www-form-urlencoded");
    if !is_form && body.trim_ascii_start().starts_with(b"{") {
        return json(body);
    }
    if !is_form && content_type.starts_with("application/json") && !body.is_empty() {
        return Err(ApiError::param("the body is not a JSON object"));
    }
    Ok(Params {
        values: form_urlencoded::parse(body).collect(),
        json: false,
    })
}

fn json(body: &[u8]) -> Result<Params<'_>, ApiError> {
    let fields: HashMap<String, &RawValue> = serde_json::from_slice(body)
        .map_err(|error| ApiError::param(format_args!("the body is not valid JSON: {error}")))?;
    let values = fields
        .into_iter()
        .map(|(key, value)| (Cow::Owned(key), Cow::Borrowed(value.get())))
        .collect();
    Ok(Params { values, json: true })
}

async fn multipart(headers: &HeaderMap, body: Bytes) -> Result<Params<'static>, ApiError> {
    let refuse = |error: &dyn std::error::Error| {
        ApiError::param(format_args!(
            "the body is not a valid multipart form: {error}"
        ))
    };
    let mut request = Request::new(Body::from(body));
    *request.headers_mut() = headers.clone();
    // The body is in memory, so its size has been judged already.
    DefaultBodyLimit::disable().apply(&mut request);
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| refuse(&error))?;
    let mut values = HashMap::new();
    while let Some(field) = form.next_field().await.map_err(|error| refuse(&error))? {
        let Some(name) = field.name().map(str::to_owned) else {
            continue;
        };
        let text = field.text().await.map_err(|error| refuse(&error))?;
        values.insert(Cow::Owned(name), Cow::Owned(text));
    }
    Ok(Params {
        values,
        json: false,
    })
}
