//! Which currencies there are.

use iso_currency::Currency;

use crate::json::Arena;
use crate::user_data::characters::trimmed;

/// Codes of ISO 4217 that are not money: testing, none, metals, funds.
const NO_MONEY: &[&str] = &[
    "XXX", "XTS", "XAU", "XAG", "XPT", "XPD", "XBA", "XBB", "XBC", "XBD", "XDR", "XSU", "XUA",
];

/// The ISO 4217 code that `text` names, in upper case.
///
/// Source: Meta, Custom data parameters, `currency`.
pub(super) fn iso_code<'a>(text: &'a str, arena: &'a Arena) -> Option<&'a str> {
    let text = trimmed(text);
    let upper = if text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        text
    } else {
        arena.text(&text.to_ascii_uppercase())
    };
    Currency::from_code(upper)
        .filter(|_| !NO_MONEY.contains(&upper))
        .map(|_| upper)
}
