//! Which wrong values a rejected conversion is kept with.

use super::Check;
use crate::field::{Field, WirePath};
use crate::json::Json;
use crate::mapping::number_text;

impl<'a> Check<'a> {
    /// Keeps a value that is wrong for whoever looks at the rejected conversion,
    /// where it can be taken for no identifier that was mapped to the wrong place.
    pub(super) fn keep(&mut self, field: &'static Field, value: Json<'a>) {
        // What is left out costs itself, and stands nowhere.
        if !self.rejects(field) || !is_harmless(value) {
            return;
        }
        match field.place {
            WirePath::CustomKey => self.wrong_custom.push((field.key, value)),
            WirePath::EventName
            | WirePath::EventTime
            | WirePath::EventId
            | WirePath::EventSourceUrl
            | WirePath::ActionSource => self.wrong.push((field.key, value)),
            _ => {}
        }
    }

    /// Forgets the wrong values that are one of the customer's identifiers: a name that
    /// was mapped to the wrong place is a short word too.
    pub(super) fn forget_identifiers(&mut self) {
        let is_of_customer = self.is_of_customer();
        self.wrong.retain(|(_, value)| !is_of_customer(*value));
        self.wrong_custom
            .retain(|(_, value)| !is_of_customer(*value));
    }

    /// Tells whether a value is one of the customer's identifiers, in whatever case.
    fn is_of_customer(&self) -> impl Fn(Json<'a>) -> bool + use<'a> {
        let identifiers = self.identifiers;
        move |value| {
            let Some(text) = value.as_str() else {
                return false;
            };
            let is_it = |one: &Json<'_>| {
                one.as_str()
                    .is_some_and(|one| one.trim().eq_ignore_ascii_case(text.trim()))
            };
            identifiers.iter().flatten().any(|identifier| {
                is_it(identifier)
                    || identifier
                        .as_list()
                        .is_some_and(|list| list.iter().any(is_it))
            })
        }
    }
}

/// Whether a value that is wrong is one short word or number: no address, no
/// telephone number, no full name, in whatever letters.
fn is_harmless(value: Json<'_>) -> bool {
    let is_short = |text: &str| {
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
        text.len() <= 24 && digits < 7 && text.bytes().all(plain)
    };
    match value {
        Json::Bool(_) => true,
        Json::Number(number) => is_short(&number_text(number)),
        Json::Str(text) => is_short(text),
        _ => false,
    }
}
