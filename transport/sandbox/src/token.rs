//! Where a request may carry its access token.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use url::form_urlencoded;

use crate::body::Params;

/// The token in the `Authorization` header, else the query, else the body
/// (Meta, Using the API, documents the last two; the header works live).
/// Empty counts as none.
pub(crate) fn find(headers: &HeaderMap, query: Option<&str>, params: &Params) -> Option<String> {
    bearer(headers)
        .or_else(|| in_query(query.unwrap_or_default()))
        .or_else(|| params.text("access_token"))
        .filter(|token| !token.is_empty())
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim().to_owned())
}

fn in_query(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == "access_token")
        .map(|(_, token)| token.into_owned())
}
