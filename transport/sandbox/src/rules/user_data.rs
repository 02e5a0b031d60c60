//! `user_data`: which customer information is well formed.

use std::net::IpAddr;

use serde_json::Value;

use super::shape::{is_integer, mistyped, unexpected};
use super::{Context, Fields, Path};
use crate::api_error::{ApiError, Subcode};

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// SHA-256 in lower-case hex, one or a list.
    Hashed,
    /// Any string, one or a list.
    TextOrList,
    Text,
    /// An id of Meta's, a string or an integer.
    Id,
    Ip,
    /// `fbc` and `fbp`.
    Cookie,
    LeadId,
}

/// Meta, Customer information parameters; the last rows of the hashed and of
/// the plain ones are known from the SDKs and the messaging guide only.
const KEYS: &[(&str, Kind)] = &[
    ("em", Kind::Hashed),
    ("ph", Kind::Hashed),
    ("fn", Kind::Hashed),
    ("ln", Kind::Hashed),
    ("db", Kind::Hashed),
    ("ge", Kind::Hashed),
    ("ct", Kind::Hashed),
    ("st", Kind::Hashed),
    ("zp", Kind::Hashed),
    ("country", Kind::Hashed),
    ("f5first", Kind::Hashed),
    ("f5last", Kind::Hashed),
    ("fi", Kind::Hashed),
    ("dobd", Kind::Hashed),
    ("dobm", Kind::Hashed),
    ("doby", Kind::Hashed),
    ("app_user_id", Kind::Hashed),
    ("external_id", Kind::TextOrList),
    ("client_ip_address", Kind::Ip),
    ("client_user_agent", Kind::Text),
    ("fbc", Kind::Cookie),
    ("fbp", Kind::Cookie),
    ("subscription_id", Kind::Text),
    ("fb_login_id", Kind::Id),
    ("lead_id", Kind::LeadId),
    ("anon_id", Kind::Text),
    ("madid", Kind::Text),
    ("page_id", Kind::Id),
    ("page_scoped_user_id", Kind::Id),
    ("ctwa_clid", Kind::Text),
    // Not on the page; partners' integrations send them all the same.
    ("partner_id", Kind::Text),
    ("partner_name", Kind::Text),
    ("ig_account_id", Kind::Id),
    ("ig_sid", Kind::Id),
    ("whatsapp_business_account_id", Kind::Id),
    // Printed in the messaging guide. Known, yet not what the endpoint looks
    // for: an event with this alone lacks its `ig_account_id`.
    ("instagram_business_account_id", Kind::Id),
];

pub(crate) fn check(user: &Fields, path: &Path<'_>, context: Context) -> Result<(), ApiError> {
    for (key, value) in user {
        let Some((_, kind)) = KEYS.iter().find(|(name, _)| name == key) else {
            // One live report has an unknown key here go through.
            if context.lenient {
                continue;
            }
            return Err(unexpected(key, path));
        };
        if !(context.lenient && value.is_null()) {
            check_value(*kind, key, value, path)?;
        }
    }
    Ok(())
}

fn check_value(kind: Kind, key: &str, value: &Value, path: &Path<'_>) -> Result<(), ApiError> {
    let wrong = |expected: &str| Err(mistyped(&path.key(key), expected));
    match kind {
        Kind::Hashed => match each_text(value, is_hash) {
            Some(true) => Ok(()),
            Some(false) => Err(not_hashed(key)),
            None => wrong("a string or a list of strings"),
        },
        Kind::TextOrList => match each_text(value, |_| true) {
            Some(_) => Ok(()),
            None => wrong("a string or a list of strings"),
        },
        Kind::Text if value.is_string() => Ok(()),
        Kind::Text => wrong("a string"),
        Kind::Id if value.is_string() || is_integer(value) => Ok(()),
        Kind::Id => wrong("a string or an integer"),
        Kind::Ip if value.as_str().is_some_and(is_ip) => Ok(()),
        Kind::Ip => wrong("a valid IPv4 or IPv6 address"),
        Kind::Cookie => match value.as_str() {
            Some(text) if is_cookie(text) => Ok(()),
            Some(_) => Err(bad_cookie(key)),
            None => wrong("a string"),
        },
        Kind::LeadId => check_lead_id(value),
    }
}

/// Whether every text of a string or a list passes; `None` for other types.
fn each_text(value: &Value, passes: impl Fn(&str) -> bool) -> Option<bool> {
    match value {
        Value::String(text) => Some(passes(text)),
        Value::Array(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            Some(texts?.into_iter().all(passes))
        }
        _ => None,
    }
}

/// 64 lower-case hex digits, with or without the suffix Meta's parameter
/// builder appends: a dot and 2 or 8 URL-safe characters.
fn is_hash(text: &str) -> bool {
    let (digits, suffix) = match text.split_once('.') {
        Some((digits, suffix)) => (digits, Some(suffix)),
        None => (text, None),
    };
    digits.len() == 64
        && digits
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && suffix.is_none_or(|suffix| matches!(suffix.len(), 2 | 8) && is_url_safe(suffix))
}

/// An address, with or without the parameter builder's suffix.
fn is_ip(text: &str) -> bool {
    let parses = |text: &str| text.parse::<IpAddr>().is_ok();
    parses(text)
        || text.rsplit_once('.').is_some_and(|(address, suffix)| {
            suffix.len() == 8 && is_url_safe(suffix) && parses(address)
        })
}

fn is_url_safe(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// `fb.{subdomain index}.{milliseconds}.{id}`, with or without the parameter
/// builder's suffix, which is any 2 or 8 characters.
fn is_cookie(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let segments: Vec<&str> = text.split('.').collect();
    let ["fb", index, milliseconds, id, suffix @ ..] = segments.as_slice() else {
        return false;
    };
    digits(index)
        && digits(milliseconds)
        && !id.trim().is_empty()
        && match suffix {
            [] => true,
            [suffix] => matches!(suffix.chars().count(), 2 | 8),
            _ => false,
        }
}

fn check_lead_id(value: &Value) -> Result<(), ApiError> {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if matches!(text.len(), 15..=17) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    let message = "The lead_id parameter isn't valid. Enter the 15 to 17 digit ID that Meta \
                   generated for the lead.";
    Err(ApiError::event(Subcode::LEAD_ID, message))
}

fn not_hashed(key: &str) -> ApiError {
    let message = format!(
        "The {key} parameter isn't hashed. Hash all user parameters as SHA256, except for client \
         user agent, click ID, and browser ID, and send the event again."
    );
    ApiError::event(Subcode::NOT_HASHED, message)
}

fn bad_cookie(key: &str) -> ApiError {
    let form = "fb.subdomainIndex.creationTime";
    let message = format!("The {key} parameter isn't valid. Enter it in the form {form}.id");
    ApiError::event(Subcode::CLICK_ID, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f";

    #[test]
    fn a_hash_is_lower_case_hex_with_or_without_a_suffix() {
        assert!(is_hash(HASH));
        assert!(is_hash(&format!("{HASH}.Ag")));
        assert!(is_hash(&format!("{HASH}.AQQCAQIB")));
        assert!(!is_hash(&HASH.to_uppercase()));
        assert!(!is_hash(&HASH[..32]));
        assert!(!is_hash(&format!("{HASH}.AQQ")));
        assert!(!is_hash(&format!("{HASH}.A+")));
        assert!(!is_hash(&format!("{HASH}.Ag.Ag")));
        assert!(!is_hash(""));
    }

    #[test]
    fn an_address_may_carry_a_suffix() {
        for ip in [
            "203.0.113.4",
            "2001:db8::1",
            "1.2.3.4.AQQCAQIB",
            "2001:db8::1.AQQCAQIB",
        ] {
            assert!(is_ip(ip), "{ip}");
        }
        for other in [
            "",
            "1.2.3",
            "1.2.3.4.Ag",
            " 1.2.3.4",
            "unknown",
            "1.2.3.4, 5.6.7.8",
        ] {
            assert!(!is_ip(other), "{other}");
        }
    }

    #[test]
    fn a_cookie_has_four_or_five_segments() {
        for cookie in [
            "fb.1.1596403881668.1116446470",
            "fb.2.15.a_B-c.Ag",
            "fb.0.1.x.AQQCAQIB",
        ] {
            assert!(is_cookie(cookie), "{cookie}");
        }
        for other in [
            "",
            "fb.1.1596403881668",
            "fb.1.1596403881668.",
            "fb.x.1596403881668.1",
            "fb.1.x.1",
            "FB.1.1596403881668.1",
            "fb.1.1596403881668.1.abc",
            "fb.1.1596403881668.1.Ag.Ag",
            "IwAR2F4",
        ] {
            assert!(!is_cookie(other), "{other}");
        }
    }
}
