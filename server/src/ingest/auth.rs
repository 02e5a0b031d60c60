//! Who sends: the write key, and the source that it belongs to.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

/// The write keys of all sources.
pub(crate) struct WriteKeys(Vec<(Arc<str>, SecretString)>);

impl WriteKeys {
    /// The keys, each with the name of its source.
    #[must_use]
    pub(crate) const fn new(keys: Vec<(Arc<str>, SecretString)>) -> Self {
        Self(keys)
    }

    /// The name of the source with `key`. Every key is compared whole, so that
    /// the time it takes tells nothing of them.
    #[must_use]
    pub(crate) fn source_of(&self, key: &[u8]) -> Option<&Arc<str>> {
        let mut found = u64::MAX;
        for (index, (_, known)) in (0_u64..).zip(&self.0) {
            let equal: Choice = known.expose_secret().as_bytes().ct_eq(key);
            found.conditional_assign(&index, equal);
        }
        let index = usize::try_from(found).ok()?;
        self.0.get(index).map(|(name, _)| name)
    }
}

/// The write key of the `Authorization` header: the user name of basic
/// authentication. Of several headers the first counts.
pub(super) fn basic_user(headers: &HeaderMap) -> Option<Vec<u8>> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, credentials) = value.split_at_checked(6)?;
    if !scheme.eq_ignore_ascii_case(b"basic ") {
        return None;
    }
    let credentials = credentials.trim_ascii();
    let mut decoded = STANDARD
        .decode(credentials)
        .or_else(|_| STANDARD_NO_PAD.decode(credentials))
        .ok()?;
    if let Some(colon) = decoded.iter().position(|byte| *byte == b':') {
        decoded.truncate(colon);
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(authorization: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, authorization.parse().unwrap());
        basic_user(&headers).map(|user| String::from_utf8(user).unwrap())
    }

    #[test]
    fn the_key_is_the_user_name() {
        assert_eq!(user("Basic d2tfdGVzdDo=").as_deref(), Some("wk_test"));
        assert_eq!(user("basic d2tfdGVzdDo").as_deref(), Some("wk_test"));
        assert_eq!(user("Basic d2tfdGVzdA==").as_deref(), Some("wk_test"));
        assert_eq!(user("Bearer d2tfdGVzdDo="), None);
        assert_eq!(user("Basic ***"), None);
    }

    #[test]
    fn a_key_names_its_source_and_nothing_else_does() {
        let keys = WriteKeys::new(vec![
            ("shop".into(), SecretString::from("wk_shop")),
            ("app".into(), SecretString::from("wk_app")),
        ]);
        assert_eq!(keys.source_of(b"wk_app"), Some(&"app".into()));
        assert_eq!(keys.source_of(b"wk_shop"), Some(&"shop".into()));
        for key in ["", "wk", "wk_shop ", "WK_SHOP", "wk_shopp"] {
            assert_eq!(keys.source_of(key.as_bytes()), None, "{key}");
        }
    }
}
