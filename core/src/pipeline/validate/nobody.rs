//! What leaves as it is and says nobody: keys of `user_data`, and the ids of orders.

use std::borrow::Cow;

use super::Check;
use crate::field::Field;
use crate::json::Json;
use crate::rejection::{Code, Reason};
use crate::user_data::{is_nobodys_agent, is_nobodys_id};

const UNUSABLE: &str = "the value says nobody, as null, 0 and {{id}} do, and is left out; leave the field out when there is no value, or mend the template that should fill it";

impl<'a> Check<'a> {
    /// Whether `value` of Meta's `key` of `user_data` is nobody's, which is warned of. It
    /// would be one "person" of all who have none.
    pub(super) fn is_nobodys_key(
        &mut self,
        field: &Field,
        key: &'static str,
        value: Json<'a>,
    ) -> bool {
        let refused = match (key, value) {
            // What these may be is narrower.
            ("client_ip_address" | "lead_id", _) => None,
            ("client_user_agent", Json::Str(text)) => {
                is_nobodys_agent(text).then_some((Code::UnusableValue, UNUSABLE))
            }
            ("fbc", Json::Str(text)) => is_cookie_of_nobody(text).then_some((
                Code::InvalidClickId,
                "the click id is made of a word for no click and is left out; send the _fbc cookie unchanged",
            )),
            ("fbp", Json::Str(text)) => is_cookie_of_nobody(text).then_some((
                Code::InvalidBrowserId,
                "the browser id is made of a word for no browser and is left out; send the _fbp cookie unchanged",
            )),
            _ => is_nobodys(value).then_some((Code::UnusableValue, UNUSABLE)),
        };
        if let Some((code, message)) = refused {
            let path = format!("user_data.{}", field.key);
            self.findings.warn(Reason::new(code, path, message));
        }
        refused.is_some()
    }

    /// Whether `value` of the field `key` under `path` is the id of an order or of an event
    /// and nobody's, which is warned of.
    pub(super) fn is_nobodys_order(
        &mut self,
        key: &str,
        path: impl FnOnce() -> Cow<'static, str>,
        value: Json<'a>,
    ) -> bool {
        let is_nobodys = matches!(key, "order_id" | "event_id") && is_nobodys(value);
        if is_nobodys {
            self.findings
                .warn(Reason::new(Code::UnusableValue, path(), UNUSABLE));
        }
        is_nobodys
    }
}

fn is_nobodys(value: Json<'_>) -> bool {
    match value {
        Json::Str(text) => is_nobodys_id(text),
        Json::Number(number) => number.to_i64() == Some(0),
        _ => false,
    }
}

/// Whether the last part of `fb.<index>.<milliseconds>.<value>` is nobody's, as where a
/// page puts it together without a click.
fn is_cookie_of_nobody(text: &str) -> bool {
    text.split('.').nth(3).is_some_and(is_nobodys_id)
}
