//! What leaves as it is and says nobody: keys of `user_data`, and the ids of orders.

use std::borrow::Cow;

use super::Check;
use crate::field::Field;
use crate::json::Json;
use crate::rejection::{Code, Diagnostic};
use crate::user_data::{is_nobodys_agent, is_nobodys_id};

const UNUSABLE: &str = "the value says nobody, as null, 0 and {{id}} do, and is left out; leave the field out when the value is missing, or fix the template that should fill it";

impl<'a> Check<'a> {
    /// Whether `value` of Meta's `key` of `user_data` is nobody's, which is warned of. It
    /// would be one "person" of all who have none.
    pub(super) fn is_nobodys_key(
        &mut self,
        field: &Field,
        key: &'static str,
        value: Json<'a>,
    ) -> bool {
        let is_nobodys = match (key, value) {
            // What these may be is narrower.
            ("client_ip_address" | "lead_id" | "fbc" | "fbp", _) => false,
            ("client_user_agent", Json::Str(text)) => is_nobodys_agent(text),
            _ => is_nobodys(value),
        };
        if is_nobodys {
            let path = format!("user_data.{}", field.key);
            self.findings
                .warn(Diagnostic::new(Code::UnusableValue, path, UNUSABLE));
        }
        is_nobodys
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
                .warn(Diagnostic::new(Code::UnusableValue, path(), UNUSABLE));
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
