//! What amounts must be: some above nothing, none of an unknown currency.

use std::borrow::Cow;

use super::Check;
use crate::Spec;
use crate::field::Field;
use crate::json::{Json, Number};
use crate::pipeline::amount::is_of_another_currency;
use crate::pipeline::diagnostics::Diagnostics;
use crate::rejection::{Code, Diagnostic};

/// The amounts that are in the event's currency.
const IN_CURRENCY: [&str; 3] = ["value", "net_revenue", "predicted_ltv"];

/// The amounts and counts that a refund makes negative; a margin may be negative by
/// itself.
const OF_ORDER: [&str; 2] = ["value", "num_items"];

/// The currency that a draft brings, as it came.
pub(super) fn currency_of(draft: Json<'_>) -> Option<&str> {
    draft
        .get("currency")
        .or_else(|| draft.at(&["custom_data", "currency"]))
        .and_then(Json::as_str)
}

/// Whether the mapping failed to give the currency, and the event goes on without.
pub(super) fn is_currency_lost(findings: &Diagnostics) -> bool {
    findings.warnings.iter().any(|warning| {
        let mut keys = warning
            .field
            .split('.')
            .skip_while(|key| *key == "custom_data");
        warning.code == Code::MappingFailed && keys.next() == Some("currency")
    })
}

impl<'a> Check<'a> {
    /// Whether a value of the right type is one that can be sent.
    pub(super) fn is_worth_sending(&mut self, field: &'static Field, value: Json<'a>) -> bool {
        match value {
            // Source: Meta, Standard events, predicted_ltv.
            Json::Number(number) if field.key == "predicted_ltv" && !is_above_nothing(number) => {
                self.refuse(
                    field,
                    Diagnostic::new(
                        Code::OutOfRange,
                        field.key,
                        "a predicted lifetime value is above 0; send what the customer is expected to be worth",
                    ),
                );
                self.keep(field, value);
                false
            }
            Json::Number(number) if OF_ORDER.contains(&field.key) => {
                self.warn_of_negative(number, || field.key.to_owned());
                true
            }
            Json::Str(text) if field.key == "content_type" => {
                self.warn_of_content_type(text);
                true
            }
            _ => true,
        }
    }

    /// Warns of a negative amount or count under `path`, which is sent as it is.
    pub(super) fn warn_of_negative(&mut self, number: Number, path: impl FnOnce() -> String) {
        if number.to_f64() < 0.0 {
            self.findings.warn(Diagnostic::new(
                Code::NegativeAmount,
                path(),
                "the number is negative; if it is of a refund, do not send it as this event: Meta has none for refunds",
            ));
        }
    }

    /// Warns of an amount under `path` that names another currency than the event; it is
    /// sent in the event's, which a program reads and the text's only people do.
    pub(super) fn warn_of_currency(
        &mut self,
        amount: Json<'_>,
        path: impl FnOnce() -> Cow<'static, str>,
    ) {
        let (Json::Str(text), Some(of_event)) = (amount, currency_of(self.draft)) else {
            return;
        };
        if is_of_another_currency(text, of_event) {
            self.findings.warn(Diagnostic::new(
                Code::CurrencyMismatch,
                path(),
                "the amount names another currency than the event's and is sent in the event's; send the currency that the amount is in",
            ));
        }
    }

    /// Leaves out the amounts of a currency that could not be read: they would be taken
    /// for those of another.
    pub(super) fn drop_amounts_without_currency(&mut self, action: &Spec) {
        let is_currency = |(key, _): &(&str, Json<'_>)| *key == "currency";
        if !self.is_currency_lost || self.custom.iter().chain(self.free).any(is_currency) {
            return;
        }
        for key in IN_CURRENCY {
            let is_it = |(name, _): &(&str, Json<'_>)| *name == key;
            if !self.custom.iter().chain(self.free).any(is_it) {
                continue;
            }
            let reason =
                |message| Diagnostic::new(Code::InvalidCurrency, action.custom_path(key), message);
            if action.custom_field(key).is_some_and(|field| field.required) {
                self.findings.reject(reason(
                    "the currency of this amount cannot be read; send an ISO 4217 code such as EUR or USD",
                ));
                continue;
            }
            self.findings.warn(reason(
                "the currency of this amount cannot be read; it is left out with it",
            ));
            self.custom.retain(|member| !is_it(member));
            if self.free.iter().any(is_it) {
                let left: Vec<_> = self
                    .free
                    .iter()
                    .filter(|member| !is_it(member))
                    .copied()
                    .collect();
                self.free = self.arena.list(&left);
            }
        }
    }
}

fn is_above_nothing(number: Number) -> bool {
    number.to_f64() > 0.0
}
